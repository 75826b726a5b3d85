// A cursor over untrusted little-endian bytes: no read passes the end, and no count is believed unchecked.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "tools/io/error.hpp"

namespace mxemu::io {

static_assert(std::endian::native == std::endian::little,
              "tensor data is handed out as it stands in the file");

template <class T>
T read_little_endian(std::span<const std::byte, sizeof(T)> bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

/// `what` completes the sentence "the file ends inside WHAT".
class ByteReader {
 public:
  ByteReader(const std::filesystem::path& path, std::span<const std::byte> bytes)
      : path_(path), bytes_(bytes) {}

  std::uint64_t offset() const { return offset_; }
  std::uint64_t remaining() const { return bytes_.size() - offset_; }

  template <class T>
  T read(std::string_view what) {
    const std::uint64_t start = offset_;
    skip(sizeof(T), what);
    return read_little_endian<T>(bytes_.subspan(start).template first<sizeof(T)>());
  }

  void skip(std::uint64_t count, std::string_view what) {
    if (count > remaining())
      fail(offset_, "the file ends inside " + std::string(what) + ", which needs " + std::to_string(count) +
                        " bytes of the " + std::to_string(remaining()) + " left");
    offset_ += count;
  }

  std::string_view read_text(std::uint64_t count, std::string_view what) {
    const std::uint64_t start = offset_;
    skip(count, what);
    return {reinterpret_cast<const char*>(bytes_.data()) + start, count};
  }

  /// A count of things of at least `least_bytes` each: refused when they cannot fit in what is left.
  template <class T>
  T read_count(std::uint64_t least_bytes, std::string_view what) {
    const std::uint64_t start = offset_;
    const T count = read<T>(what);
    if (count > remaining() / least_bytes)
      fail(start, "the " + std::string(what) + " " + std::to_string(count) + " cannot fit in the " +
                      std::to_string(remaining()) + " bytes left");
    return count;
  }

  [[noreturn]] void fail(std::uint64_t at, const std::string& fault) const {
    throw FileError(path_, byte_prefix(at) + fault);
  }

 private:
  const std::filesystem::path& path_;
  std::span<const std::byte> bytes_;
  std::uint64_t offset_ = 0;
};

}  // namespace mxemu::io
