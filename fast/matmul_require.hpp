// What the interface of matrix products says when an argument is not what it must be.
#pragma once

#include <bit>
#include <cmath>
#include <limits>

#include "fast/matmul.hpp"
#include "fast/pack.hpp"
#include "fast/require.hpp"

namespace mxemu::fast {

inline void refuse(const std::string& sentence) {
  throw std::invalid_argument(sentence);
}

/// `rows` rows of `length` things `stride` apart; the last row ends with its last thing.
inline std::size_t strided_count(const std::string& what, std::size_t rows, std::size_t length,
                                 std::size_t stride) {
  if (rows == 0 || length == 0) return 0;
  if (stride < length)
    refuse(what + ": rows of " + std::to_string(length) + " overlap at a stride of " +
           std::to_string(stride));
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max() / 64;
  if (stride > most || length > most || (rows - 1) > (most - length) / stride)
    refuse(what + ": " + std::to_string(rows) + " rows " + std::to_string(stride) +
           " apart are beyond the address space");
  return (rows - 1) * stride + length;
}

inline void require_at_least(const std::string& what, std::size_t got, std::size_t least) {
  if (got < least)
    refuse(what + ": " + std::to_string(got) + " where " + std::to_string(least) + " are needed");
}

/// Rows of an operand in memory, and what each has.
struct RowsInMemory {
  std::size_t rows;
  std::size_t length;
  std::size_t stride;
};

inline RowsInMemory code_rows(const MatrixOperand& operand) {
  const std::size_t rows = operand.along_columns ? operand.depth : operand.rows;
  const std::size_t length = operand.along_columns ? operand.rows : operand.depth;
  return {rows, length, operand.row_stride == 0 ? length : operand.row_stride};
}

inline RowsInMemory scale_rows(const MatrixOperand& operand, std::size_t block_size) {
  const std::size_t blocks = operand.depth / block_size + (operand.depth % block_size != 0);
  const std::size_t rows = operand.along_columns ? blocks : operand.rows;
  const std::size_t length = operand.along_columns ? operand.rows : blocks;
  return {rows, length, operand.scale_stride == 0 ? length : operand.scale_stride};
}

inline std::size_t strided_count(const std::string& what, const RowsInMemory& memory) {
  return strided_count(what, memory.rows, memory.length, memory.stride);
}

inline void require_operand(const char* name, const MatrixOperand& operand, spec::OperandType type,
                            std::size_t block_size) {
  const std::string what = name;
  if (operand.packing == spec::ElementPacking::GgmlBlock)
    refuse(what + ": ggml blocks are no rows of codes; unpack them first");
  const std::size_t count = strided_count(what + " codes", code_rows(operand));
  if (spec::is_element(type))
    require_at_least(what + " bytes of codes", operand.codes.size(),
                     operand.packing == spec::ElementPacking::Bytes
                         ? count
                         : stream_bytes(spec::element_format_of(type).bits, count));
  else
    require_at_least(what + " bytes of numbers", operand.codes.size(),
                     count * static_cast<std::size_t>(spec::code_bytes(type)));
  if (operand.scales.empty()) return;
  if (!spec::is_element(type)) refuse(what + ": plain numbers have no scales");
  require_at_least(what + " scales", operand.scales.size(),
                   strided_count(what + " scales", scale_rows(operand, block_size)));
}

/// Whatever the caller's floating-point environment makes of subnormal numbers.
inline bool is_zero(float factor) {
  return (std::bit_cast<std::uint32_t>(factor) & 0x7fffffff) == 0;
}

inline void require_factors(const spec::DotRequest& request, const Factors& factors) {
  for (const float factor : {factors.alpha, factors.beta})
    if (!std::isfinite(factor)) refuse("a factor is a finite number, not " + std::to_string(factor));
  const bool plain = factors.alpha == 1 && (factors.beta == 1 || is_zero(factors.beta));
  if (!plain && request.row().kind != spec::AccumulatorKind::Exact)
    refuse(std::string("the accumulator ") + request.row().name + " takes alpha = 1 and beta = 1 or 0 only");
}

inline void require_matmul(const spec::DotRequest& request, const MatrixOperand& a, const MatrixOperand& b,
                           std::size_t output_bytes, std::span<const std::byte> c, const Factors& factors) {
  if (const char* why = spec::refusal(request)) refuse(why);
  if (!has_matmul(request)) refuse("an accumulator of one's own has no fast matrix product");
  require_factors(request, factors);
  if (request.row().scale == spec::ScaleEntry::Unscaled && !(a.scales.empty() && b.scales.empty()))
    refuse(std::string("the accumulator ") + request.row().name + " takes no scales");
  if (a.depth != b.depth)
    refuse("K of a is " + std::to_string(a.depth) + ", K of b is " + std::to_string(b.depth));
  const auto block_size = static_cast<std::size_t>(request.block_size);
  if (request.tail == spec::Tail::Refuse && !(a.scales.empty() && b.scales.empty()) &&
      a.depth % block_size != 0)
    refuse("K = " + std::to_string(a.depth) + " is not a multiple of the block size " +
           std::to_string(block_size));
  require_operand("a", a, request.a, block_size);
  require_operand("b", b, request.b, block_size);
  const std::size_t count = a.rows == 0 ? 0 : strided_count("output", a.rows, b.rows, b.rows);
  require_floats("output bytes", request.output, output_bytes, count);
  if (!c.empty()) require_floats("bytes of c", request.output, c.size(), count);
}

}  // namespace mxemu::fast
