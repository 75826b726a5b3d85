// Blocks for exhaustive inputs: 31 numbers under test, and a sentinel whose binade fixes the shared scale.
//
// Under the floor rule the scale of a block is 2^(e - emax) for every largest magnitude in the binade 2^e.
// A sentinel of 2^e therefore lets all smaller numbers, and all others of its binade, be tested under that
// scale; larger numbers are tested by moving the sentinel to their binade.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "fast/mxemu.hpp"
#include "spec/request.hpp"

namespace mxemu::fast_tests {

inline constexpr std::size_t block_size = 32;
inline constexpr std::size_t tested_per_block = block_size - 1;

/// Blocks of one source type; Stored is the unsigned integer of its bits.
template <class Stored>
class SweepBlocks {
 public:
  SweepBlocks(spec::FloatType type, std::size_t tested)
      : type_(type),
        blocks_((tested + tested_per_block - 1) / tested_per_block),
        numbers_(blocks_ * block_size),
        codes_(numbers_.size()),
        scales_(blocks_) {}

  /// number(i) is the i-th number under test; the sentinel stands at `place` of every block, and fills up the
  /// last one.
  template <class NumberAt>
  void fill(std::size_t tested, Stored sentinel, std::size_t place, const NumberAt& number) {
    fill_from(0, tested, sentinel, place, number);
  }

  /// The same for first, first + 1, …: one addition per number.
  void fill_consecutive(std::size_t tested, Stored sentinel, std::size_t place, Stored first) {
    Stored offsets[block_size];
    for (std::size_t i = 0; i < block_size; ++i) offsets[i] = static_cast<Stored>(i - (i > place ? 1 : 0));
    const std::size_t whole = tested / tested_per_block;
    for (std::size_t b = 0; b < whole; ++b) {
      Stored* block = numbers_.data() + b * block_size;
      const auto start = static_cast<Stored>(first + b * tested_per_block);
      for (std::size_t i = 0; i < block_size; ++i) block[i] = static_cast<Stored>(start + offsets[i]);
      block[place] = sentinel;
    }
    fill_from(whole, tested, sentinel, place, [=](std::size_t i) { return static_cast<Stored>(first + i); });
  }

  /// Quantised in the calling thread.
  void quantize(const spec::Request& request, fast::Isa isa,
                spec::ElementPacking packing = spec::ElementPacking::Bytes) {
    const fast::BlockGrid grid = {.length = numbers_.size(), .block_size = block_size};
    const auto source = std::as_bytes(std::span(numbers_));
    if (packing == spec::ElementPacking::Bytes) {
      fast::quantize_tensor(request, grid, {type_, source}, codes_, scales_, packing, {},
                            {.isa = isa, .threads = 1});
      return;
    }
    const int bits = request.element_format().bits;
    packed_.resize(fast::packed_size(packing, bits, codes_.size()));
    fast::quantize_tensor(request, grid, {type_, source}, packed_, scales_, packing, {},
                          {.isa = isa, .threads = 1});
    fast::unpack_codes(packing, bits, packed_, codes_);
  }

  /// The codes of the numbers under test, in order.
  void take_codes(std::span<std::uint8_t> codes) const {
    for (std::size_t b = 0; b < blocks_; ++b) {
      const std::uint8_t* block = codes_.data() + b * block_size;
      const std::size_t first = b * tested_per_block;
      if (first + tested_per_block <= tested_) {
        std::memcpy(codes.data() + first, block, tested_per_block);
        std::memcpy(codes.data() + first + place_, block + place_ + 1, tested_per_block - place_);
      } else {
        for (std::size_t i = 0; first + i < tested_; ++i) codes[first + i] = block[i < place_ ? i : i + 1];
      }
    }
  }

  const std::vector<std::uint8_t>& scales() const { return scales_; }

 private:
  template <class NumberAt>
  void fill_from(std::size_t first_block, std::size_t tested, Stored sentinel, std::size_t place,
                 const NumberAt& number) {
    tested_ = tested;
    place_ = place;
    for (std::size_t b = first_block; b < blocks_; ++b) {
      Stored* block = numbers_.data() + b * block_size;
      for (std::size_t i = 0; i < block_size; ++i) {
        const std::size_t index = b * tested_per_block + i - (i > place ? 1 : 0);
        block[i] = index < tested ? number(index) : sentinel;
      }
      block[place] = sentinel;
    }
  }

  spec::FloatType type_;
  std::size_t blocks_;
  std::size_t tested_ = 0;
  std::size_t place_ = 0;
  std::vector<Stored> numbers_;
  std::vector<std::uint8_t> codes_;
  std::vector<std::uint8_t> packed_;
  std::vector<std::uint8_t> scales_;
};

}  // namespace mxemu::fast_tests
