// Eight neighbours of a block, as one thread holds them: four such threads make a block of 32. Loads and
// stores are as wide as the memory allows; the arithmetic is drawn in fast/avx512_words.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cuda/kernel.hpp"
#include "cuda/words.hpp"
#include "fast/codec.hpp"
#include "fast/pack.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

inline constexpr unsigned eights_of_block = 4;

/// The bits of eight float32.
struct Eight {
  std::uint32_t at[8];
};

/// The float32 of a float16: Inf and NaN stay what they are, every number is exact.
inline __device__ std::uint32_t float32_of_half(std::uint32_t half) {
  const float magnitude = __fmul_rn(__uint_as_float((half & 0x7fff) << 13), 0x1p112f);
  const std::uint32_t beyond = (half & 0x7c00) == 0x7c00 ? 0x7f800000u : 0;
  return __float_as_uint(magnitude) | beyond | (half & 0x8000) << 16;
}

template <spec::FloatType T>
__device__ std::uint32_t float32_of_stored(std::uint32_t bits) {
  if constexpr (T == spec::FloatType::Float32) return bits;
  if constexpr (T == spec::FloatType::BFloat16) return bits << 16;
  return float32_of_half(bits);
}

/// Numbers first … first + 7, of which those from `count` on are zeros that stand nowhere. `aligned`: the
/// array begins at a multiple of 16 bytes, and `first` is a multiple of 8.
template <spec::FloatType T>
__device__ Eight load_eight(const void* data, std::size_t first, unsigned count, bool aligned) {
  Eight x = {};
  if constexpr (T == spec::FloatType::Float32) {
    const auto* from = static_cast<const std::uint32_t*>(data) + first;
    if (count == 8 && aligned) {
      const uint4 low = __ldg(reinterpret_cast<const uint4*>(from));
      const uint4 high = __ldg(reinterpret_cast<const uint4*>(from) + 1);
      return {{low.x, low.y, low.z, low.w, high.x, high.y, high.z, high.w}};
    }
    for (unsigned i = 0; i < 8; ++i)
      if (i < count) x.at[i] = from[i];
  } else {
    const auto* from = static_cast<const std::uint16_t*>(data) + first;
    if (count == 8 && aligned) {
      const uint4 pairs = __ldg(reinterpret_cast<const uint4*>(from));
      const std::uint32_t words[4] = {pairs.x, pairs.y, pairs.z, pairs.w};
      for (unsigned i = 0; i < 8; ++i) x.at[i] = float32_of_stored<T>(words[i / 2] >> 16 * (i % 2) & 0xffff);
      return x;
    }
    for (unsigned i = 0; i < 8; ++i)
      if (i < count) x.at[i] = float32_of_stored<T>(from[i]);
  }
  return x;
}

/// Bits of the largest magnitude: what compares as integers, NaN above Inf above every number.
inline __device__ std::uint32_t largest_magnitude(const Eight& x) {
  std::uint32_t largest = 0;
  for (const std::uint32_t bits : x.at) {
    const std::uint32_t magnitude = bits & 0x7fffffffu;
    largest = magnitude > largest ? magnitude : largest;
  }
  return largest;
}

/// The largest of the four threads of a block, whose lanes are neighbours.
inline __device__ std::uint32_t largest_of_block(std::uint32_t mine) {
  const std::uint32_t next = __shfl_xor_sync(0xffffffffu, mine, 1);
  const std::uint32_t pair = next > mine ? next : mine;
  const std::uint32_t other = __shfl_xor_sync(0xffffffffu, pair, 2);
  return other > pair ? other : pair;
}

/// The smallest scale code whose elements the float arithmetic gets right: half a quantum is above 2^-126,
/// where hosts may multiply and add in two steps.
MXEMU_HOST_DEVICE constexpr int first_plain_scale(const spec::ElementFormat& format) noexcept {
  return 26 - format.emin;
}

/// Code of x / 2^(scale_code - 127) under a plain scale: the floating-point unit rounds, to nearest even, in
/// the frame of the input.
template <spec::ElementType E>
__device__ std::uint32_t encode_plain(std::uint32_t bits, int scale_code) {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  constexpr int mantissa_bits = format.mantissa_bits;
  constexpr std::int32_t largest = format.max_normal_code;
  if constexpr (E == spec::ElementType::INT8) {
    // The last place of 1.5 * 2^23 is 1: the low half of the sum is the integer in two's complement.
    const float factor = __uint_as_float(static_cast<std::uint32_t>(mantissa_bits + 254 - scale_code) << 23);
    const float sum = __fadd_rn(__fmul_rn(__uint_as_float(bits), factor), 0x1.8p23f);
    const auto integer = static_cast<std::int32_t>(__float_as_uint(sum) << 16) >> 16;
    const std::int32_t above = integer > -largest ? integer : -largest;
    return static_cast<std::uint32_t>(above < largest ? above : largest) & 0xff;
  } else {
    const auto lowest_field = static_cast<std::uint32_t>(scale_code + format.emin);
    constexpr float unit = 1.0f / static_cast<float>(1 << (23 - mantissa_bits));
    const std::uint32_t field = bits & 0x7f800000u;
    const std::uint32_t bound = lowest_field << 23;
    const std::uint32_t power = (field > bound ? field : bound) | (bits & 0x80000000u);
    const float sum = __fadd_rn(__fmul_rn(__uint_as_float(bits), unit), __uint_as_float(power));
    const std::uint32_t magnitude = __float_as_uint(sum) & 0x7fffffffu;
    const std::uint32_t counted = (magnitude >> (23 - mantissa_bits)) + (magnitude & 31);
    const auto ordinal = static_cast<std::int32_t>(counted - (lowest_field << mantissa_bits));
    const auto code = static_cast<std::uint32_t>(ordinal < largest ? ordinal : largest);
    return code | (bits >> 31 << (format.bits - 1));
  }
}

/// Eight codes, one per byte.
template <spec::ElementType E>
__device__ std::uint64_t encode_eight(const Eight& x, int scale_code) {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  for (int i = 0; i < 4; ++i) low |= encode_plain<E>(x.at[i], scale_code) << 8 * i;
  for (int i = 0; i < 4; ++i) high |= encode_plain<E>(x.at[4 + i], scale_code) << 8 * i;
  return std::uint64_t{high} << 32 | low;
}

/// The scale code of a block of largest magnitude `amax` (bits of a float32).
inline __device__ int common_scale(const CommonWords& words, std::uint32_t amax) {
  constexpr spec::FloatFormat float32 = spec::float_formats[0];
  const int code = static_cast<int>((amax + words.rule.bump) >> 23) + words.rule.offset;
  const int clamped = code > words.scale.max_code ? words.scale.max_code : code;
  if (amax >= 0x00800000u && amax < 0x7f800000u)
    return clamped < words.rule.smallest ? words.rule.smallest : clamped;
  if (amax >= 0x7f800000u) return words.scale.nan_code;
  return fast::shared_scale(words.scale,
                            fast::number_of<std::uint32_t>(float32.mantissa_bits, float32.emin, amax));
}

/// Eight codes of a block of any magnitude, one per byte.
template <spec::ElementType E>
__device__ std::uint64_t quantize_eight(const CommonWords& words, const Eight& x, int scale_code) {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  if (scale_code == words.scale.nan_code) return 0;
  if (scale_code >= first_plain_scale(format)) return encode_eight<E>(x, scale_code);
  constexpr spec::FloatFormat float32 = spec::float_formats[0];
  constexpr int bias = spec::scale_formats[0].bias;
  std::uint64_t codes = 0;
  for (int i = 0; i < 8; ++i) {
    const std::uint32_t code =
        fast::encode_element<std::uint32_t>(format, words.element, float32, x.at[i], scale_code - bias);
    codes |= std::uint64_t{code} << 8 * i;
  }
  return codes;
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
