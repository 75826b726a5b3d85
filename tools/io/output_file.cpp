#include "tools/io/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "tools/io/error.hpp"
#include "tools/io/mapped_file.hpp"
#include "tools/io/unfinished_outputs.hpp"

namespace mxemu::io {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{1} << 16;
constexpr std::size_t largest_write = std::size_t{1} << 30;  // Linux writes at most 2 GiB in one call

std::string reason(int error) {
  return std::generic_category().message(error);
}

// Holds back the signals that end a program while a file exists but is not yet in the registry.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t held;
    ::sigemptyset(&held);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&held, signal);
    ::pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  ~SignalsHeld() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;

 private:
  sigset_t before_{};
};

// ".NAME.XXXXXX", with a long name cut so that the whole stays within the file system's 255 bytes.
std::string hidden_name(const std::string& name) {
  constexpr char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::random_device random;
  std::uniform_int_distribution<std::size_t> letter(0, sizeof letters - 2);
  std::string hidden = "." + name.substr(0, 200) + ".";
  for (int i = 0; i < 6; ++i) hidden += letters[letter(random)];
  return hidden;
}

// Permissions of the regular file that will be replaced; nothing when there is none (or a symbolic link).
std::optional<mode_t> replaced_mode(const std::filesystem::path& destination) {
  struct stat status {};
  if (::stat(destination.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) throw FileError(destination, "is a directory; the output must be a file");
    if (!S_ISREG(status.st_mode))
      throw FileError(destination, "is not a regular file, and only one can be replaced whole");
    if (is_mapped(status.st_dev, status.st_ino))
      throw FileError(destination, "is an input of this run, and inputs are never modified");
  }
  if (::lstat(destination.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return status.st_mode & mode_t{0777};
}

void sync_directory(const std::filesystem::path& directory, const std::filesystem::path& destination) {
  // A directory may be writable yet unreadable, and some file systems cannot sync one: both leave the
  // output whole, only its name less durable.
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  const int error = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (error == EIO)
    throw FileError(destination, "was written, but its directory cannot be flushed: " + reason(error));
}

}  // namespace

OutputFile::OutputFile(std::filesystem::path destination) : destination_(std::move(destination)) {
  if (!destination_.has_filename()) throw FileError(destination_, "names no file to write");
  create_hidden();
}

void OutputFile::create_hidden() {
  const auto mode = replaced_mode(destination_);
  // Absolute, so that a later change of directory cannot separate the hidden file from its name.
  std::error_code no_directory;
  const auto absolute = std::filesystem::absolute(destination_, no_directory);
  if (no_directory) throw FileError(destination_, "cannot be created: " + no_directory.message());
  const SignalsHeld held;
  for (int attempt = 0; attempt < 100; ++attempt) {
    hidden_ = absolute.parent_path() / hidden_name(absolute.filename().string());
    fd_ = ::open(hidden_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode.value_or(0666));
    if (fd_ >= 0 || errno != EEXIST) break;
  }
  if (fd_ < 0)
    throw FileError(destination_, "cannot be created in directory " +
                                      in_quotes(absolute.parent_path().string()) + ": " + reason(errno));
  // The umask narrowed the mode; a replaced file's own permissions were already what its owner wanted.
  if (mode) ::fchmod(fd_, *mode);
  slot_ = remember_unfinished(hidden_.string());
  if (slot_ >= 0) return;
  ::close(fd_);
  ::unlink(hidden_.c_str());
  throw FileError(destination_, "cannot be created: its path is too long, or too many outputs are open");
}

OutputFile::~OutputFile() {
  if (fd_ >= 0) ::close(fd_);
  if (!committed_) ::unlink(hidden_.c_str());
  forget_unfinished(slot_);
}

void OutputFile::write_out(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd_, bytes.data(), std::min(bytes.size(), largest_write));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      throw FileError(destination_,
                      "cannot be written at byte " + std::to_string(written_) + ": " + reason(errno));
    written_ += static_cast<std::uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void OutputFile::flush() {
  write_out(buffer_);
  buffer_.clear();
}

void OutputFile::append(std::span<const std::byte> bytes) {
  if (fd_ < 0) throw std::logic_error("append to an output file that is already committed");
  if (buffer_.size() + bytes.size() > buffer_bytes) flush();
  if (bytes.size() > buffer_bytes)
    write_out(bytes);
  else
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

void OutputFile::commit() {
  if (fd_ < 0) throw std::logic_error("commit of an output file that is already committed");
  flush();
  // EINVAL: the file system has nothing to sync.
  if (::fsync(fd_) != 0 && errno != EINVAL)
    throw FileError(destination_, "cannot be flushed to the disk: " + reason(errno));
  close_and_rename();
  sync_directory(hidden_.parent_path(), destination_);
}

void OutputFile::close_and_rename() {
  if (::close(std::exchange(fd_, -1)) != 0)
    throw FileError(destination_, "cannot be closed: " + reason(errno));
  const auto target = hidden_.parent_path() / destination_.filename();
  if (::rename(hidden_.c_str(), target.c_str()) != 0)
    throw FileError(destination_, "cannot be given its name: " + reason(errno));
  committed_ = true;
}

}  // namespace mxemu::io
