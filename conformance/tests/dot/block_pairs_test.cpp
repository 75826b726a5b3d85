// The dot product of a block pair (MX 6.1) against 128-bit fixed point, and its special values one by one.
#include <gtest/gtest.h>

#include "fixed_point.hpp"
#include "operands.hpp"
#include "pair_check.hpp"

namespace mxemu::dot_test {
namespace {

using spec::AccumulatorType, spec::OperandType;

TEST(BlockDot, EqualsFixedPointOnRandomPairsOfAll36FormatPairs) {
  check_random_pairs(150);
}

TEST(FixedPoint, KnowsThePublishedNumbers) {
  EXPECT_EQ(fixed_element(OperandType::E4M3, 0x7e).units, 448ll << 16);
  EXPECT_EQ(fixed_element(OperandType::E5M2, 0x81).units, -1);
  EXPECT_EQ(fixed_element(OperandType::E2M1, 0x7).units, 6ll << 16);
  EXPECT_EQ(fixed_element(OperandType::INT8, 0x80).units, -(2ll << 16));
  EXPECT_EQ(float32_of(1, 0), 0x3f800000u);
  EXPECT_EQ(float32_of((1 << 24) + 1, 0), 0x4b800000u);  // a tie: 2^24 is even
  EXPECT_EQ(float32_of(-1, -149), 0x80000001u);
  EXPECT_EQ(float32_of(-1, -150), 0x80000000u);
  EXPECT_EQ(float32_of((1 << 24) - 1, 104), 0x7f7fffffu);
  EXPECT_EQ(float32_of((1 << 25) - 1, 103), 0x7f800000u);
}

TEST(BlockDot, ScalesWhoseProductExceedsFloat32AloneDoNoHarm) {
  // 2^127 * 2^127 is no float32, but times 2^-9 * 2^-9 * 2^-…: 2^-9 is the smallest E4M3, so 32 of 2^-18 *
  // 2^0.
  const reference::Block small{0xfe, std::vector<std::uint8_t>(32, 0x01)};
  const reference::Block tiny{0x00, std::vector<std::uint8_t>(32, 0x01)};
  // 2^127 2^-127 * 32 * 2^-18 = 2^-13.
  EXPECT_EQ(reference::dot({}, small, tiny), bits_of(0x1p-13f));
  // 2^254 * 2^-13 = 2^241: beyond float32.
  EXPECT_EQ(reference::dot({}, small, small), 0x7f800000u);
  // 2^-254 * 2^-13: below the smallest.
  EXPECT_EQ(reference::dot({}, tiny, tiny), 0u);
}

TEST(BlockDot, ScalesOutOfRangeMeetElementsThatBringThemBack) {
  // X_A X_B = 2^127 2^20 = 2^147 overflows float32; 2^-16 2^-16 * 32 = 2^-27 brings it to 2^120.
  const reference::Block large{0xfe, std::vector<std::uint8_t>(32, 0x01)};
  const reference::Block other{127 + 20, std::vector<std::uint8_t>(32, 0x01)};
  const spec::DotRequest request = {.a = OperandType::E5M2, .b = OperandType::E5M2};
  EXPECT_EQ(reference::dot(request, large, other), bits_of(0x1p120f));
}

TEST(BlockDot, ABlockHasAtLeastOneElementAndNotMoreThanTheRequestSays) {
  const auto complaint = [](std::size_t count) -> std::string {
    const reference::Block block{0x7f, std::vector<std::uint8_t>(count, 0)};
    try {
      reference::dot({}, block, block);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(complaint(0), "0 codes in a block, which has at least one");
  EXPECT_EQ(complaint(1), "");
  EXPECT_EQ(complaint(32), "");
  EXPECT_EQ(complaint(33), "33 codes in a block of 32");
}

TEST(BlockDot, ANanScaleMakesEveryDotNanZerosIncluded) {
  const reference::Block nan{0xff, std::vector<std::uint8_t>(32, 0)};
  const reference::Block zeros{0x7f, std::vector<std::uint8_t>(32, 0)};
  for (const auto& row : spec::accumulators) {
    if (row.scale == spec::ScaleEntry::Unscaled) continue;
    const OperandType type = row.operands.has(OperandType::E4M3) ? OperandType::E4M3 : OperandType::E2M1;
    const spec::DotRequest request = {.accumulator = row.type, .a = type, .b = type};
    const std::uint32_t expected = row.nan_bits == spec::NanBits::AllOnes ? 0x7fffffff : 0x7fc00000;
    EXPECT_EQ(reference::dot(request, nan, zeros), expected) << row.name;
    EXPECT_EQ(reference::dot(request, zeros, nan), expected) << row.name;
    EXPECT_EQ(reference::dot(request, zeros, zeros), 0u) << row.name;
  }
}

TEST(BlockDot, InfinityTimesZeroIsNanAndInfinitiesOfBothSignsAreNan) {
  const auto e5m2 = OperandType::E5M2;
  const std::uint32_t one = 0x3c, inf = 0x7c, minus_inf = 0xfc, nan = 0x7d;
  for (const auto& row : spec::accumulators) {
    if (!row.operands.has(e5m2)) continue;
    const std::uint32_t nan_bits = row.nan_bits == spec::NanBits::AllOnes ? 0x7fffffff : 0x7fc00000;
    const auto dot = [&](std::initializer_list<std::uint32_t> a, std::initializer_list<std::uint32_t> b,
                         std::uint32_t c = 0) {
      return dot_of(row.type, vector_of(e5m2, a), vector_of(e5m2, b), c);
    };
    EXPECT_EQ(dot({inf, one}, {one, one}), 0x7f800000u) << row.name;
    EXPECT_EQ(dot({inf, one}, {0xbc, one}), 0xff800000u) << row.name;
    EXPECT_EQ(dot({inf, one}, {0, one}), nan_bits) << row.name;
    EXPECT_EQ(dot({inf, minus_inf}, {one, one}), nan_bits) << row.name;
    EXPECT_EQ(dot({nan, one}, {one, one}), nan_bits) << row.name;
    EXPECT_EQ(dot({one, one}, {one, one}, 0xff800000), 0xff800000u) << row.name;
    EXPECT_EQ(dot({inf, one}, {one, one}, 0xff800000), nan_bits) << row.name;
    EXPECT_EQ(dot({one, one}, {one, one}, 0x7f800001), nan_bits) << row.name;
  }
}

TEST(BlockDot, ASumOfZeroIsPlusZeroUnderExactSums) {
  for (const auto accumulator : {AccumulatorType::Exact, AccumulatorType::BlockExact})
    for (const std::uint32_t c : {0u, 0x80000000u}) {
      const Vector minus = repeated(OperandType::E2M1, 0x8, 32), one = repeated(OperandType::E2M1, 0x2, 32);
      EXPECT_EQ(dot_of(accumulator, minus, one, c), 0u);
      Vector both = one;
      for (std::size_t i = 0; i < 32; i += 2) both.bytes[i] = std::byte{0xa};
      EXPECT_EQ(dot_of(accumulator, both, one, c), 0u);
    }
}

TEST(BlockDot, AShortBlockAndAPaddedOneAreTheSameUnderExactSums) {
  const Vector a = repeated(OperandType::E2M3, 0x0b, 45, {0x7f, 0x80}),
               b = repeated(OperandType::INT8, 0x33, 45, {0x81, 0x7e});
  for (const auto accumulator : {AccumulatorType::Exact, AccumulatorType::BlockExact}) {
    spec::DotRequest request = request_of(accumulator, a, b);
    const std::uint32_t padded = dot_of(request, a, b);
    request.tail = spec::Tail::ShortBlock;
    EXPECT_EQ(dot_of(request, a, b), padded);
    // (1 + 3/8) * 51/64 * (32 * 2^0 * 2^2 + 13 * 2^1 * 2^-1)
    EXPECT_EQ(padded, bits_of(1.375f * 51 / 64 * (32 * 4 + 13)));
  }
}

}  // namespace
}  // namespace mxemu::dot_test
