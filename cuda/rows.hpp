// The common request along the last axis: four threads a block of 32, one read and one write of the data.
#pragma once

#include "cuda/eight.hpp"
#include "cuda/general.hpp"
#include "cuda/places.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// What a thread holds of a block: up to eight neighbours.
struct Quarter {
  std::size_t block;
  std::size_t element;  ///< the first of its neighbours
  unsigned quarter;
  unsigned count;
};

/// The quarter of thread `item`. Beyond the last block it is empty.
inline __device__ Quarter quarter_at(const Places& places, std::size_t item) {
  const std::size_t block = item / eights_of_block;
  const auto quarter = static_cast<unsigned>(item % eights_of_block);
  if (block >= places.blocks) return {block, 0, quarter, 0};
  if (places.length % fast::fast_block == 0) return {block, item * 8, quarter, 8};
  const std::size_t line = block / places.blocks_per_line;
  const std::size_t start = (block - line * places.blocks_per_line) * fast::fast_block + quarter * 8;
  const std::size_t left = places.length > start ? places.length - start : 0;
  return {block, line * places.length + start, quarter, static_cast<unsigned>(left < 8 ? left : 8)};
}

/// Threads of whole warps: all lanes come to every shuffle.
inline __device__ std::size_t items_of(const Places& places) {
  return (places.blocks * eights_of_block + 31) / 32 * 32;
}

/// Bytes of a word, one by one or at once.
template <class Word>
__device__ void store_bytes(std::uint8_t* to, Word bytes, unsigned count, bool aligned) {
  if (aligned && count == sizeof(Word)) {
    *reinterpret_cast<Word*>(to) = bytes;
    return;
  }
  for (unsigned i = 0; i < count; ++i) to[i] = static_cast<std::uint8_t>(bytes >> 8 * i);
}

/// Stores the codes of a quarter. A whole block of FP6 is 24 bytes: its threads close up, and three of them
/// store eight bytes each.
template <int Bits, bool Packed>
__device__ void store_codes(const Quarter& at, std::uint64_t codes, std::uint8_t* to, bool aligned) {
  if constexpr (!Packed) {
    store_bytes<std::uint64_t>(to + at.element, codes, at.count, aligned);
  } else {
    const std::uint64_t packed = fast::pack_eight(Bits, codes);
    std::uint8_t* place = to + fast::stream_bytes(Bits, at.element);
    const auto stored = static_cast<unsigned>(fast::stream_bytes(Bits, at.count));
    if constexpr (Bits == 4) {
      store_bytes<std::uint32_t>(place, static_cast<std::uint32_t>(packed), stored, aligned);
    } else {
      const auto next = static_cast<std::uint64_t>(
          __shfl_down_sync(0xffffffffu, static_cast<unsigned long long>(packed), 1, eights_of_block));
      const bool whole = __all_sync(0xffffffffu, at.count == 8) != 0;
      if (!whole || !aligned) return store_bytes<std::uint64_t>(place, packed, stored, false);
      if (at.quarter == 3) return;
      const std::uint64_t joined = packed >> 16 * at.quarter | next << (48 - 16 * at.quarter);
      *reinterpret_cast<std::uint64_t*>(place + 2 * at.quarter) = joined;
    }
  }
}

/// MX 6.3: quantises blocks of 32 along the last axis. `aligned_source` and `aligned_codes`: every quarter
/// begins where its widest access may.
template <spec::ElementType E, spec::FloatType T, bool Packed>
__global__ void __launch_bounds__(256)
    quantize_rows(CommonWords words, Places places, const void* source, bool aligned_source,
                  std::uint8_t* codes, bool aligned_codes, std::uint8_t* scales) {
  constexpr int bits = spec::element_formats[static_cast<int>(E)].bits;
  const std::size_t items = items_of(places);
  for (std::size_t item = first_item_of_thread(); item < items; item += threads_of_grid()) {
    const Quarter at = quarter_at(places, item);
    const Eight x = load_eight<T>(source, at.element, at.count, aligned_source);
    const int scale = common_scale(words, largest_of_block(largest_magnitude(x)));
    store_codes<bits, Packed>(at, quantize_eight<E>(words, x, scale), codes, aligned_codes);
    if (at.quarter == 0 && at.block < places.blocks)
      scales[places.scale_place(at.block)] = static_cast<std::uint8_t>(scale);
  }
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
