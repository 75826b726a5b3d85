// Flags of the commands that run a model.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tools/llama/forward/session.hpp"
#include "tools/llama/model/checkpoint.hpp"
#include "tools/llama/tokenizer/tokenizer.hpp"

namespace mxemu::cli {

struct ForwardOptions {
  std::filesystem::path model;
  std::string compute;                    ///< empty: f32 where the weights are, else bf16
  std::vector<std::string> accumulators;  ///< empty: the matrix library
  std::size_t prefill_chunk = llama::SessionOptions{}.prefill_chunk;
  int threads = 0;
  std::string recipe;  ///< empty: operands as they are

  /// Adds --model, --compute, --accumulator, --prefill-chunk and --threads.
  void add_flags(CLI::App& command);
  /// Adds --recipe.
  void add_recipe_flag(CLI::App& command);
  /// What the flags say of a checkpoint. Throws BadInput, which names the flag and the words there are.
  llama::SessionOptions session(const llama::Checkpoint& checkpoint) const;
  /// What the recipe makes of operands; null without one. Throws BadInput, or io::FileError, where the recipe
  /// cannot be used.
  std::unique_ptr<llama::Operands> operands(const llama::Checkpoint& checkpoint) const;
  /// The recipe's name and the bits of the model's weights under it; null without one.
  nlohmann::ordered_json weight_bits(const llama::Checkpoint& checkpoint) const;
  /// The model's own tokenizer unless another is named; llama2.c's .bin holds none: BadInput.
  std::unique_ptr<llama::Tokenizer> open_tokenizer(const std::filesystem::path& named) const;
};

}  // namespace mxemu::cli
