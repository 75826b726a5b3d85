// AVX2: from floats to 16-bit words, one block (32 elements, four vectors) at a time. The arithmetic is that
// of avx512_words.hpp, whose comment draws the bits.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "fast/host_device.hpp"
#include "spec/element_format.hpp"
#include "spec/float_format.hpp"

namespace mxemu::fast::avx2 {

/// The 32 floats of a block, in order.
struct Quad {
  __m256 at[4];
};

MXEMU_HOST __m256i load_bytes(const void* from) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}

struct Float32Source {
  using Stored = std::uint32_t;
  static MXEMU_HOST Quad load(const Stored* x) {
    const auto part = [&](int i) { return _mm256_castsi256_ps(load_bytes(x + 8 * i)); };
    return {{part(0), part(1), part(2), part(3)}};
  }
};

struct BFloat16Source {
  using Stored = std::uint16_t;
  static MXEMU_HOST Quad load(const Stored* x) {
    const auto part = [&](int i) {
      const __m128i eight = _mm_loadu_si128(reinterpret_cast<const __m128i*>(x + 8 * i));
      return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(eight), 16));
    };
    return {{part(0), part(1), part(2), part(3)}};
  }
};

/// What a block's scale says to the arithmetic.
struct Frame {
  float bound;        ///< C; INT8: the factor 2^(6 - scale)
  std::int32_t bias;  ///< Emin << 7 in both halves
};

/// Streaming stores want their addresses at multiples of this, and a fence after the last.
inline constexpr std::size_t stream_alignment = 32;
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
MXEMU_HOST __m256 lifted(__m256 x) {
  const __m256i sign_bit = _mm256_set1_epi32(static_cast<int>(0x80000000));
  const __m256i bits = _mm256_castps_si256(x);
  const __m256i field = _mm256_and_si256(bits, _mm256_set1_epi32(0x7f800000));
  const __m256 denormal = _mm256_castsi256_ps(_mm256_cmpeq_epi32(field, _mm256_setzero_si256()));
  const __m256 sign = _mm256_castsi256_ps(_mm256_and_si256(bits, sign_bit));
  const __m256 count = _mm256_cvtepi32_ps(_mm256_andnot_si256(sign_bit, bits));
  const __m256 rebuilt = _mm256_or_ps(_mm256_mul_ps(count, _mm256_set1_ps(0x1p-85f)), sign);
  return _mm256_blendv_ps(_mm256_mul_ps(x, _mm256_set1_ps(0x1p64f)), rebuilt, denormal);
}

/// Dwords (E << 7) + (q << (7 - M)) of eight magnitudes: at most 2^15.
template <spec::ElementType E>
MXEMU_HOST __m256i rounded(__m256 x, __m256 bound) {
  constexpr int mantissa_bits = spec::element_formats[static_cast<int>(E)].mantissa_bits;
  constexpr float unit = 1.0f / static_cast<float>(1 << (23 - mantissa_bits));
  constexpr int weights = (1 << 16) | (1 << (7 - mantissa_bits));
  const __m256 magnitude = _mm256_and_ps(x, _mm256_castsi256_ps(_mm256_set1_epi32(0x7fffffff)));
  const __m256 power = _mm256_and_ps(x, _mm256_castsi256_ps(_mm256_set1_epi32(0x7f800000)));
  const __m256 t = _mm256_fmadd_ps(magnitude, _mm256_set1_ps(unit), _mm256_max_ps(power, bound));
  return _mm256_madd_epi16(_mm256_castps_si256(t), _mm256_set1_epi32(weights));
}

/// The integers of eight INT8 elements, before they are clamped.
MXEMU_HOST __m256i rounded_integers(__m256 x, __m256 factor) {
  // The last place of 1.5 * 2^23 is 1: the sum's significand counts integers from there.
  const __m256 magic = _mm256_set1_ps(0x1.8p23f);
  const __m256i sum = _mm256_castps_si256(_mm256_fmadd_ps(x, factor, magic));
  return _mm256_sub_epi32(sum, _mm256_castps_si256(magic));
}

/// The codes of a block, one per byte, in order.
template <spec::ElementType E>
MXEMU_HOST __m256i block_codes(const Quad& x, const Frame& frame) {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  const __m256 bound = _mm256_set1_ps(frame.bound);
  // The packs work in 128-bit lanes: dwords come out as 0 2 4 6 1 3 5 7.
  const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  if constexpr (E == spec::ElementType::INT8) {
    const auto words = [&](int i) {
      return _mm256_packs_epi32(rounded_integers(x.at[i], bound), rounded_integers(x.at[i + 1], bound));
    };
    const __m256i lowest = _mm256_set1_epi8(static_cast<char>(-format.max_normal_code));
    const __m256i bytes = _mm256_max_epi8(_mm256_packs_epi16(words(0), words(2)), lowest);
    return _mm256_permutevar8x32_epi32(bytes, order);
  } else {
    const __m256i bias = _mm256_set1_epi32(frame.bias);
    const auto ordinals = [&](int i) {
      const __m256i words = _mm256_packus_epi32(rounded<E>(x.at[i], bound), rounded<E>(x.at[i + 1], bound));
      return _mm256_srli_epi16(_mm256_sub_epi16(words, bias), 7 - format.mantissa_bits);
    };
    // Saturating packs keep the sign of a dword: the signs of the floats become those of bytes.
    const auto signs = [&](int i) {
      return _mm256_packs_epi32(_mm256_castps_si256(x.at[i]), _mm256_castps_si256(x.at[i + 1]));
    };
    const __m256i sign_bytes = _mm256_packs_epi16(signs(0), signs(2));
    const __m256i sign = _mm256_and_si256(_mm256_srli_epi16(sign_bytes, 8 - format.bits),
                                          _mm256_set1_epi8(static_cast<char>(format.sign_mask)));
    const __m256i largest = _mm256_set1_epi8(static_cast<char>(format.max_normal_code));
    const __m256i magnitude = _mm256_min_epu8(_mm256_packus_epi16(ordinals(0), ordinals(2)), largest);
    return _mm256_permutevar8x32_epi32(_mm256_or_si256(magnitude, sign), order);
  }
}

/// How far ahead the maxima, which see the data first, bring lines from memory.
inline constexpr std::size_t prefetch_bytes = 8192;

/// Largest magnitudes of 8 blocks, in order.
template <class Source, bool Prefetch>
MXEMU_HOST __m256i maxima_of_8(const typename Source::Stored* x) {
  const auto merge32 = [](__m256i p, __m256i q) {
    return _mm256_max_epu32(_mm256_unpacklo_epi32(p, q), _mm256_unpackhi_epi32(p, q));
  };
  const auto merge64 = [](__m256i p, __m256i q) {
    return _mm256_max_epu32(_mm256_unpacklo_epi64(p, q), _mm256_unpackhi_epi64(p, q));
  };
  const auto block = [&](int b) {
    const auto* start = x + 32 * b;
    if constexpr (Prefetch)
      for (std::size_t byte = 0; byte < 32 * sizeof *start; byte += 64)
        __builtin_prefetch(reinterpret_cast<const char*>(start) + prefetch_bytes + byte);
    const Quad values = Source::load(start);
    const auto magnitude = [&](int i) {
      return _mm256_and_si256(_mm256_castps_si256(values.at[i]), _mm256_set1_epi32(0x7fffffff));
    };
    return _mm256_max_epu32(_mm256_max_epu32(magnitude(0), magnitude(1)),
                            _mm256_max_epu32(magnitude(2), magnitude(3)));
  };
  const auto four = [&](int b) {
    return merge64(merge32(block(b), block(b + 1)), merge32(block(b + 2), block(b + 3)));
  };
  const __m256i low = four(0);
  const __m256i high = four(4);
  return _mm256_max_epu32(_mm256_permute2x128_si256(low, high, 0x20),
                          _mm256_permute2x128_si256(low, high, 0x31));
}

}  // namespace mxemu::fast::avx2
