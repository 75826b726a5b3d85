// Products as matrix units sum them (accumulators of the kinds Fused and FlushedTree): the reference's bits.
#pragma once

#include <memory>

#include "fast/isa.hpp"
#include "fast/matrix_unit_job.hpp"

namespace mxemu::fast {

/// True where the accumulator is one of those.
constexpr bool is_matrix_unit(const spec::Accumulator& row) {
  return row.kind == spec::AccumulatorKind::Fused || row.kind == spec::AccumulatorKind::FlushedTree;
}

/// The tier's matrix units.
MatrixUnit matrix_unit_of(Isa isa) noexcept;

/// All rows and columns of the job, tile by tile, in this thread.
void multiply_as_matrix_unit(const UnitJob& job, std::size_t rows, std::size_t columns, Isa isa);

}  // namespace mxemu::fast
