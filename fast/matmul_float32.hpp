// Sums of float32 numbers as a loop, a chain of fused multiply-adds or a tree has them, over dequantised
// operands. Columns stand side by side in vectors; nothing is reordered. Included by the translation units of
// the tiers.
#pragma once

#include "fast/matmul_tile.hpp"

namespace mxemu::fast::MXEMU_TIER {

/// Elements along K, those of the padding included.
struct Stretch {
  std::size_t first;
  std::size_t count;
};

/// Calls use(panel row, element, number) for what a panel of floats holds; the padding has zeros.
template <class Use>
void for_each_float(const MatmulJob& job, const BlockRows& matrix, std::size_t first_row, std::size_t rows,
                    const Stretch& stretch, const Use& use) {
  double values[panel_depth];
  const std::size_t end =
      stretch.first + stretch.count < job.depth ? stretch.first + stretch.count : job.depth;
  const std::size_t count = end > stretch.first ? end - stretch.first : 0;
  for (std::size_t row = 0; row < rows; ++row) {
    if (count > 0) scaled_values(job, matrix, first_row + row, stretch.first, count, values);
    for (std::size_t i = 0; i < stretch.count; ++i)
      use(row, i, i < count ? static_cast<float>(values[i]) : 0.0f);
  }
}

/// The panels of a tile: A as lines of stretch.count floats, B as groups of vectors of columns.
inline void pack_floats(const MatmulJob& job, const MatmulTile& tile, const Stretch& stretch,
                        const MatmulWorkspace& workspace) {
  constexpr std::size_t columns = LanesTraits<float>::columns;
  auto* a = reinterpret_cast<float*>(workspace.a);
  auto* b = reinterpret_cast<float*>(workspace.b);
  const std::size_t rows = (tile.rows + float_rows - 1) / float_rows * float_rows;
  std::memset(a + tile.rows * stretch.count, 0, (rows - tile.rows) * stretch.count * sizeof(float));
  std::memset(b, 0, (tile.columns + columns - 1) / columns * columns * stretch.count * sizeof(float));
  for_each_float(job, job.a, tile.first_row, tile.rows, stretch,
                 [&](std::size_t row, std::size_t i, float number) { a[row * stretch.count + i] = number; });
  for_each_float(job, job.b, tile.first_column, tile.columns, stretch,
                 [&](std::size_t column, std::size_t i, float number) {
                   b[(column / columns * stretch.count + i) * columns + column % columns] = number;
                 });
}

/// c = fl(c + fl(a b)), or c = fl(c + a b), over a stretch.
template <bool Fused>
[[gnu::noinline]] void add_products(const float* a, const float* b, std::size_t count, float* sums) {
  constexpr std::size_t lanes = Lanes<float>::count;
  constexpr std::size_t vectors = LanesTraits<float>::vectors;
  Vector<float> c[float_rows][vectors];
  MXEMU_UNROLL
  for (std::size_t row = 0; row < float_rows; ++row) MXEMU_UNROLL
  for (std::size_t v = 0; v < vectors; ++v) c[row][v] = load(sums + row * sums_stride + v * lanes);
  for (std::size_t i = 0; i < count; ++i) {
    MXEMU_UNROLL
    for (std::size_t row = 0; row < float_rows; ++row) {
      const Vector<float> element = a[row * count + i] - Vector<float>{};
      MXEMU_UNROLL
      for (std::size_t v = 0; v < vectors; ++v) {
        const Vector<float> column = load(b + (i * vectors + v) * lanes);
        if constexpr (Fused)
          c[row][v] = fused_multiply_add(element, column, c[row][v]);
        else
          c[row][v] += element * column;
      }
    }
  }
  MXEMU_UNROLL
  for (std::size_t row = 0; row < float_rows; ++row) MXEMU_UNROLL
  for (std::size_t v = 0; v < vectors; ++v)
    *reinterpret_cast<Vector<float>*>(sums + row * sums_stride + v * lanes) = c[row][v];
}

template <bool Fused>
void sequential_tile(const MatmulJob& job, const MatmulTile& tile, const MatmulWorkspace& workspace) {
  const ControlWord control_word(Subnormals::Kept);
  constexpr std::size_t columns = LanesTraits<float>::columns;
  const TileSums sums = {reinterpret_cast<float*>(workspace.sums), sums_stride};
  start_sums(job, tile, sums);
  for (std::size_t first = 0; first < job.padded; first += panel_depth) {
    const Stretch stretch = {first, job.padded - first < panel_depth ? job.padded - first : panel_depth};
    pack_floats(job, tile, stretch, workspace);
    for (std::size_t column = 0; column < tile.columns; column += columns)
      for (std::size_t row = 0; row < tile.rows; row += float_rows)
        add_products<Fused>(reinterpret_cast<const float*>(workspace.a) + row * stretch.count,
                            reinterpret_cast<const float*>(workspace.b) + column * stretch.count,
                            stretch.count, sums.at + row * sums_stride + column);
  }
  finish_sums(job, tile, sums);
}

/// The trees of stretches of panel_depth products, a power of two: one float per output and level.
using TreeLevels = float[late_tile_rows][late_tile_columns];
inline constexpr std::size_t tree_levels = sums_bytes / sizeof(TreeLevels);
static_assert((panel_depth & (panel_depth - 1)) == 0 && tree_levels >= 48);

/// The sum of the products of a stretch by a balanced tree, for a vector of columns.
MXEMU_HOST Vector<float> tree_of_stretch(const float* a, const float* b, std::size_t count) {
  Vector<float> waiting[10];
  std::size_t depth = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Vector<float> sum = a[i] * load(b + i * LanesTraits<float>::columns);
    // As many trees of the same size wait as i has ones at its end.
    for (std::size_t ones = i; (ones & 1) != 0; ones >>= 1) sum = waiting[--depth] + sum;
    waiting[depth++] = sum;
  }
  Vector<float> sum = waiting[--depth];
  while (depth > 0) sum = waiting[--depth] + sum;
  return sum;
}

/// Puts the trees of one stretch, the `index`-th, to those that wait.
inline void add_trees(const MatmulTile& tile, const MatmulWorkspace& workspace, std::size_t index,
                      std::size_t count) {
  constexpr std::size_t lanes = Lanes<float>::count;
  constexpr std::size_t columns = LanesTraits<float>::columns;
  auto* levels = reinterpret_cast<TreeLevels*>(workspace.sums);
  const auto* a = reinterpret_cast<const float*>(workspace.a);
  const auto* b = reinterpret_cast<const float*>(workspace.b);
  for (std::size_t row = 0; row < tile.rows; ++row)
    for (std::size_t column = 0; column < tile.columns; column += lanes) {
      Vector<float> sum =
          tree_of_stretch(a + row * count, b + column / columns * columns * count + column % columns, count);
      std::size_t level = 0;
      for (std::size_t ones = index; (ones & 1) != 0; ones >>= 1)
        sum = load(&levels[level++][row][column]) + sum;
      *reinterpret_cast<Vector<float>*>(&levels[level][row][column]) = sum;
    }
}

/// What waits after `stretches` stretches, added from the smallest tree up.
inline float whole_tree(const TreeLevels* levels, std::size_t stretches, std::size_t row,
                        std::size_t column) {
  std::size_t level = static_cast<std::size_t>(__builtin_ctzll(stretches));
  float sum = levels[level][row][column];
  for (stretches >>= level + 1; stretches != 0; stretches >>= 1) {
    ++level;
    if ((stretches & 1) != 0) sum = levels[level][row][column] + sum;
  }
  return sum;
}

inline void pairwise_tile(const MatmulJob& job, const MatmulTile& tile, const MatmulWorkspace& workspace) {
  const ControlWord control_word(Subnormals::Kept);
  const auto* levels = reinterpret_cast<const TreeLevels*>(workspace.sums);
  std::size_t stretches = 0;
  for (std::size_t first = 0; first < job.padded; first += panel_depth) {
    const Stretch stretch = {first, job.padded - first < panel_depth ? job.padded - first : panel_depth};
    pack_floats(job, tile, stretch, workspace);
    add_trees(tile, workspace, stretches++, stretch.count);
  }
  for (std::size_t row = 0; row < tile.rows; ++row)
    for (std::size_t column = 0; column < tile.columns; ++column) {
      const std::size_t index = (tile.first_row + row) * job.b.rows + tile.first_column + column;
      float c =
          job.initial == nullptr ? 0 : static_cast<float>(read_number(job.output_type, job.initial, index));
      if (stretches != 0) c += whole_tree(levels, stretches, row, column);
      store_code(job.output_type, job.output, index, std::bit_cast<std::uint32_t>(without_payload(c)));
    }
}

}  // namespace mxemu::fast::MXEMU_TIER
