// AVX2: from floats to 16-bit words, one block (32 elements, four vectors) at a time. The arithmetic is that
// of avx512_words.hpp, whose comment draws the bits.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "fast/fast_path.hpp"
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

/// float32: the block in order.
struct Float32Source {
  using Stored = std::uint32_t;
  static constexpr spec::FloatType type = spec::FloatType::Float32;
  static constexpr int magnitude_mask = 0x7fffffff;  ///< of what `magnitudes` returns
  static MXEMU_HOST Quad load(const Stored* x) {
    const auto part = [&](int i) { return _mm256_castsi256_ps(load_bytes(x + 8 * i)); };
    return {{part(0), part(1), part(2), part(3)}};
  }
  static MXEMU_HOST __m256i magnitudes(const Stored* x) {
    const auto part = [&](int i) {
      return _mm256_and_si256(load_bytes(x + 8 * i), _mm256_set1_epi32(0x7fffffff));
    };
    return _mm256_max_epu32(_mm256_max_epu32(part(0), part(1)), _mm256_max_epu32(part(2), part(3)));
  }
  /// Saturating packs keep the sign of a dword: the signs of the floats become those of bytes.
  static MXEMU_HOST __m256i signs(const Stored* x) {
    const auto words = [&](int i) {
      return _mm256_packs_epi32(load_bytes(x + 8 * i), load_bytes(x + 8 * i + 8));
    };
    return _mm256_packs_epi16(words(0), words(2));
  }
  /// Bytes from where two rounds of packs leave them to where `signs` does.
  static MXEMU_HOST __m256i beside_signs(__m256i bytes) { return bytes; }
  static MXEMU_HOST __m256i in_order(__m256i bytes) {
    // The packs work in 128-bit lanes: dwords come out as 0 2 4 6 1 3 5 7.
    return _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
  }
};

/// bfloat16: of each half of the block, the even elements in one vector and the odd ones in the next.
struct BFloat16Source {
  using Stored = std::uint16_t;
  static constexpr spec::FloatType type = spec::FloatType::BFloat16;
  static constexpr int magnitude_mask = 0x7fff0000;
  static MXEMU_HOST Quad load(const Stored* x) {
    const auto even = [&](int i) {
      return _mm256_castsi256_ps(_mm256_slli_epi32(load_bytes(x + 16 * i), 16));
    };
    const auto odd = [&](int i) {
      const __m256i upper = _mm256_set1_epi32(static_cast<int>(0xffff0000));
      return _mm256_castsi256_ps(_mm256_and_si256(load_bytes(x + 16 * i), upper));
    };
    return {{even(0), odd(0), even(1), odd(1)}};
  }
  static MXEMU_HOST __m256i magnitudes(const Stored* x) {
    const auto part = [&](int i) {
      return _mm256_and_si256(load_bytes(x + 16 * i), _mm256_set1_epi16(0x7fff));
    };
    const __m256i both = _mm256_max_epu16(part(0), part(1));
    return _mm256_max_epu16(_mm256_slli_epi32(both, 16), both);
  }
  static MXEMU_HOST __m256i signs(const Stored* x) {
    return _mm256_packs_epi16(load_bytes(x), load_bytes(x + 16));
  }
  static MXEMU_HOST __m256i beside_signs(__m256i bytes) {
    // Each eight bytes hold four even elements and their odd neighbours.
    const __m128i order = _mm_setr_epi8(0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15);
    return _mm256_shuffle_epi8(bytes, _mm256_broadcastsi128_si256(order));
  }
  static MXEMU_HOST __m256i in_order(__m256i bytes) { return _mm256_permute4x64_epi64(bytes, 0xd8); }
};

/// float16: every half is a float32, in order.
struct Float16Source : Float32Source {
  using Stored = std::uint16_t;
  static constexpr spec::FloatType type = spec::FloatType::Float16;
  static MXEMU_HOST Quad load(const Stored* x) {
    const auto part = [&](int i) {
      return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(x + 8 * i)));
    };
    return {{part(0), part(1), part(2), part(3)}};
  }
  static MXEMU_HOST __m256i magnitudes(const Stored* x) {
    const auto part = [&](int i) {
      return _mm256_and_si256(load_bytes(x + 16 * i), _mm256_set1_epi16(0x7fff));
    };
    // The larger of two halves is the half whose float32 is larger.
    const __m256i both = _mm256_max_epu16(part(0), part(1));
    const auto floats = [](__m128i halves) { return _mm256_castps_si256(_mm256_cvtph_ps(halves)); };
    return _mm256_max_epu32(floats(_mm256_castsi256_si128(both)), floats(_mm256_extracti128_si256(both, 1)));
  }
  static MXEMU_HOST __m256i signs(const Stored* x) {
    // Packs of words leave fours of bytes as 0 1 4 5 2 3 6 7, those of dwords as 0 2 4 6 1 3 5 7.
    const __m256i bytes = _mm256_packs_epi16(load_bytes(x), load_bytes(x + 16));
    return _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 2, 6, 1, 5, 3, 7));
  }
};

/// What the scales of the 32 elements of a Quad say to the arithmetic.
struct Frame {
  __m256 bound[4];  ///< C; INT8: the factor 2^(6 - scale)
  __m256i bias[2];  ///< Emin << 7 in words, as packs of dwords leave them
};

/// All elements under one scale; `bias` in both halves.
MXEMU_HOST Frame frame_of_block(float bound, std::int32_t bias) {
  const __m256 bounds = _mm256_set1_ps(bound);
  const __m256i biases = _mm256_set1_epi32(bias);
  return {{bounds, bounds, bounds, bounds}, {biases, biases}};
}

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
  const __m256i bits = _mm256_castps_si256(x);
  const __m256 magnitude = _mm256_castsi256_ps(_mm256_and_si256(bits, _mm256_set1_epi32(0x7fffffff)));
  const __m256 power = _mm256_castsi256_ps(_mm256_and_si256(bits, _mm256_set1_epi32(0x7f800000)));
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

/// The codes of 32 elements, one per byte, in order.
template <spec::ElementType E, class Source>
MXEMU_HOST __m256i block_codes(const Quad& x, __m256i signs, const Frame& frame) {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  if constexpr (E == spec::ElementType::INT8) {
    const auto words = [&](int i) {
      return _mm256_packs_epi32(rounded_integers(x.at[i], frame.bound[i]),
                                rounded_integers(x.at[i + 1], frame.bound[i + 1]));
    };
    const __m256i lowest = _mm256_set1_epi8(static_cast<char>(-format.max_normal_code));
    const __m256i bytes = _mm256_max_epi8(_mm256_packs_epi16(words(0), words(2)), lowest);
    return Source::in_order(Source::beside_signs(bytes));
  } else {
    const auto ordinals = [&](int i) {
      const __m256i words = _mm256_packus_epi32(rounded<E>(x.at[i], frame.bound[i]),
                                                rounded<E>(x.at[i + 1], frame.bound[i + 1]));
      return _mm256_srli_epi16(_mm256_sub_epi16(words, frame.bias[i / 2]), 7 - format.mantissa_bits);
    };
    const __m256i sign = _mm256_and_si256(_mm256_srli_epi16(signs, 8 - format.bits),
                                          _mm256_set1_epi8(static_cast<char>(format.sign_mask)));
    const __m256i largest = _mm256_set1_epi8(static_cast<char>(format.max_normal_code));
    const __m256i magnitude = _mm256_min_epu8(_mm256_packus_epi16(ordinals(0), ordinals(2)), largest);
    return Source::in_order(_mm256_or_si256(Source::beside_signs(magnitude), sign));
  }
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
    if constexpr (Prefetch) prefetch_block(start, 0);
    return Source::magnitudes(start);
  };
  const auto four = [&](int b) {
    return merge64(merge32(block(b), block(b + 1)), merge32(block(b + 2), block(b + 3)));
  };
  const __m256i low = four(0);
  const __m256i high = four(4);
  const __m256i maxima = _mm256_max_epu32(_mm256_permute2x128_si256(low, high, 0x20),
                                          _mm256_permute2x128_si256(low, high, 0x31));
  return _mm256_and_si256(maxima, _mm256_set1_epi32(Source::magnitude_mask));
}

}  // namespace mxemu::fast::avx2
