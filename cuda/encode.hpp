// From eight numbers to eight codes, for every block that is not rare.
//
// A number is first multiplied by a power of two, so that the smallest normal element stands at 2, and cut
// off at the largest. With m the larger of 2 and the power of two below it, t = y * 2^-(23 - M) + m has the
// element's quantum as the last place of the sum: the floating-point unit rounds, to nearest even.
//
//   t   0 1000eeee 000…000 qqqqq     q = the rounded significand of M fraction bits
//
// The ordinal is (e << M) + q, and two of them are put together at once in the halves of a word. Subnormal
// elements come for free: m stays at 2.
#pragma once

#include <cstdint>

#include "cuda/eight.hpp"
#include "cuda/words.hpp"
#include "fast/codec.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// Eight codes, one per byte.
struct CodeBytes {
  std::uint32_t low;
  std::uint32_t high;
};

template <spec::ElementType E>
inline constexpr spec::ElementFormat element_row = spec::element_formats[static_cast<int>(E)];

/// What a number under the scale 1 is multiplied by for its conversion, as a power of two.
template <spec::ElementType E>
inline constexpr int frame_exponent =
    E == spec::ElementType::INT8 ? element_row<E>.mantissa_bits : 1 - element_row<E>.emin;

/// The scale codes under which that factor is a normal float32; under a smaller one a block is rare.
template <spec::ElementType E>
inline constexpr int first_plain_scale = frame_exponent<E>;
static_assert(first_plain_scale<spec::ElementType::E2M1> > 0, "so that of the largest scale code is normal");

template <spec::ElementType E>
__device__ float encode_factor(int scale_code) {
  return __uint_as_float(static_cast<std::uint32_t>(254 - scale_code + frame_exponent<E>) << 23);
}

/// The largest number of the format where numbers stand for their conversion.
template <spec::ElementType E>
consteval float make_largest_in_frame() {
  constexpr spec::ElementFormat format = element_row<E>;
  if (E == spec::ElementType::INT8) return format.max_normal_code;
  constexpr int mantissa = format.max_normal_code & ((1 << format.mantissa_bits) - 1);
  constexpr double significand = 1.0 + mantissa / static_cast<double>(1 << format.mantissa_bits);
  return static_cast<float>(static_cast<double>(std::uint64_t{1} << (format.emax + frame_exponent<E>)) *
                            significand);
}

template <spec::ElementType E>
inline constexpr float largest_in_frame = make_largest_in_frame<E>();

/// The bits of t.
template <spec::ElementType E>
__device__ std::uint32_t rounded_in_frame(float number, float factor) {
  constexpr float unit = 1.0f / static_cast<float>(1 << (23 - element_row<E>.mantissa_bits));
  constexpr std::uint32_t two = 0x40000000;
  const float y = fminf(fabsf(__fmul_rn(number, factor)), largest_in_frame<E>);
  const std::uint32_t field = __float_as_uint(y) & 0x7f800000u;
  return __float_as_uint(__fmaf_rn(y, unit, __uint_as_float(field > two ? field : two)));
}

/// bfloat16 has eight bits of significand, in which t fits as well: two numbers are converted at once. Before
/// sm_90, minima and maxima of halves of a word would take longer than that saves.
template <spec::ElementType E, spec::FloatType T>
__device__ constexpr bool goes_by_pairs() {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 900
  return false;
#else
  return T == spec::FloatType::BFloat16 && E != spec::ElementType::INT8;
#endif
}

/// The upper halves of two float32, as a word of bfloat16.
inline __device__ std::uint32_t pair_of(float low, float high) {
  return __byte_perm(__float_as_uint(low), __float_as_uint(high), 0x7632);
}

/// Ordinals of two bfloat16, in the halves of a word, with bits from 2^8 on in each.
template <spec::ElementType E>
__device__ std::uint32_t ordinals_of_pair(std::uint32_t pair, std::uint32_t factors) {
  constexpr int shift = 7 - element_row<E>.mantissa_bits;
  constexpr float unit = 1.0f / static_cast<float>(1 << shift);
  constexpr float largest = largest_in_frame<E>;
  constexpr std::uint32_t fields = 0x7f807f80;
  const std::uint32_t scaled = fused_pair(pair & 0x7fff7fff, factors, 0x80008000);
  const std::uint32_t y = __vminu2(scaled, pair_of(largest, largest));
  const std::uint32_t t = fused_pair(y, pair_of(unit, unit), __vmaxu2(y & fields, 0x40004000));
  return ((t & fields) >> shift) + (t & 0x007f007f);
}

/// Ordinals of numbers `first` and first + 1, in the halves of a word, with bits from 2^8 on in each.
template <spec::ElementType E, spec::FloatType T, class Factors>
__device__ std::uint32_t two_ordinals(const Eight<T>& x, int first, const Factors& factors) {
  const float low = factors.at(first);
  const float high = factors.at(first + 1);
  if constexpr (goes_by_pairs<E, T>()) {
    return ordinals_of_pair<E>(x.word[first / 2], pair_of(low, high));
  } else {
    const std::uint32_t t = rounded_in_frame<E>(number_at(x, first), low);
    const std::uint32_t next = rounded_in_frame<E>(number_at(x, first + 1), high);
    const std::uint32_t fields = __byte_perm(t, next, 0x7632);
    return (fields >> (7 - element_row<E>.mantissa_bits)) + __byte_perm(t, next, 0x5410);
  }
}

/// The codes of numbers 4 * half … + 3. `factors.at(i)` is encode_factor of the scale of number i.
template <spec::ElementType E, spec::FloatType T, class Factors>
__device__ std::uint32_t encode_four(const Eight<T>& x, int half, const Factors& factors) {
  constexpr spec::ElementFormat format = element_row<E>;
  if constexpr (E == spec::ElementType::INT8) {
    std::uint32_t t[4];
    // The last place of 1.5 * 2^23 is 1: the low byte of the sum is the integer in two's complement.
    constexpr float largest = largest_in_frame<E>;
    MXEMU_UNROLL
    for (int i = 0; i < 4; ++i) {
      const float y = __fmul_rn(number_at(x, 4 * half + i), factors.at(4 * half + i));
      t[i] = __float_as_uint(__fadd_rn(fmaxf(fminf(y, largest), -largest), 0x1.8p23f));
    }
    return __byte_perm(__byte_perm(t[0], t[1], 0x0040), __byte_perm(t[2], t[3], 0x0040), 0x5410);
  } else {
    const std::uint32_t low = two_ordinals<E>(x, 4 * half, factors);
    const std::uint32_t high = two_ordinals<E>(x, 4 * half + 2, factors);
    const std::uint32_t signs = top_bytes(x, half) & 0x80808080u;
    return __byte_perm(low, high, 0x6420) | signs >> (8 - format.bits);
  }
}

/// One factor for all eight.
struct SameFactor {
  float factor;
  __device__ float at(int) const { return factor; }
};

#if defined(MXEMU_CUDA_HARDWARE_CVT)
/// The same by the conversion of sm_89 and later.
template <spec::ElementType E, spec::FloatType T, class Factors>
__device__ std::uint32_t convert_four(const Eight<T>& x, int half, const Factors& factors) {
  constexpr float back = 1.0f / static_cast<float>(1 << frame_exponent<E>);
  float y[4];
  MXEMU_UNROLL
  for (int i = 0; i < 4; ++i)
    y[i] = __fmul_rn(number_at(x, 4 * half + i), __fmul_rn(factors.at(4 * half + i), back));
  return convert_pair<E>(y[0], y[1]) | convert_pair<E>(y[2], y[3]) << 16;
}
#endif

template <spec::ElementType E>
inline constexpr bool has_conversion = E == spec::ElementType::E4M3 || E == spec::ElementType::E5M2;

/// Eight codes under plain scales.
template <spec::ElementType E, spec::FloatType T, class Factors>
__device__ CodeBytes encode_eight(const Eight<T>& x, const Factors& factors) {
#if defined(MXEMU_CUDA_HARDWARE_CVT)
  if constexpr (has_conversion<E>)
    return {convert_four<E>(x, 0, factors), convert_four<E>(x, 1, factors)};
  else
#endif
    return {encode_four<E>(x, 0, factors), encode_four<E>(x, 1, factors)};
}

/// What the bits of a largest magnitude say of its block.
struct BlockScale {
  int code;
  int encode;  ///< what elements are converted under: blocks of zeros are under the scale 1
};

template <spec::ElementType E>
__device__ bool is_plain(const BlockScale& scale) {
  return scale.encode >= first_plain_scale<E> && scale.encode <= spec::scale_formats[0].max_code;
}

/// The scale code of a block of largest magnitude `amax` (bits of a float32).
inline __device__ int common_scale(const CommonWords& words, std::uint32_t amax) {
  constexpr spec::FloatFormat float32 = spec::float_formats[0];
  if (amax >= 0x00800000u && amax < 0x7f800000u) {
    const int code = static_cast<int>((amax + words.rule.bump) >> 23) + words.rule.offset;
    const int clamped = code > words.scale.max_code ? words.scale.max_code : code;
    return clamped < words.rule.smallest ? words.rule.smallest : clamped;
  }
  if (amax >= 0x7f800000u) return words.scale.nan_code;
  return fast::shared_scale(words.scale,
                            fast::number_of<std::uint32_t>(float32.mantissa_bits, float32.emin, amax));
}

inline __device__ BlockScale block_scale(const CommonWords& words, std::uint32_t amax) {
  const int code = common_scale(words, amax);
  return {code, amax == 0 ? spec::scale_formats[0].bias : code};
}

/// The code of one number of memory under any scale, by the codec.
template <spec::ElementType E, spec::FloatType T>
__device__ std::uint32_t encode_rare(const CommonWords& words, const void* source, std::size_t element,
                                     int scale_code) {
  constexpr spec::ElementFormat format = element_row<E>;
  constexpr spec::FloatFormat float32 = spec::float_formats[0];
  constexpr spec::ScaleFormat scale = spec::scale_formats[0];
  if (scale_code == scale.nan_code) return 0;
  std::uint32_t bits;
  if constexpr (is_half_wide<T>)
    bits = static_cast<const std::uint16_t*>(source)[element];
  else
    bits = static_cast<const std::uint32_t*>(source)[element];
  if constexpr (T == spec::FloatType::BFloat16) bits <<= 16;
  if constexpr (T == spec::FloatType::Float16) bits = float32_of_half(bits);
  return fast::encode_element<std::uint32_t>(format, words.element, float32, bits, scale_code - scale.bias);
}

/// Up to eight codes under one rare scale.
template <spec::ElementType E, spec::FloatType T>
__device__ CodeBytes encode_rare_eight(const CommonWords& words, const void* source, std::size_t first,
                                       unsigned count, int scale_code) {
  std::uint64_t codes = 0;
  MXEMU_KEEP_ROLLED
  for (unsigned i = 0; i < count; ++i)
    codes |= std::uint64_t{encode_rare<E, T>(words, source, first + i, scale_code)} << 8 * i;
  return {static_cast<std::uint32_t>(codes), static_cast<std::uint32_t>(codes >> 32)};
}

/// Eight codes of a block of one scale.
template <spec::ElementType E, spec::FloatType T>
__device__ CodeBytes quantize_eight(const CommonWords& words, const Eight<T>& x, const void* source,
                                    std::size_t first, unsigned count, const BlockScale& scale) {
  if (is_plain<E>(scale)) return encode_eight<E>(x, SameFactor{encode_factor<E>(scale.encode)});
  return encode_rare_eight<E, T>(words, source, first, count, scale.code);
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
