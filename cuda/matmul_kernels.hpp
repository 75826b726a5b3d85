// Products under any accumulator: one thread a number of the output, whose sum takes the products in
// ascending k. What a sum does with them is a class of cuda/exact_sums.hpp, float_sums.hpp, fused_sums.hpp.
#pragma once

#include <type_traits>

#include "cuda/float_sums.hpp"
#include "cuda/fused_sums.hpp"
#include "cuda/general.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// Rows and columns of the output that a block of threads works on at a time: one thread each.
inline constexpr unsigned tile_side = 16;
inline constexpr unsigned tile_threads = tile_side * tile_side;

/// Element k of a row as a sum takes it. Beyond the rows and beyond K it is a zero.
template <class Staged>
__device__ Staged staged(const MatmulJob& job, const SumWords& words, const OperandRows& operand,
                         std::size_t row, std::size_t k) {
  const bool is_there = row < operand.rows && k < job.depth;
  const std::uint32_t code = is_there ? operand.code_at(operand.place(row, k)) : 0;
  const std::uint32_t scale = row < operand.rows ? scale_at(job, operand, row, k)
                                                 : static_cast<std::uint32_t>(spec::scale_formats[0].bias);
  if constexpr (std::is_same_v<Staged, float>)
    return decode_float32(operand.words, code, scale);
  else
    return scaled_factor(operand.words, job.by_blocks ? spec::ScaleEntry::Unscaled : words.scale, code,
                         scale);
}

/// The scale of the block that a stretch is in.
inline __device__ std::uint32_t scale_of_stretch(const MatmulJob& job, const OperandRows& operand,
                                                 std::size_t row, std::size_t first) {
  return job.by_blocks && row < operand.rows ? scale_at(job, operand, row, first) : 0;
}

template <class Sum>
__device__ void start_sum(const MatmulJob& job, const SumWords& words, std::size_t place, Sum& sum) {
  const bool given = job.initial != nullptr;
  const auto* wide = static_cast<const std::uint32_t*>(job.initial);
  const auto* narrow = static_cast<const std::uint16_t*>(job.initial);
  sum.start(words, !given ? 0 : words.output.bits == 32 ? wide[place] : std::uint32_t{narrow[place]});
}

template <class Sum>
__device__ void finish_sum(const MatmulJob& job, const SumWords& words, std::size_t place, Sum& sum) {
  const std::uint32_t code = sum.finish(words, place);
  if (words.output.bits == 32)
    static_cast<std::uint32_t*>(job.output)[place] = code;
  else
    static_cast<std::uint16_t*>(job.output)[place] = static_cast<std::uint16_t>(code);
}

/// Operands of a tile along a stretch. One place is left out after each row, so that rows start in different
/// banks.
template <class Staged>
struct StagedTile {
  Staged a[tile_side][stretch_products + 1];
  Staged b[tile_side][stretch_products + 1];
  std::uint32_t a_scales[tile_side];
  std::uint32_t b_scales[tile_side];
};

template <class Staged>
__device__ void stage(const MatmulJob& job, const SumWords& words, const Stretch& stretch,
                      std::size_t first_row, std::size_t first_column, StagedTile<Staged>& tile) {
  for (unsigned i = threadIdx.x; i < tile_side * stretch.count; i += tile_threads) {
    const unsigned line = i / stretch.count;
    const unsigned k = i - line * stretch.count;
    tile.a[line][k] = staged<Staged>(job, words, job.a, first_row + line, stretch.first + k);
    tile.b[line][k] = staged<Staged>(job, words, job.b, first_column + line, stretch.first + k);
  }
  if (threadIdx.x < tile_side) {
    const std::size_t line = threadIdx.x;
    tile.a_scales[line] = scale_of_stretch(job, job.a, first_row + line, stretch.first);
    tile.b_scales[line] = scale_of_stretch(job, job.b, first_column + line, stretch.first);
  }
}

/// Tiles of the output: operands are decoded into shared memory, stretch by stretch.
template <class Sum>
__global__ void __launch_bounds__(tile_threads) multiply_tiles(MatmulJob job, SumWords words) {
  using Staged = typename Sum::Staged;
  MXEMU_SHARED(StagedTile<Staged>, tile);
  const unsigned row = threadIdx.x / tile_side;
  const unsigned column = threadIdx.x % tile_side;
  const auto tiles_of = [](std::size_t extent) { return (extent + tile_side - 1) / tile_side; };
  const std::size_t across = tiles_of(job.b.rows);
  for (std::size_t i = blockIdx.x; i < tiles_of(job.a.rows) * across; i += gridDim.x) {
    const std::size_t first_row = i / across * tile_side;
    const std::size_t first_column = i % across * tile_side;
    const bool is_there = first_row + row < job.a.rows && first_column + column < job.b.rows;
    const std::size_t place = job.place(first_row + row, first_column + column);
    Sum sum;
    if (is_there)
      start_sum(job, words, place, sum);
    else
      sum.start(words, 0);
    Stretch stretch;
    for (std::size_t first = 0; first < job.padded; first += stretch.count) {
      stretch = stretch_at(job, first);
      stage(job, words, stretch, first_row, first_column, tile);
      __syncthreads();
      const auto a = [&](unsigned k) { return tile.a[row][k]; };
      const auto b = [&](unsigned k) { return tile.b[column][k]; };
      sum.add(words, stretch,
              StretchOperands<decltype(a), decltype(b)>{a, b, tile.a_scales[row], tile.b_scales[column]});
      __syncthreads();
    }
    if (is_there) finish_sum(job, words, place, sum);
  }
}

/// Rows of equal number: nothing is shared.
template <class Sum>
__global__ void __launch_bounds__(tile_threads) multiply_rows(MatmulJob job, SumWords words) {
  using Staged = typename Sum::Staged;
  for (std::size_t row = first_item_of_thread(); row < job.a.rows; row += threads_of_grid()) {
    Sum sum;
    start_sum(job, words, row, sum);
    Stretch stretch;
    for (std::size_t first = 0; first < job.padded; first += stretch.count) {
      stretch = stretch_at(job, first);
      const auto a = [&](unsigned k) { return staged<Staged>(job, words, job.a, row, stretch.first + k); };
      const auto b = [&](unsigned k) { return staged<Staged>(job, words, job.b, row, stretch.first + k); };
      sum.add(words, stretch,
              StretchOperands<decltype(a), decltype(b)>{a, b, scale_of_stretch(job, job.a, row, first),
                                                        scale_of_stretch(job, job.b, row, first)});
    }
    finish_sum(job, words, row, sum);
  }
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
