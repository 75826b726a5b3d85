// The floating-point formats that values come from and go to (IEEE 754 binary interchange, and bfloat16).
#pragma once

#include <cstdint>

#include "spec/words.hpp"

namespace mxemu::spec {

enum class FloatType : std::uint8_t { Float32, BFloat16, Float16, Float64 };

template <>
inline constexpr Word<FloatType> words<FloatType>[] = {
    {FloatType::Float32, "f32", "IEEE 754 binary32"},
    {FloatType::BFloat16, "bf16", "bfloat16: binary32 with 7 mantissa bits"},
    {FloatType::Float16, "f16", "IEEE 754 binary16"},
    {FloatType::Float64, "f64", "IEEE 754 binary64"},
};
static_assert(words_are_in_order<FloatType>());

struct FloatFormat {
  FloatType type;
  int exponent_bits;
  int mantissa_bits;
  int bits;
  int bias;
  int emin;  ///< exponent of the smallest normal number
  int emax;  ///< exponent of the largest finite number

  constexpr int bytes() const { return bits / 8; }
  constexpr std::uint64_t sign_mask() const { return std::uint64_t{1} << (bits - 1); }
  constexpr std::uint64_t infinity_bits() const {
    return ((std::uint64_t{1} << exponent_bits) - 1) << mantissa_bits;
  }
  /// The positive quiet NaN with an otherwise empty payload.
  constexpr std::uint64_t nan_bits() const {
    return infinity_bits() | std::uint64_t{1} << (mantissa_bits - 1);
  }
};

namespace detail {
consteval FloatFormat ieee_format(FloatType type, int exponent_bits, int mantissa_bits) {
  const int bias = (1 << (exponent_bits - 1)) - 1;
  return {type, exponent_bits, mantissa_bits, 1 + exponent_bits + mantissa_bits, bias, 1 - bias, bias};
}
}  // namespace detail

/// Indexed by FloatType.
inline constexpr FloatFormat float_formats[] = {
    detail::ieee_format(FloatType::Float32, 8, 23),
    detail::ieee_format(FloatType::BFloat16, 8, 7),
    detail::ieee_format(FloatType::Float16, 5, 10),
    detail::ieee_format(FloatType::Float64, 11, 52),
};
static_assert(rows_are_in_order(float_formats), "float_formats is indexed by FloatType");

constexpr const FloatFormat& format_of(FloatType type) {
  return float_formats[static_cast<int>(type)];
}

/// A set of floating-point types.
struct FloatTypes {
  std::uint32_t bits = 0;

  constexpr bool has(FloatType type) const { return (bits >> static_cast<int>(type) & 1) != 0; }
  constexpr bool operator==(const FloatTypes&) const = default;
};

template <class... Types>
consteval FloatTypes float_types(Types... types) {
  return {((std::uint32_t{1} << static_cast<int>(types)) | ...)};
}

}  // namespace mxemu::spec
