// Products as matrix units sum them: what is asked of a tier, and what it works in.
#pragma once

#include <cstddef>
#include <cstdint>

#include "spec/dot_request.hpp"

namespace mxemu::fast {

/// Rows of codes along K, from row `first` on. Element (first + row, k) is code row * stride + k, the scale
/// of its block stands at row * scale_stride + k / block_size.
struct UnitRows {
  const std::uint8_t* codes;             ///< of a floating-point type: its bits, at any address
  bool packed = false;                   ///< elements as a bit stream rather than one per byte
  const std::uint8_t* scales = nullptr;  ///< E8M0; null: all are 1
  std::size_t stride;
  std::size_t scale_stride = 0;
  std::size_t first = 0;
};

/// c + A B, B given by its columns: both operands are rows along K. The request makes sense (spec::refusal),
/// its accumulator is of the kind Fused or FlushedTree, and operands of an accumulator that takes no scales
/// have none.
struct UnitJob {
  spec::DotRequest request;
  UnitRows a;
  UnitRows b;
  std::size_t depth;         ///< K
  std::size_t padded_depth;  ///< spec::padded_length of the request and K
  const std::byte* initial;  ///< numbers that the sums start from, as `output`; null: +0
  std::byte* output;         ///< (row, column) is number row * output_stride + column
  std::size_t output_stride;
};

/// The part of the output that is worked on.
struct UnitTile {
  std::size_t first_row;
  std::size_t rows;
  std::size_t first_column;
  std::size_t columns;
};

/// Rows and columns of a tile at most.
inline constexpr std::size_t unit_tile_side = 128;
/// Products of a row that are decoded at a time: a whole number of steps of every accumulator.
inline constexpr std::size_t unit_depth = 128;
/// Columns that a tier works on together at most.
inline constexpr std::size_t unit_group_columns = 32;

/// Decoded operands of `lines` lines.
template <std::size_t lines>
struct UnitPanel {
  alignas(64) double values[lines * unit_depth];  ///< or as many floats
  alignas(64) std::int16_t exponents[lines * unit_depth];
  std::uint8_t scales[lines * unit_depth];  ///< of the block that a step begins in, at the step's first k
};

/// What a thread works in.
struct UnitWorkspace {
  UnitPanel<unit_tile_side> a;
  UnitPanel<unit_group_columns> b;
  UnitPanel<1> line;
  alignas(64) double sums[unit_tile_side * unit_tile_side];
  alignas(64) double block_sums[unit_tile_side * unit_tile_side];  ///< of blocks that are summed from 0
};

/// A tier's entry point, for a tile of at most unit_tile_side rows and columns.
using MatrixUnit = void (*)(const UnitJob& job, const UnitTile& tile, UnitWorkspace& workspace);

extern const MatrixUnit portable_matrix_unit;
extern const MatrixUnit avx2_matrix_unit;
extern const MatrixUnit avx512_matrix_unit;

}  // namespace mxemu::fast
