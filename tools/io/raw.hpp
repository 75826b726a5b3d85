// Raw data: nothing but the elements of one tensor.
#pragma once

#include <cstdint>
#include <filesystem>

#include "tools/io/tensor.hpp"
#include "tools/io/tensor_file.hpp"

namespace mxemu::io {

/// Checks that a file of `file_bytes` is exactly one tensor of this layout.
Contents raw_contents(const std::filesystem::path& path, const RawLayout& layout, std::uint64_t file_bytes);

}  // namespace mxemu::io
