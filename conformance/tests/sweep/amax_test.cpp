// Every positive finite float32 as the largest magnitude of a block: the rows of spec/scale_rule.hpp, in
// integers, against the staircase of scale codes of the reference, which does not read them.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <iomanip>
#include <iostream>

#include "conformance/staircase.hpp"
#include "reference/scale.hpp"
#include "reference/value.hpp"
#include "spec/float_format.hpp"
#include "spec/request.hpp"

namespace mxemu::conformance {
namespace {

constexpr spec::FloatFormat float32 = spec::format_of(spec::FloatType::Float32);
constexpr auto infinity_bits = static_cast<std::uint32_t>(float32.infinity_bits());
constexpr std::uint32_t one_bit = std::uint32_t{1} << float32.mantissa_bits;

/// What a row says of the amax of one binade: code `low` below the threshold, `high` from it on.
struct BinadeRule {
  std::uint32_t left;         ///< normalises a subnormal amax
  std::uint32_t leading_one;  ///< of a normal amax, which does not store it
  std::uint32_t threshold;    ///< in units of 2^-23, as the significand
  std::uint8_t low;
  std::uint8_t high;

  std::uint8_t code_of(std::uint32_t amax) const {
    const std::uint32_t significand = ((amax & (one_bit - 1)) << left) | leading_one;
    return significand >= threshold ? high : low;
  }
};

std::uint8_t clamp_code(const spec::Request& request, int exponent) {
  const spec::ScaleFormat& scale = request.scale_format();
  if (exponent > scale.emax)
    return request.policy.scale_overflow == spec::ScaleOverflow::Nan ? scale.nan_code : scale.max_code;
  return static_cast<std::uint8_t>(
      std::max(exponent + scale.bias, spec::rule_of(request.scale_rule).smallest_code));
}

BinadeRule binade_rule(const spec::Request& request, std::uint32_t amax) {
  const spec::ScaleRule& rule = spec::rule_of(request.scale_rule);
  const int field = static_cast<int>(amax / one_bit);
  const int left = field == 0 ? std::countl_zero(amax) - std::countl_zero(one_bit) : 0;
  const int exponent = std::max(field, 1) - float32.bias - left;
  const int floor_exponent = exponent - request.element_format().emax + rule.base;
  const auto threshold =
      static_cast<std::uint32_t>(spec::significand_threshold(rule, request.element_format()))
      << (float32.mantissa_bits - spec::threshold_bits);
  return {.left = static_cast<std::uint32_t>(left),
          .leading_one = field == 0 ? 0 : one_bit,
          .threshold = threshold + (rule.strict ? 1 : 0),
          .low = clamp_code(request, floor_exponent),
          .high = clamp_code(request, floor_exponent + 1)};
}

std::uint8_t scale_code_by_row(const spec::Request& request, std::uint32_t amax) {
  return binade_rule(request, amax).code_of(amax);
}

/// How many consecutive amax from this one on have its leading bit at the same place.
std::size_t left_in_binade(std::uint32_t amax) {
  return amax < one_bit ? 2 * std::bit_floor(amax) - amax : one_bit - amax % one_bit;
}

void scale_codes_by_row(const spec::Request& request, std::uint32_t first, std::span<std::uint8_t> codes) {
  for (std::size_t begin = 0; begin < codes.size();) {
    const std::uint32_t amax = first + static_cast<std::uint32_t>(begin);
    const std::size_t count = std::min(codes.size() - begin, left_in_binade(amax));
    const BinadeRule rule = binade_rule(request, amax);
    std::uint8_t* out = codes.data() + begin;
    for (std::size_t i = 0; i < count; ++i) out[i] = rule.code_of(amax + static_cast<std::uint32_t>(i));
    begin += count;
  }
}

std::uint8_t scale_code_by_reference(const spec::Request& request, std::uint32_t amax) {
  return reference::shared_scale(request, reference::decode_float(float32, amax).magnitude);
}

/// Scale codes rise with amax; a zero amax is the policy's business and no input here.
Staircase scale_staircase(const spec::Request& request) {
  return bisect(1, infinity_bits - 1,
                [&](std::uint32_t amax) { return scale_code_by_reference(request, amax); });
}

std::vector<spec::Request> all_rules_and_formats() {
  std::vector<spec::Request> requests;
  for (const auto& rule : spec::scale_rules)
    for (const auto& format : spec::block_formats) {
      spec::Request request = spec::make_request(format.type);
      request.scale_rule = rule.type;
      requests.push_back(request);
    }
  return requests;
}

std::string request_name(const spec::Request& request) {
  return std::string(spec::name_of(request.scale_rule)) + "_" + request.block_format().name;
}

class EveryAmax : public testing::TestWithParam<spec::ScaleRuleType> {};

TEST_P(EveryAmax, HasTheSameScaleFromTheRowAndTheReference) {
  const auto start = std::chrono::steady_clock::now();
  std::uint64_t checked = 0;
  for (const spec::Request& request : all_rules_and_formats()) {
    if (request.scale_rule != GetParam()) continue;
    const Staircase golden = scale_staircase(request);
    const Sweep sweep = verify(golden, [&](std::uint32_t first, std::span<std::uint8_t> codes) {
      scale_codes_by_row(request, first, codes);
    });
    EXPECT_EQ(sweep.checked, infinity_bits - 1);
    EXPECT_TRUE(sweep.passed()) << request_name(request) << ": " << describe(sweep);
    for (std::size_t step = 1; step < golden.steps.size(); ++step)
      EXPECT_EQ(golden.steps[step].code, golden.steps[step - 1].code + 1) << request_name(request);
    checked += sweep.checked;
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::cout << "  " << spec::name_of(GetParam()) << ": " << checked << " largest magnitudes in "
            << std::setprecision(3) << seconds.count() << " s\n";
}

std::vector<spec::ScaleRuleType> all_rules() {
  std::vector<spec::ScaleRuleType> types;
  for (const auto& rule : spec::scale_rules) types.push_back(rule.type);
  return types;
}

std::string rule_name(const testing::TestParamInfo<spec::ScaleRuleType>& rule) {
  return spec::name_of(rule.param);
}

INSTANTIATE_TEST_SUITE_P(Rules, EveryAmax, testing::ValuesIn(all_rules()), rule_name);

TEST(ScaleRow, OverflowsToNanWhereTheReferenceDoes) {
  for (spec::Request request : all_rules_and_formats()) {
    request.policy.scale_overflow = spec::ScaleOverflow::Nan;
    const Staircase found =
        bisect(1, infinity_bits - 1, [&](std::uint32_t amax) { return scale_code_by_row(request, amax); });
    EXPECT_TRUE(found == scale_staircase(request)) << request_name(request);
  }
}

}  // namespace
}  // namespace mxemu::conformance
