// AVX-512: blocks that run across the lines of memory, each vector lane a column with a block of its own.
// A panel of 64 columns is what one cache line of codes holds.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "fast/avx512_dequantize.hpp"
#include "fast/avx512_quantize.hpp"

namespace mxemu::fast::avx512 {

inline constexpr std::size_t panel_width = 64;
inline constexpr bool converts_halves = true;

template <spec::FloatType T>
using CommonSource =
    std::conditional_t<T == spec::FloatType::Float32, Float32Source,
                       std::conditional_t<T == spec::FloatType::Float16, Float16Source, BFloat16Source>>;

/// Scales of the columns of half a panel, in the lane order of the source's vectors.
struct HalfPanel {
  Frames a;
  Frames b;
};

template <class Source>
MXEMU_HOST __m256i scale_bytes(const HalfPanel& half) {
  const __m512i a = half.a.stored;
  const __m512i b = half.b.stored;
  if constexpr (Source::interleaved)
    return _mm512_cvtepi32_epi16(_mm512_or_si512(a, _mm512_slli_epi32(b, 8)));
  return _mm256_set_m128i(_mm512_cvtepi32_epi8(b), _mm512_cvtepi32_epi8(a));
}

/// A column under a NaN scale reads as zeros, whose codes are 0; one of tiny numbers is lifted.
MXEMU_HOST __m512 framed_values(__m512 x, const Frames& frames) {
  const __m512 values = _mm512_mask_mov_ps(x, frames.tiny, lifted(x));
  return _mm512_maskz_mov_ps(static_cast<__mmask16>(~frames.poisoned), values);
}

template <spec::ElementType E, bool Plain>
MXEMU_HOST __m512i half_row_words(Pair x, const HalfPanel& half) {
  if constexpr (!Plain) x = {framed_values(x.a, half.a), framed_values(x.b, half.b)};
  return words_of<E>(x, {_mm512_castsi512_ps(half.a.bound), half.a.bias},
                     {_mm512_castsi512_ps(half.b.bound), half.b.bias});
}

/// Stores rows of 64 codes, two where there are two.
template <spec::ElementType E, class Source, bool Packed>
MXEMU_HOST void store_rows(std::uint8_t* to, std::size_t stride, std::size_t rows, const __m512i words[4]) {
  constexpr int bits = spec::element_formats[static_cast<int>(E)].bits;
  if constexpr (Packed && bits == 4) {
    const __m512i both = fp4_stream<E, Source>(words);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_castsi512_si256(both));
    if (rows == 2)
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + stride), _mm512_extracti64x4_epi64(both, 1));
  } else if constexpr (Packed && bits == 6) {
    static constexpr Bytes64 order = fp6_order<Source>(0);
    for (std::size_t row = 0; row < rows; ++row) {
      const __m512i dwords = fp6_dwords<E, Source>(words[2 * row], words[2 * row + 1]);
      _mm512_mask_storeu_epi8(to + row * stride, 0xffffffffffff,
                              _mm512_permutexvar_epi8(vector_of(order), dwords));
    }
  } else {
    for (std::size_t row = 0; row < rows; ++row)
      _mm512_storeu_si512(to + row * stride, ordered_bytes<E, Source>(words[2 * row], words[2 * row + 1]));
  }
}

/// Where a panel's codes go: `stride` bytes from line to line.
struct CodeRows {
  std::uint8_t* to;
  std::size_t stride;
};

template <spec::ElementType E, class Source, bool Packed, bool Plain>
MXEMU_HOST void encode_panel(const typename Source::Stored* x, std::size_t line, std::size_t rows,
                             const HalfPanel halves[2], const CodeRows& codes) {
  for (std::size_t row = 0; row < rows; row += 2) {
    const std::size_t count = rows - row < 2 ? 1 : 2;
    __m512i words[4];
    for (std::size_t i = 0; i < 4; ++i) {
      const std::size_t r = row + (i / 2 < count ? i / 2 : 0);
      words[i] = half_row_words<E, Plain>(Source::load(x + r * line + fast_block * (i % 2)), halves[i % 2]);
    }
    store_rows<E, Source, Packed>(codes.to + row * codes.stride, codes.stride, count, words);
  }
}

/// Quantises 64 columns of `rows` elements , `line` elements from row to row.
template <spec::ElementType E, class Source, bool Packed>
void quantize_panel(const Quantizer<E>& quantizer, const typename Source::Stored* x, std::size_t line,
                    std::size_t rows, const CodeRows& codes, std::uint8_t* scales, bool prefetch) {
  const __m512i mask = _mm512_set1_epi32(0x7fffffff);
  __m512i amax[4] = {};
  for (std::size_t row = 0; row < rows; ++row) {
    const typename Source::Stored* at = x + row * line;
    // From memory, the panel to come: the hardware sees no stream in rows this short.
    for (std::size_t i = 0; prefetch && i < panel_width; i += 64 / sizeof *at)
      __builtin_prefetch(at + panel_width + i);
    for (std::size_t i = 0; i < 2; ++i) {
      const Pair pair = Source::load(at + fast_block * i);
      amax[2 * i] = _mm512_max_epu32(amax[2 * i], _mm512_and_si512(_mm512_castps_si512(pair.a), mask));
      amax[2 * i + 1] =
          _mm512_max_epu32(amax[2 * i + 1], _mm512_and_si512(_mm512_castps_si512(pair.b), mask));
    }
  }
  HalfPanel halves[2];
  bool plain = true;
  for (std::size_t i = 0; i < 2; ++i) {
    halves[i] = {frames_of<E>(quantizer, amax[2 * i]), frames_of<E>(quantizer, amax[2 * i + 1])};
    plain &= (halves[i].a.poisoned | halves[i].a.tiny | halves[i].b.poisoned | halves[i].b.tiny) == 0;
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(scales + fast_block * i), scale_bytes<Source>(halves[i]));
  }
  if (plain) [[likely]]
    return encode_panel<E, Source, Packed, true>(x, line, rows, halves, codes);
  encode_panel<E, Source, Packed, false>(x, line, rows, halves, codes);
}

/// Dequantises 32 columns of `rows` elements under plain scales. False, with nothing written, where a scale
/// or a code asks for the codec.
template <spec::ElementType E, spec::FloatType T, bool Packed>
bool dequantize_panel(const std::uint8_t* codes, std::size_t code_stride, const std::uint8_t* scales,
                      std::size_t rows, std::uint8_t* to, std::size_t value_stride) {
  constexpr PlainScales plain = plain_scales<E>();
  const auto* at = reinterpret_cast<const __m128i*>(scales);
  const __m512i code[2] = {_mm512_cvtepu8_epi32(_mm_loadu_si128(at)),
                           _mm512_cvtepu8_epi32(_mm_loadu_si128(at + 1))};
  std::uint32_t rare = 0;
  __m512 factor[2];
  for (int i = 0; i < 2; ++i) {
    rare |= _mm512_cmplt_epi32_mask(code[i], _mm512_set1_epi32(plain.first));
    rare |= _mm512_cmpgt_epi32_mask(code[i], _mm512_set1_epi32(plain.last));
    factor[i] =
        _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_add_epi32(code[i], _mm512_set1_epi32(plain.field)), 23));
  }
  for (std::size_t row = 0; row < rows; ++row) rare |= blocks_with_nan<E>(codes + row * code_stride, 1);
  if (rare != 0) [[unlikely]]
    return false;
  for (std::size_t row = 0; row < rows; ++row) {
    const Pair values = block_values<E, Packed>(codes + row * code_stride);
    store_values<T, false>(to + row * value_stride,
                           {_mm512_mul_ps(values.a, factor[0]), _mm512_mul_ps(values.b, factor[1])});
  }
  return true;
}

}  // namespace mxemu::fast::avx512
