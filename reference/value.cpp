#include "reference/value.hpp"

#include <stdexcept>

#include "reference/rounding.hpp"

namespace mxemu::reference {

Value decode_float(const spec::FloatFormat& format, std::uint64_t bits) {
  const std::uint64_t mantissa_count = std::uint64_t{1} << format.mantissa_bits;
  const std::uint64_t exponent_count = std::uint64_t{1} << format.exponent_bits;
  const std::uint64_t mantissa = bits % mantissa_count;
  const std::uint64_t biased_exponent = bits / mantissa_count % exponent_count;
  const std::uint64_t sign = bits / mantissa_count / exponent_count;
  if (sign > 1) throw std::invalid_argument("bits beyond the width of the floating-point format");

  Value value{.negative = sign == 1};
  if (biased_exponent == exponent_count - 1) {
    value.kind = mantissa == 0 ? ValueClass::Infinity : ValueClass::Nan;
  } else if (biased_exponent == 0) {
    value.magnitude = {mantissa, format.emin - format.mantissa_bits};
  } else {
    value.magnitude = {mantissa_count + mantissa,
                       static_cast<int>(biased_exponent) - format.bias - format.mantissa_bits};
  }
  return value;
}

bool is_subnormal(const spec::FloatFormat& format, const Value& value) {
  return value.is_finite() && !value.is_zero() && value.magnitude < power_of_two(format.emin);
}

std::uint64_t encode_float(const spec::FloatFormat& format, const Value& value, const spec::Policy& policy) {
  const std::uint64_t sign = value.negative ? format.sign_mask() : 0;
  if (value.is_nan()) return format.nan_bits();
  if (value.is_infinite()) return sign | format.infinity_bits();
  if (policy.decode_subnormal == spec::DecodeSubnormal::FlushToZero && is_subnormal(format, value))
    return sign;

  const GridPosition position = locate(value.magnitude, power_of_two(0), format.emin, format.mantissa_bits);
  const Integer rounded = position.below + (rounds_up(position, {}, value.negative, 0) ? 1 : 0);
  const Exact largest = decode_float(format, format.infinity_bits() - 1).magnitude;
  if (Exact{rounded, position.quantum_exponent} > largest) {
    const bool saturate = policy.decode_overflow == spec::DecodeOverflow::Saturate;
    return sign | (saturate ? format.infinity_bits() - 1 : format.infinity_bits());
  }
  // Codes of one sign count upward in value: 2^mantissa_bits of them per exponent, starting at the
  // subnormals, so a significand that rounded up to the next power of two carries into the exponent by
  // itself.
  const auto exponents_above_emin = position.quantum_exponent + format.mantissa_bits - format.emin;
  return sign | static_cast<std::uint64_t>(
                    (Integer(exponents_above_emin) << static_cast<unsigned>(format.mantissa_bits)) + rounded);
}

}  // namespace mxemu::reference
