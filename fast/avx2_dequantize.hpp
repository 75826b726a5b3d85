// AVX2 with F16C: dequantisation of runs of whole blocks to float32, bfloat16 and float16.
//
// Every floating-point element format fits into a half: its code, shifted, is the half of the value times
// 2^(bias - 15), subnormals and E5M2's Inf included. Where every product X * P is zero or a normal number of
// the output, one multiplication by a power of two gives it exactly. Other blocks go through the codec.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fast/avx2_quantize.hpp"
#include "fast/fast_path.hpp"
#include "fast/general.hpp"

namespace mxemu::fast::avx2 {

/// The scale codes under which all products are zero or normal, and what the factor's exponent field adds.
struct PlainScales {
  int first;
  int last;
  int field;  ///< exponent field of the factor minus the scale code
};

template <spec::ElementType E>
consteval PlainScales plain_scales() {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  constexpr int half_bias = spec::float_formats[2].bias;
  const bool integer = format.encoding == spec::Encoding::TwosComplement;
  const int field = integer ? -format.mantissa_bits : half_bias - format.bias;
  const int top = format.emax + (integer ? 1 : 0);  // INT8 reaches -2, one binade above emax
  const int last = field > top ? 254 - field : 254 - top;
  return {1 - format.emin + format.mantissa_bits, last, field};
}

/// The codes of a block, one per byte.
template <int Bits, bool Packed>
MXEMU_HOST __m256i code_bytes(const std::uint8_t* codes) {
  if constexpr (Packed && Bits == 4) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(codes));
    const __m128i nibble = _mm_set1_epi8(0xf);
    const __m128i low = _mm_and_si128(bytes, nibble);
    const __m128i high = _mm_and_si128(_mm_srli_epi16(bytes, 4), nibble);
    return _mm256_set_m128i(_mm_unpackhi_epi8(low, high), _mm_unpacklo_epi8(low, high));
  } else if constexpr (Packed && Bits == 6) {
    // Bytes 0 … 15 and 8 … 23: four times three bytes in each lane. Of each three, a word that holds its even
    // code and one that holds the odd; multiplications are shifts of their own for every word.
    const auto* at = reinterpret_cast<const __m128i*>(codes);
    const __m256i lanes =
        _mm256_set_m128i(_mm_loadu_si128(reinterpret_cast<const __m128i*>(codes + 8)), _mm_loadu_si128(at));
    const __m256i evens = _mm256_setr_epi8(-1, 0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11,  //
                                           -1, 4, 5, 6, -1, 7, 8, 9, -1, 10, 11, 12, -1, 13, 14, 15);
    const __m256i odds = _mm256_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1,  //
                                          4, 5, 6, -1, 7, 8, 9, -1, 10, 11, 12, -1, 13, 14, 15, -1);
    const __m256i even = _mm256_and_si256(_mm256_shuffle_epi8(lanes, evens), _mm256_set1_epi32(0x03f03f00));
    const __m256i odd = _mm256_and_si256(_mm256_shuffle_epi8(lanes, odds), _mm256_set1_epi32(0x00fc0fc0));
    return _mm256_or_si256(_mm256_mulhi_epu16(even, _mm256_set1_epi32(0x10000100)),
                           _mm256_mullo_epi16(odd, _mm256_set1_epi32(0x00400004)));
  } else {
    return load_bytes(codes);
  }
}

/// Codes with their signs in the top bits of bytes. E2M1 is the upper byte of a half at once.
template <spec::ElementType E>
MXEMU_HOST __m256i sign_on_top(__m256i codes) {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  if constexpr (E == spec::ElementType::E2M1) {
    const __m128i halves = _mm_setr_epi8(0x00, 0x02, 0x04, 0x06, 0x08, 0x0a, 0x0c, 0x0e,  //
                                         -0x80, -0x7e, -0x7c, -0x7a, -0x78, -0x76, -0x74, -0x72);
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(halves),
                               _mm256_and_si256(codes, _mm256_set1_epi8(0xf)));
  } else if constexpr (format.bits < 8) {
    return _mm256_and_si256(_mm256_slli_epi16(codes, 8 - format.bits),
                            _mm256_set1_epi8(static_cast<char>(0xff << (8 - format.bits))));
  } else {
    return codes;
  }
}

/// Bytes in the order of block_values.
template <bool Split>
MXEMU_HOST __m256i in_value_order(__m256i bytes) {
  if constexpr (!Split) return bytes;
  const __m128i even_odd = _mm_setr_epi8(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);
  return _mm256_shuffle_epi8(bytes, _mm256_broadcastsi128_si256(even_odd));
}

/// The elements of a block before the factor: in order, or, as a bfloat16 output wants them, with the even
/// ones of each half in at[0] and at[2] and the odd ones in at[1] and at[3].
template <spec::ElementType E, bool Split>
MXEMU_HOST Quad block_values(__m256i codes) {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  codes = in_value_order<Split>(codes);
  if constexpr (E == spec::ElementType::INT8) {
    const __m128i low = _mm256_castsi256_si128(codes);
    const __m128i high = _mm256_extracti128_si256(codes, 1);
    const auto floats = [](__m128i eight) { return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(eight)); };
    return {{floats(low), floats(_mm_srli_si128(low, 8)), floats(high), floats(_mm_srli_si128(high, 8))}};
  } else {
    // The sign on top of a byte, then of a word; the exponent slides down to where a half has it.
    const __m256i on_top = sign_on_top<E>(codes);
    constexpr int spare = E == spec::ElementType::E2M1 ? 0 : 5 - format.exponent_bits;
    const auto halves = [](__m256i words) {
      if constexpr (spare == 0) return words;
      constexpr int filled = ((1 << spare) - 1) << (15 - spare);
      return _mm256_andnot_si256(_mm256_set1_epi16(filled), _mm256_srai_epi16(words, spare));
    };
    const __m256i first = halves(_mm256_unpacklo_epi8(_mm256_setzero_si256(), on_top));
    const __m256i second = halves(_mm256_unpackhi_epi8(_mm256_setzero_si256(), on_top));
    return {{_mm256_cvtph_ps(_mm256_castsi256_si128(first)), _mm256_cvtph_ps(_mm256_castsi256_si128(second)),
             _mm256_cvtph_ps(_mm256_extracti128_si256(first, 1)),
             _mm256_cvtph_ps(_mm256_extracti128_si256(second, 1))}};
  }
}

template <spec::ElementType E>
MXEMU_HOST bool has_nan(__m256i codes) {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  if constexpr (format.nan_code == 0) return false;
  constexpr int largest = format.infinity_code != 0 ? format.infinity_code : format.max_normal_code;
  const __m256i magnitude = _mm256_and_si256(codes, _mm256_set1_epi8(0x7f));
  return _mm256_movemask_epi8(_mm256_cmpgt_epi8(magnitude, _mm256_set1_epi8(largest))) != 0;
}

/// True when every code of a block is a zero.
template <spec::ElementType E>
MXEMU_HOST bool all_zero(__m256i codes) {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  const int value = format.encoding == spec::Encoding::TwosComplement ? 0xff : format.magnitude_mask;
  return _mm256_testz_si256(codes, _mm256_set1_epi8(static_cast<char>(value))) != 0;
}

template <spec::FloatType T, bool Stream>
MXEMU_HOST void store_values(std::uint8_t* to, const Quad& values) {
  if constexpr (T == spec::FloatType::Float32) {
    for (int i = 0; i < 4; ++i) store<Stream>(to + 32 * i, _mm256_castps_si256(values.at[i]));
  } else if constexpr (T == spec::FloatType::Float16) {
    // The one rounding of the product, to a half.
    const auto halves = [&](int i) { return _mm256_cvtps_ph(values.at[i], _MM_FROUND_TO_NEAREST_INT); };
    for (int i = 0; i < 2; ++i)
      store<Stream>(to + 32 * i, _mm256_set_m128i(halves(2 * i + 1), halves(2 * i)));
  } else {
    // A bfloat16 holds every element's significand: the upper halves are the values, even ones and odd ones.
    for (int i = 0; i < 2; ++i) {
      const __m256i even = _mm256_srli_epi32(_mm256_castps_si256(values.at[2 * i]), 16);
      const __m256i odd = _mm256_castps_si256(values.at[2 * i + 1]);
      store<Stream>(to + 32 * i, _mm256_blend_epi16(even, odd, 0xaa));
    }
  }
}

/// `blocks` whole blocks in a row. With Stream, `to` stands at a multiple of 32.
template <spec::ElementType E, spec::FloatType T, bool Packed, bool Stream>
void dequantize_run(const DequantizeJob& job, const std::uint8_t* codes, const std::uint8_t* scales,
                    std::size_t blocks, std::uint8_t* to) {
  constexpr PlainScales plain = plain_scales<E>();
  constexpr int bits = Quantizer<E>::format.bits;
  constexpr std::size_t code_count = Packed ? 4 * static_cast<std::size_t>(bits) : fast_block;
  constexpr std::size_t value_bytes = T == spec::FloatType::Float32 ? 4 * fast_block : 2 * fast_block;
  for (std::size_t b = 0; b < blocks; ++b, codes += code_count, to += value_bytes) {
    if constexpr (Stream) __builtin_prefetch(codes + 2048);
    const __m256i bytes = code_bytes<bits, Packed>(codes);
    int code = scales[b];
    // A block of zeros is zeros under any finite scale.
    if (code < plain.first && all_zero<E>(bytes)) code = plain.first;
    if (code < plain.first || code > plain.last || has_nan<E>(bytes)) [[unlikely]] {
      std::uint8_t plain_codes[fast_block];
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(plain_codes), bytes);
      decode_run<T, true>(job.request, plain_codes, fast_block, scales + b, reinterpret_cast<std::byte*>(to));
      continue;
    }
    const __m256 factor = _mm256_castsi256_ps(_mm256_set1_epi32((code + plain.field) << 23));
    Quad values = block_values<E, T == spec::FloatType::BFloat16>(bytes);
    for (auto& part : values.at) part = _mm256_mul_ps(part, factor);
    store_values<T, Stream>(to, values);
  }
}

}  // namespace mxemu::fast::avx2
