// Largest magnitudes worth asking for, and blocks that have them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "conformance/staircase.hpp"
#include "fast/mxemu.hpp"

namespace mxemu::fast_tests {

/// Positive finite float32 near every step of a staircase of scales, 300 in every binade (powers of two and
/// their neighbours among them), and the ends of the range. Rising, without repetition.
std::vector<std::uint32_t> telling_maxima(const conformance::Staircase& scales);

/// Blocks of 32 float32, all zero but for one number each.
class MaximumBlocks {
 public:
  explicit MaximumBlocks(std::size_t blocks) : numbers_(32 * blocks) {}

  /// Block b has maximum(b) at place (b + shift) mod 32, negative where b is odd.
  template <class MaximumAt>
  void fill(std::size_t shift, const MaximumAt& maximum) {
    for (std::size_t b = 0; b < numbers_.size() / 32; ++b) {
      numbers_[32 * b + (b + last_shift_) % 32] = 0;
      numbers_[32 * b + (b + shift) % 32] = maximum(b) | static_cast<std::uint32_t>(b % 2) << 31;
    }
    last_shift_ = shift;
  }
  std::span<const std::byte> bytes(std::size_t blocks) const {
    return std::as_bytes(std::span(numbers_).first(32 * blocks));
  }

 private:
  std::vector<std::uint32_t> numbers_;
  std::size_t last_shift_ = 0;
};

}  // namespace mxemu::fast_tests
