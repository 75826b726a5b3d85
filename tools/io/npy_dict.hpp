// The Python dict in an npy header, read without Python.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mxemu::io {

struct NpyDict {
  std::optional<std::string> descr;
  std::optional<bool> fortran_order;
  std::optional<std::vector<std::int64_t>> shape;
};

/// Reads exactly the keys descr, fortran_order and shape, each once, in any order. `offset` is where `text`
/// stands in the file, for the sentences of FileError.
NpyDict parse_npy_dict(const std::filesystem::path& path, std::string_view text, std::uint64_t offset);

}  // namespace mxemu::io
