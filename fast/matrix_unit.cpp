#include "fast/matrix_unit.hpp"

#include <algorithm>
#include <memory>

#include "fast/parallel.hpp"

namespace mxemu::fast {
namespace {

/// Of square tiles: smaller ones where large ones would leave threads without work.
std::size_t tile_side(std::size_t rows, std::size_t columns, std::size_t products,
                      const Execution& execution) {
  const auto threads = static_cast<std::size_t>(thread_count(execution));
  std::size_t side = unit_tile_side;
  const auto tiles = [&] { return ((rows + side - 1) / side) * ((columns + side - 1) / side); };
  while (threads > 1 && products >= parallel_from && side > unit_group_columns && tiles() < 2 * threads)
    side /= 2;
  return side;
}

}  // namespace

MatrixUnit matrix_unit_of(Isa isa) noexcept {
#if defined(MXEMU_X86_TIERS)
  if (isa == Isa::Avx2) return avx2_matrix_unit;
  if (isa != Isa::Portable) return avx512_matrix_unit;
#endif
  static_cast<void>(isa);
  return portable_matrix_unit;
}

void multiply_as_matrix_unit(const UnitJob& job, std::size_t rows, std::size_t columns,
                             const Execution& execution, const OperandColumns& stored) {
  const MatrixUnit multiply_tile = matrix_unit_of(choose_isa(execution.isa));
  const std::size_t products = rows * columns * std::max<std::size_t>(job.depth, 1);
  const std::size_t side = tile_side(rows, columns, products, execution);
  const std::size_t across = (columns + side - 1) / side;
  const std::size_t down = (rows + side - 1) / side;
  const std::size_t tiles = down * across;
  in_parallel(tiles, 1, products, execution, [&](std::size_t first, std::size_t last) {
    const auto workspace = std::make_unique<UnitWorkspace>();
    Stripe stripe_a(stored.a);
    Stripe stripe_b(stored.b);
    UnitJob part = job;
    for (std::size_t i = first; i < last; ++i) {
      // Tiles that share what has to be turned follow on each other.
      const std::size_t row = (stored.b != nullptr ? i % down : i / across) * side;
      const std::size_t column = (stored.b != nullptr ? i / down : i % across) * side;
      const UnitTile tile = {row, std::min(side, rows - row), column, std::min(side, columns - column)};
      part.a = stripe_a.lines(job.a, tile.first_row, tile.rows);
      part.b = stripe_b.lines(job.b, tile.first_column, tile.columns);
      multiply_tile(part, tile, *workspace);
    }
  });
}

}  // namespace mxemu::fast
