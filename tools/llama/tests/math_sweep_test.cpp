// exp, sin and cos over every float32 that a forward pass can hand them, against the C library's double.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "tools/llama/forward/math.hpp"

namespace mxemu::llama {
namespace {

constexpr double allowed = 0.50001;  // ulp of float32

/// |got - exact| in units of the last place of float32 at `exact`.
double ulps(float got, double exact) {
  const int exponent = std::max(std::ilogb(exact), -126);
  return std::fabs(static_cast<double>(got) - exact) / std::ldexp(1.0, exponent - 23);
}

/// The worst error of `error(x)` over the float32 from `first` to `last`, of one sign.
template <class Error>
double worst_error(float first, float last, const Error& error) {
  const auto begin = static_cast<std::int64_t>(std::bit_cast<std::uint32_t>(first));
  const auto end = static_cast<std::int64_t>(std::bit_cast<std::uint32_t>(last));
  double worst = 0;
#pragma omp parallel for reduction(max : worst) schedule(dynamic, 65536)
  for (std::int64_t bits = begin; bits <= end; ++bits)
    worst = std::max(worst, error(std::bit_cast<float>(static_cast<std::uint32_t>(bits))));
  return worst;
}

/// The C library's double is exact to 2^-29 ulp of float32, far below what is measured.
double exp_error(float x) {
  return ulps(exp_float(x), std::exp(static_cast<double>(x)));
}

TEST(LlamaMathSweep, ExpIsWithinAHalfUlpWhereverTheResultIsAPositiveNumber) {
  // Below 2^-26 in magnitude the nearest number to 1 + x is 1, as for 2^-26 itself.
  const double above = worst_error(0x1p-26F, 0x1.62e42ep+6F, exp_error);
  const double below = worst_error(-0x1p-26F, -103.97F, exp_error);
  RecordProperty("worst_above", std::to_string(above));
  RecordProperty("worst_below", std::to_string(below));
  std::printf("exp: %.7f ulp above 0, %.7f below\n", above, below);
  EXPECT_LE(above, allowed);
  EXPECT_LE(below, allowed);
}

TEST(LlamaMathSweep, SineAndCosineAreWithinAHalfUlpUpToTheLastPosition) {
  const double sine = worst_error(
      0x1p-13F, 0x1p20F, [](float x) { return ulps(sin_cos(x).sin, std::sin(static_cast<double>(x))); });
  const double cosine = worst_error(
      0x1p-13F, 0x1p20F, [](float x) { return ulps(sin_cos(x).cos, std::cos(static_cast<double>(x))); });
  std::printf("sin: %.7f ulp, cos: %.7f ulp\n", sine, cosine);
  EXPECT_LE(sine, allowed);
  EXPECT_LE(cosine, allowed);
}

TEST(LlamaMathSweep, SmallAnglesAreTheirOwnSines) {
  const double wrong = worst_error(0x1p-149F, 0x1p-13F, [](float x) {
    // Of the smallest, whose sines are themselves by far, some will do.
    if (x < 0x1p-20F && std::bit_cast<std::uint32_t>(x) % 61 != 0) return 0.0;
    const SinCos at = sin_cos(x);
    return at.sin == x && at.cos == 1.0F ? 0.0 : 1.0;
  });
  EXPECT_EQ(wrong, 0);
}

TEST(LlamaMathSweep, TheYardstickIsGoodToFiftyBits) {
  const double worst = worst_error(0x1p-26F, 0x1p20F, [](float x) {
    if (std::bit_cast<std::uint32_t>(x) % 4099 != 0) return 0.0;
    const auto number = static_cast<double>(x);
    const long double wide = number;
    const auto relative = [](double got, long double exact) {
      return static_cast<double>(std::fabs((got - exact) / exact));
    };
    const double of_exp = x > 88 ? 0
                                 : std::max(relative(std::exp(number), std::exp(wide)),
                                            relative(std::exp(-number), std::exp(-wide)));
    return std::max(
        {of_exp, relative(std::sin(number), std::sin(wide)), relative(std::cos(number), std::cos(wide))});
  });
  EXPECT_LE(worst, 0x1p-50);
}

}  // namespace
}  // namespace mxemu::llama
