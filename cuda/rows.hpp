// The common request along the last axis: four threads a block of 32, one read and one write of the data,
// two eights of a thread on their way at once.
#pragma once

#include "cuda/codes.hpp"
#include "cuda/decode.hpp"
#include "cuda/encode.hpp"
#include "cuda/places.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

inline constexpr int eights_in_flight = 2;

/// Threads enough for every eight of the tensor.
inline LaunchShape shape_of_rows(const Places& places) {
  return shape_for((places.blocks * eights_of_block + eights_in_flight - 1) / eights_in_flight,
                   threads_of_block);
}

/// What eight neighbours of a block take beside themselves.
struct Quarter {
  EightPlace at;
  std::uint32_t block;
  bool is_there;
};

/// The quarter of thread `item`. Beyond the last block it is empty.
inline __device__ Quarter quarter_at(const BlockPlaces& places, std::size_t item) {
  const std::size_t length = places.all.length;
  const auto block = static_cast<std::uint32_t>(item / eights_of_block);
  const auto quarter = static_cast<unsigned>(item % eights_of_block);
  if (item / eights_of_block >= places.all.blocks) return {{0, 0, quarter}, 0, false};
  if (length % fast::fast_block == 0) return {{item * 8, 8, quarter}, block, true};
  const std::uint32_t line = places.blocks_per_line.quotient(block);
  const auto in_line = block - line * static_cast<std::uint32_t>(places.all.blocks_per_line);
  const std::size_t start = in_line * fast::fast_block + quarter * 8;
  const std::size_t left = length > start ? length - start : 0;
  return {{line * length + start, static_cast<unsigned>(left < 8 ? left : 8), quarter}, block, true};
}

/// Whether the arrays of a kernel begin where its widest accesses may, and so does every line in them.
/// `whole`: all of them do, and lines are whole blocks.
struct Aligned {
  bool numbers;
  bool codes;
  bool output;
  bool whole;
};

/// Calls work(quarters, aligned) for every thread's quarters, eights_in_flight at a time. Warps are whole:
/// all lanes come to every shuffle. Where nothing but the end of the tensor could be short or misaligned,
/// work is told so by constants, and nothing is asked again.
template <class Work>
__device__ void for_each_quarter(const BlockPlaces& places, const Aligned& aligned, const Work& work) {
  const std::size_t items = places.all.blocks * eights_of_block;
  const std::size_t threads = std::size_t{gridDim.x} * blockDim.x;
  std::size_t item = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x;
  Quarter quarters[eights_in_flight];
  if (aligned.whole) {
    for (; (item | 31) + (eights_in_flight - 1) * threads < items; item += eights_in_flight * threads) {
      MXEMU_UNROLL
      for (int i = 0; i < eights_in_flight; ++i) {
        const std::size_t each = item + static_cast<std::size_t>(i) * threads;
        quarters[i] = {{each * 8, 8, static_cast<unsigned>(each % eights_of_block)},
                       static_cast<std::uint32_t>(each / eights_of_block),
                       true};
      }
      work(quarters, Aligned{true, true, true, true});
    }
  }
  for (; item / 32 * 32 < items; item += eights_in_flight * threads) {
    MXEMU_UNROLL
    for (int i = 0; i < eights_in_flight; ++i)
      quarters[i] = quarter_at(places, item + static_cast<std::size_t>(i) * threads);
    work(quarters, aligned);
  }
}

/// MX 6.3: quantises blocks of 32 along the last axis.
template <spec::ElementType E, spec::FloatType T, bool Packed>
__global__ void __launch_bounds__(threads_of_block)
    quantize_rows(CommonWords words, BlockPlaces places, Aligned may, const void* source, std::uint8_t* codes,
                  std::uint8_t* scales) {
  for_each_quarter(places, may, [&](const Quarter* quarters, const Aligned& aligned) {
    Eight<T> x[eights_in_flight];
    MXEMU_UNROLL
    for (int i = 0; i < eights_in_flight; ++i)
      x[i] = load_eight<T>(source, quarters[i].at.first, quarters[i].at.count, aligned.numbers);
    MXEMU_UNROLL
    for (int i = 0; i < eights_in_flight; ++i) {
      const EightPlace& at = quarters[i].at;
      const BlockScale scale = block_scale(words, largest_of_block(largest_magnitude(x[i])));
      store_codes<element_row<E>.bits, Packed>(
          at, quantize_eight<E>(words, x[i], source, at.first, at.count, scale), codes, aligned.codes);
      if (at.quarter == 0 && quarters[i].is_there)
        scales[places.scale_place(quarters[i].block)] = static_cast<std::uint8_t>(scale.code);
    }
  });
}

/// MX 6.3: the scales of blocks of 32 along the last axis.
template <spec::FloatType T>
__global__ void __launch_bounds__(threads_of_block)
    scales_of_rows(CommonWords words, BlockPlaces places, Aligned may, const void* source,
                   std::uint8_t* scales) {
  for_each_quarter(places, may, [&](const Quarter* quarters, const Aligned& aligned) {
    Eight<T> x[eights_in_flight];
    MXEMU_UNROLL
    for (int i = 0; i < eights_in_flight; ++i)
      x[i] = load_eight<T>(source, quarters[i].at.first, quarters[i].at.count, aligned.numbers);
    MXEMU_UNROLL
    for (int i = 0; i < eights_in_flight; ++i) {
      const int code = common_scale(words, largest_of_block(largest_magnitude(x[i])));
      if (quarters[i].at.quarter == 0 && quarters[i].is_there)
        scales[places.scale_place(quarters[i].block)] = static_cast<std::uint8_t>(code);
    }
  });
}

/// MX 5.1: dequantises blocks of 32 along the last axis.
template <spec::ElementType E, bool Packed, spec::FloatType T>
__global__ void __launch_bounds__(threads_of_block)
    dequantize_rows(fast::DecodeWords<std::uint32_t> words, BlockPlaces places, Aligned may,
                    const std::uint8_t* codes, const std::uint8_t* scales, void* output) {
  for_each_quarter(places, may, [&](const Quarter* quarters, const Aligned& aligned) {
    CodeBytes loaded[eights_in_flight];
    int scale[eights_in_flight];
    MXEMU_UNROLL
    for (int i = 0; i < eights_in_flight; ++i) {
      loaded[i] = load_codes<element_row<E>.bits, Packed>(quarters[i].at, codes, aligned.codes);
      scale[i] = quarters[i].is_there ? __ldg(scales + places.scale_place(quarters[i].block)) : 0;
    }
    MXEMU_UNROLL
    for (int i = 0; i < eights_in_flight; ++i)
      dequantize_eight<E, Packed, T>(words, quarters[i].at, loaded[i], scale[i], output, aligned.output);
  });
}

/// Quantises and dequantises blocks of 32 along the last axis; `output` may be `source`.
template <spec::ElementType E, spec::FloatType T, spec::FloatType O>
__global__ void __launch_bounds__(threads_of_block)
    roundtrip_rows(CommonWords words, fast::DecodeWords<std::uint32_t> back, BlockPlaces places, Aligned may,
                   const void* source, void* output) {
  for_each_quarter(places, may, [&](const Quarter* quarters, const Aligned& aligned) {
    Eight<T> x[eights_in_flight];
    MXEMU_UNROLL
    for (int i = 0; i < eights_in_flight; ++i)
      x[i] =
          load_eight<T, Reads::InPlace>(source, quarters[i].at.first, quarters[i].at.count, aligned.numbers);
    MXEMU_UNROLL
    for (int i = 0; i < eights_in_flight; ++i) {
      const EightPlace& at = quarters[i].at;
      const BlockScale scale = block_scale(words, largest_of_block(largest_magnitude(x[i])));
      const CodeBytes codes = quantize_eight<E>(words, x[i], source, at.first, at.count, scale);
      // Zeros are zeros under any scale, but for one that is NaN.
      dequantize_eight<E, false, O>(back, at, codes, scale.encode, output, aligned.output);
    }
  });
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
