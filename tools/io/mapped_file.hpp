// A file mapped read-only, so that files larger than memory can be read.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace mxemu::io {

/// The bytes of a regular file, never written to. Truncating the file while it is mapped is the one thing
/// that cannot be made safe: reading a lost page raises SIGBUS.
class MappedFile {
 public:
  /// Throws FileError when `path` is missing, unreadable, or anything but a regular file.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  std::span<const std::byte> bytes() const { return {data_, size_}; }

  /// Gives the pages of a range back to the system; reading them again fetches them from the file.
  void release(std::uint64_t offset, std::uint64_t size) const noexcept;

 private:
  const std::byte* data_ = nullptr;  // null for an empty file, which cannot be mapped
  std::size_t size_ = 0;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  bool registered_ = false;
};

/// True while a MappedFile of this inode lives: an output must not replace a file that is being read.
bool is_mapped(dev_t device, ino_t inode);

}  // namespace mxemu::io
