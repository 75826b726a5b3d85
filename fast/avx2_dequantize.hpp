// AVX2 with F16C: dequantisation of runs of whole blocks to float32 and bfloat16.
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
    // Bytes 0 … 15 and 8 … 23: four times three bytes in each lane, one dword for each three.
    const auto* at = reinterpret_cast<const __m128i*>(codes);
    const __m256i lanes =
        _mm256_set_m128i(_mm_loadu_si128(reinterpret_cast<const __m128i*>(codes + 8)), _mm_loadu_si128(at));
    const __m256i spread = _mm256_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1,  //
                                            4, 5, 6, -1, 7, 8, 9, -1, 10, 11, 12, -1, 13, 14, 15, -1);
    const __m256i fours = _mm256_shuffle_epi8(lanes, spread);
    const auto code = [&](int i) {
      return _mm256_and_si256(_mm256_slli_epi32(fours, 2 * i), _mm256_set1_epi32(0x3f << 8 * i));
    };
    return _mm256_or_si256(_mm256_or_si256(code(0), code(1)), _mm256_or_si256(code(2), code(3)));
  } else {
    return load_bytes(codes);
  }
}

/// The elements of a block before the factor.
template <spec::ElementType E>
MXEMU_HOST Quad block_values(__m256i codes) {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  const __m128i low = _mm256_castsi256_si128(codes);
  const __m128i high = _mm256_extracti128_si256(codes, 1);
  if constexpr (E == spec::ElementType::INT8) {
    const auto floats = [](__m128i eight) { return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(eight)); };
    return {{floats(low), floats(_mm_srli_si128(low, 8)), floats(high), floats(_mm_srli_si128(high, 8))}};
  } else {
    const auto halves = [&](__m128i sixteen) {
      const __m256i words = _mm256_cvtepu8_epi16(sixteen);
      const __m256i magnitude = _mm256_and_si256(words, _mm256_set1_epi16(format.magnitude_mask));
      const __m256i sign = _mm256_and_si256(words, _mm256_set1_epi16(format.sign_mask));
      return _mm256_or_si256(_mm256_slli_epi16(magnitude, 10 - format.mantissa_bits),
                             _mm256_slli_epi16(sign, 16 - format.bits));
    };
    const __m256i first = halves(low);
    const __m256i second = halves(high);
    return {{_mm256_cvtph_ps(_mm256_castsi256_si128(first)),
             _mm256_cvtph_ps(_mm256_extracti128_si256(first, 1)),
             _mm256_cvtph_ps(_mm256_castsi256_si128(second)),
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
  } else {
    // A bfloat16 holds every element's significand: the upper halves are the values.
    const auto upper = [&](int i) { return _mm256_srli_epi32(_mm256_castps_si256(values.at[i]), 16); };
    for (int i = 0; i < 2; ++i) {
      const __m256i words = _mm256_packus_epi32(upper(2 * i), upper(2 * i + 1));
      store<Stream>(to + 32 * i, _mm256_permute4x64_epi64(words, 0xd8));
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
    Quad values = block_values<E>(bytes);
    for (auto& part : values.at) part = _mm256_mul_ps(part, factor);
    store_values<T, Stream>(to, values);
  }
}

/// Fewer than 32 elements at the end of a line.
template <spec::ElementType E, spec::FloatType T, bool Packed>
void dequantize_tail(const DequantizeJob& job, const std::uint8_t* codes, const std::uint8_t* scale,
                     std::size_t count, std::uint8_t* to) {
  std::uint8_t block[fast_block] = {};
  std::uint8_t values[4 * fast_block];
  std::memcpy(block, codes, Packed ? stream_bytes(Quantizer<E>::format.bits, count) : count);
  dequantize_run<E, T, Packed, false>(job, block, scale, 1, values);
  std::memcpy(to, values, count * (T == spec::FloatType::Float32 ? 4 : 2));
}

}  // namespace mxemu::fast::avx2
