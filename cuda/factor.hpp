// Operands of products, decoded: as an integer and an exponent where sums are exact or cut, as float32 where
// they are rounded to it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cuda/eight.hpp"
#include "cuda/kernel.hpp"
#include "cuda/matmul_job.hpp"
#include "fast/superaccumulator.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

enum class FactorClass : std::int16_t { Finite, Infinite, NotANumber };

/// significand * 2^(exponent - mantissa_bits) of the operand's format, the significand with its sign, no
/// longer than mantissa_bits + 1. The exponent is e(x) of spec/fused_adder.hpp: at least that of the smallest
/// normal number, and zero has one too. The significand of Inf is 1 or -1.
struct Factor {
  std::int32_t significand;
  std::int16_t exponent;
  FactorClass kind;
};
static_assert(sizeof(Factor) == 8);

inline __device__ Factor decode_factor(const OperandWords& words, std::uint32_t code) {
  if (words.twos_complement) return {static_cast<std::int8_t>(code), 0, FactorClass::Finite};
  const std::uint32_t sign = 1u << (words.exponent_bits + words.mantissa_bits);
  const std::uint32_t magnitude = code & (sign - 1);
  const std::uint32_t hidden = 1u << words.mantissa_bits;
  const std::uint32_t field = magnitude >> words.mantissa_bits;
  const auto unsigned_significand =
      static_cast<std::int32_t>((magnitude & (hidden - 1)) | (field != 0 ? hidden : 0));
  const bool negative = (code & sign) != 0;
  if (magnitude > words.largest)
    return {negative ? -1 : 1, 0,
            magnitude == words.infinity ? FactorClass::Infinite : FactorClass::NotANumber};
  const int exponent = static_cast<int>(field != 0 ? field : 1) - words.bias;
  return {negative ? -unsigned_significand : unsigned_significand,
          static_cast<std::int16_t>(unsigned_significand == 0 ? spec::zero_exponent_value : exponent),
          FactorClass::Finite};
}

/// The same under the shared scale, where the accumulator takes it with the operand.
inline __device__ Factor scaled_factor(const OperandWords& words, spec::ScaleEntry entry, std::uint32_t code,
                                       std::uint32_t scale) {
  constexpr spec::ScaleFormat e8m0 = spec::scale_formats[0];
  Factor factor = decode_factor(words, code);
  if (entry == spec::ScaleEntry::Unscaled || entry == spec::ScaleEntry::AfterRounding) return factor;
  if (entry == spec::ScaleEntry::GroupSum) {
    // Groups are summed in the unit of the format, and have the exponent of their scales alone.
    if (factor.significand != 0) factor.significand <<= factor.exponent - words.emin;
    factor.exponent = 0;
  }
  if (scale == e8m0.nan_code) factor.kind = FactorClass::NotANumber;
  factor.exponent = static_cast<std::int16_t>(factor.exponent + static_cast<int>(scale) - e8m0.bias);
  return factor;
}

/// What a product that is no number makes of its sum, as Superaccumulator has it; 0 of numbers.
inline __device__ std::uint32_t specials_of(const Factor& a, const Factor& b) {
  using fast::Superaccumulator;
  if (a.kind == FactorClass::Finite && b.kind == FactorClass::Finite) return 0;
  const bool nan = a.kind == FactorClass::NotANumber || b.kind == FactorClass::NotANumber;
  if (nan || a.significand == 0 || b.significand == 0) return Superaccumulator::nan;
  return (a.significand < 0) != (b.significand < 0) ? Superaccumulator::negative_infinity
                                                    : Superaccumulator::positive_infinity;
}

/// Made here, since device code cannot.
inline constexpr fast::DecodeWords<std::uint32_t> float32_decode =
    fast::make_decode_words<std::uint32_t>(spec::scale_formats[0], spec::float_formats[0], spec::Policy{});

/// The float32 of X P, rounded once (MX 5.1), or of a plain number.
inline __device__ float decode_float32(const OperandWords& words, std::uint32_t code, std::uint32_t scale) {
  constexpr spec::ScaleFormat e8m0 = spec::scale_formats[0];
  constexpr spec::FloatFormat float32 = spec::float_formats[0];
  if (!words.is_element) {
    const std::uint32_t magnitude = code & (fast::sign_bit<std::uint32_t>(words.number) - 1);
    if (words.flushes && magnitude >> words.mantissa_bits == 0) return 0.0f;
    const std::uint32_t bits = words.bits == 32                                 ? code
                               : words.number.type == spec::FloatType::BFloat16 ? code << 16
                                                                                : float32_of_half(code);
    return __uint_as_float(bits);
  }
  constexpr fast::DecodeWords<std::uint32_t> decode = float32_decode;
  return __uint_as_float(
      fast::decode_element<std::uint32_t>(words.element, e8m0, float32, decode, code, scale));
}

/// A float32 code whose NaN is the quiet one without payload.
inline __device__ std::uint32_t float32_code(float value) {
  return value == value ? __float_as_uint(value) : 0x7fc00000u;
}

/// (high 2^64 + low) 2^exponent, its bits below the 63 leading ones gathered in the last of those.
inline __device__ fast::Number<std::uint64_t> number_of_integer(std::uint64_t high, std::uint64_t low,
                                                                int exponent) {
  if ((high | low) == 0) return {0, fast::exponent_of_zero};
  const bool tall = high != 0;
  const int zeros = fast::leading_zeros(tall ? high : low);
  const std::uint64_t top = tall ? high << zeros | low >> 1 >> (63 - zeros) : low << zeros;
  const std::uint64_t rest = (tall ? low << zeros : 0) | (top & 1);
  return {top >> 1 | static_cast<std::uint64_t>(rest != 0), exponent + (tall ? 127 : 63) - zeros};
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
