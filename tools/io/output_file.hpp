// An output file that appears whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace mxemu::io {

/// Writes to a hidden file beside the destination; `commit` makes it durable and gives it its name. Without
/// a commit the hidden file is removed. The destination gets the usual permissions (0666 less the umask), or
/// those of the file it replaces; a symbolic link is replaced, not followed. Every failure throws FileError.
/// A program that may meet a file-size limit ignores SIGXFSZ, so that the limit becomes an error here.
class OutputFile {
 public:
  /// Refuses a directory, a special file, and any file that a MappedFile is reading.
  explicit OutputFile(std::filesystem::path destination);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void append(std::span<const std::byte> bytes);
  /// Bytes appended so far.
  std::uint64_t size() const { return written_ + buffer_.size(); }
  void commit();

 private:
  void create_hidden();
  void write_out(std::span<const std::byte> bytes);
  void flush();
  void close_and_rename();

  std::filesystem::path destination_;
  std::filesystem::path hidden_;
  int fd_ = -1;
  int slot_ = -1;  // where the registry of unfinished outputs keeps the hidden path
  bool committed_ = false;
  std::uint64_t written_ = 0;
  std::vector<std::byte> buffer_;  // gathers small appends
};

/// Removes the hidden file of every output not yet committed. Async-signal-safe: for a SIGINT or SIGTERM
/// handler that ends the process next.
void remove_unfinished_outputs() noexcept;

}  // namespace mxemu::io
