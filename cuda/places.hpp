// Where the elements, the codes and the scales of a tensor stand, for kernels.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fast/grid.hpp"
#include "fast/pack.hpp"
#include "spec/packing.hpp"

namespace mxemu::cuda {

struct Places {
  std::size_t elements;
  std::size_t blocks;
  std::size_t length;
  std::size_t inner;
  std::size_t block_size;
  std::size_t blocks_per_line;
  std::size_t scale_columns;
  spec::ScaleLayout scale_layout;
  bool packed;
  int bits;

  /// The block of an element of the row-major tensor.
  MXEMU_HOST_DEVICE std::size_t block_of(std::size_t element) const {
    const std::size_t line = element / inner;
    const std::size_t column = element - line * inner;
    const std::size_t outer = line / length;
    const std::size_t place = line - outer * length;
    return (outer * blocks_per_line + place / block_size) * inner + column;
  }

  /// The first element of a block; its others follow `inner` apart.
  MXEMU_HOST_DEVICE std::size_t first_of(std::size_t block) const {
    const std::size_t row = block / inner;
    const std::size_t outer = row / blocks_per_line;
    const std::size_t start = (row - outer * blocks_per_line) * block_size;
    return (outer * length + start) * inner + (block - row * inner);
  }

  /// Elements of a block: fewer than block_size at the end of a line.
  MXEMU_HOST_DEVICE std::size_t size_of(std::size_t block) const {
    const std::size_t start = block / inner % blocks_per_line * block_size;
    return length - start < block_size ? length - start : block_size;
  }

  /// Where the scale of a block stands.
  MXEMU_HOST_DEVICE std::size_t scale_place(std::size_t block) const {
    if (scale_layout == spec::ScaleLayout::RowMajor) return block;
    const std::size_t row = block / scale_columns;
    return fast::scale_offset(scale_layout, scale_columns, row, block - row * scale_columns);
  }
};

/// Bytes that eight neighbours take in `codes`.
MXEMU_HOST_DEVICE constexpr std::size_t bytes_of_eight(const Places& places) noexcept {
  return places.packed ? static_cast<std::size_t>(places.bits) : 8;
}

}  // namespace mxemu::cuda
