// Numbers of the formats as host doubles: every value of an element format, every product with a scale, every
// float32, bfloat16 and float16 is one, exactly.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "spec/element_format.hpp"
#include "spec/float_format.hpp"

namespace mxemu::conformance {

/// The value of a magnitude code without sign; codes beyond the largest number continue the pattern.
inline double magnitude_of(const spec::ElementFormat& format, int magnitude_code) {
  if (format.encoding == spec::Encoding::TwosComplement)
    return std::ldexp(magnitude_code, -format.mantissa_bits);
  const int mantissa_count = 1 << format.mantissa_bits;
  const int field = magnitude_code / mantissa_count;
  const int significand = magnitude_code % mantissa_count + (field > 0 ? mantissa_count : 0);
  return std::ldexp(significand, std::max(field, 1) - format.bias - format.mantissa_bits);
}

/// The code with a sign: the sign bit, or the two's complement.
inline std::uint8_t signed_code(const spec::ElementFormat& format, int magnitude_code, bool negative) {
  const int negated = format.encoding == spec::Encoding::TwosComplement
                          ? (format.code_count() - magnitude_code) % format.code_count()
                          : format.sign_mask | magnitude_code;
  return static_cast<std::uint8_t>(negative ? negated : magnitude_code);
}

/// The value of the bits of a floating-point number; Inf and NaN keep their class and sign.
inline double host_value(spec::FloatType type, std::uint64_t bits) {
  switch (type) {
    case spec::FloatType::Float64: return std::bit_cast<double>(bits);
    case spec::FloatType::Float32:
      return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    case spec::FloatType::BFloat16: return host_value(spec::FloatType::Float32, bits << 16);
    case spec::FloatType::Float16: break;
  }
  const int mantissa = static_cast<int>(bits & 0x3ff);
  const int field = static_cast<int>(bits >> 10 & 0x1f);
  const double finite = std::ldexp(mantissa + (field > 0 ? 0x400 : 0), std::max(field, 1) - 15 - 10);
  const double magnitude = field < 0x1f ? finite : mantissa == 0 ? HUGE_VAL : std::nan("");
  return bits >> 15 != 0 ? -magnitude : magnitude;
}

}  // namespace mxemu::conformance
