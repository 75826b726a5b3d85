// A tile of a product under block_exact: panels of both operands, chunk by chunk along K, and a kernel over
// them. Included by the translation units of the tiers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fast/control_word.hpp"
#include "fast/matmul_lanes.hpp"

namespace mxemu::fast::MXEMU_TIER {

/// The sums of a tile: lines of `stride` floats, with room around them for kernels that work on whole groups
/// of rows and columns.
struct TileSums {
  float* at;
  std::size_t stride;
};

/// A kernel of lanes: T is what its panels hold, Parts in how many pieces B is.
template <class T, int Parts>
struct LanesKernel {
  static constexpr int rows = lanes_rows / Parts;
  static constexpr std::size_t columns = LanesTraits<T>::columns;

  static ScaleSpan pack_a(const MatmulJob& job, const PanelRange& range, std::byte* panel) {
    const std::size_t padded = (range.rows + rows - 1) / rows * rows;
    return pack_lines(job, range, padded, reinterpret_cast<T*>(panel));
  }
  static ScaleSpan pack_b(const MatmulJob& job, const PanelRange& range, std::byte* panel) {
    return pack_columns<T, Parts>(job, range, columns, reinterpret_cast<T*>(panel));
  }
  static void add(const MatmulJob& job, const PanelRange& a, const PanelRange& b, bool a_has_infinities,
                  const MatmulWorkspace& workspace, const TileSums& sums) {
    const std::size_t length = a.blocks * job.block_size;
    const T* panel_a = reinterpret_cast<const T*>(workspace.a);
    const T* panel_b = reinterpret_cast<const T*>(workspace.b);
    for (std::size_t column = 0; column < b.rows; column += columns)
      for (std::size_t row = 0; row < a.rows; row += rows)
        add_blocks<T, rows, Parts>(panel_a + row * length, length, panel_b + column * length * Parts,
                                   a.blocks, job.block_size, a_has_infinities,
                                   sums.at + row * sums.stride + column, sums.stride);
  }
};

/// One chunk of K through `Kernel`. False, with the sums as they were, where the scales are not plain and the
/// kernel asks for that.
template <class Kernel, bool NeedsPlainScales>
bool add_chunk(const MatmulJob& job, const PanelRange& a, const PanelRange& b,
               const MatmulWorkspace& workspace, const TileSums& sums) {
  const ScaleSpan span_a = Kernel::pack_a(job, a, workspace.a);
  const ScaleSpan span_b = Kernel::pack_b(job, b, workspace.b);
  if constexpr (NeedsPlainScales)
    if (!is_plain(span_a, unit_exponent(row_of(job.a.element)), span_b, unit_exponent(row_of(job.b.element))))
      return false;
  Kernel::add(job, a, b, span_a.has_infinities, workspace, sums);
  return true;
}

/// Any formats under any scales. Kernel<Parts> is a kernel of doubles.
template <template <int> class Kernel>
void add_wide_chunk(const MatmulJob& job, const PanelRange& a, const PanelRange& b,
                    const MatmulWorkspace& workspace, const TileSums& sums) {
  switch (part_count(row_of(job.a.element), row_of(job.b.element))) {
    case 1: add_chunk<Kernel<1>, false>(job, a, b, workspace, sums); break;
    case 2: add_chunk<Kernel<2>, false>(job, a, b, workspace, sums); break;
    default: add_chunk<Kernel<3>, false>(job, a, b, workspace, sums); break;
  }
}

template <int Parts>
using DoubleKernel = LanesKernel<double, Parts>;

/// The sums of a tile as they start. The caller's numbers stand at any address.
inline void start_sums(const MatmulJob& job, const MatmulTile& tile, const TileSums& sums) {
  // Kernels go beyond the tile, up to whole groups of at most 32 rows and columns.
  const std::size_t rows = tile.rows + 31 < most_tile_rows ? tile.rows + 31 : most_tile_rows;
  const std::size_t columns = tile.columns + 31 < most_tile_columns ? tile.columns + 31 : most_tile_columns;
  for (std::size_t row = 0; row < rows; ++row) {
    float* to = sums.at + row * sums.stride;
    std::memset(to, 0, columns * sizeof(float));
    if (job.initial != nullptr && row < tile.rows)
      std::memcpy(to, job.initial + job.output_offset(tile.first_row + row, tile.first_column),
                  tile.columns * sizeof(float));
  }
}

/// Every NaN is the quiet one without payload.
MXEMU_HOST float without_payload(float number) {
  return number == number ? number : std::numeric_limits<float>::quiet_NaN();
}

/// The sums of a tile to the output.
inline void finish_sums(const MatmulJob& job, const MatmulTile& tile, const TileSums& sums) {
  constexpr std::size_t count = Lanes<float>::count;
  constexpr std::size_t ahead = 2;  // rows whose output is fetched: stores to distant lines wait for them
  for (std::size_t row = 0; row < tile.rows; ++row) {
    const float* from = sums.at + row * sums.stride;
    std::byte* to = job.output + job.output_offset(tile.first_row + row, tile.first_column);
    std::size_t column = 0;
    for (; column + count <= tile.columns; column += count) {
      if (row + ahead < tile.rows)
        __builtin_prefetch(to + (ahead * job.b.rows + column) * sizeof(float), 1, 2);
      const Vector<float> numbers = load(from + column);
      const Vector<float> quiet = std::numeric_limits<float>::quiet_NaN() - Vector<float>{};
      const Vector<float> finished = numbers == numbers ? numbers : quiet;
      std::memcpy(to + column * sizeof(float), &finished, sizeof finished);
    }
    for (; column < tile.columns; ++column) {
      const float finished = without_payload(from[column]);
      std::memcpy(to + column * sizeof(float), &finished, sizeof finished);
    }
  }
}

/// Calls use(part of a, part of b) for at most `step` blocks at a time.
template <class Use>
void for_each_chunk(const PanelRange& a, const PanelRange& b, std::size_t step, const Use& use) {
  for (std::size_t block = 0; block < a.blocks; block += step) {
    const std::size_t blocks = a.blocks - block < step ? a.blocks - block : step;
    use(PanelRange{a.first_row, a.rows, a.first_block + block, blocks},
        PanelRange{b.first_row, b.rows, b.first_block + block, blocks});
  }
}

/// `Chunk` is a function like add_wide_chunk, of at most `depth` elements of each row.
template <class Chunk>
void multiply_tile(const MatmulJob& job, const MatmulTile& tile, const MatmulWorkspace& workspace,
                   const Chunk& add_one_chunk, std::size_t depth = panel_depth) {
  const ControlWord control_word(Subnormals::Kept);
  const TileSums sums = {reinterpret_cast<float*>(workspace.sums), sums_stride};
  start_sums(job, tile, sums);
  const PanelRange a = {tile.first_row, tile.rows, 0, job.blocks()};
  const PanelRange b = {tile.first_column, tile.columns, 0, job.blocks()};
  for_each_chunk(a, b, depth / job.block_size, [&](const PanelRange& part_of_a, const PanelRange& part_of_b) {
    add_one_chunk(job, part_of_a, part_of_b, workspace, sums);
  });
  finish_sums(job, tile, sums);
}

/// True where small formats meet in blocks whose sums float32 holds.
MXEMU_HOST bool has_small_sums(const MatmulJob& job) {
  return is_small(row_of(job.a.element)) && is_small(row_of(job.b.element)) && job.block_size <= 32;
}

/// Small formats under plain scales in float32, the rest in float64.
inline void add_lanes_chunk(const MatmulJob& job, const PanelRange& a, const PanelRange& b,
                            const MatmulWorkspace& workspace, const TileSums& sums) {
  if (has_small_sums(job) && add_chunk<LanesKernel<float, 1>, true>(job, a, b, workspace, sums)) return;
  add_wide_chunk<DoubleKernel>(job, a, b, workspace, sums);
}

}  // namespace mxemu::fast::MXEMU_TIER
