// How a vector tier walks over the lines of a common job: whole blocks in runs as long as memory allows, and
// the short block at the end of each line. Included by the translation unit of a tier.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fast/fast_path.hpp"
#include "fast/pack.hpp"

namespace mxemu::fast::MXEMU_TIER {

/// Calls run(element, block, count) for `count` whole blocks that follow each other from there on, and
/// tail(element, block, elements) for a short one, over the units first_unit … last_unit - 1.
template <class Run, class Tail>
void for_each_run(const BlockGrid& grid, std::size_t first_unit, std::size_t last_unit, const Run& run,
                  const Tail& tail) {
  if (grid.length % fast_block == 0) {
    run(first_unit * fast_block, first_unit, last_unit - first_unit);
    return;
  }
  const std::size_t per_line = grid.blocks_per_line();
  const std::size_t whole = grid.length / fast_block;
  for (std::size_t unit = first_unit; unit < last_unit;) {
    const std::size_t line = unit / per_line;
    const std::size_t block = unit % per_line;
    const std::size_t end = last_unit - unit < per_line - block ? block + (last_unit - unit) : per_line;
    const std::size_t end_of_whole = end < whole ? end : whole;
    const std::size_t start = line * grid.length;
    if (end_of_whole > block) run(start + block * fast_block, unit, end_of_whole - block);
    if (end > whole)
      tail(start + whole * fast_block, line * per_line + whole, grid.length - whole * fast_block);
    unit += end - block;
  }
}

/// True when every line of a bit stream starts at a byte of its own.
MXEMU_HOST bool lines_start_at_bytes(const BlockGrid& grid, int bits) {
  return grid.outer == 1 || grid.length % 8 * static_cast<std::size_t>(bits) % 8 == 0;
}

MXEMU_HOST std::size_t code_offset(std::size_t element, int bits, bool packed) {
  return packed ? stream_bytes(bits, element) : element;
}

MXEMU_HOST bool is_aligned(const void* address, std::size_t to) {
  return reinterpret_cast<std::uintptr_t>(address) % to == 0;
}

}  // namespace mxemu::fast::MXEMU_TIER
