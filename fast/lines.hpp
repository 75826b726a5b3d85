// How a tier walks over the lines of a common job: whole blocks in runs as long as memory allows, and the
// short block at the end of each line. Included by the translation unit of a tier after its kernels.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fast/fast_path.hpp"
#include "fast/general.hpp"
#include "fast/pack.hpp"

namespace mxemu::fast::MXEMU_TIER {

/// Calls run(element, block, count) for `count` whole blocks that follow each other from there on, and
/// tail(element, block, elements) for a short one, over the units first_unit … last_unit - 1.
template <class Run, class Tail>
void for_each_run(const BlockGrid& grid, std::size_t first_unit, std::size_t last_unit, const Run& run,
                  const Tail& tail) {
  if (grid.length % fast_block == 0) {
    run(first_unit * fast_block, first_unit, last_unit - first_unit);
    return;
  }
  const std::size_t per_line = grid.blocks_per_line();
  const std::size_t whole = grid.length / fast_block;
  for (std::size_t unit = first_unit; unit < last_unit;) {
    const std::size_t line = unit / per_line;
    const std::size_t block = unit % per_line;
    const std::size_t end = last_unit - unit < per_line - block ? block + (last_unit - unit) : per_line;
    const std::size_t end_of_whole = end < whole ? end : whole;
    const std::size_t start = line * grid.length;
    if (end_of_whole > block) run(start + block * fast_block, unit, end_of_whole - block);
    if (end > whole)
      tail(start + whole * fast_block, line * per_line + whole, grid.length - whole * fast_block);
    unit += end - block;
  }
}

/// True when every line of a bit stream starts at a byte of its own.
MXEMU_HOST bool lines_start_at_bytes(const BlockGrid& grid, int bits) {
  return grid.outer == 1 || grid.length % 8 * static_cast<std::size_t>(bits) % 8 == 0;
}

MXEMU_HOST std::size_t code_offset(std::size_t element, int bits, bool packed) {
  return packed ? stream_bytes(bits, element) : element;
}

MXEMU_HOST bool is_aligned(const void* address, std::size_t to) {
  return reinterpret_cast<std::uintptr_t>(address) % to == 0;
}

/// Fewer than 32 elements: zero-padded to a block, of which only their codes are kept.
template <spec::ElementType E, class Source, bool Packed>
void quantize_tail(const Quantizer<E>& quantizer, const typename Source::Stored* x, std::size_t count,
                   std::uint8_t* codes, std::uint8_t* scale) {
  typename Source::Stored block[fast_block] = {};
  std::uint8_t block_codes[fast_block];
  // As bytes: `x` may stand at any address.
  std::memcpy(block, reinterpret_cast<const std::byte*>(x), count * sizeof block[0]);
  quantize_run<E, Source, Packed, false>(quantizer, block, 1, block_codes, scale);
  std::memcpy(codes, block_codes, Packed ? stream_bytes(Quantizer<E>::format.bits, count) : count);
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

template <spec::ElementType E, class Source, bool Packed>
void quantize_lines(const Quantizer<E>& quantizer, const QuantizeJob& job, std::size_t first_unit,
                    std::size_t last_unit) {
  constexpr int bits = Quantizer<E>::format.bits;
  const auto* source = reinterpret_cast<const typename Source::Stored*>(job.source);
  for_each_run(
      job.grid, first_unit, last_unit,
      [&](std::size_t element, std::size_t block, std::size_t count) {
        std::uint8_t* codes = job.codes + code_offset(element, bits, Packed);
        if (job.stream && is_aligned(codes, stream_alignment))
          quantize_run<E, Source, Packed, true>(quantizer, source + element, count, codes,
                                                job.scales + block);
        else
          quantize_run<E, Source, Packed, false>(quantizer, source + element, count, codes,
                                                 job.scales + block);
      },
      [&](std::size_t element, std::size_t block, std::size_t count) {
        quantize_tail<E, Source, Packed>(quantizer, source + element, count,
                                         job.codes + code_offset(element, bits, Packed), job.scales + block);
      });
  stream_fence();
}

template <spec::ElementType E, class Source>
void scale_lines(const Quantizer<E>& quantizer, const QuantizeJob& job, std::size_t first_unit,
                 std::size_t last_unit) {
  using Stored = typename Source::Stored;
  const auto* source = reinterpret_cast<const Stored*>(job.source);
  for_each_run(
      job.grid, first_unit, last_unit,
      [&](std::size_t element, std::size_t block, std::size_t count) {
        scale_run<E, Source>(quantizer, source + element, count, job.scales + block);
      },
      [&](std::size_t element, std::size_t block, std::size_t count) {
        Stored values[fast_block] = {};
        std::memcpy(values, source + element, count * sizeof(Stored));
        scale_run<E, Source>(quantizer, values, 1, job.scales + block);
      });
}

template <spec::ElementType E, spec::FloatType T, bool Packed>
void dequantize_lines(const DequantizeJob& job, std::size_t first_unit, std::size_t last_unit) {
  constexpr int bits = Quantizer<E>::format.bits;
  constexpr std::size_t width = T == spec::FloatType::Float32 ? 4 : 2;
  auto* output = reinterpret_cast<std::uint8_t*>(job.output);
  for_each_run(
      job.grid, first_unit, last_unit,
      [&](std::size_t element, std::size_t block, std::size_t count) {
        const std::uint8_t* codes = job.codes + code_offset(element, bits, Packed);
        std::uint8_t* to = output + element * width;
        if (job.stream && is_aligned(to, stream_alignment))
          dequantize_run<E, T, Packed, true>(job, codes, job.scales + block, count, to);
        else
          dequantize_run<E, T, Packed, false>(job, codes, job.scales + block, count, to);
      },
      [&](std::size_t element, std::size_t block, std::size_t count) {
        dequantize_tail<E, T, Packed>(job, job.codes + code_offset(element, bits, Packed), job.scales + block,
                                      count, output + element * width);
      });
  stream_fence();
}

/// Blocks of a round trip whose codes wait between its halves in the first cache.
inline constexpr std::size_t roundtrip_blocks = 64;

template <spec::ElementType E, class Source, spec::FloatType T>
void roundtrip_lines(const Quantizer<E>& quantizer, const QuantizeJob& job, std::size_t first_unit,
                     std::size_t last_unit) {
  using Stored = typename Source::Stored;
  constexpr std::size_t width = T == spec::FloatType::Float32 ? 4 : 2;
  const auto* source = reinterpret_cast<const Stored*>(job.source);
  auto* output = reinterpret_cast<std::uint8_t*>(job.output);
  const DequantizeJob decode = {.request = job.request};
  std::uint8_t codes[roundtrip_blocks * fast_block];
  std::uint8_t scales[roundtrip_blocks];
  for_each_run(
      job.grid, first_unit, last_unit,
      [&](std::size_t element, std::size_t, std::size_t blocks) {
        for (std::size_t b = 0; b < blocks; b += roundtrip_blocks) {
          const std::size_t first = element + b * fast_block;
          const std::size_t count = blocks - b < roundtrip_blocks ? blocks - b : roundtrip_blocks;
          std::uint8_t* to = output + first * width;
          quantize_run<E, Source, false, false>(quantizer, source + first, count, codes, scales);
          if (job.stream && is_aligned(to, stream_alignment))
            dequantize_run<E, T, false, true>(decode, codes, scales, count, to);
          else
            dequantize_run<E, T, false, false>(decode, codes, scales, count, to);
        }
      },
      [&](std::size_t element, std::size_t, std::size_t count) {
        quantize_tail<E, Source, false>(quantizer, source + element, count, codes, scales);
        dequantize_tail<E, T, false>(decode, codes, scales, count, output + element * width);
      });
  stream_fence();
}

}  // namespace mxemu::fast::MXEMU_TIER
