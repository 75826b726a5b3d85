// Formats of the shared scale (MX 5.4): unsigned numbers without infinity.
#pragma once

#include <cstdint>

#include "spec/words.hpp"

namespace mxemu::spec {

enum class ScaleType : std::uint8_t { E8M0 };

struct ScaleFormat {
  // Primary facts.
  ScaleType type;
  const char* name;
  int exponent_bits;
  int mantissa_bits;
  bool has_subnormals;  ///< exponent field 0 holds zero and subnormals; E8M0 has neither
  const char* clause;

  // Derived facts.
  int bits;  ///< w, the width of a code
  int bias;
  int emin;               ///< exponent of the smallest normal number
  int emax;               ///< exponent of the largest power of two
  std::uint8_t min_code;  ///< the smallest number (zero, where the format has one)
  std::uint8_t max_code;  ///< the largest number
  std::uint8_t nan_code;
};

namespace detail {

/// An unsigned ExMy whose all-ones code is NaN.
consteval ScaleFormat unsigned_scale(ScaleType type, const char* name, int exponent_bits, int mantissa_bits,
                                     bool has_subnormals, const char* clause) {
  const int all_ones = (1 << (exponent_bits + mantissa_bits)) - 1;
  const int bias = (1 << (exponent_bits - 1)) - 1;
  return {.type = type,
          .name = name,
          .exponent_bits = exponent_bits,
          .mantissa_bits = mantissa_bits,
          .has_subnormals = has_subnormals,
          .clause = clause,
          .bits = exponent_bits + mantissa_bits,
          .bias = bias,
          .emin = (has_subnormals ? 1 : 0) - bias,
          .emax = ((all_ones - 1) >> mantissa_bits) - bias,
          .min_code = 0,
          .max_code = static_cast<std::uint8_t>(all_ones - 1),
          .nan_code = static_cast<std::uint8_t>(all_ones)};
}

}  // namespace detail

/// Indexed by ScaleType. UE4M3, the scale of 16-element blocks, would be `unsigned_scale(…, 4, 3, true, …)`.
inline constexpr ScaleFormat scale_formats[] = {
    detail::unsigned_scale(ScaleType::E8M0, "E8M0", 8, 0, false, "MX 5.4.1"),
};
static_assert(rows_are_in_order(scale_formats), "scale_formats is indexed by ScaleType");

constexpr const ScaleFormat& format_of(ScaleType type) {
  return scale_formats[static_cast<int>(type)];
}

}  // namespace mxemu::spec
