// AVX-512: blocks of 32 codes of the small formats to the bytes and words that integer and tile kernels take.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fast/matmul_panel.hpp"

namespace mxemu::fast::MXEMU_TIER {

struct alignas(64) Bytes64 {
  std::uint8_t at[64];
};
struct alignas(64) Words64 {
  std::uint16_t at[64];
};

/// Bytes of a block's codes.
MXEMU_HOST constexpr std::size_t code_bytes(int bits, bool packed) {
  return packed ? 4 * static_cast<std::size_t>(bits) : 32;
}

/// The 32 codes of a block, one per byte; bits beyond a code may be anything where they came as bytes.
template <int Bits>
MXEMU_HOST __m256i codes_of_block(const std::uint8_t* codes, bool packed) {
  if (Bits == 8 || !packed) return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes));
  if constexpr (Bits == 4) {
    const __m256i pairs = _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(codes)));
    return _mm256_and_si256(_mm256_or_si256(pairs, _mm256_slli_epi16(pairs, 4)), _mm256_set1_epi8(15));
  } else {
    // Six bytes, eight codes, in each 64 bits.
    const __m256i eights =
        _mm256_permutexvar_epi8(_mm256_setr_epi8(0, 1, 2, 3, 4, 5, 0, 0, 6, 7, 8, 9, 10, 11, 0, 0, 12, 13, 14,
                                                 15, 16, 17, 0, 0, 18, 19, 20, 21, 22, 23, 0, 0),
                                _mm256_maskz_loadu_epi8(0xffffff, codes));
    const __m256i codes_and_more =
        _mm256_multishift_epi64_epi8(_mm256_set1_epi64x(0x2a241e18120c0600), eights);
    return _mm256_and_si256(codes_and_more, _mm256_set1_epi8(63));
  }
}

/// Calls use(row of the panel, block of the panel, codes of the block, scale code). The codes of a short
/// block go on with codes of zero.
template <int Bits, class Use>
MXEMU_HOST void for_each_code_block(const MatmulJob& job, const BlockRows& matrix, const PanelRange& range,
                                    const Use& use) {
  constexpr std::size_t k = 32;
  const std::size_t bytes = code_bytes(Bits, matrix.packed);
  for (std::size_t row = 0; row < range.rows; ++row) {
    const std::size_t start = (range.first_row + row - matrix.first) * matrix.stride + range.first_block * k;
    const bool at_bytes = !matrix.packed || start % 8 * Bits % 8 == 0;
    const std::uint8_t* codes =
        matrix.codes + (matrix.packed ? start / 8 * Bits + start % 8 * Bits / 8 : start);
    // Rows lie apart: what a machine fetches by itself along one is not the next one.
    constexpr std::size_t ahead = 8;
    if (row + ahead < range.rows) {
      const std::uint8_t* later = codes + ahead * (matrix.packed ? matrix.stride / 8 * Bits : matrix.stride);
      for (std::size_t i = 0; i < range.blocks * bytes; i += 64) __builtin_prefetch(later + i);
    }
    for (std::size_t block = 0; block < range.blocks; ++block) {
      const std::size_t left = job.depth - (range.first_block + block) * k;
      const std::uint8_t scale = scale_of(matrix, range.first_row + row, range.first_block + block);
      if (left >= k && at_bytes) [[likely]] {
        use(row, block, codes_of_block<Bits>(codes + block * bytes, matrix.packed), scale);
        continue;
      }
      std::uint8_t buffer[k] = {};
      const std::size_t count = left < k ? left : k;
      if (matrix.packed)
        unpack_run(Bits, matrix.codes, start + block * k, count, buffer);
      else
        std::memcpy(buffer, codes + block * k, count);
      use(row, block, codes_of_block<Bits>(buffer, false), scale);
    }
  }
}

/// The integers of codes in the unit of their format, as bytes, or as words for E3M2, whose largest is 448.
template <class Table, spec::ElementType E>
consteval Table integers_of() {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  Table table = {};
  for (int code = 0; code < 64; ++code) {
    const int own = code & (format.code_count() - 1);
    const int magnitude = own & format.magnitude_mask;
    const int field = magnitude >> format.mantissa_bits;
    const int hidden = 1 << format.mantissa_bits;
    const int integer = field == 0 ? magnitude : ((magnitude & (hidden - 1)) | hidden) << (field - 1);
    using Entry = std::remove_cvref_t<decltype(table.at[0])>;
    table.at[code] = static_cast<Entry>((own & format.sign_mask) != 0 ? -integer : integer);
  }
  return table;
}

/// 32 codes to 32 bytes.
template <spec::ElementType E>
MXEMU_HOST __m256i bytes_of_codes(__m256i codes) {
  if constexpr (E == spec::ElementType::INT8) {
    return codes;
  } else {
    static constexpr Bytes64 table = integers_of<Bytes64, E>();
    return _mm512_castsi512_si256(
        _mm512_permutexvar_epi8(_mm512_castsi256_si512(codes), _mm512_load_si512(table.at)));
  }
}

/// 32 codes to 32 words through a table of 64.
MXEMU_HOST __m512i words_of_codes(__m256i codes, const Words64& table) {
  return _mm512_permutex2var_epi16(_mm512_load_si512(table.at), _mm512_cvtepu8_epi16(codes),
                                   _mm512_load_si512(table.at + 32));
}

template <spec::ElementType E>
MXEMU_HOST __m512i integer_words_of_codes(__m256i codes) {
  if constexpr (E == spec::ElementType::INT8) {
    return _mm512_cvtepi8_epi16(codes);
  } else {
    static constexpr Words64 table = integers_of<Words64, E>();
    return words_of_codes(codes, table);
  }
}

/// 16 lines of 16 dwords become columns.
MXEMU_HOST void transpose(__m512i (&lines)[16]) {
  __m512i t[16];
  MXEMU_UNROLL
  for (int i = 0; i < 8; ++i) {  // pairs of lines
    t[2 * i] = _mm512_unpacklo_epi32(lines[2 * i], lines[2 * i + 1]);
    t[2 * i + 1] = _mm512_unpackhi_epi32(lines[2 * i], lines[2 * i + 1]);
  }
  MXEMU_UNROLL
  for (int i = 0; i < 4; ++i)  // fours: lines[4 * i + j] holds columns j, 4 + j, 8 + j, 12 + j of four lines
    MXEMU_UNROLL
  for (int j = 0; j < 2; ++j) {
    lines[4 * i + 2 * j] = _mm512_unpacklo_epi64(t[4 * i + j], t[4 * i + j + 2]);
    lines[4 * i + 2 * j + 1] = _mm512_unpackhi_epi64(t[4 * i + j], t[4 * i + j + 2]);
  }
  MXEMU_UNROLL
  for (int j = 0; j < 4; ++j) {  // lanes of four lines each
    const __m512i low_a = _mm512_shuffle_i32x4(lines[j], lines[4 + j], 0x88);
    const __m512i high_a = _mm512_shuffle_i32x4(lines[j], lines[4 + j], 0xdd);
    const __m512i low_b = _mm512_shuffle_i32x4(lines[8 + j], lines[12 + j], 0x88);
    const __m512i high_b = _mm512_shuffle_i32x4(lines[8 + j], lines[12 + j], 0xdd);
    t[j] = _mm512_shuffle_i32x4(low_a, low_b, 0x88);
    t[8 + j] = _mm512_shuffle_i32x4(low_a, low_b, 0xdd);
    t[4 + j] = _mm512_shuffle_i32x4(high_a, high_b, 0x88);
    t[12 + j] = _mm512_shuffle_i32x4(high_a, high_b, 0xdd);
  }
  MXEMU_UNROLL
  for (int i = 0; i < 16; ++i) lines[i] = t[i];
}

/// True where some element of a block is none of its format's zeros.
template <spec::ElementType E>
MXEMU_HOST bool has_other_than_zeros(__m256i codes) {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  constexpr int mask = format.encoding == spec::Encoding::TwosComplement ? 0xff : format.magnitude_mask;
  return _mm256_test_epi8_mask(codes, _mm256_set1_epi8(static_cast<char>(mask))) != 0;
}

/// Calls call(the enumerator of a small format), as a constant.
template <class Call>
void with_small_element(spec::ElementType element, const Call& call) {
  using enum spec::ElementType;
  if (element == E3M2) return call(std::integral_constant<spec::ElementType, E3M2>{});
  if (element == E2M3) return call(std::integral_constant<spec::ElementType, E2M3>{});
  if (element == E2M1) return call(std::integral_constant<spec::ElementType, E2M1>{});
  call(std::integral_constant<spec::ElementType, INT8>{});
}

template <class Call>
void with_element(spec::ElementType element, const Call& call) {
  using enum spec::ElementType;
  if (element == E5M2) return call(std::integral_constant<spec::ElementType, E5M2>{});
  if (element == E4M3) return call(std::integral_constant<spec::ElementType, E4M3>{});
  with_small_element(element, call);
}

}  // namespace mxemu::fast::MXEMU_TIER
