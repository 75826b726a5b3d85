// GGUF: key-value pairs, tensor descriptions with the fastest dimension first, then aligned tensor data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tools/io/tensor.hpp"

namespace mxemu::io {

inline constexpr std::string_view gguf_magic = "GGUF";
inline constexpr std::uint64_t gguf_default_alignment = 32;
inline constexpr std::uint32_t gguf_most_dimensions = 4;
/// ggml keeps a name in 64 bytes, the last of them zero.
inline constexpr std::size_t gguf_longest_name = 63;

/// The numbers that GGUF gives the types of values.
enum class GgufType : std::uint32_t { U8, I8, U16, I16, U32, I32, F32, Bool, String, Array, U64, I64, F64 };

/// Versions 2 and 3, little-endian. `metadata` holds every scalar value as text; arrays are only in
/// `key_values`. A tensor of no dimensions has shape [].
Contents parse_gguf(const std::filesystem::path& path, std::span<const std::byte> file);

/// Key-value pairs to be copied into a new file: those of an opened GGUF file.
struct GgufSource {
  std::span<const std::byte> file;
  const Contents& contents;
};

/// All bytes of a version 3 file up to its tensor data. With a source, its pairs are copied byte for byte and
/// its alignment kept; without one, the pairs are general.architecture = "mxemu" and the default alignment
/// holds. `metadata` says which strings there are: it adds to those of the source, replaces them, and drops
/// those it does not name. A key of another type in the source may only be repeated with the same text. A
/// scalar is written with no dimensions.
std::string gguf_header(const std::filesystem::path& path, std::span<const TensorDeclaration> tensors,
                        const Metadata& metadata, const GgufSource* source);

}  // namespace mxemu::io
