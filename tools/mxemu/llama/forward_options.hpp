// Flags of the commands that run a model.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "tools/llama/forward/session.hpp"
#include "tools/llama/model/checkpoint.hpp"

namespace mxemu::cli {

struct ForwardOptions {
  std::filesystem::path model;
  std::string compute;                    ///< empty: f32 where the weights are, else bf16
  std::vector<std::string> accumulators;  ///< empty: the matrix library
  std::size_t prefill_chunk = llama::SessionOptions{}.prefill_chunk;
  int threads = 0;

  /// Adds --model, --compute, --accumulator, --prefill-chunk and --threads.
  void add_flags(CLI::App& command);
  /// What the flags say of a checkpoint. Throws BadInput, which names the flag and the words there are.
  llama::SessionOptions session(const llama::Checkpoint& checkpoint) const;
};

}  // namespace mxemu::cli
