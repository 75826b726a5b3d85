// AMX: block sums of the small formats, one instruction for 16 x 16 of them. Elements times their scales are
// bfloat16 numbers; under plain scales no product, no sum of a block and nothing on the way is rounded, and
// none is subnormal, which tiles would flush. The 32 bfloat16 numbers of a line of a tile are one block.
#pragma once

#include "fast/avx512_matmul.hpp"

namespace mxemu::fast::amx {

/// The upper halves of the float32 values of codes.
template <spec::ElementType E>
consteval Words64 halves_of() {
  constexpr spec::FloatFormat bfloat16 = spec::float_formats[1];
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  Words64 table = {};
  for (int code = 0; code < 64; ++code) {
    const int own = code & (format.code_count() - 1);
    const int magnitude = own & format.magnitude_mask;
    const int sign = (own & format.sign_mask) != 0 ? 0x8000 : 0;
    // A subnormal moves up until its leading one is the hidden one.
    int shift = 0;
    while (magnitude != 0 && magnitude << shift < format.min_normal_code) ++shift;
    const int field = bfloat16.bias - format.bias - shift;
    const int bits = (magnitude << shift << (bfloat16.mantissa_bits - format.mantissa_bits)) +
                     field * (1 << bfloat16.mantissa_bits);
    table.at[code] = static_cast<std::uint16_t>(magnitude == 0 ? sign : sign | bits);
  }
  return table;
}

/// The upper halves of the odd words of two vectors, in order.
struct alignas(64) OddWords {
  std::uint16_t at[32];
};
consteval OddWords odd_words() {
  OddWords order = {};
  for (int i = 0; i < 32; ++i) order.at[i] = static_cast<std::uint16_t>(2 * i + 1);
  return order;
}

/// The elements of a block as bfloat16 numbers, those of INT8 as integers.
template <spec::ElementType E>
MXEMU_HOST __m512i halves_of_codes(__m256i codes) {
  if constexpr (E == spec::ElementType::INT8) {
    static constexpr OddWords order = odd_words();
    const auto floats = [](__m128i bytes) {
      return _mm512_castps_si512(_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes)));
    };
    return _mm512_permutex2var_epi16(floats(_mm256_castsi256_si128(codes)), _mm512_load_si512(order.at),
                                     floats(_mm256_extracti128_si256(codes, 1)));
  } else {
    static constexpr Words64 table = halves_of<E>();
    return words_of_codes(codes, table);
  }
}

/// A block times its scale.
template <spec::ElementType E>
MXEMU_HOST __m512i scaled_halves(__m256i codes, std::uint8_t scale) {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  if (scale == spec::scale_formats[0].nan_code) [[unlikely]]
    return _mm512_set1_epi16(0x7fc0);
  const __m512i halves = halves_of_codes<E>(codes);
  const __mmask32 numbers = _mm512_test_epi16_mask(halves, _mm512_set1_epi16(0x7fff));
  const int unit = E == spec::ElementType::INT8 ? unit_exponent(format) : 0;
  const int exponent = scale - spec::scale_formats[0].bias + unit;
  return _mm512_mask_add_epi16(halves, numbers, halves,
                               _mm512_set1_epi16(static_cast<short>(exponent * (1 << 7))));
}

/// 16 lines of 64 bytes.
struct alignas(64) TileBytes {
  __m512i lines[16];
};

struct TileKernel {
  static constexpr std::size_t side = 16;
  /// Blocks whose sums wait in the first cache.
  static constexpr std::size_t blocks_at_a_time = 4;

  /// Panels of both: groups of 16 rows, per group and block a tile, panel[group][block].
  template <spec::ElementType E, bool Transposed>
  static ScaleSpan pack_as(const MatmulJob& job, const BlockRows& matrix, const PanelRange& range,
                           TileBytes* panel) {
    constexpr int bits = spec::element_formats[static_cast<int>(E)].bits;
    const std::size_t groups = padded_groups(range.rows);
    ScaleSpan span;
    for (std::size_t row = range.rows; row < groups * side; ++row)
      for (std::size_t block = 0; block < range.blocks; ++block)
        panel[row / side * range.blocks + block].lines[row % side] = _mm512_setzero_si512();
    for_each_code_block<bits>(
        job, matrix, range, [&](std::size_t row, std::size_t block, __m256i codes, std::uint8_t scale) {
          panel[row / side * range.blocks + block].lines[row % side] = scaled_halves<E>(codes, scale);
          span.include_block(scale, has_other_than_zeros<E>(codes));
        });
    if constexpr (Transposed)
      for (std::size_t i = 0; i < groups * range.blocks; ++i) transpose(panel[i].lines);
    return span;
  }

  /// Tiles come in pairs.
  static std::size_t padded_groups(std::size_t rows) { return (rows + 2 * side - 1) / (2 * side) * 2; }

  static ScaleSpan pack_a(const MatmulJob& job, const PanelRange& range, std::byte* panel) {
    ScaleSpan span;
    with_small_element(job.a.element, [&](auto element) {
      span = pack_as<element(), false>(job, job.a, range, reinterpret_cast<TileBytes*>(panel));
    });
    return span;
  }
  static ScaleSpan pack_b(const MatmulJob& job, const PanelRange& range, std::byte* panel) {
    ScaleSpan span;
    with_small_element(job.b.element, [&](auto element) {
      span = pack_as<element(), true>(job, job.b, range, reinterpret_cast<TileBytes*>(panel));
    });
    return span;
  }

  static void add(const MatmulJob&, const PanelRange& a, const PanelRange& b, bool,
                  const MatmulWorkspace& workspace, const TileSums& sums) {
    const auto* panel_a = reinterpret_cast<const TileBytes*>(workspace.a);
    const auto* panel_b = reinterpret_cast<const TileBytes*>(workspace.b);
    configure_tiles();
    for (std::size_t column = 0; column < b.rows; column += 2 * side)
      for (std::size_t row = 0; row < a.rows; row += 2 * side)
        add_blocks(panel_a + row / side * a.blocks, panel_b + column / side * a.blocks, a.blocks,
                   sums.at + row * sums.stride + column, sums.stride);
    _tile_release();
  }

  static void configure_tiles() {
    struct alignas(64) {
      std::uint8_t palette = 1;
      std::uint8_t start_row = 0;
      std::uint8_t reserved[14] = {};
      std::uint16_t bytes_of_line[16] = {64, 64, 64, 64, 64, 64, 64, 64};
      std::uint8_t lines[16] = {16, 16, 16, 16, 16, 16, 16, 16};
    } const configuration;
    _tile_loadconfig(&configuration);
  }

  /// The sums of some blocks of 32 rows by 32 columns: block_sums[block][quarter].
  static MXEMU_HOST void multiply(const TileBytes* a, const TileBytes* b, std::size_t blocks,
                                  std::size_t all_blocks, TileBytes* block_sums) {
    for (std::size_t block = 0; block < blocks; ++block, ++a, ++b, block_sums += 4) {
      _tile_loadd(4, a, 64);
      _tile_loadd(6, b, 64);
      _tile_zero(0);
      _tile_dpbf16ps(0, 4, 6);
      _tile_loadd(7, b + all_blocks, 64);
      _tile_zero(1);
      _tile_dpbf16ps(1, 4, 7);
      _tile_loadd(5, a + all_blocks, 64);
      _tile_zero(2);
      _tile_dpbf16ps(2, 5, 6);
      _tile_zero(3);
      _tile_dpbf16ps(3, 5, 7);
      _tile_stored(0, block_sums, 64);
      _tile_stored(1, block_sums + 1, 64);
      _tile_stored(2, block_sums + 2, 64);
      _tile_stored(3, block_sums + 3, 64);
    }
  }

  [[gnu::noinline]] static void add_blocks(const TileBytes* a, const TileBytes* b, std::size_t blocks,
                                           float* sums, std::size_t stride) {
    TileBytes block_sums[4 * blocks_at_a_time];
    for (std::size_t first = 0; first < blocks; first += blocks_at_a_time) {
      const std::size_t count = blocks - first < blocks_at_a_time ? blocks - first : blocks_at_a_time;
      multiply(a + first, b + first, count, blocks, block_sums);
      for (std::size_t quarter = 0; quarter < 4; ++quarter)
        add_quarter(block_sums + quarter, count, sums + quarter / 2 * side * stride + quarter % 2 * side,
                    stride);
    }
  }

  static MXEMU_HOST void add_quarter(const TileBytes* block_sums, std::size_t blocks, float* sums,
                                     std::size_t stride) {
    __m512 line[side];
    MXEMU_UNROLL
    for (std::size_t row = 0; row < side; ++row) line[row] = _mm512_loadu_ps(sums + row * stride);
    for (std::size_t block = 0; block < blocks; ++block) MXEMU_UNROLL
    for (std::size_t row = 0; row < side; ++row)
      line[row] = _mm512_add_ps(line[row], _mm512_castsi512_ps(block_sums[4 * block].lines[row]));
    MXEMU_UNROLL
    for (std::size_t row = 0; row < side; ++row) _mm512_storeu_ps(sums + row * stride, line[row]);
  }
};

}  // namespace mxemu::fast::amx
