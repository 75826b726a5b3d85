// Checks at the ends: subnormal numbers, lengths, c.
#include <algorithm>

#include "conformance/dot/dot_check.hpp"
#include "conformance/dot/dot_numbers.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t k = 32;
constexpr std::size_t length = 2 * k;
constexpr std::uint8_t highest_scale = 0xfe;

bool everywhere(const DotTarget&) {
  return true;
}
bool with_plain_numbers(const DotTarget& target) {
  return !spec::is_element(target.pair.a.type) || !spec::is_element(target.pair.b.type);
}

/// Results that are subnormal, or round to zero, or to the smallest normal number.
DotBatches subnormal_results(const DotTarget& target, Random& random) {
  DotCases cases = empty_dots(target.pair, length);
  const spec::FloatFormat& output = spec::format_of(target.pair.output);
  const int lowest = output.emin - output.mantissa_bits;
  for (int exponent = lowest - 3; exponent <= output.emin + 1; exponent += target.is_quick() ? 2 : 1)
    for (const bool negative : {false, true}) {
      DotBuilder builder(target.pair, length);
      const int from_scales = target.has_scales() ? exponent : 0;
      const int a = target.pair.a.scaled && target.pair.b.scaled ? from_scales / 2 : from_scales;
      const int b = from_scales - a;
      builder.power(0, exponent - from_scales, negative);
      if (random.coin()) builder.power(6, exponent - from_scales - 1, negative);
      const auto code = [](int power) { return static_cast<std::uint8_t>(std::clamp(power + 127, 0, 254)); };
      const bool only_b = !target.pair.a.scaled;
      // Both blocks, since some units weigh the scales of zeros.
      for (const std::size_t block : {0U, 1U})
        builder.scales(block, code(only_b ? 0 : a), code(only_b ? from_scales : b));
      builder.append_to(cases);
      builder.c(negative ? 5 : 3).append_to(cases);
    }
  return {cases};
}

/// Subnormal numbers of a plain type, as operands and as c, beside what they can be seen beside.
DotBatches subnormal_operands(const DotTarget& target, Random& random) {
  DotCases cases = empty_dots(target.pair, length);
  const auto put = [&](DotBuilder& builder, std::size_t at, bool in_a) {
    const spec::OperandType type = in_a ? target.pair.a.type : target.pair.b.type;
    const spec::OperandType other = in_a ? target.pair.b.type : target.pair.a.type;
    if (spec::is_element(type)) return;
    const auto digits = static_cast<std::uint64_t>(spec::float_format_of(type).mantissa_bits);
    const auto subnormal = static_cast<std::uint32_t>(1 + random.below((std::uint64_t{1} << digits) - 1));
    const std::uint32_t partner = power_code(other, highest_power(other));
    builder.codes(at, in_a ? subnormal : partner, in_a ? partner : subnormal);
  };
  for (const std::size_t place : {0U, 5U, 31U, 33U})
    for (const bool in_a : {true, false})
      for (const bool with_c : {false, true}) {
        DotBuilder builder(target.pair, length);
        put(builder, place, in_a);
        if (with_c) put(builder, place + 1, !in_a);
        builder.c(with_c ? 7 : 0).append_to(cases);
      }
  return {cases};
}

/// Lengths that are no whole blocks, with neighbours behind them that are not zero.
DotBatches tails(const DotTarget& target, Random& random) {
  DotBatches batches;
  for (const std::size_t elements : {1U, 2U, 3U, 5U, 15U, 16U, 17U, 31U, 33U, 40U, 47U, 63U, 65U, 95U}) {
    DotCases cases = empty_dots(target.pair, elements);
    for (int i = 0; i < (target.is_quick() ? 4 : 40); ++i) {
      DotBuilder builder(target.pair, elements);
      builder.random(random).c_power(i - 2, i % 2 != 0);
      for (std::size_t block = 0; block < builder.blocks(); ++block)
        builder.scales(block, static_cast<std::uint8_t>(scale_one + i),
                       static_cast<std::uint8_t>(scale_one - block));
      builder.append_to(cases);
    }
    batches.push_back(cases);
  }
  return batches;
}

/// c that is larger, smaller, cancels the sum, or is no number.
DotBatches accumulators(const DotTarget& target, Random& random) {
  const spec::FloatFormat& format = spec::format_of(target.pair.output);
  const auto sign = static_cast<std::uint32_t>(format.sign_mask());
  const auto infinity = static_cast<std::uint32_t>(format.infinity_bits());
  const auto nan = static_cast<std::uint32_t>(format.nan_bits());
  DotCases cases = empty_dots(target.pair, length);
  for (int exponent = -40; exponent <= 40; ++exponent)
    for (const bool negative : {false, true}) {
      DotBuilder builder(target.pair, length);
      if (exponent % 4 == 0)
        builder.random(random);
      else
        builder.power(0, 0).power(k, 0);
      builder.c_power(exponent, negative).append_to(cases);
    }
  for (const bool negative : {false, true}) {
    DotBuilder builder(target.pair, length);
    for (std::size_t i = 0; i < length; ++i) builder.power(i, builder.highest(), negative);
    for (std::size_t block = 0; block < builder.blocks(); ++block)
      builder.scales(block, highest_scale, highest_scale);
    builder.c((infinity - 1) | (negative ? sign : 0)).append_to(cases);
  }
  for (const std::uint32_t c :
       {infinity, infinity | sign, nan, nan | sign, infinity - 1, (infinity - 1) | sign}) {
    DotBuilder builder(target.pair, length);
    builder.power(0, 0).power(1, 1, (c & sign) == 0).c(c).append_to(cases);
  }
  return {cases};
}

constexpr DotCheck checks[] = {
    {"dot/subnormal", "subnormal results", Requirement::ImplementationDefined, "MX-6.1-c, MX-6.2-b",
     everywhere, subnormal_results,
     [] {
       return DotBins{DotBin::SubnormalResult, DotBin::UnderflowToZero};
     }},
    {"dot/subnormal_operand", "subnormal numbers of a plain type", Requirement::ImplementationDefined,
     "MX-6.1-c", with_plain_numbers, subnormal_operands, [] { return DotBins{DotBin::SubnormalOperand}; }},
    {"dot/tail", "lengths that are no whole blocks", Requirement::ImplementationDefined, "MX-6.2-a, MX-6.2-c",
     everywhere, tails,
     [] {
       return DotBins{DotBin::Tail, DotBin::CJoined};
     }},
    {"dot/accumulator", "c of every size, Inf and NaN", Requirement::ImplementationDefined, "MX-6.2-c",
     everywhere, accumulators,
     [] {
       return DotBins{DotBin::CJoined, DotBin::CNotFinite, DotBin::CCut, DotBin::Overflow};
     }},
};

}  // namespace

std::span<const DotCheck> dot_edge_checks() {
  return checks;
}

}  // namespace mxemu::conformance
