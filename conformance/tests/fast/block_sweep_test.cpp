// Every float32, all 2^32, through the block kernels.
//
// Magnitudes below 2^(emax + 1) stand beside a sentinel of 2^emax, whose block has the scale 1. Each larger
// binade has a sentinel of its own and so a scale of its own: its numbers are the largest of their blocks.
// An Inf or a NaN poisons its block: scale 0xff, codes 0.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "golden_staircase.hpp"
#include "sweep_blocks.hpp"
#include "tiers.hpp"

namespace mxemu::fast_tests {
namespace {

using conformance::Staircase;
using conformance::Sweep;

constexpr spec::FloatFormat float32 = spec::format_of(spec::FloatType::Float32);
constexpr auto infinity = static_cast<std::uint32_t>(float32.infinity_bits());
constexpr auto sign_bit = static_cast<std::uint32_t>(float32.sign_mask());

std::uint32_t binade(int exponent) {
  return static_cast<std::uint32_t>(exponent + float32.bias) << float32.mantissa_bits;
}

/// The codes that blocks must have, for every float32 of one sign.
Staircase block_staircase(const spec::ElementFormat& element, bool negative) {
  const std::uint32_t sign = negative ? sign_bit : 0;
  Staircase golden =
      clip(element_staircase(element.type, 0, negative), sign, sign | (binade(element.emax + 1) - 1));
  for (int exponent = element.emax + 1; exponent <= float32.emax; ++exponent)
    append(golden, clip(element_staircase(element.type, exponent - element.emax, negative),
                        sign | binade(exponent), sign | (binade(exponent + 1) - 1)));
  append(golden, {.steps = {{sign | infinity, 0}}, .last_bits = sign | (sign_bit - 1)});
  return golden;
}

/// Encodes consecutive float32 of one binade (or of none) in blocks; counts blocks with a wrong scale.
class BlockEncoder {
 public:
  BlockEncoder(const spec::Request& request, fast::Isa isa) : request_(request), isa_(isa) {}

  void operator()(std::uint32_t first_bits, std::span<std::uint8_t> codes) const {
    static thread_local SweepBlocks<std::uint32_t> blocks(spec::FloatType::Float32, conformance::sweep_batch);
    const int emax = request_.element_format().emax;
    const std::uint32_t field = first_bits >> float32.mantissa_bits & 0xff;
    const int exponent = std::max(static_cast<int>(field) - float32.bias, emax);
    const bool finite = exponent <= float32.emax;
    const std::size_t place = first_bits / conformance::sweep_batch % block_size;
    blocks.fill_consecutive(codes.size(), binade(finite ? exponent : emax), place, first_bits);
    blocks.quantize(request_, isa_);
    blocks.take_codes(codes);
    const auto scale = static_cast<std::uint8_t>(finite ? exponent - emax + 127 : 0xff);
    std::size_t wrong = 0;
    const std::size_t used = (codes.size() + tested_per_block - 1) / tested_per_block;
    for (std::size_t b = 0; b < used; ++b) wrong += blocks.scales()[b] != scale;
    if (wrong != 0) wrong_scales_ += wrong;
  }

  std::uint64_t wrong_scales() const { return wrong_scales_; }

 private:
  spec::Request request_;
  fast::Isa isa_;
  mutable std::atomic<std::uint64_t> wrong_scales_ = 0;
};

class BlockSweep : public EveryTier {};

TEST_P(BlockSweep, OfEveryFloat32) {
  for (const auto& format : spec::block_formats) {
    const spec::Request request = spec::make_request(format.type);
    const spec::ElementFormat& element = request.element_format();
    const BlockEncoder encoder(request, GetParam());
    Sweep sweep;
    for (const bool negative : {false, true}) {
      sweep.merge(conformance::verify(block_staircase(element, negative), encoder), 10);
    }
    EXPECT_TRUE(sweep.passed()) << format.name << " blocks tier=" << spec::name_of(GetParam()) << ": "
                                << conformance::describe(sweep);
    EXPECT_EQ(encoder.wrong_scales(), 0u) << format.name << " tier=" << spec::name_of(GetParam());
    EXPECT_EQ(sweep.checked, std::uint64_t{1} << 32);
  }
}

MXEMU_ON_EVERY_TIER(BlockSweep);

}  // namespace
}  // namespace mxemu::fast_tests
