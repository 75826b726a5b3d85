// The reference's values of floating-point bits, its roundings to them and its scale codes, against GNU MPFR.
#define MPFR_USE_INTMAX_T  // mpfr_set_uj_2exp
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <memory>

#include "conformance/tests/peers/comparison.hpp"
#include "conformance/tests/peers/host_number.hpp"
#include "conformance/tests/peers/mpfr_rounder.hpp"
#include "reference/block.hpp"
#include "reference/scale.hpp"
#include "reference/value.hpp"
#include "spec/request.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t random_float32_count = 1'000'000;
constexpr std::size_t random_float64_count = 200'000;

TEST(Mpfr, KeepsAnExponentRangePerThread) {
  EXPECT_TRUE(mpfr_buildopt_tls_p()) << "these tests set MPFR's exponent range in several threads at once";
}

/// The bits of a number that MPFR rounded to a floating-point format with an unbounded exponent range.
std::uint64_t bits_of_rounded(const spec::FloatFormat& format, double rounded) {
  const std::uint64_t sign = std::signbit(rounded) ? format.sign_mask() : 0;
  const double magnitude = std::fabs(rounded);
  if (magnitude >= std::ldexp(1.0, format.emax) * 2) return sign | format.infinity_bits();
  const int exponent = magnitude == 0 ? format.emin : std::max(std::ilogb(magnitude), format.emin);
  const double in_quanta = std::ldexp(magnitude, format.mantissa_bits - exponent);
  const auto exponents_above_emin = static_cast<std::uint64_t>(exponent - format.emin);
  return sign | ((exponents_above_emin << format.mantissa_bits) + static_cast<std::uint64_t>(in_quanta));
}

class MpfrFloat : public testing::TestWithParam<spec::FloatType> {
 protected:
  const spec::FloatFormat& output() const { return spec::format_of(GetParam()); }
};

TEST_P(MpfrFloat, IsEncodedFromFloat64AsMpfrRoundsIt) {
  Inputs inputs{spec::FloatType::Float64, {}};
  for (const auto& element : spec::element_formats)
    inputs.append(random_finite(element, inputs.type, random_float64_count, random_seed()));
  inputs.append(powers_of_two(inputs.type));
  expect_agreement(spec::name_of(GetParam()), inputs, [&] {
    return [&, rounder = std::make_shared<MpfrRounder>(output())](std::uint64_t bits) {
      const double rounded = rounder->round(host_value(inputs.type, bits), spec::RoundingMode::NearestEven);
      const reference::Value value = reference::decode_float(spec::format_of(inputs.type), bits);
      return std::pair(bits_of_rounded(output(), rounded), reference::encode_float(output(), value));
    };
  });
}

/// The exact product of a scale and a code, with the sign of the code; INT8 has no negative zero.
double host_product(const spec::BlockFormat& block, int scale, int magnitude_code, bool negative) {
  const spec::ElementFormat& element = block.element_format();
  const double magnitude =
      std::ldexp(magnitude_of(element, magnitude_code), scale - block.scale_format().bias);
  const bool has_sign = negative && (magnitude_code > 0 || element.has_negative_zero());
  return has_sign ? -magnitude : magnitude;
}

TEST_P(MpfrFloat, HoldsEveryProductOfScaleAndCodeAsMpfrRoundsIt) {
  MpfrRounder rounder(output());
  for (const auto& block : spec::block_formats) {
    const spec::Request request = spec::make_request(block.type);
    const spec::ElementFormat& element = block.element_format();
    PeerComparison comparison;
    for (int scale = block.scale_format().min_code; scale <= block.scale_format().max_code; ++scale)
      for (int magnitude_code = 0; magnitude_code <= element.max_normal_code; ++magnitude_code)
        for (const bool negative : {false, true}) {
          const std::uint8_t code = signed_code(element, magnitude_code, negative);
          const double product = host_product(block, scale, magnitude_code, negative);
          const double rounded = rounder.round(product, spec::RoundingMode::NearestEven);
          comparison.add(
              static_cast<std::uint64_t>(scale << 8 | code), bits_of_rounded(output(), rounded),
              reference::dequantize_element(request, static_cast<std::uint8_t>(scale), code, output()));
        }
    EXPECT_EQ(comparison.difference_count, 0u) << block.name << ": " << comparison.text();
    std::cout << "  " << block.name << " to " << spec::name_of(GetParam()) << ": " << comparison.checked
              << " compared\n";
  }
}

/// A finite value of the reference as a double, by way of MPFR, as bits; Inf and NaN as one pattern each.
std::uint64_t double_bits(const reference::Value& value) {
  mpfr_t number;
  mpfr_init2(number, std::numeric_limits<double>::digits);
  if (value.is_nan())
    mpfr_set_nan(number);
  else if (value.is_infinite())
    mpfr_set_inf(number, 1);
  else
    EXPECT_EQ(mpfr_set_uj_2exp(number, static_cast<std::uint64_t>(value.magnitude.significand),
                               value.magnitude.exponent, MPFR_RNDN),
              0);
  const double magnitude = mpfr_get_d(number, MPFR_RNDN);
  mpfr_clear(number);
  return std::bit_cast<std::uint64_t>(std::copysign(magnitude, value.negative ? -1.0 : 1.0));
}

TEST_P(MpfrFloat, IsDecodedToTheValueOfTheHostsNumber) {
  const spec::FloatType type = GetParam();
  Inputs inputs = non_finite(type);
  if (spec::format_of(type).bits <= 16) {
    inputs = all_patterns(type);
  } else {
    inputs.append(powers_of_two(type));
    inputs.append(random_finite(spec::element_formats[0], type, random_float32_count, random_seed()));
  }
  expect_agreement(spec::name_of(type), inputs, [&] {
    return [&](std::uint64_t bits) {
      const double host = host_value(type, bits);
      // A NaN is a class: its payload is no part of a value.
      const double known = std::isnan(host) ? std::copysign(std::nan(""), host) : host;
      return std::pair(std::bit_cast<std::uint64_t>(known),
                       double_bits(reference::decode_float(output(), bits)));
    };
  });
}

std::vector<spec::FloatType> all_float_types() {
  std::vector<spec::FloatType> types;
  for (const auto& format : spec::float_formats) types.push_back(format.type);
  return types;
}

std::string float_name(const testing::TestParamInfo<spec::FloatType>& type) {
  return spec::name_of(type.param);
}

INSTANTIATE_TEST_SUITE_P(Outputs, MpfrFloat, testing::ValuesIn(all_float_types()), float_name);

/// The E8M0 code of a magnitude that MPFR rounded to one significant bit.
std::uint8_t scale_code_of_rounded(const spec::ScaleFormat& scale, double rounded,
                                   spec::ScaleOverflow overflow) {
  const int exponent = rounded == 0 ? scale.emin : std::max(std::ilogb(rounded), scale.emin);
  if (exponent > scale.emax) return overflow == spec::ScaleOverflow::Clamp ? scale.max_code : scale.nan_code;
  return static_cast<std::uint8_t>(exponent + scale.bias);
}

/// With one bit of precision there are no even significands; MPFR and the reference both send 1.5 to 2.
TEST(MpfrScale, IsEncodedAsMpfrRoundsToOneBit) {
  const spec::ScaleFormat& scale = spec::format_of(spec::ScaleType::E8M0);
  for (const auto type : {spec::FloatType::Float32, spec::FloatType::Float64}) {
    Inputs inputs =
        random_finite(spec::format_of(spec::ElementType::E5M2), type, random_float32_count, random_seed());
    inputs.append(powers_of_two(type));
    for (const auto mode : mpfr_modes)
      for (const auto& overflow : spec::words<spec::ScaleOverflow>)
        expect_agreement(std::string("E8M0 ") + spec::name_of(mode) + " " + overflow.name, inputs, [&] {
          return [&, rounder = std::make_shared<MpfrRounder>(scale)](std::uint64_t bits) {
            const double rounded = rounder->round(std::fabs(host_value(type, bits)), mode);
            const reference::Value value = reference::decode_float(spec::format_of(type), bits);
            return std::pair(scale_code_of_rounded(scale, rounded, overflow.value),
                             reference::encode_scale(scale, value, mode, overflow.value));
          };
        });
  }
}

}  // namespace
}  // namespace mxemu::conformance
