// Sums that are rounded late: the whole dot product once, or a block longer than doubles add exactly.
// Included by the translation units of the tiers.
#pragma once

#include "fast/matmul_tile.hpp"
#include "fast/random.hpp"
#include "fast/superaccumulator.hpp"

namespace mxemu::fast::MXEMU_TIER {

static_assert(sizeof(Superaccumulator) * late_tile_rows * late_tile_columns <= sums_bytes);

/// Adds the block sums of Rows lines and a group of columns over the blocks of a panel.
template <int Rows, int Parts>
[[gnu::noinline]] void accumulate_blocks(const double* a, std::size_t a_stride, const double* b,
                                         std::size_t blocks, std::size_t depth, bool a_has_infinities,
                                         std::size_t rows, std::size_t columns, Superaccumulator* sums) {
  constexpr std::size_t count = Lanes<double>::count;
  for (std::size_t block = 0; block < blocks; ++block) {
    BlockSums<double, Rows, Parts> block_sums = sums_of_block<double, Rows, Parts>(a, a_stride, b, depth);
    if constexpr (Parts > 1)
      if (a_has_infinities) [[unlikely]]
        mend_infinities<Rows, Parts>(a, a_stride, b, depth, block_sums);
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t column = 0; column < columns; ++column)
        for (std::size_t part = 0; part < Parts; ++part)
          sums[row * late_tile_columns + column].add(
              block_sums.at[row][column / count][part][column % count]);
    a += depth;
    b += Parts * LanesTraits<double>::columns * depth;
  }
}

template <template <int> class Kernel, int Parts>
void accumulate_chunk(const MatmulJob& job, const PanelRange& a, const PanelRange& b,
                      const MatmulWorkspace& workspace, Superaccumulator* sums) {
  constexpr int rows = Kernel<Parts>::rows;
  constexpr std::size_t columns = Kernel<Parts>::columns;
  const ScaleSpan span = Kernel<Parts>::pack_a(job, a, workspace.a);
  Kernel<Parts>::pack_b(job, b, workspace.b);
  const std::size_t length = a.blocks * job.block_size;
  const auto* panel_a = reinterpret_cast<const double*>(workspace.a);
  const auto* panel_b = reinterpret_cast<const double*>(workspace.b);
  for (std::size_t column = 0; column < b.rows; column += columns)
    for (std::size_t row = 0; row < a.rows; row += rows)
      accumulate_blocks<rows, Parts>(
          panel_a + row * length, length, panel_b + column * length * Parts, a.blocks, job.block_size,
          span.has_infinities, a.rows - row < rows ? a.rows - row : rows,
          b.rows - column < columns ? b.rows - column : columns, sums + row * late_tile_columns + column);
}

/// The exact sums of a tile of at most late_tile_rows by late_tile_columns, blocks not longer than
/// longest_block.
template <template <int> class Kernel>
void accumulate_tile(const MatmulJob& job, const MatmulTile& tile, const MatmulWorkspace& workspace,
                     Superaccumulator* sums) {
  const int parts = part_count(row_of(job.a.element), row_of(job.b.element));
  const std::size_t step = panel_depth / job.block_size;
  for (std::size_t block = 0; block < job.blocks(); block += step) {
    const std::size_t blocks = job.blocks() - block < step ? job.blocks() - block : step;
    const PanelRange a = {tile.first_row, tile.rows, block, blocks};
    const PanelRange b = {tile.first_column, tile.columns, block, blocks};
    switch (parts) {
      case 1: accumulate_chunk<Kernel, 1>(job, a, b, workspace, sums); break;
      case 2: accumulate_chunk<Kernel, 2>(job, a, b, workspace, sums); break;
      default: accumulate_chunk<Kernel, 3>(job, a, b, workspace, sums); break;
    }
  }
}

/// The same for any operands and any blocks: elements first … first + count - 1, product by product.
inline void accumulate_products(const MatmulJob& job, const MatmulTile& tile, std::size_t first,
                                std::size_t count, Superaccumulator* sums) {
  double a[longest_block];
  double b[longest_block];
  for (std::size_t done = 0; done < count; done += longest_block) {
    const std::size_t length = count - done < longest_block ? count - done : longest_block;
    for (std::size_t row = 0; row < tile.rows; ++row) {
      scaled_values(job, job.a, tile.first_row + row, first + done, length, a);
      for (std::size_t column = 0; column < tile.columns; ++column) {
        scaled_values(job, job.b, tile.first_column + column, first + done, length, b);
        // A product of two operands is a double, whatever they are.
        for (std::size_t i = 0; i < length; ++i) sums[row * late_tile_columns + column].add(a[i] * b[i]);
      }
    }
  }
}

/// Calls use(sum, index of the output) over a tile.
template <class Use>
void for_each_sum(const MatmulJob& job, const MatmulTile& tile, Superaccumulator* sums, const Use& use) {
  for (std::size_t row = 0; row < tile.rows; ++row)
    for (std::size_t column = 0; column < tile.columns; ++column)
      use(sums[row * late_tile_columns + column],
          (tile.first_row + row) * job.b.rows + tile.first_column + column);
}

inline Superaccumulator* clear_sums(const MatmulTile& tile, const MatmulWorkspace& workspace) {
  std::memset(workspace.sums, 0, tile.rows * late_tile_columns * sizeof(Superaccumulator));
  return reinterpret_cast<Superaccumulator*>(workspace.sums);
}

/// A tile under `exact`: alpha times the whole sum, beta times c included, rounded once.
template <template <int> class Kernel>
void exact_tile(const MatmulJob& job, const MatmulTile& tile, const MatmulWorkspace& workspace) {
  const ControlWord control_word(Subnormals::Kept);
  Superaccumulator* sums = clear_sums(tile, workspace);
  if (spec::is_element(job.a.type) && spec::is_element(job.b.type) && job.block_size <= longest_block)
    accumulate_tile<Kernel>(job, tile, workspace, sums);
  else
    accumulate_products(job, tile, 0, job.depth, sums);
  const spec::FloatFormat format = spec::float_formats[static_cast<int>(job.output_type)];
  for_each_sum(job, tile, sums, [&](Superaccumulator& sum, std::size_t index) {
    // Two numbers of at most 24 bits: the product is a double.
    const double c =
        job.initial == nullptr ? 0 : read_number(job.output_type, job.initial, index) * double{job.beta};
    const bool stochastic = job.rounding.mode == spec::RoundingMode::Stochastic;
    const std::uint32_t word = stochastic ? random_word(job.rounding.seed, index) : 0;
    if (job.alpha == 1) sum.add(c);
    const std::uint64_t code = job.alpha == 1 ? sum.round(format, job.rounding, word)
                                              : sum.round_scaled(job.alpha, c, format, job.rounding, word);
    store_code(job.output_type, job.output, index, code);
  });
}

/// A tile under `block_exact` of blocks that doubles do not add exactly.
inline void long_block_tile(const MatmulJob& job, const MatmulTile& tile, const MatmulWorkspace& workspace) {
  const ControlWord control_word(Subnormals::Kept);
  Superaccumulator* sums = clear_sums(tile, workspace);
  constexpr spec::FloatFormat float32 = spec::float_formats[0];
  auto* totals = reinterpret_cast<float*>(workspace.a);
  for_each_sum(job, tile, sums, [&](Superaccumulator& sum, std::size_t index) {
    totals[&sum - sums] =
        job.initial == nullptr ? 0 : static_cast<float>(read_number(job.output_type, job.initial, index));
  });
  for (std::size_t first = 0; first < job.depth; first += job.block_size) {
    const std::size_t left = job.depth - first;
    accumulate_products(job, tile, first, left < job.block_size ? left : job.block_size, sums);
    for_each_sum(job, tile, sums, [&](Superaccumulator& sum, std::size_t) {
      totals[&sum - sums] += std::bit_cast<float>(static_cast<std::uint32_t>(sum.round(float32, {}, 0)));
    });
  }
  for_each_sum(job, tile, sums, [&](Superaccumulator& sum, std::size_t index) {
    store_code(job.output_type, job.output, index,
               std::bit_cast<std::uint32_t>(without_payload(totals[&sum - sums])));
  });
}

}  // namespace mxemu::fast::MXEMU_TIER
