// Eight neighbours, as one thread holds them, and their largest magnitude: four such threads make a block
// of 32 along the last axis.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cuda/access.hpp"
#include "cuda/instructions.hpp"
#include "spec/float_format.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

inline constexpr unsigned eights_of_block = 4;

template <spec::FloatType T>
inline constexpr bool is_half_wide = T != spec::FloatType::Float32;

/// Eight numbers as they stand in memory.
template <spec::FloatType T>
struct Eight {
  static constexpr unsigned words = is_half_wide<T> ? 4 : 8;
  std::uint32_t word[words];
};

/// Numbers first … first + 7, of which those from `count` on are zeros that stand nowhere. `aligned`: the
/// address of number `first` is a multiple of 16 bytes wherever all eight are there.
template <spec::FloatType T, Reads R = Reads::Constant>
__device__ Eight<T> load_eight(const void* data, std::size_t first, unsigned count, bool aligned) {
  Eight<T> x = {};
  if constexpr (is_half_wide<T>) {
    const auto* from = static_cast<const std::uint16_t*>(data) + first;
    if (count == 8 && aligned) {
      const uint4 pairs = load_wide<uint4, R>(from);
      return {{pairs.x, pairs.y, pairs.z, pairs.w}};
    }
    MXEMU_UNROLL
    for (unsigned i = 0; i < 8; ++i)
      if (i < count) x.word[i / 2] |= std::uint32_t{from[i]} << 16 * (i % 2);
  } else {
    const auto* from = static_cast<const std::uint32_t*>(data) + first;
    if (count == 8 && aligned) {
      const uint4 low = load_wide<uint4, R>(from);
      const uint4 high = load_wide<uint4, R>(from + 4);
      return {{low.x, low.y, low.z, low.w, high.x, high.y, high.z, high.w}};
    }
    MXEMU_UNROLL
    for (unsigned i = 0; i < 8; ++i)
      if (i < count) x.word[i] = from[i];
  }
  return x;
}

/// The bits of the float32 that a float16 is: Inf and NaN stay what they are.
inline __device__ std::uint32_t float32_of_half(std::uint32_t half) {
  const float magnitude = __fmul_rn(__uint_as_float((half & 0x7fff) << 13), 0x1p112f);
  const std::uint32_t beyond = (half & 0x7c00) == 0x7c00 ? 0x7f800000u : 0;
  return __float_as_uint(magnitude) | beyond | (half & 0x8000) << 16;
}

/// The float32 that number `i` is, if it is a number.
template <spec::FloatType T>
__device__ float number_at(const Eight<T>& x, int i) {
  if constexpr (T == spec::FloatType::Float32) {
    return __uint_as_float(x.word[i]);
  } else {
    const std::uint32_t pair = x.word[i / 2];
    if constexpr (T == spec::FloatType::BFloat16)
      return __uint_as_float(i % 2 == 0 ? pair << 16 : pair & 0xffff0000u);
    return float_of_half(i % 2 == 0 ? pair & 0xffff : pair >> 16);
  }
}

/// Magnitudes of one word that compare as integers, NaN above Inf above every number: one, or two halves.
template <spec::FloatType T>
__device__ std::uint32_t magnitudes_of(std::uint32_t word) {
  return word & (is_half_wide<T> ? 0x7fff7fffu : 0x7fffffffu);
}
template <spec::FloatType T>
__device__ std::uint32_t larger_magnitudes(std::uint32_t a, std::uint32_t b) {
  if constexpr (is_half_wide<T>) return __vmaxu2(a, b);
  return a > b ? a : b;
}

/// The bits of the float32 that one half of a word of magnitudes is.
template <spec::FloatType T>
__device__ std::uint32_t float32_magnitude(std::uint32_t half) {
  if constexpr (T == spec::FloatType::BFloat16) return half << 16;
  return float32_of_half(half);
}

/// Bits of the float32 of the largest magnitude.
template <spec::FloatType T>
__device__ std::uint32_t largest_magnitude(const Eight<T>& x) {
  std::uint32_t largest = 0;
  MXEMU_UNROLL
  for (const std::uint32_t word : x.word) largest = larger_magnitudes<T>(largest, magnitudes_of<T>(word));
  if constexpr (!is_half_wide<T>) return largest;
  const std::uint32_t low = largest & 0xffff;
  const std::uint32_t high = largest >> 16;
  return float32_magnitude<T>(low > high ? low : high);
}

/// The largest of the four threads of a block, whose lanes are neighbours.
inline __device__ std::uint32_t largest_of_block(std::uint32_t mine) {
  const std::uint32_t next = __shfl_xor_sync(0xffffffffu, mine, 1);
  const std::uint32_t pair = next > mine ? next : mine;
  const std::uint32_t other = __shfl_xor_sync(0xffffffffu, pair, 2);
  return other > pair ? other : pair;
}

/// The top bytes of numbers 4 * half … + 3, whose top bits are the signs.
template <spec::FloatType T>
__device__ std::uint32_t top_bytes(const Eight<T>& x, int half) {
  if constexpr (is_half_wide<T>) return __byte_perm(x.word[2 * half], x.word[2 * half + 1], 0x7531);
  const std::uint32_t* four = x.word + 4 * half;
  return __byte_perm(__byte_perm(four[0], four[1], 0x0073), __byte_perm(four[2], four[3], 0x0073), 0x5410);
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
