// The text of this project's own files, for tests that hold names in one place against names in another.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace mxemu::golden {

/// The root of the source tree: MXEMU_SOURCE_DIR, which CTest sets, or else the current directory.
inline std::filesystem::path source_root() {
  const char* root = std::getenv("MXEMU_SOURCE_DIR");
  return root ? root : ".";
}

inline std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream)
    throw std::runtime_error("cannot read " + file.string() + ": set MXEMU_SOURCE_DIR to the source tree");
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The text of every C++ file directly in the folder.
inline std::string text_of_folder(const std::filesystem::path& folder) {
  std::string text;
  for (const auto& entry : std::filesystem::directory_iterator(source_root() / folder)) {
    const auto extension = entry.path().extension();
    if (extension == ".hpp" || extension == ".cpp") text += text_of(entry.path());
  }
  return text;
}

}  // namespace mxemu::golden
