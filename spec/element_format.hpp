// Element formats of OCP MX v1.0, Table 1: one row each (clauses 5.3.1 to 5.3.4).
// A row states its primary facts; everything else is derived by the consteval makers below.
#pragma once

#include <cstdint>

#include "spec/words.hpp"

namespace mxemu::spec {

enum class ElementType : std::uint8_t { E5M2, E4M3, E3M2, E2M3, E2M1, INT8 };

/// How the bits of a code spell a number.
enum class Encoding : std::uint8_t {
  SignMagnitude,   ///< sign | exponent field | mantissa field
  TwosComplement,  ///< an integer times 2^-mantissa_bits
};

/// What the largest magnitudes of a code mean.
enum class TopCodes : std::uint8_t {
  Finite,     ///< all codes are numbers
  NanOnly,    ///< the all-ones magnitude is NaN, everything below is a number (E4M3)
  InfAndNan,  ///< the all-ones exponent field holds Inf and NaN, as in IEEE 754 (E5M2)
};

struct ElementFormat {
  // Primary facts.
  ElementType type;
  const char* name;
  Encoding encoding;
  int exponent_bits;  ///< the E of ExMy; 0 for INT8
  int mantissa_bits;  ///< the M of ExMy: stored bits, without the leading one; 6 fraction bits for INT8
  TopCodes top_codes;
  const char* clause;

  // Derived facts.
  int bits;  ///< d, the width of a code
  int bias;
  int emin;  ///< exponent of the smallest normal number; subnormals are multiples of 2^(emin - mantissa_bits)
  int emax;  ///< exponent of the largest power of two the format represents (clause 6.3)
  std::uint8_t sign_mask;
  std::uint8_t magnitude_mask;
  std::uint8_t max_normal_code;  ///< code of the largest finite positive number
  std::uint8_t min_normal_code;  ///< code of 2^emin
  std::uint8_t infinity_code;    ///< +Inf, or 0 where there is none
  std::uint8_t nan_code;         ///< the all-ones NaN, or 0 where there is none

  constexpr bool has_infinity() const { return infinity_code != 0; }
  constexpr bool has_nan() const { return nan_code != 0; }
  constexpr bool has_negative_zero() const { return encoding == Encoding::SignMagnitude; }
  constexpr int code_count() const { return 1 << bits; }
  /// Mantissa field of the largest finite number: its significand is 1 + this / 2^mantissa_bits.
  constexpr int max_normal_mantissa() const { return max_normal_code & ((1 << mantissa_bits) - 1); }
};

namespace detail {

consteval ElementFormat floating_point(ElementType type, const char* name, int exponent_bits,
                                       int mantissa_bits, TopCodes top_codes, const char* clause) {
  const int magnitude_mask = (1 << (exponent_bits + mantissa_bits)) - 1;
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const int top_exponent_field = magnitude_mask >> mantissa_bits;
  const int first_infinity = top_exponent_field << mantissa_bits;
  const bool ieee = top_codes == TopCodes::InfAndNan;
  const bool nan = top_codes != TopCodes::Finite;
  return {.type = type,
          .name = name,
          .encoding = Encoding::SignMagnitude,
          .exponent_bits = exponent_bits,
          .mantissa_bits = mantissa_bits,
          .top_codes = top_codes,
          .clause = clause,
          .bits = 1 + exponent_bits + mantissa_bits,
          .bias = bias,
          .emin = 1 - bias,
          .emax = top_exponent_field - bias - (ieee ? 1 : 0),
          .sign_mask = static_cast<std::uint8_t>(magnitude_mask + 1),
          .magnitude_mask = static_cast<std::uint8_t>(magnitude_mask),
          .max_normal_code = static_cast<std::uint8_t>(ieee  ? first_infinity - 1
                                                       : nan ? magnitude_mask - 1
                                                             : magnitude_mask),
          .min_normal_code = static_cast<std::uint8_t>(1 << mantissa_bits),
          .infinity_code = static_cast<std::uint8_t>(ieee ? first_infinity : 0),
          .nan_code = static_cast<std::uint8_t>(nan ? magnitude_mask : 0)};
}

/// An integer of `bits` bits times 2^-(bits - 2): one sign bit, one integer bit, the rest fraction.
consteval ElementFormat fixed_point(ElementType type, const char* name, int bits, const char* clause) {
  const int magnitude_mask = (1 << (bits - 1)) - 1;
  return {.type = type,
          .name = name,
          .encoding = Encoding::TwosComplement,
          .exponent_bits = 0,
          .mantissa_bits = bits - 2,
          .top_codes = TopCodes::Finite,
          .clause = clause,
          .bits = bits,
          .bias = 0,
          .emin = 0,
          .emax = 0,
          .sign_mask = static_cast<std::uint8_t>(magnitude_mask + 1),
          .magnitude_mask = static_cast<std::uint8_t>(magnitude_mask),
          .max_normal_code = static_cast<std::uint8_t>(magnitude_mask),
          .min_normal_code = static_cast<std::uint8_t>(1 << (bits - 2)),
          .infinity_code = 0,
          .nan_code = 0};
}

}  // namespace detail

/// Indexed by ElementType. A C array, because device code may read it.
inline constexpr ElementFormat element_formats[] = {
    detail::floating_point(ElementType::E5M2, "E5M2", 5, 2, TopCodes::InfAndNan, "MX 5.3.1, OFP8"),
    detail::floating_point(ElementType::E4M3, "E4M3", 4, 3, TopCodes::NanOnly, "MX 5.3.1, OFP8"),
    detail::floating_point(ElementType::E3M2, "E3M2", 3, 2, TopCodes::Finite, "MX 5.3.2"),
    detail::floating_point(ElementType::E2M3, "E2M3", 2, 3, TopCodes::Finite, "MX 5.3.2"),
    detail::floating_point(ElementType::E2M1, "E2M1", 2, 1, TopCodes::Finite, "MX 5.3.3"),
    detail::fixed_point(ElementType::INT8, "INT8", 8, "MX 5.3.4"),
};

constexpr const ElementFormat& format_of(ElementType type) {
  return element_formats[static_cast<int>(type)];
}

static_assert(rows_are_in_order(element_formats), "element_formats is indexed by ElementType");

}  // namespace mxemu::spec
