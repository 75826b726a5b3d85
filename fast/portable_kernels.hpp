// The common case in plain C++ that a compiler can vectorise for any machine: the arithmetic that
// avx512_words.hpp draws, with a multiplication and an addition in place of the fused one. The product with a
// power of two is exact where it matters: where half a quantum is above 2^-126. Other blocks go through the
// codec.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fast/codec.hpp"
#include "fast/fast_path.hpp"
#include "fast/general.hpp"
#include "fast/pack.hpp"

namespace mxemu::fast::portable {

/// There are no streaming stores here.
inline constexpr std::size_t stream_alignment = 64;
MXEMU_HOST void stream_fence() {}

struct Float32Source {
  using Stored = std::uint32_t;
  static constexpr spec::FloatType type = spec::FloatType::Float32;
};
struct BFloat16Source {
  using Stored = std::uint16_t;
  static constexpr spec::FloatType type = spec::FloatType::BFloat16;
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

/// Codes of a block of float32 bits under a plain scale.
template <spec::ElementType E>
MXEMU_HOST void encode_plain(const std::uint32_t* x, int scale_code, std::uint8_t* codes) {
  constexpr spec::ElementFormat format = Quantizer<E>::format;
  constexpr int mantissa_bits = format.mantissa_bits;
  if constexpr (E == spec::ElementType::INT8) {
    const auto factor =
        std::bit_cast<float>(static_cast<std::uint32_t>(mantissa_bits + 254 - scale_code) << 23);
    constexpr float magic = 0x1.8p23f;
    constexpr std::int32_t largest = format.max_normal_code;
    for (std::size_t i = 0; i < fast_block; ++i) {
      const float sum = std::bit_cast<float>(x[i]) * factor + magic;
      const std::int32_t integer = std::bit_cast<std::int32_t>(sum) - std::bit_cast<std::int32_t>(magic);
      const std::int32_t above = integer > -largest ? integer : -largest;
      codes[i] = static_cast<std::uint8_t>(above < largest ? above : largest);
    }
  } else {
    const int lowest_field = scale_code + format.emin;
    const auto bound = std::bit_cast<float>(static_cast<std::uint32_t>(lowest_field) << 23);
    const std::int32_t bias = lowest_field << mantissa_bits;
    constexpr float unit = 1.0f / static_cast<float>(1 << (23 - mantissa_bits));
    constexpr std::int32_t largest = format.max_normal_code;
    for (std::size_t i = 0; i < fast_block; ++i) {
      const float magnitude = std::bit_cast<float>(x[i] & 0x7fffffffu);
      const float power = std::bit_cast<float>(x[i] & 0x7f800000u);
      const float t = magnitude * unit + (power > bound ? power : bound);
      const auto bits = std::bit_cast<std::int32_t>(t);
      const std::int32_t ordinal = (bits >> (23 - mantissa_bits)) + (bits & 31) - bias;
      const std::int32_t clamped = ordinal < largest ? ordinal : largest;
      const auto sign = static_cast<std::int32_t>(x[i] >> (32 - format.bits)) & format.sign_mask;
      codes[i] = static_cast<std::uint8_t>(clamped | sign);
    }
  }
}

/// One block of float32 bits: its scale code, and its codes, one per byte.
template <spec::ElementType E>
MXEMU_HOST std::uint8_t quantize_one(const Quantizer<E>& quantizer, const std::uint32_t* x,
                                     std::uint8_t* codes) {
  constexpr spec::ElementFormat format = Quantizer<E>::format;
  constexpr spec::FloatFormat float32 = spec::float_formats[0];
  std::int32_t amax = 0;
  for (std::size_t i = 0; i < fast_block; ++i) {
    const auto magnitude = static_cast<std::int32_t>(x[i] & 0x7fffffffu);
    amax = magnitude > amax ? magnitude : amax;
  }
  if (amax > 0x7f7fffff) {
    std::memset(codes, 0, fast_block);
    return static_cast<std::uint8_t>(quantizer.scale.nan_code);
  }
  const int code = shared_scale<std::uint32_t>(
      quantizer.scale, number_of<std::uint32_t>(23, float32.emin, static_cast<std::uint32_t>(amax)));
  constexpr int plain = first_plain_scale(format);
  if (code >= plain || amax == 0) {  // a block of zeros encodes to zeros under any scale
    encode_plain<E>(x, code < plain ? plain : code, codes);
  } else {
    const ElementWords<std::uint32_t> words = make_element_words<std::uint32_t>(format, {}, {});
    for (std::size_t i = 0; i < fast_block; ++i)
      codes[i] = static_cast<std::uint8_t>(
          encode_element<std::uint32_t>(format, words, float32, x[i], code - spec::scale_formats[0].bias));
  }
  return static_cast<std::uint8_t>(code);
}

template <spec::ElementType E, class Source, bool Packed, bool>
void quantize_run(const Quantizer<E>& quantizer, const typename Source::Stored* x, std::size_t blocks,
                  std::uint8_t* codes, std::uint8_t* scales) {
  constexpr int bits = Quantizer<E>::format.bits;
  const auto* source = reinterpret_cast<const std::byte*>(x);
  for (std::size_t b = 0; b < blocks; ++b, codes += block_bytes<E, Packed>) {
    std::uint32_t values[fast_block];
    for (std::size_t i = 0; i < fast_block; ++i)
      values[i] = load<Source::type, std::uint32_t>(source, fast_block * b + i);
    std::uint8_t bytes[fast_block];
    scales[b] = quantize_one<E>(quantizer, values, Packed ? bytes : codes);
    if constexpr (Packed) pack_run(bits, bytes, 0, fast_block, codes);
  }
}

/// Fewer than 32 elements: zero-padded to a block, of which only their codes are kept.
template <spec::ElementType E, class Source, bool Packed>
void quantize_tail(const Quantizer<E>& quantizer, const typename Source::Stored* x, std::size_t count,
                   std::uint8_t* codes, std::uint8_t* scale) {
  typename Source::Stored block[fast_block] = {};
  std::uint8_t block_codes[fast_block];
  std::memcpy(block, x, count * sizeof block[0]);
  quantize_run<E, Source, Packed, false>(quantizer, block, 1, block_codes, scale);
  std::memcpy(codes, block_codes, Packed ? stream_bytes(Quantizer<E>::format.bits, count) : count);
}

/// The values of all codes as float32 bits; a NaN is the positive quiet one, and stays it under a factor.
struct ElementValues {
  std::uint32_t at[256];
};

template <spec::ElementType E>
consteval ElementValues element_values() {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  constexpr spec::FloatFormat float32 = spec::float_formats[0];
  constexpr spec::ScaleFormat scale = spec::scale_formats[0];
  const DecodeWords<std::uint32_t> words = make_decode_words<std::uint32_t>(scale, float32, {});
  ElementValues values = {};
  for (std::uint32_t code = 0; code < 256; ++code)
    values.at[code] = decode_element<std::uint32_t>(format, scale, float32, words, code,
                                                    static_cast<std::uint32_t>(scale.bias));
  return values;
}

template <spec::ElementType E, spec::FloatType T, bool Packed, bool>
void dequantize_run(const DequantizeJob& job, const std::uint8_t* codes, const std::uint8_t* scales,
                    std::size_t blocks, std::uint8_t* to) {
  using Stored = typename Output<T>::Stored;
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  static constexpr ElementValues values = element_values<E>();
  // Under these scales every product is zero or a normal number, and so is the factor. INT8 reaches -2.
  constexpr int first = 1 - format.emin + format.mantissa_bits;
  constexpr int last = 254 - format.emax - (format.encoding == spec::Encoding::TwosComplement ? 1 : 0);
  for (std::size_t b = 0; b < blocks; ++b, codes += block_bytes<E, Packed>) {
    std::uint8_t buffer[fast_block];
    if constexpr (Packed) unpack_run(format.bits, codes, 0, fast_block, buffer);
    const std::uint8_t* bytes = Packed ? buffer : codes;
    std::uint8_t* output = to + b * fast_block * sizeof(Stored);
    if (scales[b] < first || scales[b] > last) {
      decode_run<T, true>(job.request, bytes, fast_block, scales + b, reinterpret_cast<std::byte*>(output));
      continue;
    }
    const auto factor = std::bit_cast<float>(std::uint32_t{scales[b]} << 23);
    for (std::size_t i = 0; i < fast_block; ++i) {
      const auto value = std::bit_cast<std::uint32_t>(std::bit_cast<float>(values.at[bytes[i]]) * factor);
      const auto stored = static_cast<Stored>(value >> (32 - 8 * sizeof(Stored)));
      std::memcpy(output + i * sizeof stored, &stored, sizeof stored);
    }
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
  std::memcpy(to, values, count * sizeof(typename Output<T>::Stored));
}

}  // namespace mxemu::fast::portable
