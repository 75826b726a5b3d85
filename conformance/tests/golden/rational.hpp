// Exact rational numbers, and the roads to them that do not pass through the reference's own arithmetic.
#pragma once

#include <bit>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

#include "reference/exact.hpp"
#include "reference/value.hpp"
#include "spec/float_format.hpp"

namespace mxemu::golden {

using Rational = boost::multiprecision::cpp_rational;
using BigInteger = boost::multiprecision::cpp_int;

inline Rational two_to(int exponent) {
  const BigInteger power = BigInteger(1) << static_cast<unsigned>(exponent < 0 ? -exponent : exponent);
  return exponent < 0 ? Rational(1, power) : Rational(power);
}

/// The number that the reference's pair stands for.
inline Rational rational_of(const reference::Exact& number) {
  return Rational(BigInteger(number.significand)) * two_to(number.exponent);
}

/// The number with its sign. Requires a finite value.
inline Rational rational_of(const reference::Value& value) {
  const Rational magnitude = rational_of(value.magnitude);
  return value.negative ? Rational(-magnitude) : magnitude;
}

/// What the machine itself takes the bits for, as a double (which holds every value of the four types).
inline double hardware_value(spec::FloatType type, std::uint64_t bits) {
  switch (type) {
    case spec::FloatType::Float32: return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    case spec::FloatType::BFloat16: return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
    case spec::FloatType::Float64: return std::bit_cast<double>(bits);
    case spec::FloatType::Float16: break;
  }
  // binary16, spelled out: 1 sign bit, 5 exponent bits of bias 15, 10 mantissa bits.
  const int field = static_cast<int>(bits >> 10 & 0x1f);
  const double mantissa = static_cast<double>(bits & 0x3ff);
  const double sign = bits >> 15 ? -1.0 : 1.0;
  if (field == 0x1f)
    return std::copysign(
        mantissa == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN(),
        sign);
  if (field == 0) return sign * std::ldexp(mantissa, -24);
  return sign * std::ldexp(1024 + mantissa, field - 25);
}

inline std::uint32_t bits_of(float number) {
  return std::bit_cast<std::uint32_t>(number);
}
inline std::uint64_t bits_of(double number) {
  return std::bit_cast<std::uint64_t>(number);
}

/// The reference's view of a machine number.
inline reference::Value value_of(float number) {
  return reference::decode_float(spec::format_of(spec::FloatType::Float32), bits_of(number));
}
inline reference::Value value_of(double number) {
  return reference::decode_float(spec::format_of(spec::FloatType::Float64), bits_of(number));
}

}  // namespace mxemu::golden
