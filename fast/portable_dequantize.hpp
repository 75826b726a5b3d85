// Portable dequantisation of whole blocks, as short loops over their 32 elements that a compiler vectorises.
//
// Every element fits into a bfloat16, and in 16 bits its code is moved there: subnormals as 1.m less 1. One
// multiplication gives X * P where all products are zero or normal numbers. Other blocks go through the
// codec.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fast/fast_path.hpp"
#include "fast/general.hpp"
#include "fast/pack.hpp"
#include "fast/portable_quantize.hpp"

namespace mxemu::fast::portable {

/// The codes of a block, one per byte: the inverse of pack_block.
template <int Bits>
MXEMU_HOST void unpack_block(const std::uint8_t* codes, std::uint8_t* bytes) {
  if constexpr (Bits == 4) {
    for (std::size_t i = 0; i < 16; ++i) {
      bytes[2 * i] = codes[i] & 0xf;
      bytes[2 * i + 1] = static_cast<std::uint8_t>(codes[i] >> 4);
    }
  } else {
    static_assert(Bits == 6);
    // Four codes in three bytes, which end a word of four; the first word ends at the third byte.
    std::uint32_t fours[8];
    std::memcpy(&fours[0], codes, 4);
    fours[0] <<= 8;
    for (std::size_t i = 1; i < 8; ++i) std::memcpy(&fours[i], codes + 3 * i - 1, 4);
    for (auto& four : fours)
      four = (four >> 8 & 0x3f) | (four >> 6 & 0x3f00) | (four >> 4 & 0x3f0000) | (four >> 2 & 0x3f000000);
    std::memcpy(bytes, fours, sizeof fours);
  }
}

/// False where a code of the block is no number.
template <spec::ElementType E>
MXEMU_HOST bool all_numbers(const std::uint8_t* codes) {
  constexpr spec::ElementFormat format = Quantizer<E>::format;
  if constexpr (format.nan_code == 0) return true;
  std::int16_t most = 0;
  for (std::size_t i = 0; i < fast_block; ++i) {
    const auto magnitude = static_cast<std::int16_t>(codes[i] & format.magnitude_mask);
    most = magnitude > most ? magnitude : most;
  }
  return most <= format.max_normal_code;
}

/// The float32 bits of the elements of a block times `factor`.
template <spec::ElementType E>
MXEMU_HOST void decode_floats(const std::uint8_t* codes, float factor, std::uint32_t* values) {
  constexpr spec::ElementFormat format = Quantizer<E>::format;
  constexpr int mantissa_bits = format.mantissa_bits;
  constexpr int field = spec::float_formats[0].bias - format.bias;
  constexpr std::int32_t first_normal = 1 << mantissa_bits;
  constexpr std::int32_t one = (field + 1) << 23;  // the power of two of the subnormals
  static_assert(field % 2 == 0, "the next field is an `or` away");
  // The sign of a byte becomes that of a word when the word is made.
  std::int8_t signs_on_top[fast_block];
  for (std::size_t i = 0; i < fast_block; ++i)
    signs_on_top[i] = static_cast<std::int8_t>(codes[i] << (8 - format.bits));
  std::int32_t words[fast_block];
  for (std::size_t i = 0; i < fast_block; ++i) words[i] = signs_on_top[i];
  for (std::size_t i = 0; i < fast_block; ++i) {
    const std::int32_t magnitude = words[i] & 0x7f;
    const std::int32_t excess = magnitude < first_normal << (8 - format.bits) ? one : 0;
    const std::int32_t number =
        ((magnitude << (23 - mantissa_bits - (8 - format.bits))) + (field << 23)) | excess;
    const float product = (std::bit_cast<float>(number) - std::bit_cast<float>(excess)) * factor;
    values[i] = std::bit_cast<std::uint32_t>(product) | (static_cast<std::uint32_t>(words[i]) & 0x80000000u);
  }
}

/// The elements of a block times `factor`, 2^scale. False, with nothing stored, where one is no number. Never
/// inside the loop over blocks, as quantize_one.
template <spec::ElementType E, spec::FloatType T, bool Packed>
[[gnu::noinline]] bool decode_plain(const std::uint8_t* packed, float factor, std::uint8_t* to) {
  std::uint8_t codes[fast_block];
  if constexpr (Packed)
    unpack_block<Quantizer<E>::format.bits>(packed, codes);
  else
    std::memcpy(codes, packed, sizeof codes);
  using Stored = typename Output<T>::Stored;
  std::uint32_t values[fast_block];
  if constexpr (E == spec::ElementType::INT8) {
    const float unit = factor * (1.0f / static_cast<float>(1 << Quantizer<E>::format.mantissa_bits));
    for (std::size_t i = 0; i < fast_block; ++i)
      values[i] = std::bit_cast<std::uint32_t>(static_cast<float>(static_cast<std::int8_t>(codes[i])) * unit);
  } else {
    if (!all_numbers<E>(codes)) return false;
    decode_floats<E>(codes, factor, values);
  }
  Stored stored[fast_block];
  constexpr int shift = 32 - 8 * static_cast<int>(sizeof stored[0]);
  for (std::size_t i = 0; i < fast_block; ++i)
    stored[i] = static_cast<Stored>(static_cast<std::int32_t>(values[i]) >> shift);
  std::memcpy(to, stored, sizeof stored);
  return true;
}

/// True when every code of a block is a zero.
template <spec::ElementType E, bool Packed>
bool all_zero(const std::uint8_t* codes) {
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  constexpr int value = format.encoding == spec::Encoding::TwosComplement ? 0xff : format.magnitude_mask;
  std::uint8_t bytes[fast_block];
  if constexpr (Packed)
    unpack_block<format.bits>(codes, bytes);
  else
    std::memcpy(bytes, codes, sizeof bytes);
  int any = 0;
  for (const std::uint8_t byte : bytes) any |= byte & value;
  return any == 0;
}

template <spec::ElementType E, spec::FloatType T, bool Packed, bool>
void dequantize_run(const DequantizeJob& job, const std::uint8_t* codes, const std::uint8_t* scales,
                    std::size_t blocks, std::uint8_t* to) {
  using Stored = typename Output<T>::Stored;
  constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)];
  // Under these scales every product is zero or a normal number, and so is the factor. INT8 reaches -2.
  constexpr int first = 1 - format.emin + format.mantissa_bits;
  constexpr int last = 254 - format.emax - (format.encoding == spec::Encoding::TwosComplement ? 1 : 0);
  for (std::size_t b = 0; b < blocks; ++b, codes += block_bytes<E, Packed>) {
    int scale = scales[b];
    // A block of zeros is zeros under any finite scale.
    if (scale < first && all_zero<E, Packed>(codes)) scale = first;
    std::uint8_t* output = to + b * fast_block * sizeof(Stored);
    const auto factor = std::bit_cast<float>(static_cast<std::uint32_t>(scale) << 23);
    if (scale < first || scale > last || !decode_plain<E, T, Packed>(codes, factor, output)) [[unlikely]] {
      std::uint8_t bytes[fast_block];
      if constexpr (Packed) unpack_block<format.bits>(codes, bytes);
      decode_run<T, true>(job.request, Packed ? bytes : codes, fast_block, scales + b,
                          reinterpret_cast<std::byte*>(output));
    }
  }
}

}  // namespace mxemu::fast::portable
