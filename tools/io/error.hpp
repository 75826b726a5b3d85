// The one way this library reports a file it cannot read or write: a sentence a person can act on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mxemu::io {

/// `what()` is one sentence, "FILE: FAULT", where the fault names the tensor, key or byte offset.
class FileError : public std::runtime_error {
 public:
  FileError(const std::filesystem::path& file, const std::string& fault);
};

/// `text` on one line: control bytes, and bytes that are not UTF-8, become \xNN; long text is cut.
std::string printable(std::string_view text);

/// `printable(text)` between double quotes.
std::string in_quotes(std::string_view text);

/// "tensor NAME: ", with the name quoted: how every fault of one tensor starts.
std::string tensor_prefix(std::string_view name);

/// "byte N: ", the start of a fault at an absolute file offset.
std::string byte_prefix(std::uint64_t offset);

/// "[2, 3]"; "[]" for a scalar.
std::string shape_text(std::span<const std::int64_t> shape);

}  // namespace mxemu::io
