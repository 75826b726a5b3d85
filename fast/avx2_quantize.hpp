// AVX2: quantisation of runs of whole blocks, 8 at a time: their maxima, their scales, their codes.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fast/avx2_words.hpp"
#include "fast/codec.hpp"
#include "fast/fast_path.hpp"
#include "fast/pack.hpp"

namespace mxemu::fast::avx2 {

inline constexpr std::size_t group_blocks = 8;
inline constexpr std::size_t group_elements = group_blocks * fast_block;

template <spec::ElementType E>
struct Quantizer {
  static constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  RuleWords rule;
  ScaleWords<std::uint32_t> scale;  ///< for what the integers of the rule do not cover
};

/// The scales of 8 blocks and what the arithmetic needs to know of them.
struct alignas(32) GroupScales {
  float bound[group_blocks];
  std::int32_t bias[group_blocks];
  std::uint32_t poisoned;  ///< NaN or Inf in the block: its codes are zero
  std::uint32_t tiny;      ///< to be lifted
};

MXEMU_HOST std::uint32_t lanes_of(__m256i mask) {
  return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(mask)));
}

/// Scale codes, one per dword. Subnormal amax is rare and goes through the codec.
template <spec::ElementType E>
MXEMU_HOST __m256i scale_codes(const Quantizer<E>& quantizer, __m256i amax) {
  const __m256i bump = _mm256_set1_epi32(static_cast<int>(quantizer.rule.bump));
  const __m256i bumped = _mm256_srli_epi32(_mm256_add_epi32(amax, bump), 23);
  __m256i code = _mm256_add_epi32(bumped, _mm256_set1_epi32(quantizer.rule.offset));
  code = _mm256_min_epi32(_mm256_max_epi32(code, _mm256_set1_epi32(quantizer.rule.smallest)),
                          _mm256_set1_epi32(254));
  const std::uint32_t small = lanes_of(_mm256_cmpgt_epi32(_mm256_set1_epi32(1 << 23), amax));
  if (small == 0) [[likely]]
    return code;
  alignas(32) std::uint32_t amaxima[group_blocks];
  alignas(32) std::int32_t codes[group_blocks];
  _mm256_store_si256(reinterpret_cast<__m256i*>(amaxima), amax);
  _mm256_store_si256(reinterpret_cast<__m256i*>(codes), code);
  constexpr int emin = spec::float_formats[0].emin;
  for (std::size_t b = 0; b < group_blocks; ++b)
    if (small >> b & 1)
      codes[b] = shared_scale<std::uint32_t>(quantizer.scale, number_of<std::uint32_t>(23, emin, amaxima[b]));
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(codes));
}

/// What 8 amax say: scale codes as they are stored, and what the arithmetic needs, one lane for each.
struct Frames {
  __m256i stored;
  __m256i bound;     ///< bits of a float
  __m256i poisoned;  ///< masks
  __m256i tiny;
};

template <spec::ElementType E>
MXEMU_HOST Frames frames_of(const Quantizer<E>& quantizer, __m256i amax) {
  constexpr spec::ElementFormat format = Quantizer<E>::format;
  const __m256i code = scale_codes<E>(quantizer, amax);
  Frames frames;
  frames.poisoned = _mm256_cmpgt_epi32(amax, _mm256_set1_epi32(0x7f7fffff));
  frames.stored = _mm256_blendv_epi8(code, _mm256_set1_epi32(255), frames.poisoned);
  // A block of zeros encodes to zeros under any scale: it takes the smallest that needs no lift.
  const __m256i plain = _mm256_set1_epi32(first_plain_scale(format));
  const __m256i nonzero = _mm256_cmpgt_epi32(amax, _mm256_setzero_si256());
  frames.tiny = _mm256_and_si256(nonzero, _mm256_cmpgt_epi32(plain, code));
  const __m256i framed = _mm256_blendv_epi8(_mm256_max_epi32(code, plain), code, frames.tiny);
  const __m256i lifting = _mm256_and_si256(frames.tiny, _mm256_set1_epi32(lift));
  // INT8: 2^(mantissa_bits - scale), whose biased exponent is mantissa_bits + 2 * 127 - code.
  const __m256i field =
      E == spec::ElementType::INT8
          ? _mm256_sub_epi32(_mm256_set1_epi32(format.mantissa_bits + 254), _mm256_add_epi32(framed, lifting))
          : _mm256_add_epi32(_mm256_set1_epi32(format.emin), _mm256_add_epi32(framed, lifting));
  frames.bound = _mm256_slli_epi32(field, 23);
  return frames;
}

template <spec::ElementType E, class Source, bool Stream>
MXEMU_HOST void scale_group(const Quantizer<E>& quantizer, const typename Source::Stored* x,
                            std::uint8_t* scales, GroupScales& group) {
  const Frames frames = frames_of<E>(quantizer, maxima_of_8<Source, Stream>(x));
  group.poisoned = lanes_of(frames.poisoned);
  group.tiny = lanes_of(frames.tiny);
  // 8 dwords below 256 to 8 bytes.
  const __m128i words =
      _mm_packus_epi32(_mm256_castsi256_si128(frames.stored), _mm256_extracti128_si256(frames.stored, 1));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(scales), _mm_packus_epi16(words, words));
  _mm256_store_ps(group.bound, _mm256_castsi256_ps(frames.bound));
  // The exponent field, seven bits up, in both halves.
  const __m256i bias = _mm256_or_si256(_mm256_srli_epi32(frames.bound, 16), frames.bound);
  _mm256_store_si256(reinterpret_cast<__m256i*>(group.bias), bias);
}

template <bool Stream>
MXEMU_HOST void store(std::uint8_t* to, __m256i value) {
  if constexpr (Stream)
    _mm256_stream_si256(reinterpret_cast<__m256i*>(to), value);
  else
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), value);
}

/// Two blocks of codes to bytes or to a bit stream.
template <spec::ElementType E, bool Packed, bool Stream>
MXEMU_HOST void store_codes(std::uint8_t* to, __m256i first, __m256i second) {
  constexpr int bits = Quantizer<E>::format.bits;
  if constexpr (Packed && bits == 4) {
    const __m256i weights = _mm256_set1_epi16(0x1001);
    const __m256i bytes =
        _mm256_packus_epi16(_mm256_maddubs_epi16(first, weights), _mm256_maddubs_epi16(second, weights));
    store<Stream>(to, _mm256_permute4x64_epi64(bytes, 0xd8));
  } else if constexpr (Packed && bits == 6) {
    const auto store_block = [](std::uint8_t* at, __m256i codes) {
      const __m256i pairs = _mm256_maddubs_epi16(codes, _mm256_set1_epi16(0x4001));
      const __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x10000001));
      const __m128i close = _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
      const __m256i lanes = _mm256_shuffle_epi8(fours, _mm256_broadcastsi128_si256(close));
      const __m256i bytes = _mm256_permutevar8x32_epi32(lanes, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(at), _mm256_castsi256_si128(bytes));
      _mm_storel_epi64(reinterpret_cast<__m128i*>(at + 16), _mm256_extracti128_si256(bytes, 1));
    };
    store_block(to, first);
    store_block(to + 24, second);
  } else {
    store<Stream>(to, first);
    store<Stream>(to + 32, second);
  }
}

template <spec::ElementType E, class Source, bool Packed, bool Stream>
MXEMU_HOST void encode_group(const typename Source::Stored* x, const GroupScales& group,
                             std::uint8_t* codes) {
  constexpr std::size_t bytes = Packed ? 4 * static_cast<std::size_t>(Quantizer<E>::format.bits) : fast_block;
  const std::uint32_t special = group.poisoned | group.tiny;
  const auto codes_of = [&](std::size_t b) {
    if constexpr (Stream) prefetch_block(x + fast_block * b + group_elements, 1);
    Quad values = Source::load(x + fast_block * b);
    if ((special >> b & 1) != 0) [[unlikely]] {
      if ((group.poisoned >> b & 1) != 0) return _mm256_setzero_si256();
      for (auto& part : values.at) part = lifted(part);
    }
    return block_codes<E, Source>(values, Source::signs(x + fast_block * b),
                                  frame_of_block(group.bound[b], group.bias[b]));
  };
  for (std::size_t b = 0; b < group_blocks; b += 2) {
    const __m256i first = codes_of(b);
    store_codes<E, Packed, Stream>(codes + bytes * b, first, codes_of(b + 1));
  }
}

/// `blocks` whole blocks in a row; codes and scales in a row as well. With Stream, `codes` stands at a
/// multiple of 32.
template <spec::ElementType E, class Source, bool Packed, bool Stream>
void quantize_run(const Quantizer<E>& quantizer, const typename Source::Stored* x, std::size_t blocks,
                  std::uint8_t* codes, std::uint8_t* scales) {
  constexpr std::size_t bytes = Packed ? 4 * static_cast<std::size_t>(Quantizer<E>::format.bits) : fast_block;
  // The scales of a group are found while the group before it is encoded: two independent strands.
  GroupScales groups[2];
  if (blocks >= group_blocks) scale_group<E, Source, Stream>(quantizer, x, scales, groups[0]);
  for (std::size_t turn = 0; blocks >= group_blocks; blocks -= group_blocks, turn ^= 1) {
    if (blocks >= 2 * group_blocks)
      scale_group<E, Source, Stream>(quantizer, x + group_elements, scales + group_blocks, groups[turn ^ 1]);
    encode_group<E, Source, Packed, Stream>(x, groups[turn], codes);
    x += group_elements;
    codes += group_blocks * bytes;
    scales += group_blocks;
  }
  if (blocks == 0) return;
  typename Source::Stored rest[group_elements] = {};
  std::uint8_t rest_codes[group_elements];
  std::uint8_t rest_scales[group_blocks];
  std::memcpy(rest, x, blocks * fast_block * sizeof rest[0]);
  scale_group<E, Source, false>(quantizer, rest, rest_scales, groups[0]);
  encode_group<E, Source, Packed, false>(rest, groups[0], rest_codes);
  std::memcpy(codes, rest_codes, blocks * bytes);
  std::memcpy(scales, rest_scales, blocks);
}

/// The scales alone of `blocks` whole blocks in a row.
template <spec::ElementType E, class Source>
void scale_run(const Quantizer<E>& quantizer, const typename Source::Stored* x, std::size_t blocks,
               std::uint8_t* scales) {
  GroupScales group;
  for (; blocks >= group_blocks; blocks -= group_blocks) {
    scale_group<E, Source, true>(quantizer, x, scales, group);
    x += group_elements;
    scales += group_blocks;
  }
  typename Source::Stored rest[group_elements] = {};
  std::uint8_t rest_scales[group_blocks];
  std::memcpy(rest, x, blocks * fast_block * sizeof rest[0]);
  scale_group<E, Source, false>(quantizer, rest, rest_scales, group);
  std::memcpy(scales, rest_scales, blocks);
}

}  // namespace mxemu::fast::avx2
