// AVX2: blocks that run across the lines of memory, each vector lane a column with a block of its own.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "fast/avx2_dequantize.hpp"
#include "fast/avx2_quantize.hpp"

namespace mxemu::fast::avx2 {

/// Columns of a panel.
inline constexpr std::size_t panel_width = 32;
inline constexpr bool converts_halves = true;

template <spec::FloatType T>
using CommonSource =
    std::conditional_t<T == spec::FloatType::Float32, Float32Source,
                       std::conditional_t<T == spec::FloatType::Float16, Float16Source, BFloat16Source>>;

/// The scales of a panel, in the lane order of the source's vectors.
struct PanelScales {
  Frames part[4];
};

/// The low bytes of the dwords of four vectors, in order of the columns.
template <class Source>
MXEMU_HOST __m256i panel_bytes(__m256i a, __m256i b, __m256i c, __m256i d) {
  const __m256i bytes = _mm256_packus_epi16(_mm256_packus_epi32(a, b), _mm256_packus_epi32(c, d));
  return Source::in_order(Source::beside_signs(bytes));
}

MXEMU_HOST Frame frame_of_panel(const PanelScales& scales) {
  Frame frame;
  const auto bias = [&](int i) { return _mm256_srli_epi32(scales.part[i].bound, 16); };
  for (int i = 0; i < 4; ++i) frame.bound[i] = _mm256_castsi256_ps(scales.part[i].bound);
  for (int i = 0; i < 2; ++i) frame.bias[i] = _mm256_packus_epi32(bias(2 * i), bias(2 * i + 1));
  return frame;
}

/// The codes of one row of a panel. Columns of tiny numbers are lifted; those under a NaN scale have code 0.
template <spec::ElementType E, class Source, bool Plain>
MXEMU_HOST __m256i row_codes(const typename Source::Stored* x, const PanelScales& scales, const Frame& frame,
                             __m256i poisoned) {
  Quad values = Source::load(x);
  if constexpr (Plain) return block_codes<E, Source>(values, Source::signs(x), frame);
  for (int i = 0; i < 4; ++i)
    values.at[i] =
        _mm256_blendv_ps(values.at[i], lifted(values.at[i]), _mm256_castsi256_ps(scales.part[i].tiny));
  return _mm256_andnot_si256(poisoned, block_codes<E, Source>(values, Source::signs(x), frame));
}

/// Where a panel's codes go: `stride` bytes from line to line.
struct CodeRows {
  std::uint8_t* to;
  std::size_t stride;
};

template <spec::ElementType E, class Source, bool Packed, bool Plain>
MXEMU_HOST void encode_panel(const typename Source::Stored* x, std::size_t line, std::size_t rows,
                             const PanelScales& scales, const CodeRows& codes) {
  constexpr int bits = Quantizer<E>::format.bits;
  constexpr std::size_t row_bytes = Packed ? 4 * static_cast<std::size_t>(bits) : panel_width;
  const Frame frame = frame_of_panel(scales);
  const __m256i low = _mm256_set1_epi32(0xff);
  const auto mask = [&](int i) { return _mm256_and_si256(scales.part[i].poisoned, low); };
  const __m256i poisoned = panel_bytes<Source>(mask(0), mask(1), mask(2), mask(3));
  for (std::size_t row = 0; row < rows; row += 2) {
    const std::size_t next = row + 1 < rows ? row + 1 : row;
    const __m256i first = row_codes<E, Source, Plain>(x + row * line, scales, frame, poisoned);
    const __m256i second = row_codes<E, Source, Plain>(x + next * line, scales, frame, poisoned);
    std::uint8_t both[2 * row_bytes];
    store_codes<E, Packed, false>(both, first, second);
    std::memcpy(codes.to + row * codes.stride, both, row_bytes);
    std::memcpy(codes.to + next * codes.stride, both + row_bytes, row_bytes);
  }
}

/// Quantises 32 columns of `rows` elements, `line` elements from row to row.
template <spec::ElementType E, class Source, bool Packed>
void quantize_panel(const Quantizer<E>& quantizer, const typename Source::Stored* x, std::size_t line,
                    std::size_t rows, const CodeRows& codes, std::uint8_t* scales, bool prefetch) {
  const __m256i mask = _mm256_set1_epi32(0x7fffffff);
  __m256i amax[4] = {};
  for (std::size_t row = 0; row < rows; ++row) {
    const typename Source::Stored* at = x + row * line;
    // From memory, the panel to come: the hardware sees no stream in rows this short.
    for (std::size_t i = 0; prefetch && i < panel_width; i += 64 / sizeof *at)
      __builtin_prefetch(at + panel_width + i);
    const Quad values = Source::load(at);
    for (int i = 0; i < 4; ++i)
      amax[i] = _mm256_max_epu32(amax[i], _mm256_and_si256(_mm256_castps_si256(values.at[i]), mask));
  }
  PanelScales found;
  __m256i special = _mm256_setzero_si256();
  for (int i = 0; i < 4; ++i) {
    found.part[i] = frames_of<E>(quantizer, amax[i]);
    special = _mm256_or_si256(special, _mm256_or_si256(found.part[i].poisoned, found.part[i].tiny));
  }
  const __m256i bytes = panel_bytes<Source>(found.part[0].stored, found.part[1].stored, found.part[2].stored,
                                            found.part[3].stored);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(scales), bytes);
  if (_mm256_testz_si256(special, special)) [[likely]]
    return encode_panel<E, Source, Packed, true>(x, line, rows, found, codes);
  encode_panel<E, Source, Packed, false>(x, line, rows, found, codes);
}

/// Dequantises 32 columns of `rows` elements under plain scales. False, with nothing written, where a scale
/// or a code asks for the codec.
template <spec::ElementType E, spec::FloatType T, bool Packed>
bool dequantize_panel(const std::uint8_t* codes, std::size_t code_stride, const std::uint8_t* scales,
                      std::size_t rows, std::uint8_t* to, std::size_t value_stride) {
  constexpr PlainScales plain = plain_scales<E>();
  constexpr int bits = Quantizer<E>::format.bits;
  constexpr bool split = T == spec::FloatType::BFloat16;
  std::uint8_t ordered[panel_width];
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(ordered), in_value_order<split>(load_bytes(scales)));
  bool rare = false;
  __m256 factor[4];
  for (std::size_t i = 0; i < 4; ++i) {
    const __m256i code =
        _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(ordered + 8 * i)));
    const __m256i below = _mm256_cmpgt_epi32(_mm256_set1_epi32(plain.first), code);
    const __m256i above = _mm256_cmpgt_epi32(code, _mm256_set1_epi32(plain.last));
    rare |= lanes_of(_mm256_or_si256(below, above)) != 0;
    factor[i] =
        _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(code, _mm256_set1_epi32(plain.field)), 23));
  }
  for (std::size_t row = 0; row < rows; ++row)
    rare |= has_nan<E>(code_bytes<bits, Packed>(codes + row * code_stride));
  if (rare) [[unlikely]]
    return false;
  for (std::size_t row = 0; row < rows; ++row) {
    Quad values = block_values<E, split>(code_bytes<bits, Packed>(codes + row * code_stride));
    for (int i = 0; i < 4; ++i) values.at[i] = _mm256_mul_ps(values.at[i], factor[i]);
    store_values<T, false>(to + row * value_stride, values);
  }
  return true;
}

}  // namespace mxemu::fast::avx2
