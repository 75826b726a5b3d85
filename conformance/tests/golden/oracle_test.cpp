// encode_element against the brute-force oracle: every format, every rounding mode, both overflow methods.
#include "oracle.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <ios>

#include "reference/element.hpp"
#include "reference/scale.hpp"
#include "seed.hpp"

namespace mxemu::golden {
namespace {

const spec::Policy saturating{};
const spec::Policy overflowing{.overflow = spec::Overflow::NonFinite,
                               .nan_code = spec::NanCode::SignedAllOnes,
                               .zero_sign = spec::ZeroSign::DropOnZeroInput,
                               .int8_minimum = spec::Int8Minimum::Used};
const spec::Policy overflowing_unsigned{.overflow = spec::Overflow::NonFinite,
                                        .zero_sign = spec::ZeroSign::Drop};

/// Compares the reference with the oracle on one number in every mode; counts the numbers compared.
class Comparison {
 public:
  explicit Comparison(const spec::ElementFormat& row) : format(row), oracle(row) {}

  /// `number` / 2^scale_exponent, converted by both.
  void check(double number, const reference::Value& value, int scale_exponent = 0) {
    const Rational magnitude = Rational(std::fabs(number)) / two_to(scale_exponent);
    const Place place = oracle.place(magnitude);
    const reference::Exact scale = reference::power_of_two(scale_exponent);
    for (const auto& mode : spec::words<spec::RoundingMode>) {
      for (const auto* policy : {&saturating, &overflowing, &overflowing_unsigned}) {
        if (mode.value == spec::RoundingMode::Stochastic)
          check_stochastic(number, value, place, scale, *policy);
        else
          check_one(number, value, place, scale, {.mode = mode.value}, *policy, 0);
      }
    }
    ++checked;
  }
  void check(double number, int scale_exponent = 0) { check(number, value_of(number), scale_exponent); }

  const Oracle& the_oracle() const { return oracle; }
  long checked = 0;

 private:
  /// The random number that just reaches the next code, and the one before it.
  void check_stochastic(double number, const reference::Value& value, const Place& place,
                        const reference::Exact& scale, const spec::Policy& policy) {
    const int bits = 16;
    const Rational missing = (1 - place.fraction) * two_to(bits);
    const BigInteger whole = numerator(missing) / denominator(missing);
    const auto near = static_cast<std::uint32_t>(whole);
    const spec::Rounding rounding{.mode = spec::RoundingMode::Stochastic, .random_bits = bits};
    for (const std::uint32_t random : {near, near + 1, near - 1, std::uint32_t{0}, std::uint32_t{0xffff}})
      check_one(number, value, place, scale, rounding, policy, random & 0xffff);
  }

  void check_one(double number, const reference::Value& value, const Place& place,
                 const reference::Exact& scale, const spec::Rounding& rounding, const spec::Policy& policy,
                 std::uint32_t random) {
    const int got = reference::encode_element(format, value, scale, rounding, policy, random);
    const int want = oracle.encode(place, std::signbit(number), number == 0, rounding, policy, random);
    if (got == want) return;
    ADD_FAILURE() << format.name << " " << spec::name_of(rounding.mode) << " "
                  << spec::name_of(policy.overflow) << " " << std::hexfloat << number << " / 2^"
                  << scale.exponent << std::defaultfloat << " random " << random << ": code " << got
                  << " where the nearest is " << want;
  }

  const spec::ElementFormat& format;
  Oracle oracle;
};

/// Every finite bit pattern of a 16-bit type.
void check_every_pattern(spec::FloatType type) {
  const auto& source = spec::format_of(type);
  for (const auto& row : spec::element_formats) {
    Comparison comparison(row);
    for (std::uint64_t bits = 0; bits < 2 * source.sign_mask() && !testing::Test::HasFailure(); ++bits) {
      const double number = hardware_value(type, bits);
      if (std::isfinite(number)) comparison.check(number, reference::decode_float(source, bits));
    }
    EXPECT_EQ(comparison.checked, static_cast<long>(2 * source.infinity_bits())) << row.name;
  }
}

/// A number of the machine, its two neighbours, and the negatives.
template <class Float>
void check_around(Comparison& comparison, Float number, int scale_exponent) {
  const Float infinity = std::numeric_limits<Float>::infinity();
  for (const Float near : {std::nextafter(number, -infinity), number, std::nextafter(number, infinity)}) {
    if (!std::isfinite(near)) continue;
    comparison.check(near, value_of(near), scale_exponent);
    comparison.check(-near, value_of(-near), scale_exponent);
  }
}

/// Every listed magnitude and every midpoint, times a scale, in binary32 and binary64.
void check_boundaries(const spec::ElementFormat& row, int scale_exponent) {
  Comparison comparison(row);
  const auto& listed = comparison.the_oracle().listed();
  for (std::size_t i = 0; i + 1 < listed.size() && !testing::Test::HasFailure(); ++i)
    for (const Rational& boundary : {listed[i], Rational((listed[i] + listed[i + 1]) / 2), listed[i + 1]}) {
      const double number = std::ldexp(static_cast<double>(boundary), scale_exponent);
      ASSERT_EQ(Rational(number), Rational(boundary * two_to(scale_exponent)));
      check_around(comparison, number, scale_exponent);
      check_around(comparison, static_cast<float>(number), scale_exponent);
    }
}

TEST(ElementOracle, AgreesOnEveryFloat16Pattern) {
  check_every_pattern(spec::FloatType::Float16);
}

TEST(ElementOracle, AgreesOnEveryBfloat16Pattern) {
  check_every_pattern(spec::FloatType::BFloat16);
}

TEST(ElementOracle, AgreesAroundEveryCodeAndEveryMidpoint) {
  for (const auto& row : spec::element_formats) check_boundaries(row, 0);
}

TEST(ElementOracle, AgreesAroundEveryMidpointUnderTheLowestAndTheHighestScale) {
  const auto& scale = spec::format_of(spec::ScaleType::E8M0);
  for (const auto& row : spec::element_formats)
    for (const int exponent : {scale.emin, scale.emin + 1, scale.emax - row.emax, scale.emax})
      check_boundaries(row, exponent);
}

TEST(ElementOracle, AgreesOnRandomFloat32AndFloat64) {
  auto generator = seeded_generator();
  for (const auto& row : spec::element_formats) {
    Comparison comparison(row);
    while (comparison.checked < 20000 && !HasFailure()) {
      const std::uint64_t bits = generator();
      const float single = std::bit_cast<float>(static_cast<std::uint32_t>(bits >> 32));
      const double wide = std::bit_cast<double>(bits);
      if (std::isfinite(single)) comparison.check(single, value_of(single));
      if (std::isfinite(wide)) comparison.check(wide);
      // The middle of the format, with all bits of the significand in play.
      int exponent = 0;
      const double middle = std::ldexp(std::frexp(wide, &exponent), static_cast<int>(bits % 40) - 20);
      if (std::isfinite(wide)) comparison.check(middle);
    }
  }
}

TEST(ElementOracle, AgreesOnRandomNumbersUnderEveryScale) {
  auto generator = seeded_generator();
  const auto& scale = spec::format_of(spec::ScaleType::E8M0);
  for (const auto& row : spec::element_formats) {
    Comparison comparison(row);
    for (int code = scale.min_code; code <= scale.max_code && !HasFailure(); ++code)
      for (int repeat = 0; repeat < 8; ++repeat) {
        const std::uint64_t bits = generator();
        const int exponent = code - scale.bias;
        const double unit = static_cast<double>(bits >> 11) * 0x1p-53;
        const double number = std::ldexp(unit, exponent + row.emax + 2 - static_cast<int>(bits % 24));
        comparison.check(bits & 1 ? -number : number, exponent);
        const auto single = static_cast<float>(number);
        if (std::isfinite(single)) comparison.check(single, value_of(single), exponent);
      }
  }
}

}  // namespace
}  // namespace mxemu::golden
