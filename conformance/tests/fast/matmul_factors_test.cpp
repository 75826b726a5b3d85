// alpha A B + beta C by hand: what is rounded once, and what becomes of infinities and zeros.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "fast/matmul.hpp"

namespace mxemu::fast_tests {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

/// alpha a b + beta c of single numbers.
float expression(float a, float b, float c, const fast::Factors& factors) {
  const spec::DotRequest request = {.accumulator = spec::AccumulatorType::Exact,
                                    .a = spec::OperandType::Float32,
                                    .b = spec::OperandType::Float32};
  const auto one = [](const float& number) {
    return fast::MatrixOperand{
        .codes = {reinterpret_cast<const std::uint8_t*>(&number), sizeof number}, .rows = 1, .depth = 1};
  };
  float output = -1;
  fast::matmul(request, one(a), one(b), std::as_writable_bytes(std::span(&output, 1)),
               std::as_bytes(std::span(&c, 1)), {}, factors);
  return output;
}

TEST(MatmulFactors, AreExactUntilTheOneRounding) {
  EXPECT_EQ(expression(3, 5, 4, {2, -0.5f}), 28);
  // 2^100 * 2^100 * 2^-149 - 2^50 * 2 = 0 to the last bit, and the term beside it stays.
  EXPECT_EQ(expression(0x1p100f, 0x1p100f, 0x1p50f, {0x1p-149f, -2}), 0);
  EXPECT_FALSE(std::signbit(expression(0x1p100f, 0x1p100f, 0x1p50f, {0x1p-149f, -2})));
  EXPECT_EQ(expression(0x1p100f, -0x1p100f, 0x1.000002p50f, {0x1p-149f, 2}), 0x1p28f);
  // (1 + 2^-23)^2 * (1 + 2^-23) = 1 + 3 * 2^-23 + 3 * 2^-46 + 2^-69: just above a float32 number.
  const float more = 1 + 0x1p-23f;
  EXPECT_EQ(expression(more, more, -1 - 0x3p-23f, {more, 1}), std::ldexp(3 + 0x1p-23f, -46));
  // Products beyond every float32 number come back.
  EXPECT_EQ(expression(0x1p127f, 0x1p127f, 0, {0x1p-149f, 1}), 0x1p105f);
}

TEST(MatmulFactors, OfInfinitiesAreThoseOfIeee754) {
  EXPECT_EQ(expression(infinity, 1, 0, {2, 1}), infinity);
  EXPECT_EQ(expression(infinity, 1, 0, {-2, 1}), -infinity);
  EXPECT_EQ(expression(-infinity, 1, infinity, {-2, 3}), infinity);
  EXPECT_EQ(expression(1, 1, infinity, {2, -3}), -infinity);
  EXPECT_TRUE(std::isnan(expression(-infinity, 1, infinity, {2, 3})));
  EXPECT_TRUE(std::isnan(expression(infinity, 1, 0, {0, 1})));
  EXPECT_TRUE(std::isnan(expression(infinity, 0, 0, {2, 1})));
  EXPECT_TRUE(std::isnan(expression(1, 1, std::nanf(""), {2, 1})));
}

TEST(MatmulFactors, OfZeroLeaveNothingBehind) {
  EXPECT_EQ(std::bit_cast<std::uint32_t>(expression(-3, 5, 0, {0, 1})), 0u);
  EXPECT_EQ(expression(3, 5, 7, {0, 2}), 14);
  EXPECT_EQ(expression(3, 5, infinity, {2, 0}), 30);
  EXPECT_EQ(expression(3, 5, std::nanf(""), {2, -0.0f}), 30);
}

}  // namespace
}  // namespace mxemu::fast_tests
