#include "reference/operand.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "reference/element.hpp"
#include "reference/scale.hpp"
#include "reference/sum.hpp"

namespace mxemu::reference {
namespace {

const spec::ScaleFormat& e8m0 = spec::format_of(spec::ScaleType::E8M0);

std::size_t blocks_of(std::size_t length, int block_size) {
  if (block_size < 1)
    throw std::invalid_argument("block size " + std::to_string(block_size) +
                                ": a block has at least one element");
  const auto k = static_cast<std::size_t>(block_size);
  return (length + k - 1) / k;
}

void require_sizes(const CodeArray& codes, std::size_t elements, std::span<const std::uint8_t> scales,
                   std::size_t blocks) {
  const std::size_t bytes = elements * static_cast<std::size_t>(spec::code_bytes(codes.type));
  if (codes.bytes.size() != bytes)
    throw std::invalid_argument(std::to_string(codes.bytes.size()) + " bytes of " +
                                spec::name_of(codes.type) + " codes where " + std::to_string(bytes) +
                                " are needed");
  if (!scales.empty() && scales.size() != blocks)
    throw std::invalid_argument(std::to_string(scales.size()) + " scales where " + std::to_string(blocks) +
                                " are needed");
}

Value decode_code(spec::OperandType type, std::uint32_t code) {
  if (spec::is_element(type))
    return decode_element(spec::element_format_of(type), static_cast<std::uint8_t>(code));
  return decode_float(spec::float_format_of(type), code);
}

/// tf32 is float32 without the 13 low mantissa bits.
constexpr std::uint32_t tf32_unit = 1u << 13;

const Value& one() {
  static const Value value = {.magnitude = {1, 0}};
  return value;
}

}  // namespace

std::uint32_t CodeArray::code_at(std::size_t index) const {
  const auto width = static_cast<std::size_t>(spec::code_bytes(type));
  std::uint32_t code = 0;
  for (std::size_t byte = width; byte-- > 0;)
    code = code * 256 + std::to_integer<std::uint32_t>(bytes[index * width + byte]);
  return code;
}

Operand lines_along_rows(const CodeArray& codes, std::span<const std::uint8_t> scales, std::size_t rows,
                         std::size_t columns, int block_size) {
  const std::size_t blocks = blocks_of(columns, block_size);
  require_sizes(codes, rows * columns, scales, rows * blocks);
  return {.codes = codes,
          .scales = scales,
          .lines = rows,
          .length = columns,
          .line_stride = columns,
          .element_stride = 1,
          .scale_line_stride = blocks,
          .scale_stride = 1};
}

Operand lines_along_columns(const CodeArray& codes, std::span<const std::uint8_t> scales, std::size_t rows,
                            std::size_t columns, int block_size) {
  require_sizes(codes, rows * columns, scales, blocks_of(rows, block_size) * columns);
  return {.codes = codes,
          .scales = scales,
          .lines = columns,
          .length = rows,
          .line_stride = 1,
          .element_stride = columns,
          .scale_line_stride = 1,
          .scale_stride = columns};
}

const Value& Line::scale(std::size_t index) const {
  return scales.empty() ? one() : scales[index / block_size];
}

Value Line::scaled(std::size_t index) const {
  return product(scale(index), values[index]);
}

Line decode_line(const spec::DotRequest& request, const Operand& operand, std::size_t index) {
  const bool element = spec::is_element(operand.codes.type);
  const bool tf32 = request.row().truncates_to_tf32 && operand.codes.type == spec::OperandType::Float32;
  const std::size_t padded = spec::padded_length(request, operand.length);
  Line line;
  line.block_size = static_cast<std::size_t>(request.block_size);
  line.emin = element ? spec::element_format_of(operand.codes.type).emin
                      : spec::float_format_of(operand.codes.type).emin;
  line.values.reserve(padded);
  for (std::size_t j = 0; j < operand.length; ++j) {
    std::uint32_t code = operand.codes.code_at(index * operand.line_stride + j * operand.element_stride);
    if (tf32) code -= code % tf32_unit;
    line.values.push_back(decode_code(operand.codes.type, code));
  }
  line.values.resize(padded);
  if (operand.scales.empty()) return line;
  for (std::size_t b = 0; b < blocks_of(operand.length, request.block_size); ++b)
    line.scales.push_back(
        decode_scale(e8m0, operand.scales[index * operand.scale_line_stride + b * operand.scale_stride]));
  line.scales.resize(blocks_of(padded, request.block_size), decode_scale(e8m0, e8m0.min_code));
  return line;
}

}  // namespace mxemu::reference
