// Checks of what stands apart: NaN, infinities, the ends of the scales, zeros.
#include <algorithm>

#include "conformance/dot/dot_check.hpp"
#include "conformance/dot/dot_numbers.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t k = 32;
constexpr std::size_t length = 2 * k;
constexpr std::uint8_t nan_scale = 0xff;
constexpr std::uint8_t highest_scale = 0xfe;

bool everywhere(const DotTarget&) {
  return true;
}
bool with_scales(const DotTarget& target) {
  return target.has_scales();
}
bool with_nan_codes(const DotTarget& target) {
  return nan_code(target.pair.a.type) || nan_code(target.pair.b.type);
}
bool with_infinities(const DotTarget& target) {
  return infinity_code(target.pair.a.type) || infinity_code(target.pair.b.type);
}

/// Scales 0xff in either operand, over ones, over zeros, over random codes, alone and everywhere.
DotBatches nan_scales(const DotTarget& target, Random& random) {
  DotCases cases = empty_dots(target.pair, length);
  for (const bool in_a : {true, false}) {
    if (!(in_a ? target.pair.a : target.pair.b).scaled) continue;
    for (const std::size_t block : {0U, 1U, 2U})
      for (const int content : {0, 1, 2}) {
        DotBuilder builder(target.pair, length);
        if (content == 1) builder.power(5, 0).power(40, 0);
        if (content == 2) builder.random(random);
        for (std::size_t b = 0; b < 2; ++b)
          if (block == 2 || block == b)
            builder.scales(b, in_a ? nan_scale : scale_one, in_a ? scale_one : nan_scale);
        builder.append_to(cases);
      }
  }
  return {cases};
}

/// A NaN among the codes, in the first and last places, meeting zeros and numbers.
DotBatches nan_codes(const DotTarget& target, Random&) {
  DotCases cases = empty_dots(target.pair, length);
  for (const std::size_t place : {0U, 17U, 31U, 32U, 63U})
    for (const bool meets_zero : {false, true}) {
      const auto other = [&](spec::OperandType type) {
        return meets_zero ? zero_code(type) : one_code(type);
      };
      DotBuilder builder(target.pair, length);
      builder.power(8, 0).power(33, 1);
      if (const auto nan = nan_code(target.pair.a.type))
        DotBuilder(builder).codes(place, *nan, other(target.pair.b.type)).append_to(cases);
      if (const auto nan = nan_code(target.pair.b.type))
        DotBuilder(builder).codes(place, other(target.pair.a.type), *nan).append_to(cases);
    }
  return {cases};
}

/// Inf alone, with Inf of either sign, and with zero.
DotBatches infinities(const DotTarget& target, Random&) {
  DotCases cases = empty_dots(target.pair, length);
  const spec::OperandType a = target.pair.a.type;
  const spec::OperandType b = target.pair.b.type;
  for (const bool in_a : {true, false})
    for (const bool negative : {false, true}) {
      const auto infinity = infinity_code(in_a ? a : b, negative);
      if (!infinity) continue;
      const auto opposite = *infinity_code(in_a ? a : b, !negative);
      const auto put = [&](DotBuilder& builder, std::size_t at, std::uint32_t code,
                           bool zero) -> DotBuilder& {
        if (in_a) return builder.codes(at, code, zero ? zero_code(b) : one_code(b));
        return builder.codes(at, zero ? zero_code(a) : one_code(a), code);
      };
      for (const std::size_t place : {0U, 31U, 40U}) {
        DotBuilder alone(target.pair, length);
        alone.power(7, 2);
        put(alone, place, *infinity, false).append_to(cases);
        put(alone, place + 5, *infinity, false).append_to(cases);
        put(alone, 20, opposite, false).append_to(cases);
        DotBuilder zero(target.pair, length);
        put(zero, place, *infinity, true).append_to(cases);
      }
      DotBuilder small(target.pair, length);
      put(small.scales(0, 0, 0), 3, *infinity, false).append_to(cases);
    }
  return {cases};
}

/// Scales whose product no float32 holds, one or both of them at an end, over small, large and mixed codes.
DotBatches scale_range(const DotTarget& target, Random& random) {
  constexpr std::uint8_t pairs[][2] = {{highest_scale, 0},
                                       {0, highest_scale},
                                       {0, 0},
                                       {highest_scale, 0x7f},
                                       {0xc0, 0xc1},
                                       {0x40, 0x3c},
                                       {0xc0, 0xbf},
                                       {highest_scale, 0x81},
                                       {0x7f, 0},
                                       {highest_scale, highest_scale}};
  DotCases cases = empty_dots(target.pair, length);
  for (const auto& [a, b] : pairs)
    for (const int content : {0, 1, 2, 3}) {
      DotBuilder builder(target.pair, length);
      if (content == 0) builder.power(0, 0).power(1, 1, true);
      if (content == 1) builder.power(3, builder.lowest()).power(9, builder.lowest() + 1);
      if (content == 2) builder.power(3, builder.highest()).power(4, builder.highest(), true).power(5, -1);
      if (content == 3) builder.random(random);
      builder.scales(0, a, b).scales(1, a, b);
      builder.append_to(cases);
      builder.scales(1, scale_one, scale_one).c_power(-3);
      builder.append_to(cases);
    }
  return {cases};
}

/// Blocks of zeros, and of zeros times ones, under the largest scales, beside numbers and beside c: whoever
/// aligns by scales alone loses those.
DotBatches zero_blocks(const DotTarget& target, Random& random) {
  DotCases cases = empty_dots(target.pair, length);
  for (const std::size_t zeros : {0U, 1U})
    for (const std::uint8_t scale : {std::uint8_t{0x8f}, std::uint8_t{0xa0}, highest_scale})
      for (const bool both : {false, true})
        for (const bool negative_zeros : {false, true}) {
          DotBuilder builder(target.pair, length);
          builder.random(random);
          for (std::size_t i = zeros * k; i < (zeros + 1) * k; ++i)
            builder.codes(i, zero_code(target.pair.a.type, negative_zeros),
                          negative_zeros ? one_code(target.pair.b.type) : zero_code(target.pair.b.type));
          builder.scales(zeros, scale, both ? scale : scale_one);
          builder.append_to(cases);
          builder.c_power(3, negative_zeros).append_to(cases);
        }
  return {cases};
}

/// Zeros of both signs and c of both signs: whose sign the result has.
DotBatches signed_zeros(const DotTarget& target, Random&) {
  const auto minus_zero = static_cast<std::uint32_t>(spec::format_of(target.pair.output).sign_mask());
  DotCases cases = empty_dots(target.pair, length);
  for (const std::uint32_t c : {0U, minus_zero})
    for (const bool a : {false, true})
      for (const bool b : {false, true})
        for (const bool all : {false, true}) {
          DotBuilder builder(target.pair, length);
          for (std::size_t i = 0; i < (all ? length : 1); ++i)
            builder.codes(i, zero_code(target.pair.a.type, a), zero_code(target.pair.b.type, b));
          builder.c(c).append_to(cases);
        }
  DotBuilder cancelled(target.pair, length);
  cancelled.power(0, 0, true).power(1, 0);
  cancelled.append_to(cases);
  cancelled.c(minus_zero).append_to(cases);
  return {cases};
}

constexpr DotCheck checks[] = {
    {"dot/nan_scale", "a scale of 0xff makes the result NaN, whatever it is over", Requirement::Must,
     "MX-5.1-c, MX-6.1-a", with_scales, nan_scales, [] { return DotBins{DotBin::NanScale}; }},
    {"dot/nan_element", "a NaN element makes the result NaN", Requirement::Must, "MX-5.1-d, MX-6.1-a",
     with_nan_codes, nan_codes, [] { return DotBins{DotBin::NanElement}; }},
    {"dot/infinity", "Inf elements: alone, against each other, meeting zeros", Requirement::Must,
     "MX-5.1-d, MX-6.1-a", with_infinities, infinities,
     [] {
       return DotBins{DotBin::InfElement, DotBin::InfMinusInf, DotBin::InfTimesZero};
     }},
    {"dot/scale_range", "scales at their ends, whose product float32 does not hold",
     Requirement::ImplementationDefined, "MX-5.1-e, MX-6.1-c", with_scales, scale_range,
     [] {
       return DotBins{DotBin::ScaleProductHigh, DotBin::ScaleProductLow, DotBin::Overflow};
     }},
    {"dot/zero_block", "zeros under large scales beside numbers", Requirement::ImplementationDefined,
     "MX-6.1-c, MX-6.2-c", with_scales, zero_blocks,
     [] {
       return DotBins{DotBin::ZeroBlock, DotBin::CJoined};
     }},
    {"dot/signed_zero", "zeros of both signs", Requirement::ImplementationDefined, "MX-6.1-c", everywhere,
     signed_zeros,
     [] {
       return DotBins{DotBin::NegativeZero, DotBin::ExactCancellation};
     }},
};

}  // namespace

std::span<const DotCheck> dot_special_checks() {
  return checks;
}

}  // namespace mxemu::conformance
