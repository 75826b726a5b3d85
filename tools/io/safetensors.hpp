// safetensors: an 8-byte little-endian header length, a JSON header, and the data of the tensors without
// gaps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "tools/io/tensor.hpp"

namespace mxemu::io {

/// The published bound on a header's length.
inline constexpr std::uint64_t safetensors_longest_header = 100'000'000;

/// Reads the header of a whole file. Stricter than JSON: a repeated or unknown key is an error.
Contents parse_safetensors(const std::filesystem::path& path, std::span<const std::byte> file);

/// The length and header that announce `tensors` in this order, padded with spaces so that data starts at a
/// multiple of eight. Throws FileError on a dtype, name or size that the format cannot express.
std::string safetensors_header(const std::filesystem::path& path, std::span<const TensorDeclaration> tensors,
                               const Metadata& metadata);

}  // namespace mxemu::io
