// The one object that says what a dot product or a matrix product is, as Request does for conversions.
#pragma once

#include <cstddef>

#include "spec/accumulator.hpp"
#include "spec/operand.hpp"
#include "spec/policy.hpp"
#include "spec/rounding.hpp"

namespace mxemu::spec {

struct DotRequest {
  AccumulatorType accumulator = AccumulatorType::BlockExact;
  OperandType a = OperandType::E4M3;
  OperandType b = OperandType::E4M3;
  FloatType output = FloatType::Float32;  ///< of the result and of c
  Rounding rounding = {};                 ///< of the result, where the accumulator takes one
  int block_size = 32;                    ///< k
  /// Of lengths that are not whole blocks (MX 6.2). ZeroPad: codes 0 up to whole blocks, and up to whole
  /// steps of the accumulator; ShortBlock: the terms that there are; Refuse: an error.
  Tail tail = Tail::ZeroPad;

  /// A row of the caller's own in place of the named one: a unit to be modelled or looked for.
  const Accumulator* own_row = nullptr;

  constexpr const Accumulator& row() const { return own_row ? *own_row : row_of(accumulator); }
  constexpr bool operator==(const DotRequest&) const = default;
};

/// Why the request makes no sense, or nullptr.
constexpr const char* refusal(const DotRequest& request) {
  const Accumulator& row = request.row();
  if (!row.operands.has(request.a) || !row.operands.has(request.b))
    return "the accumulator does not take this type of operand";
  if (!row.mixes && request.a != request.b) return "the accumulator takes two operands of the same type only";
  if (!row.outputs.has(request.output)) return "the accumulator does not give this type of output";
  if (request.output == FloatType::Float16 &&
      !(row.operands_to_float16.has(request.a) && row.operands_to_float16.has(request.b)))
    return "the accumulator does not give f16 from these operands";
  if (!row.takes_rounding && !(request.rounding == Rounding{}))
    return "the accumulator has a rounding of its own";
  if (request.block_size < 1) return "a block has at least one element";
  if (request.block_size % row.fused.exact_group != 0)
    return "a block is not a whole number of the groups that the accumulator sums exactly";
  return nullptr;
}

/// Products of one step of the accumulator.
constexpr int step_products(const Accumulator& row) {
  return row.kind == AccumulatorKind::Fused         ? row.fused.products
         : row.kind == AccumulatorKind::FlushedTree ? row.tree.products
                                                    : 1;
}

/// The terms of a dot product of `length` elements: with ZeroPad whole blocks, where there are elements of
/// MX, and whole steps. The padding has codes 0; blocks of nothing else have scales 0x00, as the zero blocks
/// of the profile `ocp`.
constexpr std::size_t padded_length(const DotRequest& request, std::size_t length) {
  if (request.tail != Tail::ZeroPad) return length;
  const auto to_multiple = [](std::size_t n, int of) {
    const auto unit = static_cast<std::size_t>(of);
    return (n + unit - 1) / unit * unit;
  };
  const bool blocks = is_element(request.a) || is_element(request.b);
  return to_multiple(blocks ? to_multiple(length, request.block_size) : length, step_products(request.row()));
}

}  // namespace mxemu::spec
