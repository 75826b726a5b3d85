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

/// Division of a number below 2^32 by one that every thread divides by, as one multiplication.
struct Divisor {
  std::uint64_t inverse;  ///< 2^64 / divisor rounded up; 0 for 1

  MXEMU_HOST_DEVICE std::uint32_t quotient(std::uint32_t dividend) const {
    // The upper word of a product of 64 and 32 bits.
    const std::uint64_t low = (inverse & 0xffffffffu) * dividend >> 32;
    const std::uint64_t high = (inverse >> 32) * dividend + low;
    return inverse == 0 ? dividend : static_cast<std::uint32_t>(high >> 32);
  }
};

/// `divisor` from 1 to 2^32 - 1. The inverse is too large by less than 2^-64, so that a quotient is by less
/// than 2^-32, which is less than the 1 / divisor that it would take to reach the next integer.
MXEMU_HOST constexpr Divisor make_divisor(std::size_t divisor) {
  return {divisor == 1 ? 0 : ~std::uint64_t{0} / divisor + 1};
}

/// Places of a tensor of fewer than 2^32 blocks, for kernels that divide often.
struct BlockPlaces {
  Places all;
  Divisor blocks_per_line;
  Divisor scale_columns;

  /// As Places::scale_place.
  MXEMU_HOST_DEVICE std::size_t scale_place(std::uint32_t block) const {
    if (all.scale_layout == spec::ScaleLayout::RowMajor) return block;
    const std::uint32_t row = scale_columns.quotient(block);
    const auto columns = static_cast<std::uint32_t>(all.scale_columns);
    return fast::scale_offset(all.scale_layout, columns, row, block - row * columns);
  }
};

MXEMU_HOST constexpr BlockPlaces make_block_places(const Places& places) {
  return {places, make_divisor(places.blocks_per_line), make_divisor(places.scale_columns)};
}

}  // namespace mxemu::cuda
