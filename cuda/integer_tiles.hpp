// Block sums of elements that are small integers, by integer tensor cores: one instruction makes the exact
// dot products of 16 x 8 pairs of MX blocks, and float32 adds them under their scales.
//
// A block of threads makes 128 x 128 numbers, a warp 32 x 32 of them. Operands go through shared memory as
// bytes, two blocks of 32 at a time; the next two are on their way from memory into registers while these are
// multiplied.
#pragma once

#include "cuda/exact_sums.hpp"
#include "cuda/integer_codes.hpp"
#include "cuda/tensor_core.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

inline constexpr unsigned integer_tile = 128;  ///< rows, and columns
inline constexpr unsigned integer_threads = 512;
inline constexpr unsigned integer_block = 32;  ///< elements of a block
inline constexpr unsigned integer_blocks = 2;  ///< of a line that are staged together
inline constexpr unsigned chunks_of_line = integer_blocks * integer_block / codes_of_chunk;
inline constexpr unsigned scales_of_tile = integer_tile * integer_blocks;
inline constexpr unsigned warp_side = 32;
inline constexpr unsigned row_parts = warp_side / 16;
inline constexpr unsigned column_parts = warp_side / 8;
static_assert(integer_tile * chunks_of_line == integer_threads && 2 * scales_of_tile == integer_threads &&
              integer_tile / warp_side * (integer_tile / warp_side) * 32 == integer_threads);

/// A line's codes as integers, and its scales at bit 23, where a float32 has its exponent. Those of b have
/// the exponent of a product's unit added, so that the sum of two is the float32 that a block sum is
/// multiplied by.
struct StagedLines {
  uint4 integers[integer_tile * chunks_of_line];
  std::uint32_t scales[integer_blocks][integer_tile];
};
struct StagedIntegers {
  StagedLines a[2];
  StagedLines b[2];
};

/// What one thread brings from memory: a chunk of either operand, a scale of one.
struct Fetched {
  Chunk a;
  Chunk b;
  std::uint32_t scale;
};

/// The lanes of a warp read eight rows at once: rows whose number has bit 1 have their two blocks exchanged,
/// and all are in different banks.
inline __device__ unsigned chunk_place(unsigned line, unsigned chunk) {
  return line * chunks_of_line + (chunk ^ (line & 2));
}

/// This thread's chunk of the blocks from `first_block` on. `Whole`: all chunks are of the line, and
/// load_chunk may be used.
template <bool Whole>
__device__ Chunk fetch_chunk(const MatmulJob& job, const OperandRows& operand, std::size_t first_line,
                             std::size_t first_block) {
  const std::size_t line = first_line + threadIdx.x / chunks_of_line;
  const std::size_t k = first_block * integer_block + threadIdx.x % chunks_of_line * codes_of_chunk;
  if (line >= operand.rows || k >= job.depth) return {0, 0};
  return Whole ? load_chunk(operand, operand.place(line, k)) : gather_chunk(operand, line, k, job.depth - k);
}

inline __device__ bool brings_scale_of_a() {
  return threadIdx.x < scales_of_tile;
}

inline __device__ std::uint32_t fetch_scale(const MatmulJob& job, const OperandRows& operand,
                                            std::size_t first_line, std::size_t first_block) {
  const unsigned place = threadIdx.x % scales_of_tile;
  const std::size_t line = first_line + place / integer_blocks;
  const std::size_t block = first_block + place % integer_blocks;
  const bool is_there = operand.scales != nullptr && line < operand.rows && block * integer_block < job.depth;
  return is_there ? operand.scales[operand.scale_place(line, block)]
                  : static_cast<std::uint32_t>(spec::scale_formats[0].bias);
}

template <bool Whole>
__device__ Fetched fetch(const MatmulJob& job, std::size_t first_row, std::size_t first_column,
                         std::size_t first_block) {
  return {fetch_chunk<Whole>(job, job.a, first_row, first_block),
          fetch_chunk<Whole>(job, job.b, first_column, first_block),
          brings_scale_of_a() ? fetch_scale(job, job.a, first_row, first_block)
                              : fetch_scale(job, job.b, first_column, first_block)};
}

inline __device__ void stage_chunk(const OperandRows& operand, const Chunk& chunk, StagedLines& lines) {
  const Chunk integers = integers_of_chunk(operand, chunk);
  lines.integers[chunk_place(threadIdx.x / chunks_of_line, threadIdx.x % chunks_of_line)] =
      make_uint4(static_cast<std::uint32_t>(integers.low), static_cast<std::uint32_t>(integers.low >> 32),
                 static_cast<std::uint32_t>(integers.high), static_cast<std::uint32_t>(integers.high >> 32));
}

/// `unit`: what is added to the scales of b.
inline __device__ void stage(const MatmulJob& job, const Fetched& fetched, int unit, StagedLines& a,
                             StagedLines& b) {
  stage_chunk(job.a, fetched.a, a);
  stage_chunk(job.b, fetched.b, b);
  const unsigned place = threadIdx.x % scales_of_tile;
  std::uint32_t& scale = (brings_scale_of_a() ? a : b).scales[place % integer_blocks][place / integer_blocks];
  scale = (fetched.scale + (brings_scale_of_a() ? 0 : static_cast<std::uint32_t>(unit))) << 23;
}

/// Eight bytes of a block of a line, for one of four lanes: which of the block's they are does not matter, as
/// long as both operands agree.
inline __device__ uint2 eight_bytes(const StagedLines& lines, unsigned line, unsigned block, unsigned lane) {
  const uint4* chunk = lines.integers + chunk_place(line, 2 * block);
  return reinterpret_cast<const uint2*>(chunk)[lane];
}

/// Where a thread's warp stands in the tile, and the thread in its warp.
struct IntegerPlace {
  unsigned row;
  unsigned column;
  unsigned group;
  unsigned lane;

  __device__ IntegerPlace() {
    constexpr unsigned across = integer_tile / warp_side;
    const unsigned warp = threadIdx.x / 32;
    row = warp / across * warp_side;
    column = warp % across * warp_side;
    group = threadIdx.x % 32 / 4;
    lane = threadIdx.x % 4;
  }
  /// Of number `i` of a part.
  __device__ unsigned row_of(unsigned part, unsigned i) const {
    return row + 16 * part + 8 * (i / 2) + group;
  }
  __device__ unsigned column_of(unsigned part, unsigned i) const {
    return column + 8 * part + 2 * lane + i % 2;
  }
};

using IntegerSums = float[row_parts][column_parts][4];

/// The code of a staged scale of b.
inline __device__ std::uint32_t column_code(std::uint32_t scale, int unit) {
  return ((scale >> 23) - static_cast<std::uint32_t>(unit)) & 0x1ff;
}

/// Whether a block sum (up to 2^19) times any two scales is a float32, from 2^-126 to below 2^128. Of codes
/// from 70 to 181 it is, for units from 2^-12 on.
inline constexpr std::uint32_t first_plain_code = 70;
inline constexpr std::uint32_t plain_codes = 112;
inline __device__ bool has_plain_scales(const StagedIntegers& tile, const IntegerPlace& place, unsigned stage,
                                        unsigned block, int unit) {
  const auto is_plain = [](std::uint32_t code) { return code - first_plain_code < plain_codes; };
  const unsigned lane = threadIdx.x % warp_side;
  const bool plain = is_plain(tile.a[stage].scales[block][place.row + lane] >> 23) &&
                     is_plain(column_code(tile.b[stage].scales[block][place.column + lane], unit));
  return __all_sync(0xffffffffu, plain) != 0;
}

/// fl(d 2^exponent) of a block sum under any scales: a float32 twice multiplied, once exactly.
inline __device__ float scaled_block(int d, int exponent) {
  const int part = exponent < 0 ? -100 : 100;
  const int rest = exponent - part;
  const int bounded = rest < -100 ? -100 : rest > 100 ? 100 : rest;
  const auto power = [](int of) { return __uint_as_float(static_cast<std::uint32_t>(127 + of) << 23); };
  return __fmul_rn(__fmul_rn(static_cast<float>(d), power(part)), power(bounded));
}

/// c = fl(c + fl(d)) of one number.
inline __device__ float add_any_block(float c, int d, std::uint32_t a_scale, std::uint32_t b_scale,
                                      int unit) {
  const std::uint32_t a_code = a_scale >> 23;
  const std::uint32_t b_code = column_code(b_scale, unit);
  constexpr std::uint32_t nan_code = 0xff;
  if (a_code == nan_code || b_code == nan_code) return __uint_as_float(0x7fc00000u);
  return __fadd_rn(c, scaled_block(d, static_cast<int>(a_code + b_code) + unit - 127));
}

/// All blocks' dot products of a warp, added to its sums.
template <bool Plain>
__device__ void add_block(const StagedIntegers& tile, const IntegerPlace& place, unsigned stage,
                          unsigned block, int unit, IntegerSums& sums) {
  // 1.5 * 2^23: the bits of the float32 that is this number more than the integer added to them.
  constexpr int offset_bits = 0x4b400000;
  constexpr float offset = 0x1.8p23f;
  const StagedLines& a = tile.a[stage];
  const StagedLines& b = tile.b[stage];
  std::uint32_t columns[column_parts][2];
  std::uint32_t column_scales[column_parts][2];
  MXEMU_UNROLL
  for (unsigned n = 0; n < column_parts; ++n) {
    const uint2 bytes = eight_bytes(b, place.column + 8 * n + place.group, block, place.lane);
    columns[n][0] = bytes.x;
    columns[n][1] = bytes.y;
    for (unsigned i = 0; i < 2; ++i) column_scales[n][i] = b.scales[block][place.column_of(n, i)];
  }
  MXEMU_UNROLL
  for (unsigned m = 0; m < row_parts; ++m) {
    const uint2 upper = eight_bytes(a, place.row_of(m, 0), block, place.lane);
    const uint2 lower = eight_bytes(a, place.row_of(m, 2), block, place.lane);
    const std::uint32_t rows[4] = {upper.x, lower.x, upper.y, lower.y};
    const std::uint32_t row_scales[2] = {a.scales[block][place.row_of(m, 0)],
                                         a.scales[block][place.row_of(m, 2)]};
    MXEMU_UNROLL
    for (unsigned n = 0; n < column_parts; ++n) {
      int products[4];
      if constexpr (!Plain) __syncwarp();  // lanes part where one has a NaN
      multiply_integers(products, offset_bits, rows, columns[n]);
      MXEMU_UNROLL
      for (unsigned i = 0; i < 4; ++i) {
        float& sum = sums[m][n][i];
        const std::uint32_t row_scale = row_scales[i / 2];
        const std::uint32_t column_scale = column_scales[n][i % 2];
        if constexpr (Plain) {
          const float product = __fadd_rn(__uint_as_float(static_cast<std::uint32_t>(products[i])), -offset);
          sum = __fmaf_rn(product, __uint_as_float(row_scale + column_scale), sum);
        } else {
          sum = add_any_block(sum, products[i] - offset_bits, row_scale, column_scale, unit);
        }
      }
    }
  }
}

/// Where number `i` of a part stands in the output.
struct IntegerOutput {
  std::size_t first_row;
  std::size_t first_column;

  template <class Use>
  __device__ void for_each(const MatmulJob& job, const IntegerPlace& place, const Use& use) const {
    MXEMU_UNROLL
    for (unsigned m = 0; m < row_parts; ++m) MXEMU_UNROLL
    for (unsigned n = 0; n < column_parts; ++n) MXEMU_UNROLL
    for (unsigned i = 0; i < 4; ++i) {
      const std::size_t row = first_row + place.row_of(m, i);
      const std::size_t column = first_column + place.column_of(n, i);
      use(m, n, i, row < job.a.rows && column < job.b.rows, job.place(row, column));
    }
  }
};

/// The same number, and the compiler does not know that: what follows from it is worked out again, rather
/// than kept in registers all the while.
inline __device__ std::size_t anew(std::size_t number) {
#if !defined(MXEMU_CUDA_ON_HOST)
  asm volatile("" : "+l"(number));
#endif
  return number;
}

/// AccumulatorKind::BlockExact of blocks of 32. `unit`: the exponent of a product's unit, less the bias of
/// float32.
template <bool Whole>
__global__ void __launch_bounds__(integer_threads, 1) multiply_integer_tiles(MatmulJob job, int unit) {
  MXEMU_SHARED(StagedIntegers, tile);
  const IntegerPlace place;
  const std::size_t across = (job.b.rows + integer_tile - 1) / integer_tile;
  const std::size_t tiles = (job.a.rows + integer_tile - 1) / integer_tile * across;
  const std::size_t blocks = (job.depth + integer_block - 1) / integer_block;
  for (std::size_t index = blockIdx.x; index < tiles; index += gridDim.x) {
    const IntegerOutput output = {index / across * integer_tile, index % across * integer_tile};
    const auto* initial = static_cast<const float*>(job.initial);
    IntegerSums sums;
    output.for_each(job, place, [&](unsigned m, unsigned n, unsigned i, bool is_there, std::size_t at) {
      sums[m][n][i] = is_there && initial != nullptr ? initial[at] : 0.0f;
    });
    Fetched fetched = fetch<Whole>(job, output.first_row, output.first_column, 0);
    unsigned stage_index = 0;
    for (std::size_t first = 0; first < blocks; first += integer_blocks, stage_index ^= 1) {
      stage(job, fetched, unit, tile.a[stage_index], tile.b[stage_index]);
      // Who passes has staged; what is staged next was read before the barrier that was passed last.
      __syncthreads();
      fetched = fetch<Whole>(job, output.first_row, output.first_column, first + integer_blocks);
      for (unsigned block = 0; block < integer_blocks && first + block < blocks; ++block) {
        if (has_plain_scales(tile, place, stage_index, block, unit))
          add_block<true>(tile, place, stage_index, block, unit, sums);
        else
          add_block<false>(tile, place, stage_index, block, unit, sums);
      }
    }
    // The next tile begins with the stage that was left last.
    __syncthreads();
    const IntegerOutput sums_output = {anew(output.first_row), anew(output.first_column)};
    sums_output.for_each(job, place, [&](unsigned m, unsigned n, unsigned i, bool is_there, std::size_t at) {
      if (is_there) static_cast<std::uint32_t*>(job.output)[at] = float32_code(sums[m][n][i]);
    });
  }
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
