#include "conformance/device/plugin_buffer.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "conformance/subject.hpp"

namespace mxemu::conformance {
namespace {

/// Wide enough for a vector store that goes over the end, and a multiple of any alignment asked for.
constexpr std::size_t guard_bytes = 256;
constexpr std::byte guard_pattern{0xc5};

/// Of arrays in host memory: a cache line, and the widest vector.
constexpr std::size_t alignment = 64;

}  // namespace

PluginBuffer::PluginBuffer(const PluginLibrary& library, const std::string& subject, const char* what,
                           const void* contents, std::size_t bytes)
    : library_(library), subject_(subject), what_(what), bytes_(bytes) {
  if (bytes == 0) return;
  host_.assign(bytes + 2 * guard_bytes + alignment, guard_pattern);
  offset_ = guard_bytes;
  if (!library_.allocate) offset_ += -reinterpret_cast<std::uintptr_t>(host_.data()) % alignment;
  std::byte* array = host_.data() + offset_;
  if (contents) std::memcpy(array, contents, bytes);
  pointer_ = array;
  if (!library_.allocate) return;
  pointer_ = library_.allocate(host_.size());
  if (!pointer_) fail("mx_subject_allocate() returned NULL");
  std::byte* device = static_cast<std::byte*>(pointer_);
  if (library_.copy_to_device(device, host_.data(), host_.size()) != MX_SUBJECT_OK) {
    library_.release(pointer_);
    fail("mx_subject_copy_to_device() failed");
  }
  pointer_ = device + offset_;
}

PluginBuffer::~PluginBuffer() {
  if (pointer_ && library_.allocate) library_.release(static_cast<std::byte*>(pointer_) - offset_);
}

void PluginBuffer::fetch(void* contents) {
  if (bytes_ == 0) return;
  if (library_.copy_to_host &&
      library_.copy_to_host(host_.data(), static_cast<std::byte*>(pointer_) - offset_, host_.size()) !=
          MX_SUBJECT_OK)
    fail("mx_subject_copy_to_host() failed");
  const auto is_guard = [](std::byte byte) { return byte == guard_pattern; };
  const auto array = host_.begin() + static_cast<std::ptrdiff_t>(offset_);
  const auto end = array + static_cast<std::ptrdiff_t>(bytes_);
  if (!std::all_of(host_.begin(), array, is_guard)) fail("the plugin wrote before the start of the array");
  if (!std::all_of(end, host_.end(), is_guard)) fail("the plugin wrote past the end of the array");
  std::memcpy(contents, &*array, bytes_);
}

void PluginBuffer::require_unchanged(const void* contents) {
  if (bytes_ == 0) return;
  std::vector<std::byte> now(bytes_);
  fetch(now.data());
  if (std::memcmp(now.data(), contents, bytes_) != 0) fail("the plugin changed what it may only read");
}

void PluginBuffer::fail(const char* sentence) const {
  throw DeviceError(subject_ + ": " + what_ + ": " + sentence);
}

}  // namespace mxemu::conformance
