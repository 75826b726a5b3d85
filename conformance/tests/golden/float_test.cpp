// The floating-point types that numbers come from and go to, against the machine's own.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "rational.hpp"
#include "seed.hpp"

namespace mxemu::golden {
namespace {

using spec::FloatType;

TEST(FloatFormats, EverySixteenBitPatternDecodesToItsNumberAndEncodesToItself) {
  for (const auto type : {FloatType::Float16, FloatType::BFloat16}) {
    const auto& format = spec::format_of(type);
    for (std::uint64_t bits = 0; bits < 2 * format.sign_mask(); ++bits) {
      const auto value = reference::decode_float(format, bits);
      const double number = hardware_value(type, bits);
      ASSERT_EQ(value.is_nan(), std::isnan(number)) << bits;
      ASSERT_EQ(value.is_infinite(), std::isinf(number)) << bits;
      ASSERT_EQ(value.negative, std::signbit(number)) << bits;
      if (value.is_finite()) {
        ASSERT_EQ(rational_of(value), Rational(number)) << bits;
      }
      ASSERT_EQ(reference::encode_float(format, value), value.is_nan() ? format.nan_bits() : bits);
    }
  }
}

TEST(FloatFormats, SubnormalsAreTheNonzeroNumbersBelowTheSmallestNormal) {
  for (const auto type : {FloatType::Float16, FloatType::BFloat16}) {
    const auto& format = spec::format_of(type);
    for (std::uint64_t bits = 0; bits < 2 * format.sign_mask(); ++bits) {
      const double number = std::fabs(hardware_value(type, bits));
      const bool subnormal = number > 0 && number < std::ldexp(1.0, format.emin);
      ASSERT_EQ(reference::is_subnormal(format, reference::decode_float(format, bits)), subnormal) << bits;
    }
  }
}

std::uint32_t float32_by_reference(double number) {
  return static_cast<std::uint32_t>(
      reference::encode_float(spec::format_of(FloatType::Float32), value_of(number)));
}

TEST(FloatFormats, RandomFloat64RoundsToFloat32AsTheMachineRounds) {
  auto generator = seeded_generator();
  for (int i = 0; i < 40000; ++i) {
    const std::uint64_t bits = generator();
    const double anywhere = std::bit_cast<double>(bits);
    const double near =
        std::ldexp(1 + static_cast<double>(bits >> 12) * 0x1p-52, static_cast<int>(bits % 290) - 155);
    for (const double number : {anywhere, near, -near})
      if (!std::isnan(number)) {
        ASSERT_EQ(float32_by_reference(number), bits_of(static_cast<float>(number)))
            << std::hexfloat << number;
      }
  }
}

TEST(FloatFormats, MidpointsOfFloat32RoundAsTheMachineRounds) {
  auto generator = seeded_generator();
  for (int i = 0; i < 40000; ++i) {
    const auto low = static_cast<std::uint32_t>(generator() % 0x7f7fffff);
    const double midpoint = (double{std::bit_cast<float>(low)} + double{std::bit_cast<float>(low + 1)}) / 2;
    for (const double number : {std::nextafter(midpoint, 0.0), midpoint, std::nextafter(midpoint, 1e300)})
      ASSERT_EQ(float32_by_reference(number), bits_of(static_cast<float>(number))) << std::hexfloat << number;
  }
}

TEST(FloatFormats, TheLargestFloat32AndTheHalfUlpBeyondIt) {
  EXPECT_EQ(float32_by_reference(0x1.fffffep127), 0x7f7fffffu);
  EXPECT_EQ(float32_by_reference(std::nextafter(0x1.ffffffp127, 0.0)), 0x7f7fffffu);
  EXPECT_EQ(float32_by_reference(0x1.ffffffp127), 0x7f800000u);
  EXPECT_EQ(float32_by_reference(-0x1p128), 0xff800000u);
}

}  // namespace
}  // namespace mxemu::golden
