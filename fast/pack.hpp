// The declared layouts of codes and scales (spec/packing.hpp), as functions of positions: host and device.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fast/host_device.hpp"
#include "spec/packing.hpp"

namespace mxemu::fast {

/// Bytes of a bit stream of `count` codes of `bits` bits: ceil(count * bits / 8), without overflow.
MXEMU_HOST_DEVICE constexpr std::size_t stream_bytes(int bits, std::size_t count) noexcept {
  const auto width = static_cast<std::size_t>(bits);
  return count / 8 * width + (count % 8 * width + 7) / 8;
}

/// Eight codes, one per byte of `codes` (byte i = code i), to 8 * bits bits, least significant first.
MXEMU_HOST_DEVICE constexpr std::uint64_t pack_eight(int bits, std::uint64_t codes) noexcept {
  // Neighbours close up pairwise: 8 of d bits, 4 of 2d, 2 of 4d.
  const std::uint64_t one = ((std::uint64_t{1} << bits) - 1) * 0x0001000100010001u;
  const std::uint64_t pairs = (codes & one) | (codes >> (8 - bits) & one << bits);
  const std::uint64_t pair = ((std::uint64_t{1} << 2 * bits) - 1) * 0x0000000100000001u;
  const std::uint64_t fours = (pairs & pair) | (pairs >> (16 - 2 * bits) & pair << 2 * bits);
  return (fours & 0xffffffffu) | (fours >> 32) << 4 * bits;
}

/// The inverse of pack_eight. Bits of `packed` beyond 8 * bits are ignored.
MXEMU_HOST_DEVICE constexpr std::uint64_t unpack_eight(int bits, std::uint64_t packed) noexcept {
  const std::uint64_t four = (std::uint64_t{1} << 4 * bits) - 1;
  const std::uint64_t fours = (packed & four) | (packed >> 4 * bits & four) << 32;
  const std::uint64_t pair = ((std::uint64_t{1} << 2 * bits) - 1) * 0x0000000100000001u;
  const std::uint64_t pairs = (fours & pair) | (fours & pair << 2 * bits) << (16 - 2 * bits);
  const std::uint64_t one = ((std::uint64_t{1} << bits) - 1) * 0x0001000100010001u;
  return (pairs & one) | (pairs & one << bits) << (8 - bits);
}

/// Where the scale of (row, column) stands in a matrix of scales with `columns` columns.
MXEMU_HOST_DEVICE constexpr std::size_t scale_offset(spec::ScaleLayout layout, std::size_t columns,
                                                     std::size_t row, std::size_t column) noexcept {
  constexpr std::size_t tile_rows = spec::scale_tile_rows;
  constexpr std::size_t tile_columns = spec::scale_tile_columns;
  const std::size_t tiles_across = (columns + tile_columns - 1) / tile_columns;
  const std::size_t tile = row / tile_rows * tiles_across + column / tile_columns;
  const std::size_t r = row % tile_rows;
  const std::size_t tiled =
      tile * tile_rows * tile_columns + r % 32 * 16 + r / 32 * 4 + column % tile_columns;
  return layout == spec::ScaleLayout::Tile128x4 ? tiled : row * columns + column;
}

}  // namespace mxemu::fast
