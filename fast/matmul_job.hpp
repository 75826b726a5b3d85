// What the interface of dot and matrix products hands to a tier: sizes are checked, strides filled in.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fast/host_device.hpp"
#include "spec/element_format.hpp"
#include "spec/float_format.hpp"
#include "spec/operand.hpp"
#include "spec/rounding.hpp"

namespace mxemu::fast {

/// Rows of codes with their blocks along the row, from row `first` on. Element (first + row, i) is code
/// row * stride + i, the scale of its block stands at row * scale_stride + i / block_size.
struct BlockRows {
  spec::OperandType type;
  spec::ElementType element;  ///< the same, where the type is one
  const std::uint8_t* codes;
  bool packed;                 ///< a bit stream rather than one code per byte
  const std::uint8_t* scales;  ///< null: all are 1
  std::size_t rows;
  std::size_t stride;
  std::size_t scale_stride;
  std::size_t first = 0;
};

/// alpha A[M x K] B[K x N] + beta C, B given by its columns: both operands are rows along K.
struct MatmulJob {
  BlockRows a;
  BlockRows b;
  std::size_t depth;   ///< K
  std::size_t padded;  ///< K with the zeros that the request pads with
  std::size_t block_size;
  spec::FloatType output_type;
  spec::Rounding rounding;
  float alpha;               ///< 1 but for the accumulator `exact`
  float beta;                ///< the same
  const std::byte* initial;  ///< C: M x N numbers that the sums start from, or null: +0
  std::byte* output;         ///< M x N numbers

  MXEMU_HOST constexpr std::size_t output_offset(std::size_t row, std::size_t column) const {
    return (row * b.rows + column) *
           static_cast<std::size_t>(spec::float_formats[static_cast<int>(output_type)].bits / 8);
  }
  MXEMU_HOST constexpr std::size_t blocks() const { return depth / block_size + (depth % block_size != 0); }
};

/// The part of the output that one thread works on at a time.
struct MatmulTile {
  std::size_t first_row;
  std::size_t rows;
  std::size_t first_column;
  std::size_t columns;
};

/// Rows and columns of a tile at most: multiples of what any kernel takes at a time.
inline constexpr std::size_t most_tile_rows = 384;
inline constexpr std::size_t most_tile_columns = 768;
/// Floats from one line of a tile's sums to the next; lines start in different sets of a cache.
inline constexpr std::size_t sums_stride = most_tile_columns + 16;

/// What a thread's panels and sums stand in, each at a multiple of 64.
struct MatmulWorkspace {
  std::byte* a;     ///< panel of A: wide_line_bytes for each row
  std::byte* b;     ///< panel of B: three times that for each column
  std::byte* sums;  ///< sums of the tile: sums_bytes
};
/// Elements of each row that a panel holds.
inline constexpr std::size_t panel_depth = 256;
inline constexpr std::size_t wide_line_bytes = panel_depth * sizeof(double);
inline constexpr std::size_t sums_bytes = most_tile_rows * sums_stride * sizeof(float);

/// Tiles of sums that take hundreds of bytes each.
inline constexpr std::size_t late_tile_rows = 48;
inline constexpr std::size_t late_tile_columns = 64;

/// A tier's entry points, each for one tile.
using TileFunction = void(const MatmulJob& job, const MatmulTile& tile, const MatmulWorkspace& workspace);
struct MatmulTier {
  TileFunction* block_exact;
  // Of at most late_tile_rows x late_tile_columns.
  TileFunction* long_block_exact;  ///< blocks longer than longest_block
  TileFunction* exact;
  TileFunction* pairwise;
  // Of the larger tiles again.
  TileFunction* sequential;
  TileFunction* fma_chain;
};

extern const MatmulTier portable_matmul;
extern const MatmulTier avx2_matmul;
extern const MatmulTier avx512_matmul;
extern const MatmulTier amx_matmul;

}  // namespace mxemu::fast
