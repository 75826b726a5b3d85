// Portable quantisation of whole blocks: the arithmetic that avx512_words.hpp draws, with a multiplication
// and an addition in place of the fused one, as short loops over the 32 elements of a block that a compiler
// vectorises for any machine. SSE2 has no integer maximum of 32 bits: maxima are of floats or of 16 bits.
//
// The product with a power of two is exact where it matters: where half a quantum is above 2^-126. Other
// blocks are rare and go through the codec.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fast/codec.hpp"
#include "fast/fast_path.hpp"
#include "fast/pack.hpp"
#include "fast/scale.hpp"

namespace mxemu::fast::portable {

/// There are no streaming stores here.
inline constexpr std::size_t stream_alignment = 64;
MXEMU_HOST void stream_fence() {}

/// The float32 bits of a block.
struct Block {
  std::uint32_t at[fast_block];
};

struct Float32Source {
  using Stored = std::uint32_t;
  static constexpr spec::FloatType type = spec::FloatType::Float32;
  static MXEMU_HOST Block load(const Stored* x) {
    Block block;
    std::memcpy(block.at, reinterpret_cast<const std::byte*>(x), sizeof block.at);
    return block;
  }
};
struct BFloat16Source {
  using Stored = std::uint16_t;
  static constexpr spec::FloatType type = spec::FloatType::BFloat16;
  static MXEMU_HOST Block load(const Stored* x) {
    Stored halves[fast_block];
    std::memcpy(halves, reinterpret_cast<const std::byte*>(x), sizeof halves);
    Block block;
    for (std::size_t i = 0; i < fast_block; ++i) block.at[i] = std::uint32_t{halves[i]} << 16;
    return block;
  }
};

template <spec::ElementType E>
struct Quantizer {
  static constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  RuleWords rule;
  ScaleWords<std::uint32_t> scale;
};

template <spec::ElementType E, bool Packed>
inline constexpr std::size_t block_bytes =
    Packed ? 4 * static_cast<std::size_t>(spec::element_formats[static_cast<int>(E)].bits) : fast_block;

/// The smallest scale code whose elements the float arithmetic gets right.
MXEMU_HOST constexpr int first_plain_scale(const spec::ElementFormat& format) {
  return 26 - format.emin;
}

MXEMU_HOST float larger(float a, float b) {
  return a > b ? a : b;
}

/// Below this, largest_magnitude does not tell one amax from another.
inline constexpr std::uint32_t smallest_common_maximum = (2u << 23) + 1;

/// Bits of the largest magnitude, Inf and NaN included, or something less than smallest_common_maximum.
template <class Source>
[[gnu::noinline]] std::uint32_t largest_magnitude(const typename Source::Stored* from) {
  const Block x = Source::load(from);
  // Less by one exponent, NaNs and Infs are numbers, and only what is below 2^-126 is a NaN: those lose the
  // first comparison. What a machine makes of denormals cannot matter.
  constexpr std::uint32_t one_exponent = 1u << 23;
  float most[fast_block];
  for (std::size_t i = 0; i < fast_block; ++i)
    most[i] = std::bit_cast<float>((x.at[i] & 0x7fffffffu) - one_exponent);
  for (std::size_t i = 0; i < fast_block; ++i) most[i] = larger(most[i], 0x1p-126f);
  for (std::size_t i = 0; i < 16; ++i) most[i] = larger(most[i], most[i + 16]);
  for (std::size_t i = 0; i < 8; ++i) most[i] = larger(most[i], most[i + 8]);
  for (std::size_t i = 0; i < 4; ++i) most[i] = larger(most[i], most[i + 4]);
  const float most_of_all = larger(larger(most[0], most[1]), larger(most[2], most[3]));
  return std::bit_cast<std::uint32_t>(most_of_all) + one_exponent;
}

/// Codes of a block under a plain scale.
template <spec::ElementType E>
MXEMU_HOST void encode_plain(const Block& x, int scale_code, std::uint8_t* codes) {
  constexpr spec::ElementFormat format = Quantizer<E>::format;
  constexpr int mantissa_bits = format.mantissa_bits;
  constexpr std::int16_t largest = format.max_normal_code;
  std::int16_t words[fast_block];
  if constexpr (E == spec::ElementType::INT8) {
    const auto factor =
        std::bit_cast<float>(static_cast<std::uint32_t>(mantissa_bits + 254 - scale_code) << 23);
    // The last place of 1.5 * 2^23 is 1, and the low half of the sum is the integer in two's complement.
    constexpr std::int16_t lowest = -largest;
    constexpr float magic = 0x1.8p23f;
    for (std::size_t i = 0; i < fast_block; ++i)
      words[i] = static_cast<std::int16_t>(
          std::bit_cast<std::uint32_t>(std::bit_cast<float>(x.at[i]) * factor + magic));
    for (std::size_t i = 0; i < fast_block; ++i) {
      const std::int16_t above = words[i] > lowest ? words[i] : lowest;
      words[i] = above < largest ? above : largest;
    }
  } else {
    const int lowest_field = scale_code + format.emin;
    const auto bound = std::bit_cast<float>(static_cast<std::uint32_t>(lowest_field) << 23);
    constexpr float unit = 1.0f / static_cast<float>(1 << (23 - mantissa_bits));
    float powers[fast_block];
    std::int32_t sums[fast_block];
    for (std::size_t i = 0; i < fast_block; ++i)
      powers[i] = larger(std::bit_cast<float>(x.at[i] & 0x7f800000u), bound);
    for (std::size_t i = 0; i < fast_block; ++i) {
      const auto m = std::bit_cast<float>(std::bit_cast<std::uint32_t>(powers[i]) | (x.at[i] & 0x80000000u));
      const auto t = std::bit_cast<std::int32_t>(std::bit_cast<float>(x.at[i]) * unit + m);
      sums[i] = (t >> (23 - mantissa_bits)) + (t & 31);
    }
    for (std::size_t i = 0; i < fast_block; ++i) words[i] = static_cast<std::int16_t>(sums[i]);
    // The sign stands above exponent and mantissa, and what is negative stays so without the bias.
    const auto bias = static_cast<std::int16_t>(lowest_field << mantissa_bits);
    constexpr int magnitude_mask = (1 << (8 + mantissa_bits)) - 1;
    for (std::size_t i = 0; i < fast_block; ++i) {
      const auto signed_ordinal = static_cast<std::int16_t>(words[i] - bias);
      const auto ordinal = static_cast<std::int16_t>(signed_ordinal & magnitude_mask);
      const auto sign = static_cast<std::int16_t>((signed_ordinal >> 15) & format.sign_mask);
      words[i] = static_cast<std::int16_t>((ordinal < largest ? ordinal : largest) | sign);
    }
  }
  for (std::size_t i = 0; i < fast_block; ++i) codes[i] = static_cast<std::uint8_t>(words[i]);
}

/// A block that is poisoned, zero or tiny: its scale code, and its codes, one per byte.
template <spec::ElementType E>
std::uint8_t quantize_rare(const Quantizer<E>& quantizer, const Block& x, std::uint8_t* codes) {
  constexpr spec::ElementFormat format = Quantizer<E>::format;
  constexpr spec::FloatFormat float32 = spec::float_formats[0];
  std::uint32_t amax = 0;
  for (const std::uint32_t bits : x.at) amax = (bits & 0x7fffffffu) > amax ? bits & 0x7fffffffu : amax;
  if (amax > 0x7f7fffffu) {
    std::memset(codes, 0, fast_block);
    return static_cast<std::uint8_t>(quantizer.scale.nan_code);
  }
  const int code =
      shared_scale<std::uint32_t>(quantizer.scale, number_of<std::uint32_t>(23, float32.emin, amax));
  if (amax == 0) {  // zeros encode to zeros under any scale
    encode_plain<E>(x, first_plain_scale(format), codes);
  } else {
    const ElementWords<std::uint32_t> words = make_element_words<std::uint32_t>(format, {}, {});
    for (std::size_t i = 0; i < fast_block; ++i)
      codes[i] = static_cast<std::uint8_t>(
          encode_element<std::uint32_t>(format, words, float32, x.at[i], code - spec::scale_formats[0].bias));
  }
  return static_cast<std::uint8_t>(code);
}

MXEMU_HOST int ruled_code(const RuleWords& rule, std::uint32_t amax) {
  const int code = static_cast<int>((amax + rule.bump) >> 23) + rule.offset;
  return code < 254 ? code : 254;
}

template <spec::ElementType E>
MXEMU_HOST bool is_rare(const Quantizer<E>& quantizer, std::uint32_t amax) {
  return amax < smallest_common_maximum || amax > 0x7f7fffffu ||
         ruled_code(quantizer.rule, amax) < first_plain_scale(Quantizer<E>::format);
}

/// One block of a given largest magnitude: its scale code, and its codes, one per byte.
template <spec::ElementType E, class Source>
[[gnu::noinline]] std::uint8_t quantize_one(const Quantizer<E>& quantizer,
                                            const typename Source::Stored* from, std::uint32_t amax,
                                            std::uint8_t* codes) {
  const Block x = Source::load(from);
  if (is_rare<E>(quantizer, amax)) [[unlikely]]
    return quantize_rare<E>(quantizer, x, codes);
  const int code = ruled_code(quantizer.rule, amax);
  encode_plain<E>(x, code, codes);
  return static_cast<std::uint8_t>(code);
}

/// The codes of a block as a bit stream.
template <int Bits>
MXEMU_HOST void pack_block(const std::uint8_t* bytes, std::uint8_t* codes) {
  std::uint64_t eights[4];
  std::memcpy(eights, bytes, sizeof eights);
  for (auto& eight : eights) eight = pack_eight(Bits, eight);
  for (std::size_t i = 0; i < 4; ++i) std::memcpy(codes + Bits * i, &eights[i], Bits);
}

template <spec::ElementType E, class Source, bool Packed, bool>
void quantize_run(const Quantizer<E>& quantizer, const typename Source::Stored* x, std::size_t blocks,
                  std::uint8_t* codes, std::uint8_t* scales) {
  constexpr std::size_t group = 8;
  for (std::size_t first = 0; first < blocks; first += group) {
    const std::size_t count = blocks - first < group ? blocks - first : group;
    // What a block waits for is found well before it.
    std::uint32_t maxima[group];
    for (std::size_t b = 0; b < count; ++b) maxima[b] = largest_magnitude<Source>(x + fast_block * b);
    for (std::size_t b = 0; b < count; ++b, x += fast_block, codes += block_bytes<E, Packed>) {
      std::uint8_t bytes[fast_block];
      scales[first + b] = quantize_one<E, Source>(quantizer, x, maxima[b], Packed ? bytes : codes);
      if constexpr (Packed) pack_block<Quantizer<E>::format.bits>(bytes, codes);
    }
  }
}

/// The scales alone of `blocks` whole blocks in a row.
template <spec::ElementType E, class Source>
void scale_run(const Quantizer<E>& quantizer, const typename Source::Stored* x, std::size_t blocks,
               std::uint8_t* scales) {
  std::uint8_t codes[fast_block];
  for (std::size_t b = 0; b < blocks; ++b, x += fast_block) {
    const std::uint32_t amax = largest_magnitude<Source>(x);
    if (is_rare<E>(quantizer, amax)) [[unlikely]]
      scales[b] = quantize_rare<E>(quantizer, Source::load(x), codes);
    else
      scales[b] = static_cast<std::uint8_t>(ruled_code(quantizer.rule, amax));
  }
}

}  // namespace mxemu::fast::portable
