// AVX-512: panels of doubles for blocks of 32. Codes of every floating-point format become halves by a shift,
// which the machine turns into doubles; only the NaN of E4M3 is none as a half.
#pragma once

#include <type_traits>

#include "fast/avx512_matmul.hpp"

namespace mxemu::fast::MXEMU_TIER {

struct Doubles32 {
  __m512d at[4];
};

/// What a value that was read as a half is to be multiplied with.
template <spec::ElementType E>
MXEMU_HOST double half_factor() {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  if (E == spec::ElementType::INT8) return 1.0 / (1 << format.mantissa_bits);
  return static_cast<double>(1 << (spec::float_formats[2].bias - format.bias));
}

/// The elements of a block times `factor`.
template <spec::ElementType E>
MXEMU_HOST Doubles32 doubles_of_codes(__m256i codes, __m512d factor) {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  Doubles32 values;
  if constexpr (E == spec::ElementType::INT8) {
    const auto eight = [&](__m128i bytes) {
      return _mm512_mul_pd(_mm512_cvtepi32_pd(_mm256_cvtepi8_epi32(bytes)), factor);
    };
    const __m128i low = _mm256_castsi256_si128(codes);
    const __m128i high = _mm256_extracti128_si256(codes, 1);
    values.at[0] = eight(low);
    values.at[1] = eight(_mm_srli_si128(low, 8));
    values.at[2] = eight(high);
    values.at[3] = eight(_mm_srli_si128(high, 8));
  } else {
    const __m512i words = _mm512_cvtepu8_epi16(codes);
    const __m512i signs =
        _mm512_slli_epi16(_mm512_and_si512(words, _mm512_set1_epi16(format.sign_mask)), 16 - format.bits);
    const __m512i magnitudes = _mm512_and_si512(words, _mm512_set1_epi16(format.magnitude_mask));
    __m512i halves = _mm512_or_si512(signs, _mm512_slli_epi16(magnitudes, 10 - format.mantissa_bits));
    if constexpr (E == spec::ElementType::E4M3)
      halves = _mm512_mask_mov_epi16(halves,
                                     _mm512_cmpeq_epi16_mask(magnitudes, _mm512_set1_epi16(format.nan_code)),
                                     _mm512_set1_epi16(0x7e00));
    const __m512 low = _mm512_cvtph_ps(_mm512_castsi512_si256(halves));
    const __m512 high = _mm512_cvtph_ps(_mm512_extracti64x4_epi64(halves, 1));
    values.at[0] = _mm512_mul_pd(_mm512_cvtps_pd(_mm512_castps512_ps256(low)), factor);
    values.at[1] = _mm512_mul_pd(_mm512_cvtps_pd(_mm512_extractf32x8_ps(low, 1)), factor);
    values.at[2] = _mm512_mul_pd(_mm512_cvtps_pd(_mm512_castps512_ps256(high)), factor);
    values.at[3] = _mm512_mul_pd(_mm512_cvtps_pd(_mm512_extractf32x8_ps(high, 1)), factor);
  }
  return values;
}

/// Which codes of a block are in a part.
template <spec::ElementType E, int Parts>
MXEMU_HOST __mmask32 part_mask(__m256i codes, int part) {
  if constexpr (Parts == 1) return ~__mmask32{0};
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  // The codes whose field is below part * fields / Parts, rounded up.
  constexpr int fields = (format.magnitude_mask >> format.mantissa_bits) + 1;
  const auto first = [](int of) {
    return static_cast<char>((of * fields + Parts - 1) / Parts << format.mantissa_bits);
  };
  const __m256i magnitudes =
      _mm256_and_si256(codes, _mm256_set1_epi8(static_cast<char>(format.magnitude_mask)));
  const __mmask32 from = _mm256_cmpge_epu8_mask(magnitudes, _mm256_set1_epi8(first(part)));
  return part + 1 == Parts ? from
                           : from & _mm256_cmplt_epu8_mask(magnitudes, _mm256_set1_epi8(first(part + 1)));
}

/// 8 lines of 8 doubles become columns.
MXEMU_HOST void transpose(__m512d (&lines)[8]) {
  __m512d t[8];
  MXEMU_UNROLL
  for (int i = 0; i < 4; ++i) {
    t[2 * i] = _mm512_unpacklo_pd(lines[2 * i], lines[2 * i + 1]);
    t[2 * i + 1] = _mm512_unpackhi_pd(lines[2 * i], lines[2 * i + 1]);
  }
  MXEMU_UNROLL
  for (int j = 0; j < 2; ++j) {  // t[2 * i + j]: column j + 2 * lane of lines 2 * i and 2 * i + 1
    const __m512d even_a = _mm512_shuffle_f64x2(t[j], t[2 + j], 0x88);
    const __m512d odd_a = _mm512_shuffle_f64x2(t[j], t[2 + j], 0xdd);
    const __m512d even_b = _mm512_shuffle_f64x2(t[4 + j], t[6 + j], 0x88);
    const __m512d odd_b = _mm512_shuffle_f64x2(t[4 + j], t[6 + j], 0xdd);
    lines[j] = _mm512_shuffle_f64x2(even_a, even_b, 0x88);
    lines[4 + j] = _mm512_shuffle_f64x2(even_a, even_b, 0xdd);
    lines[2 + j] = _mm512_shuffle_f64x2(odd_a, odd_b, 0x88);
    lines[6 + j] = _mm512_shuffle_f64x2(odd_a, odd_b, 0xdd);
  }
}

/// The kernel of doubles with panels made a block at a time.
template <int Parts>
struct WideKernel : LanesKernel<double, Parts> {
  using Base = LanesKernel<double, Parts>;
  static constexpr std::size_t width = Base::columns;
  static_assert(width == 16);

  static ScaleSpan pack_a(const MatmulJob& job, const PanelRange& range, std::byte* panel) {
    if (job.block_size != 32) return Base::pack_a(job, range, panel);
    auto* to = reinterpret_cast<double*>(panel);
    const std::size_t length = range.blocks * 32;
    const std::size_t padded = (range.rows + Base::rows - 1) / Base::rows * Base::rows;
    std::memset(to + range.rows * length, 0, (padded - range.rows) * length * sizeof(double));
    ScaleSpan span;
    with_element(job.a.element, [&](auto element) { span = pack_lines_of<element()>(job, range, to); });
    return span;
  }
  static ScaleSpan pack_b(const MatmulJob& job, const PanelRange& range, std::byte* panel) {
    if (job.block_size != 32) return Base::pack_b(job, range, panel);
    with_element(job.b.element, [&](auto element) {
      pack_columns_of<element()>(job, range, reinterpret_cast<double*>(panel));
    });
    return {};
  }

  template <spec::ElementType E>
  static ScaleSpan pack_lines_of(const MatmulJob& job, const PanelRange& range, double* panel) {
    constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
    const double from_half = half_factor<E>();
    ScaleSpan span;
    for_each_code_block<format.bits>(
        job, job.a, range, [&](std::size_t row, std::size_t block, __m256i codes, std::uint8_t scale) {
          const Doubles32 values = doubles_of_codes<E>(codes, _mm512_set1_pd(scale_value(scale) * from_half));
          double* to = panel + (row * range.blocks + block) * 32;
          for (std::size_t i = 0; i < 4; ++i) _mm512_storeu_pd(to + 8 * i, values.at[i]);
          if constexpr (format.infinity_code != 0)
            span.has_infinities |=
                _mm256_cmpeq_epi8_mask(
                    _mm256_and_si256(codes, _mm256_set1_epi8(static_cast<char>(format.magnitude_mask))),
                    _mm256_set1_epi8(static_cast<char>(format.infinity_code))) != 0;
        });
    return span;
  }

  template <spec::ElementType E>
  static void pack_columns_of(const MatmulJob& job, const PanelRange& range, double* panel) {
    constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
    constexpr std::size_t block_doubles = 32 * Parts * width;
    const double from_half = half_factor<E>();
    const std::size_t groups = (range.rows + width - 1) / width;
    for (std::size_t row = range.rows; row < groups * width; ++row)
      for (std::size_t block = 0; block < range.blocks; ++block)
        std::memset(panel + (row / width * range.blocks + block) * block_doubles + row % width * 32 * Parts,
                    0, 32 * Parts * sizeof(double));
    // Columns as lines first, then each block of a group is transposed in place.
    for_each_code_block<format.bits>(
        job, job.b, range, [&](std::size_t row, std::size_t block, __m256i codes, std::uint8_t scale) {
          const Doubles32 values = doubles_of_codes<E>(codes, _mm512_set1_pd(scale_value(scale) * from_half));
          double* to =
              panel + (row / width * range.blocks + block) * block_doubles + row % width * 32 * Parts;
          for (int part = 0; part < Parts; ++part) {
            const __mmask32 mask = part_mask<E, Parts>(codes, part);
            for (int i = 0; i < 4; ++i, to += 8)
              _mm512_storeu_pd(to, _mm512_maskz_mov_pd(static_cast<__mmask8>(mask >> 8 * i), values.at[i]));
          }
        });
    for (std::size_t i = 0; i < groups * range.blocks; ++i) transpose_block(panel + i * block_doubles);
  }

  /// From [row][part][element] to [element][part][row].
  static void transpose_block(double* block) {
    double lines[width * Parts * 32];
    std::memcpy(lines, block, sizeof lines);
    for (std::size_t part = 0; part < Parts; ++part)
      for (std::size_t row = 0; row < width; row += 8)
        for (std::size_t element = 0; element < 32; element += 8) {
          __m512d square[8];
          MXEMU_UNROLL
          for (std::size_t i = 0; i < 8; ++i)
            square[i] = _mm512_loadu_pd(lines + ((row + i) * Parts + part) * 32 + element);
          transpose(square);
          MXEMU_UNROLL
          for (std::size_t i = 0; i < 8; ++i)
            _mm512_storeu_pd(block + ((element + i) * Parts + part) * width + row, square[i]);
        }
  }
};

}  // namespace mxemu::fast::MXEMU_TIER
