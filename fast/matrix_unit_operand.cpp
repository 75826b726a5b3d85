#include "fast/matrix_unit_operand.hpp"

#include <cstddef>

namespace mxemu::fast {
namespace {

constexpr UnitOperand decode_code(const spec::ElementFormat& format, std::uint32_t code) {
  if (format.has_nan() && (code & format.magnitude_mask) == format.nan_code)
    return {std::numeric_limits<double>::quiet_NaN(), special_exponent};
  return decode_fields(format.exponent_bits, format.mantissa_bits, format.bias, format.has_infinity(), code);
}

consteval UnitOperands decode_all(const spec::ElementFormat& format) {
  UnitOperands operands = {};
  for (std::uint32_t byte = 0; byte < 256; ++byte)
    operands.at[byte] = decode_code(format, byte & static_cast<std::uint32_t>(format.code_count() - 1));
  return operands;
}

/// Whether every accumulator that sums as a matrix unit finds its elements in the table.
consteval bool has_all_operands() {
  for (const auto& row : spec::accumulators)
    if ((row.kind == spec::AccumulatorKind::Fused || row.kind == spec::AccumulatorKind::FlushedTree) &&
        row.operands.has(spec::OperandType::INT8))
      return false;
  return true;
}
static_assert(has_all_operands() && std::size(unit_operands) == static_cast<int>(spec::ElementType::INT8));

}  // namespace

constinit const UnitOperands unit_operands[] = {
    decode_all(spec::element_formats[0]), decode_all(spec::element_formats[1]),
    decode_all(spec::element_formats[2]), decode_all(spec::element_formats[3]),
    decode_all(spec::element_formats[4])};

}  // namespace mxemu::fast
