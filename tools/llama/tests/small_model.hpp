// Checkpoints small enough for a test, and what runs them.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tools/io/test_files.hpp"
#include "tools/llama/forward/session.hpp"
#include "tools/llama/model/synthesize.hpp"

namespace mxemu::llama::test {

/// Two layers, two heads of queries for each head of keys, heads of 64, and widths that are not all
/// multiples of 32.
inline Config small_config() {
  return {.hidden_size = 96,
          .intermediate_size = 172,
          .layers = 2,
          .heads = 4,
          .kv_heads = 2,
          .head_dim = 64,
          .vocab_size = 80,
          .max_positions = 300,
          .rope = {},
          .begin_tokens = {1},
          .end_tokens = {2}};
}

/// A random checkpoint on disk, for as long as it lives.
class SmallModel {
 public:
  explicit SmallModel(const Config& config = small_config(), const SynthesisOptions& options = {}) {
    synthesize(config, directory(), options);
  }
  std::filesystem::path directory() const { return folder_ / "model"; }
  Checkpoint open() const { return Checkpoint::open(directory()); }

 private:
  io::test::TempDir folder_;
};

/// `count` tokens that differ from seed to seed.
inline std::vector<int> some_tokens(std::size_t count, const Config& config, std::uint32_t seed = 7) {
  std::vector<int> tokens;
  for (std::size_t i = 0; i < count; ++i) {
    seed = seed * 1664525 + 1013904223;
    tokens.push_back(static_cast<int>((seed >> 8) % config.vocab_size));
  }
  return tokens;
}

/// Logits of every position of one sequence, taken in `chunk` tokens at a time.
inline std::vector<float> all_logits(const Checkpoint& checkpoint, Compute compute, Operands& operands,
                                     Multiplier& multiplier, const std::vector<int>& tokens,
                                     std::size_t chunk, const fast::Execution& execution = {}) {
  Products products(checkpoint, compute, operands, multiplier, execution);
  Transformer transformer(checkpoint, products);
  KvCache cache(checkpoint.config(), compute);
  const std::size_t vocabulary = checkpoint.config().vocab_size;
  std::vector<float> all(tokens.size() * vocabulary);
  for (std::size_t first = 0; first < tokens.size(); first += chunk) {
    const std::size_t count = std::min(chunk, tokens.size() - first);
    const NextTokens next{&cache, std::span(tokens).subspan(first, count)};
    const Matrix states = transformer.forward({&next, 1});
    transformer.logits(states, {all.data() + first * vocabulary, count, vocabulary, vocabulary});
  }
  return all;
}

/// Real data by its path below $MXEMU_DATA or ../shared/data; empty where it is absent.
inline std::string data_file(const std::string& name) {
  const char* root = std::getenv("MXEMU_DATA");
  const char* source = std::getenv("MXEMU_SOURCE_DIR");
  const std::filesystem::path folder =
      root ? std::filesystem::path(root) : std::filesystem::path(source ? source : ".") / "../shared/data";
  return std::filesystem::exists(folder / name) ? (folder / name).string() : "";
}

}  // namespace mxemu::llama::test
