// Input files and the tensors of them that a command works on.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "tools/io/tensor_file.hpp"

namespace mxemu::cli {

struct InputOptions {
  std::string tensors;  ///< a regular expression; empty selects every floating-point tensor
  std::string dtype;    ///< of a raw file
  std::string shape;    ///< of a raw file: "128,64"

  /// Adds --tensors, --dtype and --shape.
  void add_flags(CLI::App& command);

  io::TensorFile open(const std::filesystem::path& path) const;

  /// For each tensor of the file, whether it is floating-point and matches --tensors. Throws BadInput when
  /// the expression is malformed or selects nothing.
  std::vector<bool> selection(const io::TensorFile& file) const;
};

/// "128,64" as a shape; "" is a scalar. One extent may be -1: what the file's size makes it.
std::vector<std::int64_t> parse_shape(const std::string& text);

/// The container that an output path's extension names. Throws BadInput for an unknown extension.
io::Container output_container(const std::filesystem::path& path);

}  // namespace mxemu::cli
