// What a file says about a tensor, and what a caller says about a tensor to be written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tools/io/dtype.hpp"
#include "tools/io/utf8.hpp"

namespace mxemu::io {

struct TensorInfo {
  std::string name;  ///< UTF-8; for npy and raw files, which name nothing, the file's stem
  DType dtype = DType::F32;
  std::vector<std::int64_t> shape;  ///< row-major, outermost dimension first, also for GGUF
  std::uint64_t byte_offset = 0;    ///< from the start of the file
  std::uint64_t byte_size = 0;
};

struct TensorDeclaration {
  std::string name;
  DType dtype = DType::F32;
  std::vector<std::int64_t> shape;  ///< row-major, outermost dimension first
};

/// The name of a tensor whose file gives it none. A tensor's name is UTF-8; a file's need not be.
inline std::string stem_name(const std::filesystem::path& path) {
  auto stem = path.stem().string();
  return is_utf8(stem) ? stem : "tensor";
}

using Metadata = std::map<std::string, std::string>;

/// Where one key-value pair of a GGUF file stands: key, type and value together.
struct GgufKeyValue {
  std::string key;
  bool is_string = false;
  std::uint64_t byte_offset = 0;
  std::uint64_t byte_size = 0;
};

/// What a parser finds in a file's header.
struct Contents {
  std::vector<TensorInfo> tensors;  ///< by rising byte offset
  Metadata metadata;
  bool fortran_order = false;            ///< npy: the first dimension varies fastest in the file
  std::vector<GgufKeyValue> key_values;  ///< GGUF only
  std::uint64_t alignment = 1;           ///< of each tensor's data; GGUF only
};

}  // namespace mxemu::io
