// The operands of dot products: lines of codes with the scales of their blocks, in memory and decoded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reference/value.hpp"
#include "spec/dot_request.hpp"
#include "spec/operand.hpp"

namespace mxemu::reference {

/// Unpacked codes: elements one per byte, floating-point numbers little-endian.
struct CodeArray {
  spec::OperandType type;
  std::span<const std::byte> bytes;

  std::size_t size() const { return bytes.size() / static_cast<std::size_t>(spec::code_bytes(type)); }
  std::uint32_t code_at(std::size_t index) const;
};

/// `lines` vectors of `length` codes: element j of line i stands at i * line_stride + j * element_stride, the
/// scale of its block b at i * scale_line_stride + b * scale_stride.
struct Operand {
  CodeArray codes;
  std::span<const std::uint8_t> scales;  ///< E8M0; empty: every scale is 1
  std::size_t lines = 1;
  std::size_t length = 0;
  std::size_t line_stride = 0;
  std::size_t element_stride = 1;
  std::size_t scale_line_stride = 0;
  std::size_t scale_stride = 1;
};

/// A row-major matrix of rows x columns whose lines are its rows: A of M x K, or B stored as N x K.
/// `scales`: rows x ceil(columns / block_size), or empty. Throws std::invalid_argument, with both numbers,
/// when a size is not that.
Operand lines_along_rows(const CodeArray& codes, std::span<const std::uint8_t> scales, std::size_t rows,
                         std::size_t columns, int block_size);

/// A row-major matrix of rows x columns whose lines are its columns: B of K x N.
/// `scales`: ceil(rows / block_size) x columns, or empty.
Operand lines_along_columns(const CodeArray& codes, std::span<const std::uint8_t> scales, std::size_t rows,
                            std::size_t columns, int block_size);

/// One decoded line.
struct Line {
  std::vector<Value> values;  ///< without their scales
  std::vector<Value> scales;  ///< one per block; empty: every scale is 1
  std::size_t block_size = 1;
  int emin = 0;  ///< exponent of the smallest normal number of the values' format

  /// The scale of element `index`.
  const Value& scale(std::size_t index) const;
  /// MX 5.1: X * P, exactly.
  Value scaled(std::size_t index) const;
};

/// Line `index` of the operand, padded as the request says.
Line decode_line(const spec::DotRequest& request, const Operand& operand, std::size_t index);

}  // namespace mxemu::reference
