#include "buffers.hpp"

#include <algorithm>
#include <stdexcept>

#if defined(__unix__)
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace mxemu::fast_tests {
namespace {

constexpr std::uint8_t canary = 0xa5;
constexpr std::size_t margin = 128;
constexpr std::size_t line = 64;

}  // namespace

GuardedBuffer::GuardedBuffer(std::size_t size, std::size_t offset)
    : storage_(margin + line + offset + size + margin, canary), size_(size) {
  const auto address = reinterpret_cast<std::uintptr_t>(storage_.data() + margin);
  start_ = storage_.data() + margin + (line - address % line) % line + offset;
}

bool GuardedBuffer::canaries_live() const {
  const auto is_canary = [](std::uint8_t byte) { return byte == canary; };
  const auto first = storage_.begin() + (start_ - storage_.data());
  return std::all_of(storage_.begin(), first, is_canary) &&
         std::all_of(first + static_cast<std::ptrdiff_t>(size_), storage_.end(), is_canary);
}

#if defined(__unix__)

FencedBuffer::FencedBuffer(std::size_t size) : size_(size) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t inside = (size / page + 1) * page;
  mapped_ = inside + page;
  mapping_ = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping_ == MAP_FAILED) throw std::runtime_error("no memory for a fenced buffer");
  auto* fence = static_cast<std::uint8_t*>(mapping_) + inside;
  if (mprotect(fence, page, PROT_NONE) != 0) throw std::runtime_error("cannot fence a buffer");
  start_ = fence - size;
}

FencedBuffer::~FencedBuffer() {
  munmap(mapping_, mapped_);
}

#else

FencedBuffer::FencedBuffer(std::size_t size) : plain_(size), start_(plain_.data()), size_(size) {}
FencedBuffer::~FencedBuffer() = default;

#endif

}  // namespace mxemu::fast_tests
