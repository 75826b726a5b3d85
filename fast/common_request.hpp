// The common request, which has kernels of its own on every machine: blocks of 32, roundTiesToEven, the `ocp`
// policy under any scale rule, whose integers are then few.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fast/host_device.hpp"
#include "spec/element_format.hpp"
#include "spec/float_format.hpp"
#include "spec/request.hpp"
#include "spec/scale_rule.hpp"

namespace mxemu::fast {

inline constexpr std::size_t fast_block = 32;

/// A scale rule as integers on the bits of a float32 amax that is zero or normal:
/// code = ((amax + bump) >> 23) + offset, clamped to smallest … 254.
struct RuleWords {
  std::uint32_t bump;
  std::int32_t offset;
  std::int32_t smallest;
};

MXEMU_HOST constexpr RuleWords make_rule_words(const spec::ElementFormat& element,
                                               const spec::ScaleRule& rule) {
  const int one = 1 << spec::threshold_bits;
  const int threshold = spec::significand_threshold(rule, element);
  const int mantissa = ((threshold - one) << (23 - spec::threshold_bits)) + (rule.strict ? 1 : 0);
  return {(1u << 23) - static_cast<std::uint32_t>(mantissa), rule.base - element.emax, rule.smallest_code};
}

/// True where one carry into the exponent field is all that a rule asks for.
consteval bool thresholds_are_in_one_binade() {
  for (const auto& rule : spec::scale_rules)
    for (const auto& element : spec::element_formats) {
      const int threshold = spec::significand_threshold(rule, element);
      if (threshold < 1 << spec::threshold_bits || threshold > 2 << spec::threshold_bits) return false;
    }
  return true;
}
static_assert(thresholds_are_in_one_binade(), "make_rule_words adds to the mantissa once");

MXEMU_HOST constexpr bool has_common_rounding(const spec::Request& request) {
  const spec::Policy& policy = request.policy;
  // What a NaN or an Inf becomes, and where overflow goes, is not asked: they poison their blocks, and an
  // element beyond the largest number saturates.
  return request.rounding.mode == spec::RoundingMode::NearestEven &&
         policy.overflow == spec::Overflow::Saturate &&
         policy.nan_in_block == spec::NonFiniteInBlock::PoisonBlock &&
         policy.inf_in_block == spec::NonFiniteInBlock::PoisonBlock &&
         policy.zero_block_scale == spec::ZeroBlockScale::Smallest &&
         policy.scale_overflow == spec::ScaleOverflow::Clamp &&
         policy.subnormal_input == spec::SubnormalInput::Exact && policy.zero_sign == spec::ZeroSign::Keep &&
         policy.int8_minimum == spec::Int8Minimum::Unused;
}

/// Any policy: what depends on one is left to the codec, block by block. A half is rounded to, and leaves
/// that only to the policy that IEEE 754 has.
MXEMU_HOST constexpr bool has_common_values(const spec::Request& request, spec::FloatType output) {
  const spec::Policy& policy = request.policy;
  return output != spec::FloatType::Float16 || (policy.decode_overflow == spec::DecodeOverflow::Infinity &&
                                                policy.decode_subnormal == spec::DecodeSubnormal::Exact);
}

}  // namespace mxemu::fast
