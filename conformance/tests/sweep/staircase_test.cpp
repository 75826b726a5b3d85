// The staircases that bisection finds, against boundaries computed as exact numbers and against single
// calls of the reference: together they say that the reference is monotone.
#include "conformance/staircase.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <mutex>
#include <random>
#include <sstream>

#include "conformance/tests/sweep/exact_staircase.hpp"
#include "spec/float_format.hpp"
#include "spec/scale_format.hpp"

namespace mxemu::conformance {
namespace {

constexpr spec::ScaleFormat e8m0 = spec::format_of(spec::ScaleType::E8M0);

std::string show(const Staircase& staircase) {
  std::ostringstream text;
  text << staircase.steps.size() << " steps:" << std::hex << std::setfill('0');
  for (const Step& step : staircase.steps)
    text << " " << std::setw(8) << step.first_bits << ":" << std::setw(2) << int{step.code};
  return text.str();
}

std::string name(const ElementConversion& conversion, bool negative) {
  std::ostringstream text;
  text << conversion.format().name << " at 2^" << conversion.scale_exponent << ", "
       << spec::name_of(conversion.rounding.mode) << (negative ? ", negative" : ", positive");
  spec::for_each_freedom(conversion.policy, [&](const char* freedom, auto value) {
    if (value != decltype(value){}) text << ", " << freedom << "=" << spec::name_of(value);
  });
  return text.str();
}

/// Compares both ways to the staircases of many conversions, on all cores.
void expect_bisection_finds_exact_boundaries(const std::vector<ElementConversion>& conversions) {
  std::mutex mutex;
  std::uint64_t steps = 0;
  on_all_cores(conversions.size(), [&](std::uint64_t index) {
    for (const bool negative : {false, true}) {
      const Staircase found = finite_staircase(conversions[index], negative);
      const Staircase exact = exact_staircase(conversions[index], negative);
      const std::lock_guard lock(mutex);
      steps += found.steps.size();
      EXPECT_TRUE(found == exact) << name(conversions[index], negative) << "\nbisected " << show(found)
                                  << "\nexact    " << show(exact);
    }
  });
  std::cout << "  " << conversions.size() << " conversions, " << steps << " steps\n";
}

std::vector<int> all_scale_exponents() {
  std::vector<int> exponents;
  for (int exponent = e8m0.emin; exponent <= e8m0.emax; ++exponent) exponents.push_back(exponent);
  return exponents;
}

TEST(Staircase, NearestEvenMatchesExactMidpointsAtEveryScale) {
  std::vector<ElementConversion> conversions;
  for (const auto& format : spec::element_formats)
    for (const int exponent : all_scale_exponents())
      for (const auto overflow : {spec::Overflow::Saturate, spec::Overflow::NonFinite}) {
        if (overflow == spec::Overflow::NonFinite && !format.has_nan()) continue;  // the same as Saturate
        conversions.push_back(
            {.element = format.type, .scale_exponent = exponent, .policy = {.overflow = overflow}});
      }
  expect_bisection_finds_exact_boundaries(conversions);
}

TEST(Staircase, EveryDeterministicRoundingMatchesExactBoundariesAtEveryScale) {
  std::vector<ElementConversion> conversions;
  for (const auto& format : spec::element_formats)
    for (const auto& mode : spec::words<spec::RoundingMode>)
      for (const int exponent : all_scale_exponents())
        for (const auto& overflow : spec::words<spec::Overflow>)
          if (mode.value != spec::RoundingMode::Stochastic)
            conversions.push_back({.element = format.type,
                                   .scale_exponent = exponent,
                                   .rounding = {.mode = mode.value},
                                   .policy = {.overflow = overflow.value}});
  expect_bisection_finds_exact_boundaries(conversions);
}

TEST(Staircase, StochasticRoundingMatchesExactThresholds) {
  std::vector<ElementConversion> conversions;
  for (const auto& format : spec::element_formats)
    for (const int random_bits : {1, 8, 16, 23, 32})
      for (const std::uint32_t word : {0u, 1u, 0x55555555u, 0x80000000u, 0xdeadbeefu, 0xffffffffu})
        for (const int exponent : {e8m0.emin, 0, e8m0.emax})
          conversions.push_back(
              {.element = format.type,
               .scale_exponent = exponent,
               .rounding = {.mode = spec::RoundingMode::Stochastic, .random_bits = random_bits},
               .policy = {},
               .random_word = word});
  expect_bisection_finds_exact_boundaries(conversions);
}

TEST(Staircase, PoliciesOnZeroSubnormalsAndInt8MatchExactBoundaries) {
  std::vector<ElementConversion> conversions;
  for (const auto& format : spec::element_formats)
    for (const auto& zero_sign : spec::words<spec::ZeroSign>)
      for (const auto& subnormal_input : spec::words<spec::SubnormalInput>)
        for (const auto& int8_minimum : spec::words<spec::Int8Minimum>)
          for (const auto& nan_code : spec::words<spec::NanCode>)
            for (const int exponent : {e8m0.emin, 0})
              for (const auto mode : {spec::RoundingMode::NearestEven, spec::RoundingMode::Down})
                conversions.push_back({.element = format.type,
                                       .scale_exponent = exponent,
                                       .rounding = {.mode = mode},
                                       .policy = {.overflow = spec::Overflow::NonFinite,
                                                  .nan_code = nan_code.value,
                                                  .subnormal_input = subnormal_input.value,
                                                  .zero_sign = zero_sign.value,
                                                  .int8_minimum = int8_minimum.value}});
  expect_bisection_finds_exact_boundaries(conversions);
}

/// What bisection takes for granted: between two steps no other code turns up.
TEST(Staircase, SpotChecksAgreeWithTheReference) {
  const char* given = std::getenv("MXEMU_SEED");
  const std::uint64_t seed = given ? std::strtoull(given, nullptr, 0) : 1;
  std::cout << "  seed " << seed << " (MXEMU_SEED)\n";
  const auto magnitudes =
      static_cast<std::uint32_t>(spec::format_of(spec::FloatType::Float32).infinity_bits());
  constexpr int checks_per_staircase = 20000;
  constexpr std::uint64_t staircases_per_mode = 8;
  constexpr std::uint64_t mode_count = std::size(spec::words<spec::RoundingMode>);
  on_all_cores(std::size(spec::element_formats) * mode_count * staircases_per_mode, [&](std::uint64_t index) {
    std::mt19937_64 random(seed + index);
    const ElementConversion conversion = {
        .element = spec::element_formats[index / staircases_per_mode / mode_count].type,
        .scale_exponent =
            e8m0.emin + static_cast<int>(random() % static_cast<unsigned>(e8m0.emax - e8m0.emin + 1)),
        .rounding = {.mode = spec::words<spec::RoundingMode>[index / staircases_per_mode % mode_count].value},
        .policy = {},
        .random_word = static_cast<std::uint32_t>(random())};
    const bool negative = index % 2 == 1;
    const Staircase staircase = finite_staircase(conversion, negative);
    for (int check = 0; check < checks_per_staircase; ++check) {
      const std::uint32_t bits = staircase.first_bits() + static_cast<std::uint32_t>(random() % magnitudes);
      ASSERT_EQ(staircase.code_of(bits), encode_float32(conversion, bits))
          << name(conversion, negative) << ", input 0x" << std::hex << bits;
    }
  });
}

}  // namespace
}  // namespace mxemu::conformance
