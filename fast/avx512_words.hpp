// AVX-512: from floats to 16-bit words that hold code and sign, one block (32 elements) at a time.
//
// The rounding happens in the input's own frame. With C = 2^(scale + emin), let m be the larger of C and the
// power of two below |x|, with the sign of x. Then t = x * 2^-(23 - M) + m has the element's quantum as its
// own last place but 2^0, so that the hardware's roundTiesToEven is the element's:
//
//   t     S EEEEEEEE 00…00 qqqqq     q = the rounded significand of M fraction bits, E = exponent of m
//   word  S (E - Emin) << 7 + q << (7 - M) = S | ordinal << (7 - M)
//
// Subnormal elements come for free: m stays at C. Denormal floats count as zero (the flags are set so), which
// is exact where half a quantum is at least 2^-126; blocks below that are scaled up by 2^64 first.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "fast/fast_path.hpp"
#include "fast/host_device.hpp"
#include "spec/element_format.hpp"
#include "spec/float_format.hpp"

namespace mxemu::fast::avx512 {

/// Two vectors of 16 floats that make one block.
struct Pair {
  __m512 a;
  __m512 b;
};

/// float32: the block in order.
struct Float32Source {
  using Stored = std::uint32_t;
  static constexpr spec::FloatType type = spec::FloatType::Float32;
  static constexpr bool interleaved = false;
  static MXEMU_HOST Pair load(const Stored* x) { return {_mm512_loadu_ps(x), _mm512_loadu_ps(x + 16)}; }
  /// Magnitude bits whose upper half is right; the lower half is cut off later where `interleaved`.
  static MXEMU_HOST __m512i magnitudes(const Stored* x) {
    const __m512i mask = _mm512_set1_epi32(0x7fffffff);
    return _mm512_max_epu32(_mm512_and_si512(_mm512_loadu_si512(x), mask),
                            _mm512_and_si512(_mm512_loadu_si512(x + 16), mask));
  }
};

/// bfloat16: the even elements of the block in one vector, the odd ones in the other.
struct BFloat16Source {
  using Stored = std::uint16_t;
  static constexpr spec::FloatType type = spec::FloatType::BFloat16;
  static constexpr bool interleaved = true;
  static MXEMU_HOST Pair load(const Stored* x) {
    const __m512i both = _mm512_loadu_si512(x);
    return {_mm512_castsi512_ps(_mm512_slli_epi32(both, 16)),
            _mm512_castsi512_ps(_mm512_and_si512(both, _mm512_set1_epi32(static_cast<int>(0xffff0000))))};
  }
  static MXEMU_HOST __m512i magnitudes(const Stored* x) {
    const __m512i both = _mm512_and_si512(_mm512_loadu_si512(x), _mm512_set1_epi32(0x7fff7fff));
    return _mm512_max_epu32(_mm512_slli_epi32(both, 16), both);
  }
};

/// float16: the block in order. Every half is a float32.
struct Float16Source {
  using Stored = std::uint16_t;
  static constexpr spec::FloatType type = spec::FloatType::Float16;
  static constexpr bool interleaved = false;
  static MXEMU_HOST Pair load(const Stored* x) {
    const auto* at = reinterpret_cast<const __m256i*>(x);
    return {_mm512_cvtph_ps(_mm256_loadu_si256(at)), _mm512_cvtph_ps(_mm256_loadu_si256(at + 1))};
  }
  static MXEMU_HOST __m512i magnitudes(const Stored* x) {
    const __m512i mask = _mm512_set1_epi32(0x7fffffff);
    const Pair values = load(x);
    return _mm512_max_epu32(_mm512_and_si512(_mm512_castps_si512(values.a), mask),
                            _mm512_and_si512(_mm512_castps_si512(values.b), mask));
  }
};

/// What the scales of the elements in a vector say to the arithmetic.
struct Frame {
  __m512 bound;  ///< C; INT8: the factor 2^(6 - scale)
  __m512i bias;  ///< -(Emin << 7)
};

/// Streaming stores want their addresses at multiples of this, and a fence after the last.
inline constexpr std::size_t stream_alignment = 64;
MXEMU_HOST void stream_fence() {
  _mm_sfence();
}

/// Exponent added to blocks of tiny numbers before anything else.
inline constexpr int lift = 64;

/// The smallest scale code that needs no lift.
MXEMU_HOST constexpr int first_plain_scale(const spec::ElementFormat& format) {
  return format.mantissa_bits + 2 - format.emin;
}

/// x * 2^64 for blocks below 2^-64, denormals included, without touching a denormal float.
MXEMU_HOST __m512 lifted(__m512 x) {
  const __m512i bits = _mm512_castps_si512(x);
  const __mmask16 denormal = _mm512_testn_epi32_mask(bits, _mm512_set1_epi32(0x7f800000));
  const __m512i sign = _mm512_and_si512(bits, _mm512_set1_epi32(static_cast<int>(0x80000000)));
  const __m512 count =
      _mm512_cvt_roundepi32_ps(_mm512_andnot_si512(_mm512_set1_epi32(static_cast<int>(0x80000000)), bits),
                               _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  const __m512 rebuilt =
      _mm512_or_ps(_mm512_mul_ps(count, _mm512_set1_ps(0x1p-85f)), _mm512_castsi512_ps(sign));
  return _mm512_mask_mov_ps(_mm512_mul_ps(x, _mm512_set1_ps(0x1p64f)), denormal, rebuilt);
}

template <spec::ElementType E>
MXEMU_HOST __m512i rounded(__m512 x, __m512 bound, __m512i bias) {
  constexpr int mantissa_bits = spec::element_formats[static_cast<int>(E)].mantissa_bits;
  constexpr float unit = 1.0f / static_cast<float>(1 << (23 - mantissa_bits));
  // Low half of the weights for q, high half for sign and exponent.
  constexpr int weights = (1 << 16) | (1 << (7 - mantissa_bits));
  const __m512 power = _mm512_and_ps(x, _mm512_castsi512_ps(_mm512_set1_epi32(static_cast<int>(0xff800000))));
  const __m512 m = _mm512_range_ps(power, bound, 0x3);  // larger magnitude, sign of the first
  const __m512 t =
      _mm512_fmadd_round_ps(x, _mm512_set1_ps(unit), m, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  return _mm512_dpwssd_epi32(bias, _mm512_castps_si512(t), _mm512_set1_epi32(weights));
}

/// The words of 32 elements: ordinal << (7 - M), sign in bit 15. In each 128-bit lane L: elements
/// 4L … 4L + 3 of vector a, then of vector b, each vector in a frame of its own.
template <spec::ElementType E>
MXEMU_HOST __m512i words_of(Pair x, const Frame& frame_a, const Frame& frame_b) {
  if constexpr (E == spec::ElementType::INT8) {
    // The last place of 1.5 * 2^23 is 1, and the low half of the sum is the integer in two's complement.
    const __m512 magic = _mm512_set1_ps(0x1.8p23f);
    const __m512i a = _mm512_castps_si512(
        _mm512_fmadd_round_ps(x.a, frame_a.bound, magic, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
    const __m512i b = _mm512_castps_si512(
        _mm512_fmadd_round_ps(x.b, frame_b.bound, magic, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
    // Element i of a in the low half of dword i, of b in the high half.
    return _mm512_mask_blend_epi16(0xaaaaaaaa, a, _mm512_slli_epi32(b, 16));
  } else {
    return _mm512_packs_epi32(rounded<E>(x.a, frame_a.bound, frame_a.bias),
                              rounded<E>(x.b, frame_b.bound, frame_b.bias));
  }
}

/// The words of one block under one scale.
template <spec::ElementType E>
MXEMU_HOST __m512i block_words(Pair x, float bound, std::int32_t bias) {
  const Frame frame = {_mm512_set1_ps(bound), _mm512_set1_epi32(bias)};
  return words_of<E>(x, frame, frame);
}

/// How far ahead lines are brought from memory. The two passes over a group of blocks ask for every other
/// line each: all in one pass is more than a core has room to wait for.
inline constexpr std::size_t prefetch_bytes = 8192;

/// Brings lines `first`, `first` + 2 … of those that hold the elements of one block.
template <class Stored>
MXEMU_HOST void prefetch_block(const Stored* x, std::size_t first) {
  const char* ahead = reinterpret_cast<const char*>(x) + prefetch_bytes;
  for (std::size_t byte = 64 * first; byte < fast_block * sizeof(Stored); byte += 128)
    __builtin_prefetch(ahead + byte);
}

/// Largest magnitudes of 16 blocks, in order.
template <class Source, bool Prefetch>
MXEMU_HOST __m512i maxima_of_16(const typename Source::Stored* x) {
  const auto merge32 = [](__m512i p, __m512i q) {
    return _mm512_max_epu32(_mm512_unpacklo_epi32(p, q), _mm512_unpackhi_epi32(p, q));
  };
  const auto merge64 = [](__m512i p, __m512i q) {
    return _mm512_max_epu32(_mm512_unpacklo_epi64(p, q), _mm512_unpackhi_epi64(p, q));
  };
  const auto merge128 = [](__m512i p, __m512i q) {
    return _mm512_max_epu32(_mm512_shuffle_i32x4(p, q, 0x88), _mm512_shuffle_i32x4(p, q, 0xdd));
  };
  const auto four = [&](int first) {
    const auto block = [&](int b) {
      const auto* start = x + 32 * (first + b);
      if constexpr (Prefetch) prefetch_block(start, 0);
      return Source::magnitudes(start);
    };
    return merge64(merge32(block(0), block(1)), merge32(block(2), block(3)));
  };
  const __m512i low = merge128(four(0), four(4));
  return merge128(low, merge128(four(8), four(12)));
}

}  // namespace mxemu::fast::avx512
