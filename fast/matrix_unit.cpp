#include "fast/matrix_unit.hpp"

#include <algorithm>

namespace mxemu::fast {

MatrixUnit matrix_unit_of(Isa isa) noexcept {
#if defined(MXEMU_X86_TIERS)
  if (isa == Isa::Avx2) return avx2_matrix_unit;
  if (isa != Isa::Portable) return avx512_matrix_unit;
#endif
  static_cast<void>(isa);
  return portable_matrix_unit;
}

void multiply_as_matrix_unit(const UnitJob& job, std::size_t rows, std::size_t columns, Isa isa) {
  const MatrixUnit multiply_tile = matrix_unit_of(isa);
  const auto workspace = std::make_unique<UnitWorkspace>();
  for (std::size_t row = 0; row < rows; row += unit_tile_side)
    for (std::size_t column = 0; column < columns; column += unit_tile_side)
      multiply_tile(
          job,
          {row, std::min(unit_tile_side, rows - row), column, std::min(unit_tile_side, columns - column)},
          *workspace);
}

}  // namespace mxemu::fast
