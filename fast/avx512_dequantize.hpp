// AVX-512: dequantisation of runs of whole blocks to float32, bfloat16 and float16.
//
// Where every product X * P is zero or a normal number of the output, it is exact, and one multiplication by
// a power of two gives it. Other blocks (a NaN scale, NaN elements, products below 2^-126 or beyond the
// largest number) go through the codec, which knows the policy.
#pragma once

#include <immintrin.h>

#include <bit>
#include <cstddef>
#include <cstdint>

#include "fast/avx512_codes.hpp"
#include "fast/codec.hpp"
#include "fast/fast_path.hpp"
#include "fast/general.hpp"

namespace mxemu::fast::avx512 {

/// The values of the codes of a format of four bits.
struct alignas(64) Values16 {
  float at[16];
};

template <spec::ElementType E>
consteval Values16 values_of() {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  constexpr spec::FloatFormat float32 = spec::float_formats[0];
  constexpr spec::ScaleFormat scale = spec::scale_formats[0];
  const DecodeWords<std::uint32_t> words = make_decode_words<std::uint32_t>(scale, float32, {});
  Values16 values = {};
  for (std::uint32_t code = 0; code < 16; ++code)
    values.at[code] = std::bit_cast<float>(decode_element<std::uint32_t>(
        format, scale, float32, words, code, static_cast<std::uint32_t>(scale.bias)));
  return values;
}

template <spec::ElementType E, bool Packed>
inline constexpr std::size_t block_bytes =
    Packed ? 4 * static_cast<std::size_t>(spec::element_formats[static_cast<int>(E)].bits) : fast_block;

/// The scale codes under which all products are zero or normal, and what the factor's exponent field adds.
struct PlainScales {
  int first;
  int last;
  int field;  ///< exponent field of the factor minus the scale code
};

/// Formats of six and eight bits are read as halves, whose bias is larger.
template <spec::ElementType E>
consteval PlainScales plain_scales() {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  constexpr int half_bias = spec::float_formats[2].bias;
  const bool integer = format.encoding == spec::Encoding::TwosComplement;
  // INT8 reaches -2, one binade above emax.
  const int top = format.emax + (integer ? 1 : 0);
  const int field = integer ? -format.mantissa_bits : format.bits > 4 ? half_bias - format.bias : 0;
  return {1 - format.emin + format.mantissa_bits, 254 - (field > top ? field : top), field};
}

/// For each of 32 words: bytes that hold the six bits of its code, from the first of the block on.
consteval Bytes64 fp6_bytes() {
  Bytes64 order = {};
  for (int i = 0; i < 32; ++i)
    for (int byte = 0; byte < 2; ++byte) order.at[2 * i + byte] = static_cast<std::uint8_t>(6 * i / 8 + byte);
  return order;
}

/// What brings such a code to the top of its word.
consteval Words32 fp6_shifts() {
  Words32 shifts = {};
  for (int i = 0; i < 32; ++i) shifts.at[i] = static_cast<std::uint16_t>(10 - 6 * i % 8);
  return shifts;
}

/// 32 codes on top of words; bits below a code are anything.
template <int Bits, bool Packed>
MXEMU_HOST __m512i codes_on_top(const std::uint8_t* codes) {
  if constexpr (Packed && Bits == 6) {
    static constexpr Bytes64 order = fp6_bytes();
    static constexpr Words32 shifts = fp6_shifts();
    const __m512i bytes = _mm512_castsi256_si512(_mm256_maskz_loadu_epi8(0xffffff, codes));
    return _mm512_sllv_epi16(_mm512_permutexvar_epi8(vector_of(order), bytes), vector_of(shifts));
  } else {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes));
    return _mm512_slli_epi16(_mm512_cvtepu8_epi16(bytes), 16 - Bits);
  }
}

consteval Bytes64 fp4_picks() {
  Bytes64 offsets = {};
  for (int i = 0; i < 64; ++i) offsets.at[i] = static_cast<std::uint8_t>(i / 8 * 8 + i % 8 / 4 * 4);
  return offsets;
}

/// 32 codes of four bits, one per dword; bits above a code are anything.
struct DwordPair {
  __m512i a;
  __m512i b;
};

template <bool Packed>
MXEMU_HOST DwordPair fp4_codes(const std::uint8_t* codes) {
  if constexpr (Packed) {
    static constexpr Bytes64 picks = fp4_picks();
    std::int64_t halves[2];
    std::memcpy(halves, codes, sizeof halves);
    return {_mm512_multishift_epi64_epi8(vector_of(picks), _mm512_set1_epi64(halves[0])),
            _mm512_multishift_epi64_epi8(vector_of(picks), _mm512_set1_epi64(halves[1]))};
  } else {
    const auto* at = reinterpret_cast<const __m128i*>(codes);
    return {_mm512_cvtepu8_epi32(_mm_loadu_si128(at)), _mm512_cvtepu8_epi32(_mm_loadu_si128(at + 1))};
  }
}

/// The elements of a block, in order, before the factor.
template <spec::ElementType E, bool Packed>
MXEMU_HOST Pair block_values(const std::uint8_t* codes) {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  if constexpr (E == spec::ElementType::INT8) {
    const auto* at = reinterpret_cast<const __m128i*>(codes);
    return {_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(at))),
            _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(at + 1)))};
  } else if constexpr (format.bits == 4) {
    static constexpr Values16 values = values_of<E>();
    const __m512 table = _mm512_load_ps(values.at);
    const DwordPair index = fp4_codes<Packed>(codes);
    return {_mm512_permutexvar_ps(index.a, table), _mm512_permutexvar_ps(index.b, table)};
  } else {
    // The exponent slides down to where a half has it; the copies of the sign that it leaves go, and what
    // stood below the code. E5M2 is the upper byte of a half at once.
    constexpr int spare = 5 - format.exponent_bits;
    constexpr int kept = 0x8000 | (format.magnitude_mask << (10 - format.mantissa_bits));
    const __m512i on_top = codes_on_top<format.bits, Packed>(codes);
    const __m512i halves = spare == 0 ? on_top
                                      : _mm512_and_si512(_mm512_srai_epi16(on_top, spare),
                                                         _mm512_set1_epi16(static_cast<short>(kept)));
    return {_mm512_cvtph_ps(_mm512_castsi512_si256(halves)),
            _mm512_cvtph_ps(_mm512_extracti64x4_epi64(halves, 1))};
  }
}

/// Which of up to 16 blocks hold a NaN.
template <spec::ElementType E>
MXEMU_HOST std::uint32_t blocks_with_nan(const std::uint8_t* codes, std::size_t blocks) {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  if constexpr (format.nan_code == 0) return 0;
  constexpr int largest = format.infinity_code != 0 ? format.infinity_code : format.max_normal_code;
  const __m256i limit = _mm256_set1_epi8(static_cast<char>(largest));
  const auto magnitudes = [&](std::size_t b) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes + fast_block * b));
    return _mm256_and_si256(bytes, _mm256_set1_epi8(0x7f));
  };
  __m256i most = _mm256_setzero_si256();
  for (std::size_t b = 0; b < blocks; ++b) most = _mm256_max_epu8(most, magnitudes(b));
  if (_mm256_cmpgt_epi8_mask(most, limit) == 0) [[likely]]
    return 0;
  std::uint32_t found = 0;
  for (std::size_t b = 0; b < blocks; ++b)
    found |= static_cast<std::uint32_t>(_mm256_cmpgt_epi8_mask(magnitudes(b), limit) != 0) << b;
  return found;
}

template <spec::FloatType T, bool Stream>
MXEMU_HOST void store_values(std::uint8_t* to, Pair values) {
  if constexpr (T == spec::FloatType::Float32) {
    store<Stream>(to, _mm512_castps_si512(values.a));
    store<Stream>(to + 64, _mm512_castps_si512(values.b));
  } else if constexpr (T == spec::FloatType::Float16) {
    // The one rounding of the product, to a half.
    const auto halves = [](__m512 x) { return _mm512_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT); };
    store<Stream>(to, _mm512_inserti64x4(_mm512_castsi256_si512(halves(values.a)), halves(values.b), 1));
  } else {
    // A bfloat16 holds every element's significand: the upper halves are the values.
    static constexpr Words32 odd = [] {
      Words32 order = {};
      for (int i = 0; i < 32; ++i) order.at[i] = static_cast<std::uint16_t>(2 * i + 1);
      return order;
    }();
    store<Stream>(to, _mm512_permutex2var_epi16(_mm512_castps_si512(values.a), vector_of(odd),
                                                _mm512_castps_si512(values.b)));
  }
}

/// True when every element of a block is a zero.
template <spec::ElementType E, bool Packed>
MXEMU_HOST bool all_zero(const std::uint8_t* codes) {
  const Pair values = block_values<E, Packed>(codes);
  const __m512i any = _mm512_or_si512(_mm512_castps_si512(values.a), _mm512_castps_si512(values.b));
  return _mm512_test_epi32_mask(any, _mm512_set1_epi32(0x7fffffff)) == 0;
}

template <spec::ElementType E, spec::FloatType T, bool Packed>
void dequantize_rare(const DequantizeJob& job, const std::uint8_t* codes, std::uint8_t scale,
                     std::uint8_t* to) {
  constexpr int bits = spec::element_formats[static_cast<int>(E)].bits;
  std::uint8_t bytes[fast_block];
  if constexpr (Packed) unpack_run(bits, codes, 0, fast_block, bytes);
  decode_run<T, true>(job.request, Packed ? bytes : codes, fast_block, &scale,
                      reinterpret_cast<std::byte*>(to));
}

/// The factors of up to 16 blocks, and which of them are left to the codec.
struct alignas(64) GroupFactors {
  float at[16];
  std::uint32_t rare;
};

template <spec::ElementType E, bool Packed>
MXEMU_HOST void find_factors(const std::uint8_t* codes, const std::uint8_t* scales, std::size_t blocks,
                             GroupFactors& factors) {
  constexpr PlainScales plain = plain_scales<E>();
  constexpr std::size_t code_bytes = block_bytes<E, Packed>;
  const auto present = static_cast<__mmask16>((1u << blocks) - 1);
  const __m512i code = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(present, scales));
  const __m512i field = _mm512_add_epi32(_mm512_max_epi32(code, _mm512_set1_epi32(plain.first)),
                                         _mm512_set1_epi32(plain.field));
  _mm512_store_si512(factors.at, _mm512_slli_epi32(field, 23));
  std::uint32_t low = _mm512_mask_cmplt_epi32_mask(present, code, _mm512_set1_epi32(plain.first));
  const std::uint32_t high = _mm512_mask_cmpgt_epi32_mask(present, code, _mm512_set1_epi32(plain.last));
  // A block of zeros is zeros under any finite scale: it takes the smallest plain one.
  if (low != 0) [[unlikely]]
    for (std::size_t b = 0; b < blocks; ++b)
      if ((low >> b & 1) != 0 && all_zero<E, Packed>(codes + code_bytes * b)) low &= ~(1u << b);
  factors.rare = low | high | blocks_with_nan<E>(codes, blocks);
}

/// `blocks` whole blocks in a row. With Stream, `to` stands at a multiple of 64.
template <spec::ElementType E, spec::FloatType T, bool Packed, bool Stream>
void dequantize_run(const DequantizeJob& job, const std::uint8_t* codes, const std::uint8_t* scales,
                    std::size_t blocks, std::uint8_t* to) {
  constexpr std::size_t code_bytes = block_bytes<E, Packed>;
  constexpr std::size_t value_bytes = T == spec::FloatType::Float32 ? 4 * fast_block : 2 * fast_block;
  GroupFactors factors;
  for (std::size_t done = 0; done < blocks;) {
    const std::size_t count = blocks - done < 16 ? blocks - done : 16;
    find_factors<E, Packed>(codes, scales + done, count, factors);
    for (std::size_t b = 0; b < count; ++b, codes += code_bytes, to += value_bytes) {
      if constexpr (Stream) __builtin_prefetch(codes + 2048);
      if ((factors.rare >> b & 1) != 0) [[unlikely]] {
        dequantize_rare<E, T, Packed>(job, codes, scales[done + b], to);
        continue;
      }
      const __m512 factor = _mm512_set1_ps(factors.at[b]);
      const Pair values = block_values<E, Packed>(codes);
      store_values<T, Stream>(to, {_mm512_mul_ps(values.a, factor), _mm512_mul_ps(values.b, factor)});
    }
    done += count;
  }
}

}  // namespace mxemu::fast::avx512
