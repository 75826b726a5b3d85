// AVX-512 VNNI: block sums of the small formats as integers, four bytes or two words of a block at a time.
//
// The bytes of B carry a bias of 128, which makes them unsigned; what it adds is taken off each block's sum
// from the start. A sum is below 2^24, so float32 holds it; times the scale of A and the scale of B, both
// powers of two in plain ranges, it stays exact until it is added.
#pragma once

#include "fast/avx512_matmul.hpp"

namespace mxemu::fast::MXEMU_TIER {

/// What of A and B stands in a dword: four bytes, or two words where an operand is E3M2.
enum class Digits { Bytes, Words };

template <Digits D>
struct IntegerKernel {
  static constexpr std::size_t rows = 6;
  static constexpr std::size_t columns = 32;
  static constexpr std::size_t block_dwords = D == Digits::Bytes ? 8 : 16;
  /// Elements of each row that a panel holds. Sums, which fill the second cache, are fetched and stored once
  /// for them; a group of columns stays in the first.
  static constexpr std::size_t depth = (D == Digits::Bytes ? 3 : 2) * panel_depth;

  /// A panel of A: per line and block the dwords, what the sum of each column starts from, and the scale.
  struct LineBlock {
    std::int32_t dwords[block_dwords];
    std::int32_t start;
    float scale;
  };
  /// A panel of B: per group of 32 columns and block the dwords of each column and the scales.
  struct alignas(64) ColumnBlock {
    std::int32_t dwords[block_dwords][columns];
    float scales[columns];
  };
  /// 1.5 * 2^23: added to these bits, an integer below 2^22 makes the bits of the sum of both. Sums of words
  /// go beyond, and are converted.
  static constexpr float magic = 0x1.8p23f;
  static constexpr std::int32_t magic_bits = std::bit_cast<std::int32_t>(magic);
  // Of 32 rows of a workspace 36 may be used: six groups of six.
  static_assert(sizeof(LineBlock) * (depth / 32) * 36 <= 32 * wide_line_bytes &&
                sizeof(ColumnBlock) * (depth / 32) <= 3 * columns * wide_line_bytes);

  /// The scale times the unit of the format, where that is plain; anything, where the panel is not used.
  template <spec::ElementType E>
  static MXEMU_HOST float factor_of(std::uint8_t scale, bool has_other_than_zeros) {
    constexpr int unit = unit_exponent(spec::element_formats[static_cast<int>(E)]);
    constexpr spec::ScaleFormat format = spec::scale_formats[0];
    if (scale == format.nan_code) return std::numeric_limits<float>::quiet_NaN();
    // A block of zeros is zeros under any number.
    const int field = has_other_than_zeros ? scale + unit : format.bias;
    return std::bit_cast<float>(static_cast<std::uint32_t>(field > 0 ? field : 1) << 23);
  }

  static MXEMU_HOST int sum_of_bytes(__m256i bytes) {
    const __m256i biased = _mm256_xor_si256(bytes, _mm256_set1_epi8(-128));
    const __m256i eights = _mm256_sad_epu8(biased, _mm256_setzero_si256());
    const __m128i pairs = _mm_add_epi32(_mm256_castsi256_si128(eights), _mm256_extracti128_si256(eights, 1));
    return _mm_cvtsi128_si32(pairs) + _mm_extract_epi32(pairs, 2) - 128 * 32;
  }

  template <spec::ElementType E>
  static ScaleSpan pack_lines_of(const MatmulJob& job, const PanelRange& range, LineBlock* panel) {
    constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
    ScaleSpan span;
    for_each_code_block<format.bits>(
        job, job.a, range, [&](std::size_t row, std::size_t block, __m256i codes, std::uint8_t scale) {
          LineBlock& to = panel[row * range.blocks + block];
          const bool some = has_other_than_zeros<E>(codes);
          if constexpr (D == Digits::Bytes) {
            const __m256i bytes = bytes_of_codes<E>(codes);
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(to.dwords), bytes);
            to.start = magic_bits - 128 * sum_of_bytes(bytes);
          } else {
            _mm512_storeu_si512(to.dwords, integer_words_of_codes<E>(codes));
            to.start = 0;
          }
          to.scale = factor_of<E>(scale, some);
          span.include_block(scale, some);
        });
    return span;
  }

  template <spec::ElementType E>
  static ScaleSpan pack_columns_of(const MatmulJob& job, const PanelRange& range, ColumnBlock* panel) {
    constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
    const std::size_t groups = (range.rows + columns - 1) / columns;
    ScaleSpan span;
    if (range.rows % columns != 0)  // columns beyond the last are zeros
      std::memset(static_cast<void*>(panel + (groups - 1) * range.blocks), 0,
                  range.blocks * sizeof(ColumnBlock));
    // Columns as lines first, then each group's dwords are transposed in place.
    for_each_code_block<format.bits>(
        job, job.b, range, [&](std::size_t row, std::size_t block, __m256i codes, std::uint8_t scale) {
          ColumnBlock& to = panel[row / columns * range.blocks + block];
          std::int32_t* line = &to.dwords[0][0] + row % columns * block_dwords;
          const bool some = has_other_than_zeros<E>(codes);
          if constexpr (D == Digits::Bytes)
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(line),
                                _mm256_xor_si256(bytes_of_codes<E>(codes), _mm256_set1_epi8(-128)));
          else
            _mm512_storeu_si512(line, integer_words_of_codes<E>(codes));
          to.scales[row % columns] = factor_of<E>(scale, some);
          span.include_block(scale, some);
        });
    for (std::size_t i = 0; i < groups * range.blocks; ++i) transpose_block(panel[i]);
    return span;
  }

  static void transpose_block(ColumnBlock& block) {
    std::int32_t* at = &block.dwords[0][0];
    __m512i low[16];
    if constexpr (D == Digits::Bytes) {
      // Two lines of eight dwords in a vector: columns i and 16 + i.
      for (int i = 0; i < 16; ++i) {
        const __m256i first = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 8 * i));
        const __m256i second = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 8 * (16 + i)));
        low[i] = _mm512_inserti64x4(_mm512_castsi256_si512(first), second, 1);
      }
      transpose(low);
      for (int i = 0; i < 8; ++i) {
        _mm512_storeu_si512(at + 32 * i, low[i]);
        _mm512_storeu_si512(at + 32 * i + 16, low[8 + i]);
      }
    } else {
      __m512i high[16];
      for (int i = 0; i < 16; ++i) low[i] = _mm512_loadu_si512(at + 16 * i);
      for (int i = 0; i < 16; ++i) high[i] = _mm512_loadu_si512(at + 16 * (16 + i));
      transpose(low);
      transpose(high);
      for (int i = 0; i < 16; ++i) _mm512_storeu_si512(at + 32 * i, low[i]);
      for (int i = 0; i < 16; ++i) _mm512_storeu_si512(at + 32 * i + 16, high[i]);
    }
  }

  static ScaleSpan pack_a(const MatmulJob& job, const PanelRange& range, std::byte* panel) {
    auto* lines = reinterpret_cast<LineBlock*>(panel);
    const std::size_t padded = (range.rows + rows - 1) / rows * rows;
    std::memset(static_cast<void*>(lines + range.rows * range.blocks), 0,
                (padded - range.rows) * range.blocks * sizeof(LineBlock));
    ScaleSpan span;
    with_small_element(job.a.element, [&](auto element) {
      if constexpr (fits_bytes<element()>()) span = pack_lines_of<element()>(job, range, lines);
    });
    return span;
  }
  static ScaleSpan pack_b(const MatmulJob& job, const PanelRange& range, std::byte* panel) {
    ScaleSpan span;
    with_small_element(job.b.element, [&](auto element) {
      if constexpr (fits_bytes<element()>())
        span = pack_columns_of<element()>(job, range, reinterpret_cast<ColumnBlock*>(panel));
    });
    return span;
  }
  template <spec::ElementType E>
  static constexpr bool fits_bytes() {
    return D == Digits::Words || E != spec::ElementType::E3M2;
  }

  static void add(const MatmulJob&, const PanelRange& a, const PanelRange& b, bool,
                  const MatmulWorkspace& workspace, const TileSums& sums) {
    const auto* lines = reinterpret_cast<const LineBlock*>(workspace.a);
    const auto* groups = reinterpret_cast<const ColumnBlock*>(workspace.b);
    for (std::size_t column = 0; column < b.rows; column += columns)
      for (std::size_t row = 0; row < a.rows; row += rows) {
        const std::size_t next_row = row + rows < a.rows ? row + rows : row;
        add_blocks(lines + row * a.blocks, groups + column / columns * a.blocks, a.blocks,
                   sums.at + row * sums.stride + column, sums.at + next_row * sums.stride + column,
                   sums.stride);
      }
  }

  /// Integer sums times scales.
  static MXEMU_HOST __m512 scaled(__m512i sums, __m512 scales) {
    if constexpr (D == Digits::Words) return _mm512_mul_ps(_mm512_cvtepi32_ps(sums), scales);
    const __m512 offset = _mm512_mul_ps(scales, _mm512_set1_ps(magic));
    return _mm512_fmsub_ps(_mm512_castsi512_ps(sums), scales, offset);
  }

  static MXEMU_HOST __m512i dot(__m512i sum, __m512i column, __m512i line) {
    if constexpr (D == Digits::Bytes) return _mm512_dpbusd_epi32(sum, column, line);
    return _mm512_dpwssd_epi32(sum, column, line);
  }

  /// `next_sums` are those of the following call, or these again.
  [[gnu::noinline]] static void add_blocks(const LineBlock* a, const ColumnBlock* b, std::size_t blocks,
                                           float* sums, const float* next_sums, std::size_t stride) {
    __m512 totals[rows][2];
    MXEMU_UNROLL
    for (std::size_t row = 0; row < rows; ++row) {
      totals[row][0] = _mm512_loadu_ps(sums + row * stride);
      totals[row][1] = _mm512_loadu_ps(sums + row * stride + 16);
      __builtin_prefetch(next_sums + row * stride);
      __builtin_prefetch(next_sums + row * stride + 16);
    }
    for (std::size_t block = 0; block < blocks; ++block, ++a) {
      const ColumnBlock& column_block = b[block];
      __m512i dots[rows][2];
      MXEMU_UNROLL
      for (std::size_t row = 0; row < rows; ++row)
        dots[row][0] = dots[row][1] = _mm512_set1_epi32(a[row * blocks].start);
      MXEMU_UNROLL
      for (std::size_t i = 0; i < block_dwords; ++i) {
        const __m512i left = _mm512_load_si512(column_block.dwords[i]);
        const __m512i right = _mm512_load_si512(column_block.dwords[i] + 16);
        MXEMU_UNROLL
        for (std::size_t row = 0; row < rows; ++row) {
          const __m512i line = _mm512_set1_epi32(a[row * blocks].dwords[i]);
          dots[row][0] = dot(dots[row][0], left, line);
          dots[row][1] = dot(dots[row][1], right, line);
        }
      }
      const __m512 left_scales = _mm512_load_ps(column_block.scales);
      const __m512 right_scales = _mm512_load_ps(column_block.scales + 16);
      MXEMU_UNROLL
      for (std::size_t row = 0; row < rows; ++row) {
        const __m512 scale = _mm512_set1_ps(a[row * blocks].scale);
        totals[row][0] = _mm512_fmadd_ps(scaled(dots[row][0], left_scales), scale, totals[row][0]);
        totals[row][1] = _mm512_fmadd_ps(scaled(dots[row][1], right_scales), scale, totals[row][1]);
      }
    }
    MXEMU_UNROLL
    for (std::size_t row = 0; row < rows; ++row) {
      _mm512_storeu_ps(sums + row * stride, totals[row][0]);
      _mm512_storeu_ps(sums + row * stride + 16, totals[row][1]);
    }
  }
};

}  // namespace mxemu::fast::MXEMU_TIER
