// Instructions that CUDA C++ has no function for without a header of its own; on this machine, what their
// description says (PTX ISA 9.0, "cvt").
#pragma once

#include <bit>
#include <cstdint>

#include "cuda/kernel.hpp"
#include "fast/codec.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// cvt.f32.f16: exact.
inline __device__ float float_of_half(std::uint32_t half) {
#if defined(MXEMU_CUDA_ON_HOST)
  const float magnitude = __fmul_rn(__uint_as_float((half & 0x7fff) << 13), 0x1p112f);
  return __uint_as_float(__float_as_uint(magnitude) | (half & 0x8000) << 16);
#else
  float value;
  asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(static_cast<std::uint16_t>(half)));
  return value;
#endif
}

/// cvt.rn.f16.f32 of a number: rounded once, to nearest even; Inf beyond the largest.
inline __device__ std::uint32_t half_of_float(float value) {
#if defined(MXEMU_CUDA_ON_HOST)
  const std::uint32_t bits = __float_as_uint(value);
  const auto nearest = fast::make_rounding_words<std::uint32_t>({}, 10);
  const auto number = fast::number_of<std::uint32_t>(23, -126, bits & 0x7fffffffu);
  const auto magnitude = fast::ordinal_of<std::uint32_t>(number, 10, -14, nearest, 0, 0);
  return (magnitude < 0x7c00 ? magnitude : 0x7c00) | (bits >> 31 << 15);
#else
  std::uint16_t half;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(half) : "f"(value));
  return half;
#endif
}

#if defined(MXEMU_CUDA_ON_HOST)
/// The bits of a * b + c, rounded once to bfloat16. The sum is rounded to odd in double first, whose 53 bits
/// leave no second rounding in eight.
inline std::uint32_t fused_bfloat16(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  const auto value = [](std::uint32_t bits) { return static_cast<double>(__uint_as_float(bits << 16)); };
  const double product = value(a) * value(b);
  const double sum = product + value(c);
  const double part = sum - product;
  const double error = (product - (sum - part)) + (value(c) - part);
  auto bits = std::bit_cast<std::uint64_t>(sum);
  if (error != 0) bits = (bits - ((error < 0) != (sum < 0) ? 1 : 0)) | 1;
  const auto nearest = fast::make_rounding_words<std::uint64_t>({}, 7);
  const auto number = fast::number_of<std::uint64_t>(52, -1022, bits & ~(std::uint64_t{1} << 63));
  const auto magnitude = fast::ordinal_of<std::uint64_t>(number, 7, -126, nearest, 0, 0);
  return static_cast<std::uint32_t>((magnitude < 0x7f80 ? magnitude : 0x7f80) | (bits >> 63 << 15));
}
#endif

/// fma.rn.bf16x2 of numbers, two in each word.
inline __device__ std::uint32_t fused_pair(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
#if defined(MXEMU_CUDA_ON_HOST)
  return fused_bfloat16(a & 0xffff, b & 0xffff, c & 0xffff) | fused_bfloat16(a >> 16, b >> 16, c >> 16) << 16;
#else
  std::uint32_t sum;
  asm("fma.rn.bf16x2 %0, %1, %2, %3;" : "=r"(sum) : "r"(a), "r"(b), "r"(c));
  return sum;
#endif
}

#if defined(MXEMU_CUDA_HARDWARE_CVT)
/// cvt.rn.satfinite.e4m3x2.f32 and its sibling for E5M2 (sm_89): two codes, that of `low` in the low byte.
template <spec::ElementType E>
__device__ std::uint32_t convert_pair(float low, float high) {
  std::uint16_t pair;
  if constexpr (E == spec::ElementType::E4M3)
    asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(pair) : "f"(high), "f"(low));
  else
    asm("cvt.rn.satfinite.e5m2x2.f32 %0, %1, %2;" : "=h"(pair) : "f"(high), "f"(low));
  return pair;
}
#endif

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
