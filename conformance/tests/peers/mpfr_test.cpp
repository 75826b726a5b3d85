// The reference against GNU MPFR: every rounding that MPFR has, on every boundary and on millions of numbers.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "conformance/tests/peers/comparison.hpp"
#include "conformance/tests/peers/host_number.hpp"
#include "conformance/tests/peers/mpfr_rounder.hpp"
#include "reference/element.hpp"
#include "reference/value.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t random_float32_count = 1'000'000;
constexpr std::size_t random_float64_count = 200'000;

/// The code of a number that MPFR rounded with an unbounded exponent range: the overflow test of OFP8 (MX
/// 5.3.1), the clamping of the other formats (MX 5.3.2 to 5.3.4).
std::uint8_t code_of_rounded(const spec::ElementFormat& format, double rounded, spec::Overflow overflow) {
  const bool negative = std::signbit(rounded);
  const double magnitude = std::fabs(rounded);
  if (magnitude > magnitude_of(format, format.max_normal_code)) {
    if (overflow == spec::Overflow::NonFinite && format.has_infinity())
      return signed_code(format, format.infinity_code, negative);
    // OFP8 leaves the NaN code open; the default policy's is the all-ones NaN without a sign.
    if (overflow == spec::Overflow::NonFinite && format.has_nan()) return format.nan_code;
    return signed_code(format, format.max_normal_code, negative);
  }
  int code = 0;
  int beyond = format.max_normal_code + 1;
  while (beyond - code > 1) {
    const int middle = (code + beyond) / 2;
    (magnitude_of(format, middle) <= magnitude ? code : beyond) = middle;
  }
  EXPECT_EQ(magnitude_of(format, code), magnitude) << format.name << ": MPFR left the grid";
  return signed_code(format, code, negative);
}

class MpfrElement : public testing::TestWithParam<spec::ElementType> {
 protected:
  const spec::ElementFormat& format() const { return spec::format_of(GetParam()); }

  void expect_same_codes(const Inputs& inputs) const {
    for (const auto mode : mpfr_modes)
      for (const auto& overflow : spec::words<spec::Overflow>)
        if (overflow.value == spec::Overflow::Saturate || format().has_nan())
          expect_same_codes(inputs, mode, overflow.value);
  }

 private:
  void expect_same_codes(const Inputs& inputs, spec::RoundingMode mode, spec::Overflow overflow) const {
    const std::string name =
        std::string(format().name) + " " + spec::name_of(mode) + " " + spec::name_of(overflow);
    expect_agreement(name, inputs, [&] {
      return [&, rounder = std::make_shared<MpfrRounder>(format())](std::uint64_t bits) {
        const double rounded = rounder->round(host_value(inputs.type, bits), mode);
        const reference::Value value = reference::decode_float(spec::format_of(inputs.type), bits);
        return std::pair(code_of_rounded(format(), rounded, overflow),
                         reference::encode_element(format(), value, {.mode = mode}, {.overflow = overflow}));
      };
    });
  }
};

TEST_P(MpfrElement, EncodesEveryFiniteBfloat16AsMpfrRoundsIt) {
  expect_same_codes(all_finite(spec::FloatType::BFloat16));
}

TEST_P(MpfrElement, EncodesEveryFiniteFloat16AsMpfrRoundsIt) {
  expect_same_codes(all_finite(spec::FloatType::Float16));
}

TEST_P(MpfrElement, EncodesFloat32AsMpfrRoundsThem) {
  Inputs inputs = random_finite(format(), spec::FloatType::Float32, random_float32_count, random_seed());
  inputs.append(boundaries(format(), spec::FloatType::Float32));
  inputs.append(powers_of_two(spec::FloatType::Float32));
  expect_same_codes(inputs);
}

TEST_P(MpfrElement, EncodesFloat64AsMpfrRoundsThem) {
  Inputs inputs = random_finite(format(), spec::FloatType::Float64, random_float64_count, random_seed());
  inputs.append(boundaries(format(), spec::FloatType::Float64));
  inputs.append(powers_of_two(spec::FloatType::Float64));
  expect_same_codes(inputs);
}

std::vector<spec::ElementType> all_element_types() {
  std::vector<spec::ElementType> types;
  for (const auto& format : spec::element_formats) types.push_back(format.type);
  return types;
}

std::string element_name(const testing::TestParamInfo<spec::ElementType>& element) {
  return spec::format_of(element.param).name;
}

INSTANTIATE_TEST_SUITE_P(Formats, MpfrElement, testing::ValuesIn(all_element_types()), element_name);

}  // namespace
}  // namespace mxemu::conformance
