// Products as matrix units sum them (accumulators of the kinds Fused and FlushedTree): the reference's bits.
#pragma once

#include "fast/matmul_columns.hpp"
#include "fast/matrix_unit_job.hpp"
#include "fast/mxemu.hpp"

namespace mxemu::fast {

/// True where the accumulator is one of those.
constexpr bool is_matrix_unit(const spec::Accumulator& row) {
  return row.kind == spec::AccumulatorKind::Fused || row.kind == spec::AccumulatorKind::FlushedTree;
}

/// The tier's matrix units.
MatrixUnit matrix_unit_of(Isa isa) noexcept;

/// All rows and columns of the job, tiles shared out among threads. An operand of `stored` is turned into
/// rows; the job's own rows of it are not read.
void multiply_as_matrix_unit(const UnitJob& job, std::size_t rows, std::size_t columns,
                             const Execution& execution, const OperandColumns& stored = {});

}  // namespace mxemu::fast
