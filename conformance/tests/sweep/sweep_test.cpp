// Every float32, all 2^32 bit patterns, through the table encoder and against the reference's staircase.
#include <gtest/gtest.h>

#include <bit>
#include <chrono>
#include <iomanip>
#include <iostream>

#include "conformance/staircase.hpp"
#include "conformance/table_encoder.hpp"
#include "conformance/tests/peers/host_number.hpp"
#include "spec/float_format.hpp"
#include "spec/scale_format.hpp"

namespace mxemu::conformance {
namespace {

constexpr spec::ScaleFormat e8m0 = spec::format_of(spec::ScaleType::E8M0);
constexpr spec::FloatFormat float32 = spec::format_of(spec::FloatType::Float32);
constexpr std::uint64_t all_float32 = std::uint64_t{1} << float32.bits;

std::uint32_t float_bits(double value) {
  return std::bit_cast<std::uint32_t>(static_cast<float>(value));
}

TableEncoder table_encoder(const ElementConversion& conversion) {
  return {conversion.format(), conversion.scale_exponent, conversion.policy.overflow};
}

template <class EncodeRun>
Sweep sweep_all_float32(const ElementConversion& conversion, const EncodeRun& encode_run) {
  constexpr std::size_t keep = 10;
  Sweep sweep;
  for (const bool negative : {false, true}) {
    sweep.merge(verify(finite_staircase(conversion, negative), encode_run, keep), keep);
    sweep.merge(verify(non_finite_staircase(conversion, negative), encode_run, keep), keep);
  }
  return sweep;
}

class EveryFloat32 : public testing::TestWithParam<ElementConversion> {};

TEST_P(EveryFloat32, HasTheSameCodeFromTheTableEncoderAndTheReference) {
  const auto start = std::chrono::steady_clock::now();
  const Sweep sweep = sweep_all_float32(GetParam(), table_encoder(GetParam()));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(sweep.checked, all_float32);
  EXPECT_TRUE(sweep.passed()) << describe(sweep);
  std::cout << "  " << GetParam().format().name << " at 2^" << GetParam().scale_exponent << ", "
            << spec::name_of(GetParam().policy.overflow) << ": " << sweep.checked << " inputs in "
            << std::setprecision(3) << seconds.count() << " s\n";
}

/// Every element format, saturating.
std::vector<ElementConversion> saturating_formats(int scale_exponent) {
  std::vector<ElementConversion> conversions;
  for (const auto& format : spec::element_formats)
    conversions.push_back({.element = format.type, .scale_exponent = scale_exponent});
  return conversions;
}

/// The same and, where they differ, those that overflow to Inf or NaN.
std::vector<ElementConversion> all_formats(int scale_exponent) {
  std::vector<ElementConversion> conversions = saturating_formats(scale_exponent);
  for (const auto& format : spec::element_formats)
    if (format.has_nan())
      conversions.push_back({.element = format.type,
                             .scale_exponent = scale_exponent,
                             .policy = {.overflow = spec::Overflow::NonFinite}});
  return conversions;
}

std::string conversion_name(const testing::TestParamInfo<ElementConversion>& info) {
  return std::string(info.param.format().name) + "_" + spec::name_of(info.param.policy.overflow);
}

INSTANTIATE_TEST_SUITE_P(AtScaleOne, EveryFloat32, testing::ValuesIn(all_formats(0)), conversion_name);
/// There float32 subnormals are normal numbers of the element formats.
INSTANTIATE_TEST_SUITE_P(AtTheSmallestScale, EveryFloat32, testing::ValuesIn(saturating_formats(e8m0.emin)),
                         conversion_name);

/// A table encoder's own boundaries, by bisection, at each of the 255 scales.
TEST(EveryScale, HasTheSameStaircaseFromTheTableEncoderAndTheReference) {
  for (int exponent = e8m0.emin; exponent <= e8m0.emax; ++exponent) {
    for (const ElementConversion& conversion : all_formats(exponent)) {
      const TableEncoder encoder = table_encoder(conversion);
      for (const bool negative : {false, true}) {
        const Staircase golden = finite_staircase(conversion, negative);
        const Staircase found = bisect(golden.first_bits(), golden.last_bits, encoder);
        EXPECT_TRUE(found == golden) << conversion.format().name << " at 2^" << exponent;
      }
    }
  }
}

/// The non-finite staircase asks the reference for three patterns of each sign only.
TEST(Reference, GivesEveryNanTheSameCodeWhateverItsPayload) {
  for (const auto& format : spec::element_formats) {
    const ElementConversion conversion = {.element = format.type};
    on_all_cores(2, [&](std::uint64_t negative) {
      const Staircase golden = non_finite_staircase(conversion, negative == 1);
      std::uint64_t different = 0;
      for (std::uint64_t bits = golden.first_bits(); bits <= golden.last_bits; ++bits)
        different += encode_float32(conversion, static_cast<std::uint32_t>(bits)) !=
                     golden.code_of(static_cast<std::uint32_t>(bits));
      EXPECT_EQ(different, 0u) << format.name;
    });
  }
}

// The sweep itself: would it have seen a wrong encoder?

TEST(Sweep, NamesTheOneWrongInputAmongAllFloat32) {
  const ElementConversion conversion = {.element = spec::ElementType::E2M1};
  const TableEncoder correct = table_encoder(conversion);
  constexpr std::uint32_t wrong_input = 0xbf234567;
  const auto encode_run = [&](std::uint32_t first_bits, std::span<std::uint8_t> codes) {
    correct(first_bits, codes);
    if (wrong_input - first_bits < codes.size()) codes[wrong_input - first_bits] ^= 1;
  };
  const Sweep sweep = sweep_all_float32(conversion, encode_run);
  EXPECT_FALSE(sweep.passed());
  EXPECT_EQ(sweep.checked, all_float32);
  EXPECT_EQ(sweep.first_differences, (std::vector<Difference>{{wrong_input, 0x09, 0x08}}));
  EXPECT_NE(describe(sweep).find("1 of 4294967296 inputs differ"), std::string::npos) << describe(sweep);
  EXPECT_NE(describe(sweep).find("input 0xbf234567 -0x1.468acep-1  expected 0x09  got 0x08"),
            std::string::npos)
      << describe(sweep);
}

TEST(Sweep, FindsExactlyTheTiesOfAnEncoderThatRoundsThemAway) {
  const ElementConversion even = {.element = spec::ElementType::E3M2};
  ElementConversion away = even;
  away.rounding.mode = spec::RoundingMode::NearestAway;
  // From half the smallest number but one, 1/64, to beyond the largest, 28.
  const std::uint32_t first = float_bits(1.0 / 64);
  const std::uint32_t last = float_bits(32);
  const Staircase golden =
      bisect(first, last, [&](std::uint32_t bits) { return encode_float32(even, bits); });
  const Staircase wrong = bisect(first, last, [&](std::uint32_t bits) { return encode_float32(away, bits); });
  // A tie between the codes c and c + 1 goes to the even one here and to c + 1 there.
  std::vector<Difference> expected;
  for (int code = 0; code < even.format().max_normal_code; code += 2) {
    const double tie = (magnitude_of(even.format(), code) + magnitude_of(even.format(), code + 1)) / 2;
    expected.push_back(
        {float_bits(tie), static_cast<std::uint8_t>(code), static_cast<std::uint8_t>(code + 1)});
  }
  const auto encode_run = [&](std::uint32_t first_bits, std::span<std::uint8_t> codes) {
    for (std::size_t i = 0; i < codes.size(); ++i)
      codes[i] = wrong.code_of(first_bits + static_cast<std::uint32_t>(i));
  };
  const Sweep sweep = verify(golden, encode_run, expected.size() + 1);
  EXPECT_EQ(sweep.checked, golden.input_count());
  EXPECT_EQ(sweep.first_differences, expected) << describe(sweep);
}

TEST(Sweep, OfNothingDoesNotPass) {
  EXPECT_FALSE(Sweep{}.passed());
}

}  // namespace
}  // namespace mxemu::conformance
