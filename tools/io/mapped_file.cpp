#include "tools/io/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include "tools/io/error.hpp"

namespace mxemu::io {
namespace {

struct MappedInodes {
  std::mutex mutex;
  std::multiset<std::pair<dev_t, ino_t>> inodes;
};

MappedInodes& mapped_inodes() {
  static MappedInodes instance;
  return instance;
}

std::string reason(int error) {
  return std::generic_category().message(error);
}

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) {
  // Without O_NONBLOCK, opening a FIFO that nobody writes would wait for ever.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  if (file.fd < 0) throw FileError(path, "cannot be opened: " + reason(errno));
  struct stat status {};
  if (::fstat(file.fd, &status) != 0) throw FileError(path, "cannot be examined: " + reason(errno));
  if (S_ISDIR(status.st_mode)) throw FileError(path, "is a directory, not a tensor file");
  if (!S_ISREG(status.st_mode))
    throw FileError(path, "is not a regular file; pipes and devices cannot be mapped");
  size_ = static_cast<std::size_t>(status.st_size);
  if (size_ != 0) {
    void* const address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.fd, 0);
    if (address == MAP_FAILED) throw FileError(path, "cannot be mapped: " + reason(errno));
    data_ = static_cast<const std::byte*>(address);
  }
  device_ = status.st_dev;
  inode_ = status.st_ino;
  auto& mapped = mapped_inodes();
  const std::scoped_lock lock(mapped.mutex);
  mapped.inodes.emplace(device_, inode_);
  registered_ = true;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
  if (!registered_) return;
  auto& mapped = mapped_inodes();
  const std::scoped_lock lock(mapped.mutex);
  mapped.inodes.erase(mapped.inodes.find({device_, inode_}));
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      device_(other.device_),
      inode_(other.inode_),
      registered_(std::exchange(other.registered_, false)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(device_, other.device_);
  std::swap(inode_, other.inode_);
  std::swap(registered_, other.registered_);
  return *this;
}

void MappedFile::release(std::uint64_t offset, std::uint64_t size) const noexcept {
  if (data_ == nullptr || offset >= size_ || size == 0) return;
  // Rounded outwards: a neighbour's page is fetched again when it is read, nothing is lost.
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const std::uint64_t begin = offset / page * page;
  const std::uint64_t end = size < size_ - offset ? offset + size : size_;
  ::madvise(const_cast<std::byte*>(data_) + begin, end - begin, MADV_DONTNEED);
}

bool is_mapped(dev_t device, ino_t inode) {
  auto& mapped = mapped_inodes();
  const std::scoped_lock lock(mapped.mutex);
  return mapped.inodes.contains({device, inode});
}

}  // namespace mxemu::io
