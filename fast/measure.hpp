// The errors of tensors that are already there, in the order of the general path. Included once by the
// translation unit of each tier, after MXEMU_TIER is defined.
#pragma once

#include "fast/control_word.hpp"
#include "fast/error_pass.hpp"

namespace mxemu::fast::MXEMU_TIER {

inline void append_run(const MeasureJob& job, std::size_t first, std::size_t count,
                       const std::uint8_t* scales) {
  append_inputs(*job.errors, job.source_type, job.source, first, count);
  append_outputs(*job.errors, job.output_type, job.output, first, count, scales);
}

/// Blocks along the last axis follow each other in memory: runs are as long as may be.
inline void measure_lines(const MeasureJob& job, std::size_t first_unit, std::size_t last_unit) {
  std::uint8_t scales[panel_columns];
  std::size_t first = unit_at(job.grid, first_unit).first_element;
  std::size_t count = 0;
  for (std::size_t index = first_unit; index < last_unit; ++index) {
    const Unit unit = unit_at(job.grid, index);
    const std::uint8_t scale = job.scales[unit.first_block];
    for (std::size_t done = 0; done < unit.rows;) {
      const std::size_t left = unit.rows - done;
      const std::size_t room = panel_columns - count;
      const std::size_t taken = left < room ? left : room;
      std::memset(scales + count, scale, taken);
      count += taken;
      done += taken;
      if (count < panel_columns) continue;
      append_run(job, first, count, scales);
      first += count;
      count = 0;
    }
  }
  if (count > 0) append_run(job, first, count, scales);
}

inline void measure_columns(const MeasureJob& job, const Unit& unit) {
  for (std::size_t column = 0; column < unit.columns; column += panel_columns) {
    const std::size_t left = unit.columns - column;
    const std::size_t count = left < panel_columns ? left : panel_columns;
    for (std::size_t row = 0; row < unit.rows; ++row)
      append_run(job, unit.first_element + row * job.grid.inner + column, count,
                 job.scales + unit.first_block + column);
  }
}

inline void measure(const MeasureJob& job, std::size_t first_unit, std::size_t last_unit) {
  const ControlWord control_word(Subnormals::Kept);
  if (job.grid.inner == 1)
    measure_lines(job, first_unit, last_unit);
  else
    for (std::size_t index = first_unit; index < last_unit; ++index)
      measure_columns(job, unit_at(job.grid, index));
  finish_panel(*job.errors);
}

}  // namespace mxemu::fast::MXEMU_TIER
