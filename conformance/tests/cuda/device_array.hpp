// Device memory that notices what happens beyond its ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cuda/memory.hpp"

namespace mxemu::cuda_tests {

/// `size` bytes that start `offset` bytes behind a multiple of 256, with canaries on both sides; canaries
/// themselves until something is written.
class DeviceArray {
 public:
  explicit DeviceArray(std::size_t size, std::size_t offset = 0);
  DeviceArray(std::span<const std::byte> content, std::size_t offset);

  std::span<std::byte> bytes() { return {buffer_.data() + margin + offset_, size_}; }
  std::span<std::uint8_t> codes() { return {reinterpret_cast<std::uint8_t*>(bytes().data()), size_}; }
  std::span<std::uint32_t> words() {
    return {reinterpret_cast<std::uint32_t*>(bytes().data()), size_ / sizeof(std::uint32_t)};
  }

  /// What stands there now, everything that was started having ended.
  std::vector<std::byte> read() const;
  std::vector<std::uint8_t> read_codes() const;
  bool canaries_live() const;

 private:
  static constexpr std::size_t margin = 512;
  std::vector<std::byte> everything() const;

  std::size_t size_;
  std::size_t offset_;
  cuda::Buffer buffer_;
};

}  // namespace mxemu::cuda_tests
