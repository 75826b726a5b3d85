// Floating-point numbers from their bits and back, for hosts and devices (whose compilers know the builtin,
// but not std::bit_cast).
#pragma once

#include <cstdint>

#include "fast/host_device.hpp"

namespace mxemu::llama {

MXEMU_HOST_DEVICE constexpr float from_bfloat16(std::uint16_t bits) noexcept {
  return __builtin_bit_cast(float, std::uint32_t{bits} << 16);
}

/// Nearest, ties to even; a NaN stays one.
MXEMU_HOST_DEVICE constexpr std::uint16_t to_bfloat16(float x) noexcept {
  const auto bits = __builtin_bit_cast(std::uint32_t, x);
  const std::uint32_t rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
  const std::uint32_t quiet = bits >> 16 | 0x40;
  return static_cast<std::uint16_t>((bits & 0x7FFFFFFF) > 0x7F800000 ? quiet : rounded);
}

/// The bfloat16 nearest to a number, as float32.
MXEMU_HOST_DEVICE constexpr float round_to_bfloat16(float x) noexcept {
  return from_bfloat16(to_bfloat16(x));
}

/// IEEE 754 binary16, exactly.
MXEMU_HOST_DEVICE constexpr float from_float16(std::uint16_t bits) noexcept {
  const std::uint32_t sign = std::uint32_t{bits & 0x8000U} << 16;
  const std::uint32_t magnitude = bits & 0x7FFFU;
  // Subnormals of binary16 are multiples of 2^-24, normal numbers of float32.
  const std::uint32_t small = __builtin_bit_cast(std::uint32_t, static_cast<float>(magnitude) * 0x1p-24F);
  const std::uint32_t normal = (magnitude << 13) + (112U << 23);
  const std::uint32_t special = (magnitude << 13) | 0x7F800000U;
  return __builtin_bit_cast(float,
                            sign | (magnitude < 0x400 ? small : (magnitude < 0x7C00 ? normal : special)));
}

/// Nearest, ties to even, of a number below 2^15.
MXEMU_HOST_DEVICE constexpr std::uint16_t to_float16(float x) noexcept {
  const auto bits = __builtin_bit_cast(std::uint32_t, x);
  const std::uint32_t sign = bits >> 16 & 0x8000U;
  const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
  // Added to 2^-1, a number below 2^-14 is rounded to a multiple of 2^-24, which then are the last bits.
  const std::uint32_t small =
      __builtin_bit_cast(std::uint32_t, __builtin_bit_cast(float, magnitude) + 0.5F) - 0x3F000000U;
  const std::uint32_t normal = (magnitude - (112U << 23) + 0xFFF + (magnitude >> 13 & 1)) >> 13;
  return static_cast<std::uint16_t>(sign | (magnitude < (113U << 23) ? small : normal));
}

}  // namespace mxemu::llama
