// Blocks of consecutive inputs: 31 of them, and an anchor whose binade fixes the shared scale.
//
// Under the floor rule a block whose largest magnitude lies in the binade of 2^(scale + emax) has that scale.
// The inputs are written once; for another scale only the anchors change.
#pragma once

#include <cstdint>
#include <span>

#include "fast/mxemu.hpp"
#include "spec/request.hpp"

namespace mxemu::sweep {

class BlockBatch {
 public:
  static constexpr std::size_t block_size = 32;
  static constexpr std::size_t inputs_per_block = block_size - 1;
  static constexpr std::size_t blocks = 128;  // inputs and codes stay in the first-level cache
  static constexpr std::size_t inputs = blocks * inputs_per_block;

  /// The `count` inputs from first_bits on, then zeros, with the anchors at `place` of every block.
  void fill(std::uint32_t first_bits, std::size_t count, std::size_t place);

  /// Quantised in the calling thread.
  void quantize(const spec::Request& request, fast::Isa isa, std::uint32_t anchor);

  /// True when every block has this scale, every input the code `code` and every anchor `anchor_code`.
  bool is(std::uint8_t scale, std::uint8_t code, std::uint8_t anchor_code) const;

  /// The codes of the first inputs, in order.
  void take_codes(std::span<std::uint8_t> codes) const;
  std::uint8_t scale(std::size_t block) const { return scales_[block]; }
  std::uint8_t anchor_code(std::size_t block) const { return codes_[block * block_size + place_]; }

 private:
  /// Where input `index` of a block stands in it.
  std::size_t position(std::size_t index) const { return index + (index >= place_ ? 1 : 0); }

  alignas(64) std::uint32_t numbers_[blocks * block_size];
  alignas(64) std::uint8_t codes_[blocks * block_size];
  alignas(64) std::uint8_t scales_[blocks];
  std::size_t place_ = 0;
};

}  // namespace mxemu::sweep
