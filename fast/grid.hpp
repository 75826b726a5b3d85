// How blocks lie in a tensor (MX 6.2, 6.3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "fast/host_device.hpp"
#include "spec/request.hpp"

namespace mxemu::fast {

/// Every line along one axis of a row-major array is cut into blocks of block_size, the last one possibly
/// short. Element (o, j, i) stands at (o * length + j) * inner + i, block (o, b, i) at (o * blocks_per_line
/// + b) * inner + i.
struct BlockGrid {
  std::size_t outer = 1;
  std::size_t length = 1;
  std::size_t inner = 1;
  std::size_t block_size = 32;

  MXEMU_HOST constexpr std::size_t blocks_per_line() const {
    return length / block_size + (length % block_size != 0);
  }
  MXEMU_HOST constexpr std::size_t block_count() const { return outer * blocks_per_line() * inner; }
  MXEMU_HOST constexpr std::size_t element_count() const { return outer * length * inner; }
};

/// The grid of `shape` (outermost first; empty for a scalar) along `axis`, which may count from the end as
/// -1. Throws std::invalid_argument for an axis out of range, a negative extent, sizes that overflow, a
/// block size below 1, or a tail that the policy refuses.
BlockGrid make_block_grid(std::span<const std::int64_t> shape, int axis, const spec::Request& request);

}  // namespace mxemu::fast
