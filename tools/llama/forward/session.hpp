// A model made ready to run: what a command line asks for, put together.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "tools/llama/forward/transformer.hpp"

namespace mxemu::llama {

struct SessionOptions {
  Compute compute = Compute::BFloat16;
  /// The first that takes a product's operands multiplies it; none: the matrix library does.
  std::vector<spec::AccumulatorType> accumulators = {};
  std::size_t prefill_chunk = 512;  ///< tokens of one pass
  fast::Execution execution = {};
};

/// One sequence through a Transformer and its products. Operands are plain unless given.
class Session {
 public:
  Session(const Checkpoint& checkpoint, const SessionOptions& options,
          std::unique_ptr<Operands> operands = nullptr);

  /// Takes in the next tokens, at least one, and gives the logits behind the last of them, which stay until
  /// the next call.
  std::span<const float> next(std::span<const int> tokens);
  /// Tokens taken in.
  std::size_t length() const { return cache_.length(); }
  /// Tokens of one pass.
  std::size_t prefill_chunk() const { return chunk_; }

  Transformer& transformer() { return transformer_; }
  KvCache& cache() { return cache_; }

 private:
  std::size_t chunk_;
  std::unique_ptr<Operands> operands_;
  std::unique_ptr<Multiplier> multiplier_;
  Products products_;
  Transformer transformer_;
  KvCache cache_;
  MatrixBuffer logits_;
};

}  // namespace mxemu::llama
