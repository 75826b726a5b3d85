// Buffers that notice what happens beyond their ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mxemu::fast_tests {

/// `size` bytes that start `offset` bytes behind a multiple of 64, with canaries on both sides.
class GuardedBuffer {
 public:
  GuardedBuffer(std::size_t size, std::size_t offset);
  GuardedBuffer(GuardedBuffer&&) = default;
  GuardedBuffer& operator=(GuardedBuffer&&) = default;

  std::span<std::uint8_t> bytes() { return {start_, size_}; }
  std::span<std::byte> raw() { return std::as_writable_bytes(bytes()); }
  bool canaries_live() const;

 private:
  std::vector<std::uint8_t> storage_;
  std::uint8_t* start_;
  std::size_t size_;
};

/// `size` bytes whose last one is the last of a page, the next page forbidden: reading or writing one byte
/// further ends the program. Where pages cannot be forbidden it is a plain buffer of exactly that size.
class FencedBuffer {
 public:
  explicit FencedBuffer(std::size_t size);
  ~FencedBuffer();
  FencedBuffer(const FencedBuffer&) = delete;
  FencedBuffer& operator=(const FencedBuffer&) = delete;

  std::span<std::uint8_t> bytes() { return {start_, size_}; }
  std::span<std::byte> raw() { return std::as_writable_bytes(bytes()); }

 private:
  void* mapping_ = nullptr;
  std::size_t mapped_ = 0;
  std::vector<std::uint8_t> plain_;
  std::uint8_t* start_ = nullptr;
  std::size_t size_;
};

}  // namespace mxemu::fast_tests
