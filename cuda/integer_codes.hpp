// Elements that are small integers in the unit of their format: E2M1 (halves, up to 12), E2M3 (eighths, up to
// 60), INT8 (sixty-fourths). Sixteen neighbours along K at a time, as a thread reads them from memory.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cuda/matmul_job.hpp"
#include "fast/pack.hpp"

namespace mxemu::cuda {

/// Whether the elements are such integers.
MXEMU_HOST constexpr bool is_small_integer(const OperandWords& words) {
  return words.is_element && (words.twos_complement || words.exponent_bits == 2);
}

inline constexpr std::size_t codes_of_chunk = 16;

/// Sixteen codes as memory has them: a bit stream, or bytes.
struct Chunk {
  std::uint64_t low;
  std::uint64_t high;
};

/// Bits from a code to the next.
MXEMU_HOST_DEVICE int code_width(const OperandRows& operand) {
  return operand.packed ? operand.words.bits : 8;
}

/// Codes k … k + 15 of a line, of which `count` are wanted: one by one.
MXEMU_HOST_DEVICE Chunk gather_chunk(const OperandRows& operand, std::size_t line, std::size_t k,
                                     std::size_t count) {
  const int width = code_width(operand);
  const std::size_t first = operand.place(line, k);
  std::uint64_t half[2] = {0, 0};
  for (unsigned i = 0; i < codes_of_chunk; ++i)
    if (i < count)
      half[i / 8] |= std::uint64_t{operand.code_at(first + i * operand.step())}
                     << width * static_cast<int>(i % 8);
  if (width == 8) return {half[0], half[1]};
  const int bits = 8 * width;
  return {half[0] | half[1] << bits, half[1] >> (64 - bits)};
}

/// The same of sixteen codes that begin where the widest access may.
MXEMU_HOST_DEVICE Chunk load_chunk(const OperandRows& operand, std::size_t first) {
  const std::uint8_t* from = operand.codes + fast::stream_bytes(code_width(operand), first);
  const auto* words = reinterpret_cast<const std::uint32_t*>(from);
  switch (code_width(operand)) {
    case 4: return {*reinterpret_cast<const std::uint64_t*>(from), 0};
    case 6: return {std::uint64_t{words[1]} << 32 | words[0], words[2]};
    default: {
      struct alignas(16) Pair {
        std::uint64_t low, high;
      };
      const Pair pair = *reinterpret_cast<const Pair*>(from);
      return {pair.low, pair.high};
    }
  }
}

/// Whether rows begin where load_chunk may read: at multiples of 16, 8 or 4 bytes.
inline bool has_aligned_chunks(const OperandRows& operand) {
  const auto width = static_cast<std::size_t>(code_width(operand));
  const std::size_t bytes = width == 8 ? 16 : width == 4 ? 8 : 4;
  return !operand.along_columns && operand.stride % codes_of_chunk == 0 &&
         operand.stride / 8 * width % bytes == 0 &&
         reinterpret_cast<std::uintptr_t>(operand.codes) % bytes == 0;
}

/// Four codes of ExMy with two exponent bits, one per byte, as integers in two's complement. A magnitude code
/// counts ones up to twice the smallest normal number, twos above, fours in the last binade.
template <int MantissaBits>
MXEMU_HOST_DEVICE std::uint32_t integers_of_codes(std::uint32_t codes) {
  constexpr std::uint32_t ones = 0x01010101;
  const std::uint32_t magnitude = codes & ones * ((4u << MantissaBits) - 1);
  const std::uint32_t is_above = magnitude >> (MantissaBits + 1) & ones;
  const std::uint32_t above = magnitude & is_above * ((2u << MantissaBits) - 1);
  const std::uint32_t is_last = above >> MantissaBits & ones;
  const std::uint32_t last = magnitude & is_last * ((1u << MantissaBits) - 1);
  const std::uint32_t integer = magnitude + above + 2 * last;
  const std::uint32_t negated = (0x80808080u - integer) ^ 0x80808080u;
  const std::uint32_t minus = (codes >> (MantissaBits + 2) & ones) * 0xff;
  return (integer & ~minus) | (negated & minus);
}

/// Eight codes, one per byte.
MXEMU_HOST_DEVICE std::uint64_t integers_of_eight(const OperandWords& words, std::uint64_t codes) {
  if (words.twos_complement) return codes;
  const auto low = static_cast<std::uint32_t>(codes);
  const auto high = static_cast<std::uint32_t>(codes >> 32);
  return words.mantissa_bits == 1
             ? std::uint64_t{integers_of_codes<1>(high)} << 32 | integers_of_codes<1>(low)
             : std::uint64_t{integers_of_codes<3>(high)} << 32 | integers_of_codes<3>(low);
}

/// Sixteen integers, one per byte.
MXEMU_HOST_DEVICE Chunk integers_of_chunk(const OperandRows& operand, const Chunk& chunk) {
  Chunk codes = chunk;
  if (operand.packed) {
    const bool fours = operand.words.bits == 4;
    codes = fours ? Chunk{fast::unpack_eight(4, chunk.low), fast::unpack_eight(4, chunk.low >> 32)}
                  : Chunk{fast::unpack_eight(6, chunk.low),
                          fast::unpack_eight(6, chunk.low >> 48 | chunk.high << 16)};
  }
  return {integers_of_eight(operand.words, codes.low), integers_of_eight(operand.words, codes.high)};
}

}  // namespace mxemu::cuda
