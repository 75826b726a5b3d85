// The common request across the lines of a matrix: a warp takes a tile of 32 by 32, whose columns are 32
// blocks, and holds it in registers. One read and one write of the data.
//
//   lane   columns           rows
//   4r+g   8g … 8g + 7       r, r + 8, r + 16, r + 24
//
// Eight lanes hold a column, and four neighbouring ones 32 neighbours of a line: what they store is whole
// sectors, and a block of 32 along the line where that is asked for too.
#pragma once

#include "cuda/codes.hpp"
#include "cuda/decode.hpp"
#include "cuda/encode.hpp"
#include "cuda/places.hpp"
#include "cuda/rows.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

inline constexpr int lines_of_lane = 4;
inline constexpr unsigned every_lane = 0xffffffffu;

/// The tensor as matrices of `inner` columns, and the tiles over them.
struct TilePlaces {
  BlockPlaces blocks;  ///< whose blocks are the columns of tiles
  Divisor tiles_across;
  std::uint32_t across;
  std::uint32_t tiles;
};

/// What a lane has of a tile.
struct TilePart {
  EightPlace at[lines_of_lane];       ///< empty beyond the matrix
  std::uint32_t line[lines_of_lane];  ///< of the whole tensor
  std::uint32_t across;
  std::uint32_t block;  ///< the one column that this lane speaks for: column 8g + r of the tile
  bool speaks;          ///< false beyond the matrix
};

/// `whole`: nothing of the tile is beyond the matrix.
inline __device__ TilePart part_of_tile(const TilePlaces& places, std::uint32_t tile, bool whole) {
  const Places& all = places.blocks.all;
  const unsigned lane = threadIdx.x % 32;
  const unsigned quarter = lane % 4;
  const unsigned row = lane / 4;
  const std::uint32_t down = places.tiles_across.quotient(tile);
  const std::uint32_t across = tile - down * places.across;
  const std::uint32_t outer = places.blocks.blocks_per_line.quotient(down);
  const std::size_t start = (down - outer * all.blocks_per_line) * fast::fast_block;
  const std::size_t column = std::size_t{across} * 32 + 8 * quarter;
  const std::size_t left = column < all.inner ? all.inner - column : 0;
  const auto count = static_cast<unsigned>(whole || left > 8 ? 8 : left);
  TilePart part;
  MXEMU_UNROLL
  for (unsigned i = 0; i < lines_of_lane; ++i) {
    const std::size_t line = start + row + 8 * i;
    const std::size_t whole_line = outer * all.length + line;
    part.at[i] = {whole_line * all.inner + column, whole || line < all.length ? count : 0, quarter};
    part.line[i] = static_cast<std::uint32_t>(whole_line);
  }
  part.across = across;
  part.block = static_cast<std::uint32_t>(down * all.inner + column + row);
  part.speaks = row < count;
  return part;
}

/// Calls work(part, aligned) for every tile of this warp, as for_each_quarter.
template <class Work>
__device__ void for_each_tile(const TilePlaces& places, const Aligned& aligned, const Work& work) {
  const std::uint32_t warps = gridDim.x * (blockDim.x / 32);
  std::uint32_t tile = (blockIdx.x * blockDim.x + threadIdx.x) / 32;
  if (aligned.whole) {
    for (; tile < places.tiles; tile += warps)
      work(part_of_tile(places, tile, true), Aligned{true, true, true, true});
  } else {
    for (; tile < places.tiles; tile += warps) work(part_of_tile(places, tile, false), aligned);
  }
}

/// Half of the words go to the lane that `mask` names, which sends its other half: what stays is the larger
/// of both. The lane whose bit is set keeps the upper half.
template <spec::FloatType T, int Count>
__device__ void halve_words(std::uint32_t* words, unsigned mask) {
  const bool upper = (threadIdx.x & mask) != 0;
  MXEMU_UNROLL
  for (int i = 0; i < Count / 2; ++i) {
    const std::uint32_t kept = upper ? words[Count / 2 + i] : words[i];
    const std::uint32_t sent = upper ? words[i] : words[Count / 2 + i];
    words[i] = larger_magnitudes<T>(kept, __shfl_xor_sync(every_lane, sent, static_cast<int>(mask)));
  }
}

/// The largest magnitude of the column that this lane speaks for, as bits of a float32.
template <spec::FloatType T>
__device__ std::uint32_t largest_of_column(const Eight<T>* lines) {
  std::uint32_t words[Eight<T>::words] = {};
  MXEMU_UNROLL
  for (int i = 0; i < lines_of_lane; ++i) {
    MXEMU_UNROLL
    for (unsigned w = 0; w < Eight<T>::words; ++w)
      words[w] = larger_magnitudes<T>(words[w], magnitudes_of<T>(lines[i].word[w]));
  }
  if constexpr (is_half_wide<T>) {
    halve_words<T, 4>(words, 16);
    halve_words<T, 2>(words, 8);
    const std::uint32_t pair = larger_magnitudes<T>(words[0], __shfl_xor_sync(every_lane, words[0], 4));
    return float32_magnitude<T>((threadIdx.x & 4) == 0 ? pair & 0xffff : pair >> 16);
  } else {
    halve_words<T, 8>(words, 16);
    halve_words<T, 4>(words, 8);
    halve_words<T, 2>(words, 4);
    return words[0];
  }
}

/// Of the eight columns of a lane, one factor each.
struct ColumnFactors {
  float factor[8];
  __device__ float at(int i) const { return factor[i]; }
};

/// The lane that speaks for column `i` of this lane's eight.
inline __device__ int speaker_of(int i) {
  return static_cast<int>(threadIdx.x % 4) + 4 * i;
}

/// The factors that the lanes which speak for them have.
inline __device__ ColumnFactors factors_of_columns(float factor) {
  ColumnFactors factors;
  MXEMU_UNROLL
  for (int i = 0; i < 8; ++i) factors.factor[i] = __shfl_sync(every_lane, factor, speaker_of(i));
  return factors;
}

/// Codes of eight columns of one line, where a scale of the tile is rare.
template <spec::ElementType E, spec::FloatType T>
__device__ CodeBytes encode_rare_line(const CommonWords& words, const void* source, const EightPlace& at,
                                      int scale_code) {
  std::uint64_t codes = 0;
  MXEMU_KEEP_ROLLED
  for (unsigned i = 0; i < 8; ++i) {
    const int scale = __shfl_sync(every_lane, scale_code, speaker_of(static_cast<int>(i)));
    if (i < at.count) codes |= std::uint64_t{encode_rare<E, T>(words, source, at.first + i, scale)} << 8 * i;
  }
  return {static_cast<std::uint32_t>(codes), static_cast<std::uint32_t>(codes >> 32)};
}

/// Stores the products of eight columns of one line, where a scale or a code of the tile is rare.
template <spec::ElementType E, bool Packed, spec::FloatType T>
__device__ void decode_rare_line(const fast::DecodeWords<std::uint32_t>& words, const EightPlace& at,
                                 const CodeBytes& codes, int scale_code, void* output) {
  MXEMU_KEEP_ROLLED
  for (unsigned i = 0; i < 8; ++i) {
    const int scale = __shfl_sync(every_lane, scale_code, speaker_of(static_cast<int>(i)));
    if (i < at.count) decode_rare<E, Packed, T>(words, at, codes, i, scale, output);
  }
}

template <spec::FloatType T, Reads R>
__device__ void load_tile(Eight<T>* lines, const TilePart& part, const void* source, bool aligned) {
  MXEMU_UNROLL
  for (int i = 0; i < lines_of_lane; ++i)
    lines[i] = load_eight<T, R>(source, part.at[i].first, part.at[i].count, aligned);
}

/// MX 6.3: quantises the columns of a tile that is in registers.
template <spec::ElementType E, spec::FloatType T, bool Packed>
__device__ void quantize_tile(const CommonWords& words, const TilePlaces& places, const TilePart& part,
                              const Eight<T>* lines, const void* source, std::uint8_t* codes,
                              bool aligned_codes, std::uint8_t* scales) {
  const BlockScale scale = block_scale(words, largest_of_column(lines));
  if (part.speaks) scales[places.blocks.scale_place(part.block)] = static_cast<std::uint8_t>(scale.code);
  const bool plain = __all_sync(every_lane, is_plain<E>(scale)) != 0;
  const ColumnFactors factors = factors_of_columns(encode_factor<E>(scale.encode));
  MXEMU_UNROLL
  for (int i = 0; i < lines_of_lane; ++i) {
    const CodeBytes bytes = plain ? encode_eight<E>(lines[i], factors)
                                  : encode_rare_line<E, T>(words, source, part.at[i], scale.code);
    store_codes<element_row<E>.bits, Packed>(part.at[i], bytes, codes, aligned_codes);
  }
}

template <spec::ElementType E, spec::FloatType T, bool Packed>
__global__ void __launch_bounds__(threads_of_block)
    quantize_columns(CommonWords words, TilePlaces places, Aligned may, const void* source,
                     std::uint8_t* codes, std::uint8_t* scales) {
  for_each_tile(places, may, [&](const TilePart& part, const Aligned& aligned) {
    Eight<T> lines[lines_of_lane];
    load_tile<T, Reads::Constant>(lines, part, source, aligned.numbers);
    quantize_tile<E, T, Packed>(words, places, part, lines, source, codes, aligned.codes, scales);
  });
}

/// MX 6.3: the scales of the columns of tiles.
template <spec::FloatType T>
__global__ void __launch_bounds__(threads_of_block)
    scales_of_columns(CommonWords words, TilePlaces places, Aligned may, const void* source,
                      std::uint8_t* scales) {
  for_each_tile(places, may, [&](const TilePart& part, const Aligned& aligned) {
    Eight<T> lines[lines_of_lane];
    load_tile<T, Reads::Constant>(lines, part, source, aligned.numbers);
    const int code = common_scale(words, largest_of_column(lines));
    if (part.speaks) scales[places.blocks.scale_place(part.block)] = static_cast<std::uint8_t>(code);
  });
}

/// MX 5.1: dequantises blocks that are columns.
template <spec::ElementType E, bool Packed, spec::FloatType T>
__global__ void __launch_bounds__(threads_of_block)
    dequantize_columns(fast::DecodeWords<std::uint32_t> words, TilePlaces places, Aligned may,
                       const std::uint8_t* codes, const std::uint8_t* scales, void* output) {
  for_each_tile(places, may, [&](const TilePart& part, const Aligned& aligned) {
    CodeBytes lines[lines_of_lane];
    MXEMU_UNROLL
    for (int i = 0; i < lines_of_lane; ++i)
      lines[i] = load_codes<element_row<E>.bits, Packed>(part.at[i], codes, aligned.codes);
    const int scale =
        part.speaks ? __ldg(scales + places.blocks.scale_place(part.block)) : spec::scale_formats[0].bias;
    bool exact = is_exact<E>(scale);
    MXEMU_UNROLL
    for (int i = 0; i < lines_of_lane; ++i) exact = exact && !has_non_number<E>(lines[i]);
    const ColumnFactors factors = factors_of_columns(decode_factor(scale));
    if (__all_sync(every_lane, exact) != 0) {
      MXEMU_UNROLL
      for (int i = 0; i < lines_of_lane; ++i)
        decode_eight<E, Packed, T>(part.at[i], lines[i], factors, output, aligned.output);
    } else {
      MXEMU_UNROLL
      for (int i = 0; i < lines_of_lane; ++i)
        decode_rare_line<E, Packed, T>(words, part.at[i], lines[i], scale, output);
    }
  });
}

/// Quantises and dequantises blocks that are columns; `output` may be `source`.
template <spec::ElementType E, spec::FloatType T, spec::FloatType O>
__global__ void __launch_bounds__(threads_of_block)
    roundtrip_columns(CommonWords words, fast::DecodeWords<std::uint32_t> back, TilePlaces places,
                      Aligned may, const void* source, void* output) {
  for_each_tile(places, may, [&](const TilePart& part, const Aligned& aligned) {
    Eight<T> lines[lines_of_lane];
    load_tile<T, Reads::InPlace>(lines, part, source, aligned.numbers);
    const BlockScale scale = block_scale(words, largest_of_column(lines));
    const bool plain = is_plain<E>(scale) && is_exact<E>(scale.encode);
    if (__all_sync(every_lane, plain) != 0) {
      const ColumnFactors encode = factors_of_columns(encode_factor<E>(scale.encode));
      const ColumnFactors decode = factors_of_columns(decode_factor(scale.encode));
      MXEMU_UNROLL
      for (int i = 0; i < lines_of_lane; ++i)
        decode_eight<E, false, O>(part.at[i], encode_eight<E>(lines[i], encode), decode, output,
                                  aligned.output);
    } else {
      MXEMU_UNROLL
      for (int i = 0; i < lines_of_lane; ++i) {
        const CodeBytes codes = encode_rare_line<E, T>(words, source, part.at[i], scale.code);
        decode_rare_line<E, false, O>(back, part.at[i], codes, scale.code, output);
      }
    }
  });
}

/// MX 6.3: quantises a matrix along its lines and along its columns from one read.
template <spec::ElementType E, spec::FloatType T, bool Packed>
__global__ void __launch_bounds__(threads_of_block, 2)
    quantize_tiles(CommonWords words, TilePlaces places, BlockPlaces rows, Aligned may, const void* source,
                   std::uint8_t* row_codes, std::uint8_t* row_scales, std::uint8_t* column_codes,
                   std::uint8_t* column_scales) {
  for_each_tile(places, may, [&](const TilePart& part, const Aligned& aligned) {
    Eight<T> lines[lines_of_lane];
    load_tile<T, Reads::Constant>(lines, part, source, aligned.numbers);
    MXEMU_UNROLL
    for (int i = 0; i < lines_of_lane; ++i) {
      const EightPlace& at = part.at[i];
      const BlockScale scale = block_scale(words, largest_of_block(largest_magnitude(lines[i])));
      store_codes<element_row<E>.bits, Packed>(
          at, quantize_eight<E>(words, lines[i], source, at.first, at.count, scale), row_codes,
          aligned.codes);
      if (at.quarter == 0 && at.count != 0)
        row_scales[rows.scale_place(part.line[i] * places.across + part.across)] =
            static_cast<std::uint8_t>(scale.code);
    }
    quantize_tile<E, T, Packed>(words, places, part, lines, source, column_codes, aligned.codes,
                                column_scales);
  });
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
