// NumPy's npy: one array, after a header spelled as a Python dict.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "tools/io/tensor.hpp"

namespace mxemu::io {

inline constexpr std::string_view npy_magic = "\x93NUMPY";

/// Versions 1.0, 2.0 and 3.0, little-endian. Structured, object, string, void and big-endian arrays are
/// refused.
Contents parse_npy(const std::filesystem::path& path, std::span<const std::byte> file);

/// A version 1.0 header for the one tensor that a file holds, so that data starts at a multiple of 64. Throws
/// FileError for a dtype NumPy lacks: bfloat16 written as uint16 would be read back as other numbers.
std::string npy_header(const std::filesystem::path& path, std::span<const TensorDeclaration> tensors);

}  // namespace mxemu::io
