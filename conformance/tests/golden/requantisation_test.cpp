// Quantising again what was dequantised.
//
// Theorem. Under `ocp`, quantise(dequantise(B)) = B, byte for byte, for every block B that `ocp` made from
// numbers of any type, in every format and at every block size, when no product of B overflows the type it is
// dequantised to and that type holds every product (binary32 and binary64 do).
//
// Why. Let amax lie in [2^e, 2^(e+1)) and X = 2^(e - emax) before clamping.
//   X not clamped: amax / X lies in [2^emax, 2^(emax+1)). 2^emax is in the format, so rounding to nearest
//   does
//     not go below it, and saturation keeps the result at or below the largest number, itself below
//     2^(emax+1). Rounding is monotone, so the same element is still the largest: floor(log2) is e again.
//   X clamped to 2^-127: amax / X < 2^emax rounds to at most 2^emax, whose floor scale is 2^-127 again; when
//     every element rounds to zero the block is a zero block, whose scale is code 0x00: the same byte.
//   X clamped to 2^127 (binary64 only): amax / X saturates, and the largest number times 2^127 chooses 2^127.
//   With X the same, every P is exact and keeps its code; a NaN scale has codes 0 and comes back as itself.
//
// Exceptions, each pinned below:
//   numbers beyond binary32 (from binary64) decode to Inf in binary32, and Inf poisons the block;
//   bfloat16 and binary16 do not hold every product;
//   int8_minimum = used: -2 X doubles the scale, and odd neighbours are rounded again;
//   other rules: rceil halves the scale when amax rounded down to half the largest number (same values, other
//     bytes); nearest and floor_plus_one may change values;
//   blocks that `ocp` did not make: the scale is renormalised, with the same values unless the largest
//   element
//     is an E4M3 number of significand 1.875 below 2^8 (480 does not exist), or INT8's -128, or not finite.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "blocks.hpp"
#include "generators.hpp"
#include "reference/element.hpp"

namespace mxemu::golden {
namespace {

using reference::Block;
using spec::BlockType;
using spec::FloatType;
using Numbers = std::vector<double>;

Block again(const spec::Request& request, const Block& block, FloatType type) {
  return quantized(request, dequantized(request, block, type));
}

TEST(Requantisation, EveryBfloat16AloneKeepsItsBytes) {
  const auto& source = spec::format_of(FloatType::BFloat16);
  for (const auto& format : spec::block_formats) {
    const auto request = spec::make_request(format.type);
    for (std::uint64_t bits = 0; bits < 2 * source.sign_mask() && !HasFailure(); ++bits) {
      const Block block = quantized(request, {hardware_value(source.type, bits)});
      ASSERT_EQ(again(request, block, FloatType::Float32), block) << format.name << " " << bits;
    }
  }
}

RC_GTEST_PROP(Requantisation, BlocksOfFloat32KeepTheirBytesThroughFloat32, ()) {
  const Numbers wide = drawn_block(-150, 127, 30);
  Numbers numbers;
  for (const double number : wide) numbers.push_back(static_cast<float>(number));
  for (const auto& format : spec::block_formats) {
    const auto request = spec::make_request(format.type);
    const Block block = quantized(request, numbers);
    RC_ASSERT(again(request, block, FloatType::Float32) == block);
    RC_ASSERT(again(request, block, FloatType::Float64) == block);
  }
}

RC_GTEST_PROP(Requantisation, BlocksOfFloat64KeepTheirBytesThroughFloat64, ()) {
  Numbers numbers = drawn_block(-200, 200, 30);
  if (drawn_in(0, 4) == 0) numbers.push_back(drawn_float64());
  for (const auto& format : spec::block_formats) {
    const auto request = spec::make_request(format.type);
    const Block block = quantized(request, numbers);
    RC_ASSERT(again(request, block, FloatType::Float64) == block);
  }
}

RC_GTEST_PROP(Requantisation, RceilKeepsEveryValueThoughNotEveryByte, ()) {
  const Numbers numbers = drawn_block(-150, 150, 20);
  for (const auto& format : spec::block_formats) {
    spec::Request request = spec::make_request(format.type);
    request.scale_rule = spec::ScaleRuleType::Rceil;
    const Block block = quantized(request, numbers);
    const Block second = again(request, block, FloatType::Float64);
    RC_ASSERT(dequantized(request, second, FloatType::Float64) ==
              dequantized(request, block, FloatType::Float64));
    RC_ASSERT(again(request, second, FloatType::Float64) == second);
  }
}

/// A block that no quantiser made: any scale, any finite codes.
Block drawn_stored_block(const spec::Request& request) {
  Block block{.scale = static_cast<std::uint8_t>(drawn_in(0, 0xff)), .codes = {}};
  const int count = drawn_in(1, 33);
  const int top = drawn_in(1, request.element_format().code_count());
  while (static_cast<int>(block.codes.size()) < count) {
    const auto code = static_cast<std::uint8_t>(drawn_in(0, top));
    if (reference::decode_element(request.element_format(), code).is_finite()) block.codes.push_back(code);
  }
  return block;
}

/// The exceptions of the last paragraph above.
bool is_renormalised_with_loss(const spec::Request& request, const Block& block) {
  const Numbers elements = dequantized(request, {127, block.codes}, FloatType::Float64);
  double amax = 0;
  for (const double element : elements) amax = std::max(amax, std::fabs(element));
  if (request.format == BlockType::MXINT8) return amax == 2;
  return request.format == BlockType::MXFP8_E4M3 && amax > 0 && std::scalbn(amax, -std::ilogb(amax)) == 1.875;
}

RC_GTEST_PROP(Requantisation, StoredBlocksKeepTheirValuesOutsideTheNamedExceptions, ()) {
  const auto request = spec::make_request(drawn_block_type());
  const Block block = drawn_stored_block(request);
  RC_PRE(!is_renormalised_with_loss(request, block));
  const Numbers before = dequantized(request, block, FloatType::Float64);
  RC_ASSERT(dequantized(request, again(request, block, FloatType::Float64), FloatType::Float64) == before);
}

TEST(RequantisationException, NumbersBeyondFloat32PoisonTheirBlockThroughFloat32) {
  const auto request = spec::make_request(BlockType::MXFP8_E4M3);
  const Block block = quantized(request, {0x1p130, 1.0});
  EXPECT_EQ(block, (Block{249, {0x78, 0x00}}));
  EXPECT_EQ(again(request, block, FloatType::Float64), block);
  EXPECT_EQ(again(request, block, FloatType::Float32), (Block{0xff, {0x00, 0x00}}));
}

TEST(RequantisationException, Bfloat16DoesNotHoldEveryProduct) {
  const auto request = spec::make_request(BlockType::MXFP8_E5M2);
  const Block block = quantized(request, {0x1.4p-135});
  EXPECT_EQ(block, (Block{0x00, {0x1d}}));  // 1.25 * 2^-8, under the scale 2^-127
  EXPECT_EQ(again(request, block, FloatType::Float32), block);
  EXPECT_EQ(again(request, block, FloatType::BFloat16), (Block{0x00, {0x00}}));
}

TEST(RequantisationException, TheUsedMinimumOfInt8DoublesTheScaleAndRoundsItsNeighbours) {
  const auto request =
      with(BlockType::MXINT8, [](auto& policy) { policy.int8_minimum = spec::Int8Minimum::Used; });
  const Block block = quantized(request, {-0x1.ffp0, 127.0 / 64});
  EXPECT_EQ(block, (Block{127, {0x80, 0x7f}}));
  EXPECT_EQ(again(request, block, FloatType::Float32), (Block{128, {0xc0, 0x40}}));
}

TEST(RequantisationException, RceilHalvesTheScaleWhenAmaxFellToHalfTheLargest) {
  spec::Request request = spec::make_request(BlockType::MXFP4_E2M1);
  request.scale_rule = spec::ScaleRuleType::Rceil;
  const Block block = quantized(request, {3.25, 0.5});
  EXPECT_EQ(block, (Block{127, {0x5, 0x1}}));
  EXPECT_EQ(again(request, block, FloatType::Float32), (Block{126, {0x7, 0x2}}));
}

TEST(RequantisationException, NearestChangesAValue) {
  spec::Request request = spec::make_request(BlockType::MXFP4_E2M1);
  request.scale_rule = spec::ScaleRuleType::Nearest;
  const Block block = quantized(request, {4.5});
  EXPECT_EQ(block, (Block{127, {0x6}}));
  EXPECT_EQ(again(request, block, FloatType::Float32), (Block{126, {0x7}}));
  EXPECT_EQ(dequantized(request, {126, {0x7}}), Numbers{3.0});
}

TEST(RequantisationException, FloorPlusOneChangesAValue) {
  spec::Request request = spec::make_request(BlockType::MXFP4_E2M1);
  request.scale_rule = spec::ScaleRuleType::FloorPlusOne;
  const Block block = quantized(request, {3.75, 0.5});
  EXPECT_EQ(block, (Block{127, {0x6, 0x1}}));
  EXPECT_EQ(again(request, block, FloatType::Float32), (Block{128, {0x4, 0x0}}));
}

TEST(RequantisationException, AStoredE4M3BlockOfSignificand1875Saturates) {
  const auto request = spec::make_request(BlockType::MXFP8_E4M3);
  EXPECT_EQ(dequantized(request, {127, {0x3f}}), Numbers{1.875});
  EXPECT_EQ(again(request, {127, {0x3f}}, FloatType::Float32), (Block{119, {0x7e}}));
  EXPECT_EQ(dequantized(request, {119, {0x7e}}), Numbers{1.75});
}

TEST(RequantisationException, AStoredZeroBlockTakesTheScaleOfZero) {
  const auto request = spec::make_request(BlockType::MXFP6_E2M3);
  EXPECT_EQ(again(request, {200, {0x00, 0x20}}, FloatType::Float32), (Block{0x00, {0x00, 0x20}}));
}

TEST(RequantisationException, AStoredInfiniteElementPoisonsItsBlock) {
  const auto request = spec::make_request(BlockType::MXFP8_E5M2);
  EXPECT_EQ(again(request, {127, {0x7c, 0x3c}}, FloatType::Float32), (Block{0xff, {0x00, 0x00}}));
}

}  // namespace
}  // namespace mxemu::golden
