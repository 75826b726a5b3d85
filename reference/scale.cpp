#include "reference/scale.hpp"

#include <algorithm>
#include <stdexcept>

#include "reference/element.hpp"
#include "reference/rounding.hpp"

namespace mxemu::reference {
namespace {

/// amax rounded to 1 + mantissa_bits significant bits, roundTiesToEven.
Exact round_to_mantissa(const Exact& amax, int mantissa_bits) {
  const GridPosition position = locate_on_quantum(amax, power_of_two(0), floor_log2(amax) - mantissa_bits);
  const Integer rounded = position.below + (rounds_up(position, {}, false, 0) ? 1 : 0);
  return {rounded, position.quantum_exponent};
}

/// The smallest e with a <= b * 2^e.
int ceil_log2_of_ratio(const Exact& a, const Exact& b) {
  const int below = floor_log2_of_ratio(a, b);
  return a == multiply(b, power_of_two(below)) ? below : below + 1;
}

/// The e whose 2^e is nearest to a / b; halfway, 1.5 * 2^e, goes up.
int nearest_log2_of_ratio(const Exact& a, const Exact& b) {
  const int below = floor_log2_of_ratio(a, b);
  const Exact halfway = multiply(b, {3, below - 1});
  return a >= halfway ? below + 1 : below;
}

std::uint8_t clamp_to_code(const spec::ScaleFormat& format, int exponent, spec::ScaleOverflow overflow) {
  return encode_scale(format, {.magnitude = power_of_two(exponent)}, spec::RoundingMode::NearestEven,
                      overflow);
}

}  // namespace

Value decode_scale(const spec::ScaleFormat& format, std::uint8_t code, const spec::Policy& policy) {
  const int mantissa_count = 1 << format.mantissa_bits;
  if (code >> format.bits != 0) throw std::invalid_argument("scale code beyond the width of its format");
  if (code == format.nan_code && policy.nan_scale_decode == spec::NanScaleDecode::Nan)
    return {.kind = ValueClass::Nan};
  if (code == format.nan_code && policy.nan_scale_decode == spec::NanScaleDecode::Zero) return {};
  if (code == format.min_code && policy.lowest_scale_decode == spec::LowestScaleDecode::Zero) return {};
  const int mantissa = code % mantissa_count;
  const int biased_exponent = code / mantissa_count;
  if (format.has_subnormals && biased_exponent == 0)
    return {.magnitude = {mantissa, format.emin - format.mantissa_bits}};
  return {.magnitude = {mantissa_count + mantissa, biased_exponent - format.bias - format.mantissa_bits}};
}

std::uint8_t encode_scale(const spec::ScaleFormat& format, const Value& value, spec::RoundingMode mode,
                          spec::ScaleOverflow overflow) {
  if (mode == spec::RoundingMode::Stochastic)
    throw std::invalid_argument("scales are not rounded stochastically");
  if (value.is_nan()) return format.nan_code;
  const std::uint8_t beyond = overflow == spec::ScaleOverflow::Clamp ? format.max_code : format.nan_code;
  if (value.is_infinite()) return beyond;

  const Exact smallest = decode_scale(format, format.min_code).magnitude;
  if (value.magnitude <= smallest) return format.min_code;
  const GridPosition position = locate(value.magnitude, power_of_two(0), format.emin, format.mantissa_bits);
  bool up = rounds_up(position, {.mode = mode}, false, 0);
  // With no mantissa every `below` is 1, an odd number, so ties-to-even goes up: 1.5 gives 2.
  const Exact rounded = {position.below + (up ? 1 : 0), position.quantum_exponent};
  if (rounded > decode_scale(format, format.max_code).magnitude) return beyond;
  const int exponents_above_emin = position.quantum_exponent + format.mantissa_bits - format.emin;
  const Integer code =
      (Integer(exponents_above_emin) << static_cast<unsigned>(format.mantissa_bits)) + rounded.significand;
  // Without subnormals the codes start at 2^emin itself.
  const int first_code = format.has_subnormals ? 0 : 1 << format.mantissa_bits;
  return static_cast<std::uint8_t>(static_cast<int>(code) - first_code);
}

int scale_exponent(spec::ScaleRuleType rule, const spec::ElementFormat& element, const Exact& amax) {
  const Exact largest_power = power_of_two(element.emax);
  const Exact largest = max_normal(element);
  switch (rule) {
    case spec::ScaleRuleType::Floor: return floor_log2_of_ratio(amax, largest_power);
    case spec::ScaleRuleType::Ceil: return ceil_log2_of_ratio(amax, largest_power);
    case spec::ScaleRuleType::Even:
      return floor_log2_of_ratio(round_to_mantissa(amax, element.mantissa_bits), largest_power);
    case spec::ScaleRuleType::Rceil: return ceil_log2_of_ratio(amax, largest);
    case spec::ScaleRuleType::Nearest: return nearest_log2_of_ratio(amax, largest);
    case spec::ScaleRuleType::FloorPlusOne: return floor_log2_of_ratio(amax, largest_power) + 1;
    case spec::ScaleRuleType::Rfloor: return floor_log2_of_ratio(amax, largest);
    case spec::ScaleRuleType::RceilNormal:
      return std::max(ceil_log2_of_ratio(amax, largest), spec::format_of(spec::FloatType::Float32).emin);
  }
  throw std::invalid_argument("no such scale rule");
}

std::uint8_t shared_scale(const spec::Request& request, const Exact& amax) {
  const spec::ScaleFormat& format = request.scale_format();
  const auto scale_of = [&](const Exact& largest) {
    return clamp_to_code(format, scale_exponent(request.scale_rule, request.element_format(), largest),
                         request.policy.scale_overflow);
  };
  if (!amax.is_zero()) return scale_of(amax);
  switch (request.policy.zero_block_scale) {
    case spec::ZeroBlockScale::Smallest: return format.min_code;
    case spec::ZeroBlockScale::One: return clamp_to_code(format, 0, request.policy.scale_overflow);
    case spec::ZeroBlockScale::RuleOfOne: return scale_of(power_of_two(0));
    case spec::ZeroBlockScale::RuleOfTwo: return scale_of(power_of_two(1));
    case spec::ZeroBlockScale::Nan: return format.nan_code;
    case spec::ZeroBlockScale::Two: return clamp_to_code(format, 1, request.policy.scale_overflow);
  }
  throw std::invalid_argument("no such zero-block policy");
}

}  // namespace mxemu::reference
