#include "reference/element.hpp"

#include <stdexcept>
#include <string>

namespace mxemu::reference {
namespace {

/// The code of a magnitude code with a sign. Two's complement has no negative zero.
std::uint8_t with_sign(const spec::ElementFormat& format, int magnitude_code, bool negative) {
  if (!negative) return static_cast<std::uint8_t>(magnitude_code);
  switch (format.encoding) {
    case spec::Encoding::SignMagnitude: return static_cast<std::uint8_t>(format.sign_mask + magnitude_code);
    case spec::Encoding::TwosComplement:
      return static_cast<std::uint8_t>((format.code_count() - magnitude_code) % format.code_count());
  }
  throw std::invalid_argument("no such encoding");
}

/// MX 5.3.2, 5.3.3: NaN to a format without NaN is implementation-defined; OFP8: any NaN code will do.
std::uint8_t encode_nan(const spec::ElementFormat& format, bool negative, const spec::Policy& policy) {
  if (format.has_nan()) {
    const int quiet = format.infinity_code + (1 << (format.mantissa_bits - 1));
    switch (policy.nan_code) {
      case spec::NanCode::AllOnes: return format.nan_code;
      case spec::NanCode::SignedAllOnes: return with_sign(format, format.nan_code, negative);
      case spec::NanCode::SignedQuiet:
        return with_sign(format, format.has_infinity() ? quiet : format.nan_code, negative);
    }
  }
  switch (policy.nan_to_finite) {
    case spec::NanToFinite::PositiveMax: return format.max_normal_code;
    case spec::NanToFinite::SignedMax: return with_sign(format, format.max_normal_code, negative);
    case spec::NanToFinite::PositiveZero: return 0;
    case spec::NanToFinite::FlippedZero: return with_sign(format, 0, !negative);
  }
  throw std::invalid_argument("no such NaN policy");
}

/// The largest magnitude code of one sign: INT8 may use -128 (MX 5.3.4).
int largest_code(const spec::ElementFormat& format, bool negative, const spec::Policy& policy) {
  const bool uses_minimum = format.encoding == spec::Encoding::TwosComplement && negative &&
                            policy.int8_minimum == spec::Int8Minimum::Used;
  return format.max_normal_code + (uses_minimum ? 1 : 0);
}

/// OFP8: SAT gives the largest number; OVF gives Inf, or NaN where the format has no Inf.
/// MX 5.3.2, 5.3.3, 5.3.4: FP6, FP4 and INT8 clamp.
std::uint8_t encode_overflow(const spec::ElementFormat& format, bool negative, const spec::Policy& policy) {
  if (policy.overflow == spec::Overflow::NonFinite) {
    if (format.has_infinity()) return with_sign(format, format.infinity_code, negative);
    if (format.has_nan()) return encode_nan(format, negative, policy);
  }
  return with_sign(format, largest_code(format, negative, policy), negative);
}

std::uint8_t encode_zero(const spec::ElementFormat& format, bool negative, bool input_is_zero,
                         const spec::Policy& policy) {
  switch (policy.zero_sign) {
    case spec::ZeroSign::Keep: return with_sign(format, 0, negative);
    case spec::ZeroSign::DropOnZeroInput: return with_sign(format, 0, negative && !input_is_zero);
    case spec::ZeroSign::Drop: return 0;
  }
  throw std::invalid_argument("no such zero-sign policy");
}

}  // namespace

Value decode_element(const spec::ElementFormat& format, std::uint8_t code) {
  if (code >= format.code_count())
    throw std::invalid_argument("code " + std::to_string(code) + " is wider than the " +
                                std::to_string(format.bits) + " bits of " + format.name);
  const bool negative = code >= format.sign_mask;
  if (format.encoding == spec::Encoding::TwosComplement) {
    const int integer = negative ? format.code_count() - code : code;
    return {.negative = negative, .magnitude = {integer, -format.mantissa_bits}};
  }
  const int magnitude_code = code % format.sign_mask;
  if (magnitude_code > format.max_normal_code)
    return {.kind = magnitude_code == format.infinity_code ? ValueClass::Infinity : ValueClass::Nan,
            .negative = negative};
  const int mantissa_count = 1 << format.mantissa_bits;
  const int mantissa = magnitude_code % mantissa_count;
  const int biased_exponent = magnitude_code / mantissa_count;
  if (biased_exponent == 0)
    return {.negative = negative, .magnitude = {mantissa, format.emin - format.mantissa_bits}};
  return {.negative = negative,
          .magnitude = {mantissa_count + mantissa, biased_exponent - format.bias - format.mantissa_bits}};
}

Exact max_normal(const spec::ElementFormat& format) {
  return decode_element(format, format.max_normal_code).magnitude;
}

GridPosition locate_element(const spec::ElementFormat& format, const Exact& magnitude, const Exact& scale) {
  // INT8 is one binade: its grid is the integers times 2^-6 however large the number.
  if (format.encoding == spec::Encoding::TwosComplement)
    return locate_on_quantum(magnitude, scale, -format.mantissa_bits);
  return locate(magnitude, scale, format.emin, format.mantissa_bits);
}

std::uint8_t encode_element(const spec::ElementFormat& format, const Value& value, const Exact& scale,
                            const spec::Rounding& rounding, const spec::Policy& policy,
                            std::uint32_t random_word) {
  if (value.is_nan()) return encode_nan(format, value.negative, policy);
  if (value.is_infinite()) return encode_overflow(format, value.negative, policy);

  const GridPosition position = locate_element(format, value.magnitude, scale);
  const Integer rounded =
      position.below + (rounds_up(position, rounding, value.negative, random_word) ? 1 : 0);
  if (rounded.is_zero()) return encode_zero(format, value.negative, value.is_zero(), policy);

  // Codes of one sign count upward in value: 2^mantissa_bits of them per exponent, starting at the
  // subnormals, so a significand that rounded up to the next power of two carries into the exponent by
  // itself.
  const int exponents_above_emin = position.quantum_exponent + format.mantissa_bits - format.emin;
  const Integer magnitude_code =
      (Integer(exponents_above_emin) << static_cast<unsigned>(format.mantissa_bits)) + rounded;
  if (magnitude_code > largest_code(format, value.negative, policy))
    return encode_overflow(format, value.negative, policy);
  return with_sign(format, static_cast<int>(magnitude_code), value.negative);
}

std::uint8_t encode_element(const spec::ElementFormat& format, const Value& value,
                            const spec::Rounding& rounding, const spec::Policy& policy,
                            std::uint32_t random_word) {
  return encode_element(format, value, power_of_two(0), rounding, policy, random_word);
}

}  // namespace mxemu::reference
