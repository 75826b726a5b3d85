#include "tools/llama/forward/operand.hpp"

#include <algorithm>

#include "tools/llama/forward/rows.hpp"

namespace mxemu::llama {
namespace {

/// Numbers that are expanded at a time: 32 MiB of float32.
constexpr std::size_t expanded_numbers = std::size_t{1} << 23;

bool has_type(const Weight& weight, Compute compute) {
  return weight.type == (compute == Compute::BFloat16 ? spec::FloatType::BFloat16 : spec::FloatType::Float32);
}

/// Files may put a tensor at any address.
bool is_usable(const Weight& weight, Compute compute) {
  return has_type(weight, compute) && reinterpret_cast<std::uintptr_t>(weight.bytes.data()) % 4 == 0;
}

template <class Number>
Operand contiguous(spec::OperandType type, std::span<const Number> numbers, std::size_t rows,
                   std::size_t depth) {
  return {.type = type,
          .rows = rows,
          .depth = depth,
          .codes = reinterpret_cast<const std::byte*>(numbers.data()),
          .row_stride = depth};
}

}  // namespace

Operand operand_of(Matrix x) {
  return {.type = spec::OperandType::Float32,
          .rows = x.rows,
          .depth = x.columns,
          .codes = reinterpret_cast<const std::byte*>(x.data),
          .row_stride = x.stride};
}

Operand PlainOperands::numbers(Matrix x, OperandBuffer& buffer) const {
  if (compute_ == Compute::Float32) return operand_of(x);
  const auto narrow = buffer.resize<std::uint16_t>(x.rows * x.columns);
  narrow_rows(x, narrow, execution_);
  return contiguous<std::uint16_t>(spec::OperandType::BFloat16, narrow, x.rows, x.columns);
}

Operand PlainOperands::activations(const Place&, Matrix x, OperandBuffer& buffer) {
  return numbers(x, buffer);
}

Operand PlainOperands::weight(const Place&, const Weight& weight, std::size_t first, std::size_t count,
                              OperandBuffer& buffer) {
  const Weight part = weight.slice(first, count);
  const spec::OperandType type = operand_type_of(compute_);
  if (is_usable(weight, compute_)) return contiguous(type, part.bytes, count, weight.columns);
  const std::size_t numbers = count * weight.columns;
  if (compute_ == Compute::BFloat16) {
    const auto expanded = buffer.resize<std::uint16_t>(numbers);
    expand(part, expanded, execution_);
    return contiguous<std::uint16_t>(type, expanded, count, weight.columns);
  }
  const auto expanded = buffer.resize<float>(numbers);
  expand(part, expanded, execution_);
  return contiguous<float>(type, expanded, count, weight.columns);
}

std::size_t PlainOperands::weight_rows(const Place&, const Weight& weight) const {
  if (is_usable(weight, compute_)) return weight.rows;
  return std::max<std::size_t>(1, expanded_numbers / std::max<std::size_t>(1, weight.columns));
}

Operand PlainOperands::query(const Place&, Matrix x, OperandBuffer& buffer) {
  return numbers(x, buffer);
}

Operand PlainOperands::key(const Place&, const Operand& cached, std::size_t seen, OperandBuffer&) {
  Operand key = cached;
  key.rows = seen;
  return key;
}

Operand PlainOperands::attention_weights(const Place&, Matrix x, OperandBuffer& buffer) {
  return numbers(x, buffer);
}

Operand PlainOperands::value(const Place&, const Operand& cached, std::size_t seen, OperandBuffer&) {
  Operand value = cached;
  value.depth = seen;
  return value;
}

}  // namespace mxemu::llama
