// What the tests of this folder share: a directory that vanishes, and files written and read whole.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tools/io/error.hpp"
#include "tools/io/tensor_file.hpp"

namespace mxemu::io::test {

class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "mxemu_io.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = name;
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }
  /// How many files there are, hidden ones included.
  std::ptrdiff_t count() const {
    return std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator());
  }

 private:
  std::filesystem::path path_;
};

inline void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  ASSERT_TRUE(stream.good());
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

inline std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class T>
std::string little_endian(T value) {
  std::string out;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xFF);
  return out;
}

/// While it lives, a test run by root has no more rights than anybody.
class Unprivileged {
 public:
  Unprivileged() : was_root_(::geteuid() == 0), holds_(!was_root_ || ::seteuid(65534) == 0) {}
  ~Unprivileged() {
    if (was_root_ && holds_ && ::seteuid(0) != 0) std::abort();
  }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;
  bool holds() const { return holds_; }

 private:
  bool was_root_;
  bool holds_;
};

/// The sentence of the FileError that `action` throws; empty when it throws none.
template <class Action>
std::string sentence_of(Action action) {
  try {
    action();
  } catch (const FileError& error) {
    return error.what();
  }
  return {};
}

/// The fault of a file with these contents, without the file's name in front. It must be one line.
inline std::string fault_of(std::string_view bytes, std::string_view name) {
  const TempDir dir;
  const auto path = dir / name;
  write_file(path, bytes);
  const std::string sentence = sentence_of([&] { TensorFile::open(path); });
  const std::string prefix = path.string() + ": ";
  EXPECT_TRUE(sentence.starts_with(prefix)) << sentence;
  EXPECT_EQ(sentence.find('\n'), std::string::npos) << sentence;
  EXPECT_EQ(read_file(path), bytes) << "an input was modified";
  return sentence.substr(std::min(prefix.size(), sentence.size()));
}

}  // namespace mxemu::io::test
