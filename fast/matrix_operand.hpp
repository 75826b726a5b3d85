// What matrix products multiply, on any machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "spec/packing.hpp"

namespace mxemu::fast {

/// Lines of one operand: codes of the request's type for it and the scales of their blocks.
struct MatrixOperand {
  std::span<const std::uint8_t> codes;  ///< of a floating-point type: its bits, in the machine's byte order
  std::span<const std::uint8_t> scales = {};  ///< one byte per block; none: no block has a scale
  std::size_t rows = 1;                       ///< lines: M of A, N of B
  std::size_t depth = 0;                      ///< K
  spec::ElementPacking packing = spec::ElementPacking::Bytes;
  std::size_t row_stride = 0;    ///< elements from a row of memory to the next; 0: those of a row
  std::size_t scale_stride = 0;  ///< scales from a row of memory to the next; 0: those of a row
  /// Rows of memory are lines, unless this is true: then the lines are the columns of a row-major matrix of
  /// depth x rows (A stored as K x M, B as K x N), its scales one of ceil(depth / block size) x rows.
  bool along_columns = false;
};

/// What the product and C are multiplied by. C is not read where beta is 0.
struct Factors {
  float alpha = 1;
  float beta = 1;
};

}  // namespace mxemu::fast
