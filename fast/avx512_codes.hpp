// AVX-512: from words that hold code and sign to bytes and to bit streams, four blocks at a time.
#pragma once

#include <immintrin.h>

#include <array>
#include <cstdint>

#include "fast/avx512_words.hpp"
#include "spec/element_format.hpp"

namespace mxemu::fast::avx512 {

struct alignas(64) Bytes64 {
  std::uint8_t at[64];
};
struct alignas(64) Words32 {
  std::uint16_t at[32];
};

/// Where element e (0 … 63) of two blocks stands in the byte vector of `code_bytes`.
template <spec::ElementType E, class Source>
consteval int place_of(int element) {
  const int block = element / 32;
  const int i = element % 32;
  // Vector a or b, and the index there.
  const int half = Source::interleaved ? i % 2 : i / 16;
  const int index = Source::interleaved ? i / 2 : i % 16;
  const int lane = index / 4;
  if (E == spec::ElementType::INT8) return 16 * lane + 8 * block + 2 * (index % 4) + half;
  return 16 * lane + 8 * block + 4 * half + index % 4;
}

template <spec::ElementType E, class Source>
consteval Bytes64 byte_order() {
  Bytes64 order = {};
  for (int e = 0; e < 64; ++e) order.at[e] = static_cast<std::uint8_t>(place_of<E, Source>(e));
  return order;
}

MXEMU_HOST __m512i vector_of(const Bytes64& bytes) {
  return _mm512_load_si512(bytes.at);
}
MXEMU_HOST __m512i vector_of(const Words32& words) {
  return _mm512_load_si512(words.at);
}

/// Bit offsets that pick, from each four words, four ordinals and four bytes with the sign in the code's top
/// bit.
template <spec::ElementType E>
consteval Bytes64 picks() {
  const spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  Bytes64 offsets = {};
  for (int i = 0; i < 64; ++i) {
    const int from = i % 8 < 4 ? 7 - format.mantissa_bits : 16 - format.bits;
    offsets.at[i] = static_cast<std::uint8_t>((16 * (i % 4) + from) % 64);
  }
  return offsets;
}

/// The codes of two blocks, one per byte, in the order of place_of.
template <spec::ElementType E>
MXEMU_HOST __m512i code_bytes(__m512i first, __m512i second) {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  if constexpr (E == spec::ElementType::INT8) {
    const auto lowest = static_cast<char>(-format.max_normal_code);
    return _mm512_max_epi8(_mm512_packs_epi16(first, second), _mm512_set1_epi8(lowest));
  } else {
    static constexpr Bytes64 offsets = picks<E>();
    const __m512 p = _mm512_castsi512_ps(_mm512_multishift_epi64_epi8(vector_of(offsets), first));
    const __m512 q = _mm512_castsi512_ps(_mm512_multishift_epi64_epi8(vector_of(offsets), second));
    const __m512i ordinals = _mm512_castps_si512(_mm512_shuffle_ps(p, q, 0x88));
    const __m512i signs = _mm512_castps_si512(_mm512_shuffle_ps(p, q, 0xdd));
    const __m512i clamped =
        _mm512_min_epu8(ordinals, _mm512_set1_epi8(static_cast<char>(format.max_normal_code)));
    const __m512i sign_mask = _mm512_set1_epi8(static_cast<char>(format.sign_mask));
    return _mm512_ternarylogic_epi32(sign_mask, signs, clamped, 0xea);  // (mask & sign) | ordinal
  }
}

/// The codes of two blocks, one per byte, in order.
template <spec::ElementType E, class Source>
MXEMU_HOST __m512i ordered_bytes(__m512i first, __m512i second) {
  static constexpr Bytes64 order = byte_order<E, Source>();
  return _mm512_permutexvar_epi8(vector_of(order), code_bytes<E>(first, second));
}

template <bool Stream>
MXEMU_HOST void store(std::uint8_t* to, __m512i value) {
  if constexpr (Stream)
    _mm512_stream_si512(reinterpret_cast<__m512i*>(to), value);
  else
    _mm512_storeu_si512(to, value);
}

/// Two words of FP4 per four elements, from where a maddubs and a packus of four blocks leave them.
consteval Words32 fp4_order() {
  Words32 order = {};
  for (int j = 0; j < 32; ++j) order.at[j] = static_cast<std::uint16_t>(j % 4 * 8 + j / 4);
  return order;
}

/// 128 elements to 64 bytes.
template <spec::ElementType E, class Source>
MXEMU_HOST __m512i fp4_stream(const __m512i words[4]) {
  const __m512i weights = _mm512_set1_epi16(0x1001);
  if constexpr (Source::interleaved) {
    const __m512i low = _mm512_maddubs_epi16(ordered_bytes<E, Source>(words[0], words[1]), weights);
    const __m512i high = _mm512_maddubs_epi16(ordered_bytes<E, Source>(words[2], words[3]), weights);
    const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    return _mm512_permutexvar_epi64(order, _mm512_packus_epi16(low, high));
  } else {
    static constexpr Words32 order = fp4_order();
    const __m512i low = _mm512_maddubs_epi16(code_bytes<E>(words[0], words[1]), weights);
    const __m512i high = _mm512_maddubs_epi16(code_bytes<E>(words[2], words[3]), weights);
    return _mm512_permutexvar_epi16(vector_of(order), _mm512_packus_epi16(low, high));
  }
}

/// Dword j of a vector of two blocks holds four FP6 codes in 24 bits; `place_of` says which.
template <spec::ElementType E, class Source>
MXEMU_HOST __m512i fp6_dwords(__m512i first, __m512i second) {
  const __m512i bytes =
      Source::interleaved ? ordered_bytes<E, Source>(first, second) : code_bytes<E>(first, second);
  const __m512i pairs = _mm512_maddubs_epi16(bytes, _mm512_set1_epi16(0x4001));
  return _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x10000001));
}

/// Byte `byte` (0 … 47) of the stream of two blocks: where it stands in fp6_dwords.
template <class Source>
consteval int fp6_place(int byte) {
  const int group = byte / 3;
  const int dword = Source::interleaved ? group : group % 4 * 4 + group / 4;
  return 4 * dword + byte % 3;
}

/// Bytes 64 * part … of the 192 that four pairs of blocks make, taken from the two pairs that hold them.
template <class Source>
consteval Bytes64 fp6_order(int part) {
  Bytes64 order = {};
  for (int i = 0; i < 64; ++i) {
    const int byte = 64 * part + i;
    order.at[i] = static_cast<std::uint8_t>(64 * (byte / 48 - part) + fp6_place<Source>(byte % 48));
  }
  return order;
}

template <spec::ElementType E, class Source, bool Stream>
MXEMU_HOST void store_fp6(std::uint8_t* to, const __m512i words[8]) {
  static constexpr Bytes64 order[3] = {fp6_order<Source>(0), fp6_order<Source>(1), fp6_order<Source>(2)};
  __m512i dwords[4];
  for (int i = 0; i < 4; ++i) dwords[i] = fp6_dwords<E, Source>(words[2 * i], words[2 * i + 1]);
  for (int part = 0; part < 3; ++part)
    store<Stream>(to + 64 * part,
                  _mm512_permutex2var_epi8(dwords[part], vector_of(order[part]), dwords[part + 1]));
}

/// Eight blocks to bytes or to a bit stream.
template <spec::ElementType E, class Source, bool Packed, bool Stream>
MXEMU_HOST void store_codes(std::uint8_t* to, const __m512i words[8]) {
  constexpr int bits = spec::element_formats[static_cast<int>(E)].bits;
  if constexpr (Packed && bits == 4) {
    store<Stream>(to, fp4_stream<E, Source>(words));
    store<Stream>(to + 64, fp4_stream<E, Source>(words + 4));
  } else if constexpr (Packed && bits == 6) {
    store_fp6<E, Source, Stream>(to, words);
  } else {
    for (int i = 0; i < 4; ++i)
      store<Stream>(to + 64 * i, ordered_bytes<E, Source>(words[2 * i], words[2 * i + 1]));
  }
}

}  // namespace mxemu::fast::avx512
