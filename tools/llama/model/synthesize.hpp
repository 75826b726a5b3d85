// Checkpoints of random weights: any shape, the same numbers for the same seed on every machine.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "spec/float_format.hpp"
#include "tools/llama/model/config.hpp"

namespace mxemu::llama {

struct SynthesisOptions {
  std::uint64_t seed = 1;
  std::size_t shards = 0;                            ///< 0: as many as files of at most 5 GB need
  spec::FloatType type = spec::FloatType::BFloat16;  ///< or Float32, Float16
};

/// Called with the bytes written since the last call.
using WrittenBytes = std::function<void(std::uint64_t)>;

/// Bytes of the weights of such a checkpoint.
std::uint64_t synthesized_bytes(const Config& config, spec::FloatType type);

/// Writes config.json and the weights into `directory`, which must be absent or empty; after a failure none
/// of it is left. Weights of linear layers have a mean of 0 and a variance of 1 / inputs, biases and
/// embeddings are smaller, norms lie about 1. Numbers are made and written some megabytes at a time.
void synthesize(const Config& config, const std::filesystem::path& directory, const SynthesisOptions& options,
                const WrittenBytes& written = {});

}  // namespace mxemu::llama
