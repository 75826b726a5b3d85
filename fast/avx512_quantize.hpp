// AVX-512: quantisation of runs of whole blocks, 16 at a time: their maxima, their scales, their codes.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fast/avx512_codes.hpp"
#include "fast/avx512_words.hpp"
#include "fast/codec.hpp"
#include "fast/fast_path.hpp"
#include "fast/pack.hpp"

namespace mxemu::fast::avx512 {

inline constexpr std::size_t group_blocks = 16;
inline constexpr std::size_t group_elements = group_blocks * fast_block;

template <spec::ElementType E>
struct Quantizer {
  static constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  RuleWords rule;
  ScaleWords<std::uint32_t> scale;  ///< for what the integers of the rule do not cover
};

/// The scales of 16 blocks and what the arithmetic needs to know of them.
struct alignas(64) GroupScales {
  float bound[group_blocks];
  std::int32_t bias[group_blocks];
  __mmask16 poisoned;  ///< NaN or Inf in the block: its codes are zero
  __mmask16 tiny;      ///< to be lifted
};

/// Scale codes, one per dword. Subnormal amax is rare and goes through the codec.
template <spec::ElementType E>
MXEMU_HOST __m512i scale_codes(const Quantizer<E>& quantizer, __m512i amax) {
  const __m512i bumped =
      _mm512_srli_epi32(_mm512_add_epi32(amax, _mm512_set1_epi32(static_cast<int>(quantizer.rule.bump))), 23);
  __m512i code = _mm512_add_epi32(bumped, _mm512_set1_epi32(quantizer.rule.offset));
  code = _mm512_min_epi32(_mm512_max_epi32(code, _mm512_set1_epi32(quantizer.rule.smallest)),
                          _mm512_set1_epi32(254));
  const __mmask16 small = _mm512_cmplt_epu32_mask(amax, _mm512_set1_epi32(1 << 23));
  if (small == 0) [[likely]]
    return code;
  alignas(64) std::uint32_t amaxima[group_blocks];
  alignas(64) std::int32_t codes[group_blocks];
  _mm512_store_si512(amaxima, amax);
  _mm512_store_si512(codes, code);
  constexpr spec::FloatFormat float32 = spec::float_formats[0];
  for (std::size_t b = 0; b < group_blocks; ++b)
    if (small >> b & 1)
      codes[b] = shared_scale<std::uint32_t>(quantizer.scale,
                                             number_of<std::uint32_t>(23, float32.emin, amaxima[b]));
  return _mm512_load_si512(codes);
}

/// What 16 amax say: scale codes as they are stored, and the frames of the arithmetic, one lane for each.
struct Frames {
  __m512i stored;
  __m512i bound;
  __m512i bias;
  __mmask16 poisoned;
  __mmask16 tiny;
};

template <spec::ElementType E>
MXEMU_HOST Frames frames_of(const Quantizer<E>& quantizer, __m512i amax) {
  constexpr spec::ElementFormat format = Quantizer<E>::format;
  const __m512i code = scale_codes<E>(quantizer, amax);
  Frames frames;
  frames.poisoned = _mm512_cmpge_epu32_mask(amax, _mm512_set1_epi32(0x7f800000));
  frames.stored = _mm512_mask_mov_epi32(code, frames.poisoned, _mm512_set1_epi32(255));

  // A block of zeros encodes to zeros under any scale: it takes the smallest that needs no lift.
  const __m512i plain = _mm512_set1_epi32(first_plain_scale(format));
  const __mmask16 nonzero = _mm512_test_epi32_mask(amax, amax);
  frames.tiny = _mm512_mask_cmplt_epi32_mask(nonzero, code, plain);
  const __m512i framed = _mm512_mask_max_epi32(code, static_cast<__mmask16>(~frames.tiny), code, plain);
  const __m512i lifting = _mm512_maskz_set1_epi32(frames.tiny, lift);
  // INT8: 2^(mantissa_bits - scale), whose biased exponent is mantissa_bits + 2 * 127 - code.
  const __m512i field =
      E == spec::ElementType::INT8
          ? _mm512_sub_epi32(_mm512_sub_epi32(_mm512_set1_epi32(format.mantissa_bits + 254), framed), lifting)
          : _mm512_add_epi32(_mm512_add_epi32(framed, _mm512_set1_epi32(format.emin)), lifting);
  frames.bound = _mm512_slli_epi32(field, 23);
  frames.bias = _mm512_sub_epi32(_mm512_setzero_si512(), _mm512_slli_epi32(field, 7));
  return frames;
}

template <spec::ElementType E, class Source, bool Stream>
MXEMU_HOST void scale_group(const Quantizer<E>& quantizer, const typename Source::Stored* x,
                            std::uint8_t* scales, GroupScales& group) {
  const __m512i high = _mm512_set1_epi32(static_cast<int>(0xffff0000));
  const __m512i maxima = maxima_of_16<Source, Stream>(x);
  const Frames frames =
      frames_of<E>(quantizer, Source::interleaved ? _mm512_and_si512(maxima, high) : maxima);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(scales), _mm512_cvtepi32_epi8(frames.stored));
  _mm512_store_si512(group.bound, frames.bound);
  _mm512_store_si512(group.bias, frames.bias);
  group.poisoned = frames.poisoned;
  group.tiny = frames.tiny;
}

template <spec::ElementType E, class Source, bool Packed, bool Stream>
MXEMU_HOST void encode_group(const typename Source::Stored* x, const GroupScales& group,
                             std::uint8_t* codes) {
  constexpr int bytes = Packed ? 4 * Quantizer<E>::format.bits : 32;
  const bool plain = (group.poisoned | group.tiny) == 0;
  for (std::size_t first = 0; first < group_blocks; first += 8) {
    __m512i words[8];
    if (plain) [[likely]] {
#pragma GCC unroll 8
      for (std::size_t i = 0; i < 8; ++i) {
        const std::size_t b = first + i;
        if constexpr (Stream) prefetch_block(x + fast_block * b + group_elements, 1);
        words[i] = block_words<E>(Source::load(x + fast_block * b), group.bound[b], group.bias[b]);
      }
    } else {
      for (std::size_t i = 0; i < 8; ++i) {
        const std::size_t b = first + i;
        Pair pair = Source::load(x + fast_block * b);
        if (group.tiny >> b & 1) pair = {lifted(pair.a), lifted(pair.b)};
        words[i] = block_words<E>(pair, group.bound[b], group.bias[b]);
        if (group.poisoned >> b & 1) words[i] = _mm512_setzero_si512();
      }
    }
    store_codes<E, Source, Packed, Stream>(codes + first * bytes, words);
  }
}

/// `blocks` whole blocks in a row; codes and scales in a row as well. With Stream, `codes` stands at a
/// multiple of 64.
template <spec::ElementType E, class Source, bool Packed, bool Stream>
void quantize_run(const Quantizer<E>& quantizer, const typename Source::Stored* x, std::size_t blocks,
                  std::uint8_t* codes, std::uint8_t* scales) {
  constexpr std::size_t bytes = Packed ? 4 * static_cast<std::size_t>(Quantizer<E>::format.bits) : 32;
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
  alignas(64) std::uint8_t rest_codes[group_elements];
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

}  // namespace mxemu::fast::avx512
