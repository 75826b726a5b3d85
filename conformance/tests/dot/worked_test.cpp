// Known answers of every model, worked by hand: the arithmetic stands beside each.
//
// E4M3 codes: 0x38 is 1, 0x40 is 2, 0x78 is 256, 0x08 is 2^-6, 0x0c is 1.5 * 2^-6, 0x01 is 2^-9; 0x80 added
// negates. E2M1: 0x2 is 1, 0x3 is 1.5; 0x8 negates. float16: 0x3c00 is 1. bfloat16: 0x3f80 is 1.
#include <gtest/gtest.h>

#include "operands.hpp"

namespace mxemu::dot_test {
namespace {

using spec::AccumulatorType, spec::FloatType, spec::OperandType;
using enum spec::AccumulatorType;

constexpr auto e4m3 = OperandType::E4M3;
constexpr auto e2m1 = OperandType::E2M1;
constexpr auto f16 = OperandType::Float16;
constexpr auto bf16 = OperandType::BFloat16;
constexpr auto f32 = OperandType::Float32;

std::uint32_t bf16_of(float x) {
  return bits_of(x) >> 16;
}

// c = 2^13 and 32 products of 1.5 * 2^-6 * 2^-6 = 1.5 * 2^-12. The largest exponent is 13.
//   F = 13: the window ends at 2^0. Every product is cut to 0:               2^13
//   F = 25: it ends at 2^-12. Every product is cut to 2^-12, 32 of them:     2^13 + 2^-7
//   F = 35: it ends at 2^-22. Nothing is cut, 32 * 1.5 * 2^-12 = 1.5 * 2^-7: 2^13 + 1.5 * 2^-7
TEST(Worked, WindowsOf13And25And35BitsGiveThreeAnswers) {
  const std::uint32_t c = bits_of(0x1p13f);
  const Vector a = repeated(e4m3, 0x0c, 32), b = repeated(e4m3, 0x08, 32);
  EXPECT_EQ(dot_of(HopperFp8, a, b, c), bits_of(0x1p13f));
  EXPECT_EQ(dot_of(BlackwellF8f6f4, a, b, c), bits_of(0x1p13f + 0x1p-7f));
  // The same numbers as E2M1 under scales of 2^-6 (code 121): 1.5 2^-6 and 1 2^-6.
  const Vector a4 = repeated(e2m1, 0x3, 32, {121}), b4 = repeated(e2m1, 0x2, 32, {121});
  EXPECT_EQ(dot_of(BlackwellMxf8f6f4, a4, b4, c), bits_of(0x1p13f + 0x1p-7f));
  EXPECT_EQ(dot_of(BlackwellMxf4, a4, b4, c), bits_of(0x1p13f + 1.5f * 0x1p-7f));
  EXPECT_EQ(dot_of(Exact, a4, b4, c), bits_of(0x1p13f + 1.5f * 0x1p-7f));
}

// One unit, its window alone varied: 2^16 - 2^16 cancel and leave 2^3 + 2^-9 + 2^-18 (256 256, 2 4, 2^-6 2^-3
// and 2^-9 2^-9), of which a window below 2^16 that ends at 2^3, 2^-9 or 2^-19 keeps one, two or three.
TEST(Worked, AnOwnRowVariesTheWindowAlone) {
  const Vector a = vector_of(e4m3, {0x78, 0xf8, 0x40, 0x08, 0x01}),
               b = vector_of(e4m3, {0x78, 0x78, 0x48, 0x20, 0x01});
  const auto under = [&](int fraction_bits) {
    spec::Accumulator row = spec::row_of(BlackwellF8f6f4);
    row.fused.fraction_bits = fraction_bits;
    spec::DotRequest request = request_of(BlackwellF8f6f4, a, b);
    request.own_row = &row;
    return dot_of(request, a, b);
  };
  EXPECT_EQ(under(13), bits_of(8.0f));
  EXPECT_EQ(under(25), bits_of(8 + 0x1p-9f));
  EXPECT_EQ(under(35), bits_of(8 + 0x1p-9f + 0x1p-18f));
}

// Products of 1 and of 1.5 * 2^-23, c = 0. Four of them a step.
//   Step 1: 1 + 3 products of 1.5 2^-23, each cut to 2^-23 (F = 23): 1 + 3 2^-23.
//   Step 2: c has exponent 0; one product of 1.5 2^-23 is cut to 2^-23: 1 + 4 2^-23. Exactly: 1 + 6 2^-23.
TEST(Worked, VoltaTakesFourProductsInAWindowOf23Bits) {
  // float16 1.5 * 2^-11 (0x1200) times 2^-12 (0x0c00).
  const Vector a = vector_of(f16, {0x3c00, 0x1200, 0x1200, 0x1200, 0x1200});
  const Vector b = vector_of(f16, {0x3c00, 0x0c00, 0x0c00, 0x0c00, 0x0c00});
  EXPECT_EQ(dot_of(Volta, a, b), 0x3f800004u);
  EXPECT_EQ(dot_of(Exact, a, b), 0x3f800006u);
}

// The same on Turing: eight a step, F = 24. The window ends at 2^-24, 1.5 2^-23 = 3 2^-24 is kept whole:
// 1 + 12 2^-24 = 1 + 6 2^-23. With products half as large, 3 2^-25 is cut to 2^-24: 1 + 4 2^-24 = 1 + 2
// 2^-23. Hopper's 25 bits keep them: 1 + 12 2^-25 = 1 + 3 2^-23.
TEST(Worked, TuringTakesEightProductsInAWindowOf24Bits) {
  const Vector a = vector_of(f16, {0x3c00, 0x1200, 0x1200, 0x1200, 0x1200});
  const Vector b = vector_of(f16, {0x3c00, 0x0c00, 0x0c00, 0x0c00, 0x0c00});
  EXPECT_EQ(dot_of(Turing, a, b), 0x3f800006u);
  const Vector half = vector_of(f16, {0x3c00, 0x0800, 0x0800, 0x0800, 0x0800});
  EXPECT_EQ(dot_of(Turing, a, half), 0x3f800002u);
  EXPECT_EQ(dot_of(Hopper, a, half), 0x3f800003u);
  EXPECT_EQ(dot_of(Blackwell, a, half), 0x3f800003u);
}

// Sixteen products: 2^8, fourteen zeros, -2^8 in the last place, and c = 2^-17.
//   Hopper, one step of 16: 2^8 - 2^8 cancel, but c was cut at 2^(8 - 25) = 2^-17: kept: 2^-17.
//   Ampere, two steps of 8: 2^8 + c, cut at 2^(8 - 24) = 2^-16, is 2^8; then 2^8 - 2^8 = 0.
TEST(Worked, AmpereSplitsSixteenProductsIntoTwoSteps) {
  Vector a = repeated(bf16, 0, 16), b = repeated(bf16, bf16_of(1), 16);
  a.bytes[0 * 2 + 1] = std::byte{0x43}, a.bytes[0 * 2] = std::byte{0x80};  // 0x4380 = 2^8
  a.bytes[15 * 2 + 1] = std::byte{0xc3}, a.bytes[15 * 2] = std::byte{0x80};
  EXPECT_EQ(dot_of(Hopper, a, b, bits_of(0x1p-17f)), bits_of(0x1p-17f));
  EXPECT_EQ(dot_of(Ampere, a, b, bits_of(0x1p-17f)), 0u);
}

// 1 + 2^-11 in float32 is 1 in tf32: the thirteen low mantissa bits are dropped, 2^-10 stays.
TEST(Worked, Tf32OperandsLoseTheirThirteenLowBits) {
  const Vector one = vector_of(f32, {bits_of(1)}), a = vector_of(f32, {bits_of(1 + 0x1p-11f)}),
               b = vector_of(f32, {bits_of(-(1 + 0x1p-10f + 0x1p-11f))});
  for (const auto unit : {AmpereTf32, HopperTf32, BlackwellTf32, Cdna3Xf32}) {
    EXPECT_EQ(dot_of(unit, a, one), bits_of(1)) << spec::name_of(unit);
    EXPECT_EQ(dot_of(unit, b, one), bits_of(-(1 + 0x1p-10f))) << spec::name_of(unit);
  }
}

// 13 fraction bits in the result too: 2 products of 1 and 2^-13, c = 2^-12: (1 + 2^-13) + 2^-12 = 1 + 3 2^-13
// is kept; with a product of 1 more, 2 + 3 2^-13 = 2 (1 + 1.5 2^-13) is cut to 2 + 2^-12.
TEST(Worked, Fp8OfAdaAndHopperKeepsThirteenBitsOfTheResult) {
  // 2^-13 = 2^-6 * 2^-7: E4M3 0x08 and 0x04 (4 * 2^-9).
  const Vector a = vector_of(e4m3, {0x38, 0x08}), b = vector_of(e4m3, {0x38, 0x04});
  const Vector a2 = vector_of(e4m3, {0x38, 0x08, 0x38}), b2 = vector_of(e4m3, {0x38, 0x04, 0x38});
  for (const auto unit : {AdaFp8, HopperFp8}) {
    EXPECT_EQ(dot_of(unit, a, b, bits_of(0x1p-12f)), bits_of(1 + 3 * 0x1p-13f));
    EXPECT_EQ(dot_of(unit, a2, b2, bits_of(0x1p-12f)), bits_of(2 + 0x1p-12f));
  }
}

// 1.5 * 1.5 = 2.25 has nominal exponent 0, so the window ends at 2^-13 and keeps c = 2^-13 while 2.25 and
// -2.25 cancel; normalised to 1.125 * 2 it would end at 2^-12 and lose it.
TEST(Worked, ProductsAreAlignedByTheirNominalExponent) {
  const Vector a = vector_of(e4m3, {0x3c, 0xbc}), b = vector_of(e4m3, {0x3c, 0x3c});
  EXPECT_EQ(dot_of(HopperFp8, a, b, bits_of(0x1p-13f)), bits_of(0x1p-13f));
  spec::Accumulator row = spec::row_of(HopperFp8);
  row.fused.normalizes_products = true;
  spec::DotRequest request = request_of(HopperFp8, a, b);
  request.own_row = &row;
  EXPECT_EQ(dot_of(request, a, b, bits_of(0x1p-13f)), 0u);
}

// Block 0: 16 products of 1 under X_A X_B = 2^-30, and 16 zeros. Block 1: zeros under 2^6. With E = 6 the
// window of 35 bits ends at 2^-29. The first group is 2^4 2^-30 = 2^-26: kept. At 2^10 it ends at 2^-25: cut
// to 0, though nothing but zeros stands there.
TEST(Worked, Mxf4ZerosUnderLargeScalesPushOthersOutOfTheWindow) {
  Vector a = repeated(e2m1, 0, 64), b = repeated(e2m1, 0x2, 64, {97, 127});
  for (std::size_t i = 0; i < 16; ++i) a.bytes[i] = std::byte{0x2};
  a.scales = {127, 127 + 6};
  EXPECT_EQ(dot_of(BlackwellMxf4, a, b), bits_of(0x1p-26f));
  a.scales = {127, 127 + 10};
  EXPECT_EQ(dot_of(BlackwellMxf4, a, b), 0u);
  EXPECT_EQ(dot_of(BlockExact, a, b), bits_of(0x1p-26f));
}

// A zero operand has exponent -126 whatever its type: 0 times 2^127 (bfloat16) has 1. With F = 25 the window
// ends at 2^-24, which cuts the other product, 2^-25, to 0. Under the other two conventions it stays.
TEST(Worked, AZeroOperandTimesALargeOneTakesPartInTheAlignment) {
  const Vector a = vector_of(bf16, {0, bf16_of(0x1p-25f)}),
               b = vector_of(bf16, {bf16_of(0x1p127f), bf16_of(1)});
  EXPECT_EQ(dot_of(Hopper, a, b), 0u);
  for (const auto convention : {spec::ZeroExponent::Absent, spec::ZeroExponent::TermMinus126}) {
    spec::Accumulator row = spec::row_of(Hopper);
    row.fused.zero_exponent = convention;
    spec::DotRequest request = request_of(Hopper, a, b);
    request.own_row = &row;
    EXPECT_EQ(dot_of(request, a, b), bits_of(0x1p-25f));
  }
}

// float16 accumulators round to nearest: 2048 + 1 is a tie that goes to the even 2048, 2048 + 3 goes to 2052.
TEST(Worked, Float16ResultsAreRoundedToNearest) {
  const auto sum_with = [](std::uint32_t term) {
    const Vector a = vector_of(f16, {0x6800, term}), b = vector_of(f16, {0x3c00, 0x3c00});
    return dot_of(request_of(Hopper, a, b, FloatType::Float16), a, b);
  };
  EXPECT_EQ(sum_with(0x3c00), 0x6800u);
  EXPECT_EQ(sum_with(0x4200), 0x6802u);
  // 65504 + 16 is the tie that overflows, and the NaN has every bit.
  const Vector a = vector_of(f16, {0x7bff, 0x4c00}), b = vector_of(f16, {0x3c00, 0x3c00});
  EXPECT_EQ(dot_of(request_of(Hopper, a, b, FloatType::Float16), a, b), 0x7c00u);
  const Vector nan = vector_of(f16, {0x7e00, 0});
  EXPECT_EQ(dot_of(request_of(Hopper, nan, b, FloatType::Float16), nan, b), 0x7fffu);
}

// A subnormal float16 c has the exponent -14: with F = 25 the window ends at 2^-39 and cuts 2^-20 2^-20. So
// 2^-23 + 2^-25 stays a tie between 2 and 3 units of 2^-24 and goes to the even 2; what was cut would have
// broken it.
TEST(Worked, ASubnormalAccumulatorHasTheSmallestNormalExponent) {
  const Vector a = vector_of(f16, {0x0c00, 0x0010}), b = vector_of(f16, {0x0800, 0x0010});
  EXPECT_EQ(dot_of(request_of(Hopper, a, b, FloatType::Float16), a, b, 0x0002), 0x0002u);
}

// A result beyond float32 is infinite although the unit rounds toward zero: 2^127 + 2^127.
TEST(Worked, TensorCoresOverflowToInfinity) {
  const Vector a = vector_of(bf16, {bf16_of(0x1p127f), bf16_of(0x1p127f)}),
               one = repeated(bf16, bf16_of(1), 2);
  EXPECT_EQ(dot_of(Hopper, a, one), 0x7f800000u);
}

// -2^-100 2^-36 = -2^-136 is a subnormal and stays; -2^-100 2^-50 = -2^-150 is below the smallest: +0.
TEST(Worked, TensorCoresKeepSubnormalsAndForgetTheSignOfUnderflow) {
  const Vector a = vector_of(bf16, {bf16_of(-0x1p-100f)}), b = vector_of(bf16, {bf16_of(0x1p-36f)});
  EXPECT_EQ(dot_of(Hopper, a, b), bits_of(-0x1p-136f));
  const Vector tiny = vector_of(bf16, {bf16_of(0x1p-50f)});
  EXPECT_EQ(dot_of(Hopper, a, tiny), 0u);
}

// Trees of four: fl(fl(p0 + p1) + fl(p2 + p3)), then c. With p = 2^24, 1, -2^24, 1:
// fl(2^24 + 1) = 2^24 (tie to even), fl(-2^24 + 1) = -(2^24 - 1), their sum 1; c = 0.5: 1.5. Exactly 2.5.
TEST(Worked, Cdna1AndCdna2AddTreesOfFour) {
  // 2^24 = 2^12 * 2^12: float16 0x6c00.
  const Vector a = vector_of(f16, {0x6c00, 0x3c00, 0xec00, 0x3c00}),
               b = vector_of(f16, {0x6c00, 0x3c00, 0x6c00, 0x3c00});
  for (const auto unit : {Cdna1, Cdna2}) EXPECT_EQ(dot_of(unit, a, b, bits_of(0.5f)), bits_of(1.5f));
  EXPECT_EQ(dot_of(Exact, a, b, bits_of(0.5f)), bits_of(2.5f));
}

// Trees of two: c + fl(2^24 + 1) = 2^24, then + fl(-2^24 + 1) = 1. CDNA2 flushes: the float16 subnormal 2^-15
// counts as 0 and so does a sum below 2^-126.
TEST(Worked, Cdna2FlushesSubnormalsInAndOut) {
  const Vector subnormal = vector_of(f16, {0x0200}), one = vector_of(f16, {0x3c00});
  EXPECT_EQ(dot_of(Cdna1, subnormal, one), bits_of(0x1p-15f));
  EXPECT_EQ(dot_of(Cdna2, subnormal, one), 0u);
  const Vector small = vector_of(bf16, {bf16_of(-0x1p-100f)}), smaller = vector_of(bf16, {bf16_of(0x1p-30f)});
  EXPECT_EQ(dot_of(Cdna1Bf16, small, smaller), bits_of(-0x1p-130f));
  EXPECT_EQ(dot_of(Cdna2Bf16, small, smaller), 0u);
}

// Products of -0 become fl(-0 + 0) = +0, so even -0 + four of them is +0.
TEST(Worked, Cdna1AndCdna2KnowNoNegativeZeroProduct) {
  const Vector minus_zero = repeated(f16, 0x8000, 4), one = repeated(f16, 0x3c00, 4);
  for (const auto unit : {Cdna1, Cdna2}) EXPECT_EQ(dot_of(unit, minus_zero, one, 0x80000000), 0u);
}

// c = 1, one product of -2^-25. The sum is floored to 31 bits below E = 0 and stays; c too. 1 - 2^-25 rounds
// to nearest: 1 (the tie between 1 - 2^-24 and 1 is 1 - 2^-25: even is 1). c = -2^-40 is floored to 24 bits
// below E = 0, to -2^-24: 1 - 2^-24. With the signs turned, 2^-40 floors to 0: -1.
TEST(Worked, Cdna3FloorsTheAccumulatorSoSignsMatter) {
  const Vector one = vector_of(bf16, {bf16_of(1)}), minus_one = vector_of(bf16, {bf16_of(-1)});
  EXPECT_EQ(dot_of(Cdna3, vector_of(bf16, {bf16_of(-0x1p-25f)}), one, bits_of(1)), bits_of(1));
  EXPECT_EQ(dot_of(Cdna3, one, one, bits_of(-0x1p-40f)), bits_of(1 - 0x1p-24f));
  EXPECT_EQ(dot_of(Cdna3, minus_one, one, bits_of(0x1p-40f)), bits_of(-1));
}

// Sixteen FP8 products, even and odd apart. Even: 2^16 and 2^-9 (window 2^-8: cut). Odd: 2^-9 alone, kept in
// its own window; then both to E = 16, 24 bits: floor(2^-9 / 2^-8) = 0. With -2^-9 there: -2^-8, whole: 2^16
// - 2^-8. float32 of 2^16 - 2^-8 is exact (24 bits). c = -2^-20 has exponent less than 16 - 25 and is
// dropped, not floored.
TEST(Worked, Cdna3Fp8SumsEvenAndOddProductsApartAndDropsASmallAccumulator) {
  const Vector a = vector_of(e4m3, {0x78, 0x88, 0x08, 0}), b = vector_of(e4m3, {0x78, 0x20, 0x20, 0});
  EXPECT_EQ(dot_of(Cdna3Fp8, a, b), bits_of(0x1p16f - 0x1p-8f));
  const Vector positive = vector_of(e4m3, {0x78, 0x08}), b2 = vector_of(e4m3, {0x78, 0x20});
  EXPECT_EQ(dot_of(Cdna3Fp8, positive, b2), bits_of(0x1p16f));
  EXPECT_EQ(dot_of(Cdna3Fp8, positive, b2, bits_of(-0x1p-20f)), bits_of(0x1p16f));
  EXPECT_EQ(dot_of(Cdna3Fp8, positive, b2, bits_of(-0x1p-9f)), bits_of(0x1p16f - 0x1p-8f));
}

// 2^127 * 2 is infinite as a product, although -2^127 * 1 would bring the sum back.
TEST(Worked, Cdna3ProductsOverflowByThemselves) {
  const Vector a = vector_of(bf16, {bf16_of(0x1p127f), bf16_of(-0x1p127f)}),
               b = vector_of(bf16, {bf16_of(2), bf16_of(1)});
  EXPECT_EQ(dot_of(Cdna3, a, b), 0x7f800000u);
  EXPECT_EQ(dot_of(Hopper, a, b), bits_of(0x1p127f));
}

}  // namespace
}  // namespace mxemu::dot_test
