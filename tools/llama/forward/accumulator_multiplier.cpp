#include <algorithm>
#include <stdexcept>
#include <string>

#include "tools/llama/forward/multiplier.hpp"

namespace mxemu::llama {
namespace {

/// The operand with its rows' elements next to each other.
template <class Number>
Operand gather(const Operand& from, OperandBuffer& buffer) {
  const auto to = buffer.resize<Number>(from.rows * from.depth);
  const auto* numbers = reinterpret_cast<const Number*>(from.codes);
  for (std::size_t row = 0; row < from.rows; ++row)
    for (std::size_t i = 0; i < from.depth; ++i)
      to[row * from.depth + i] = numbers[row * from.row_stride + i * from.step];
  Operand gathered = from;
  gathered.codes = reinterpret_cast<const std::byte*>(to.data());
  gathered.row_stride = from.depth;
  gathered.step = 1;
  return gathered;
}

Operand contiguous(const Operand& from, OperandBuffer& buffer) {
  if (from.step == 1) return from;
  return from.type == spec::OperandType::Float32 ? gather<float>(from, buffer)
                                                 : gather<std::uint16_t>(from, buffer);
}

fast::MatrixOperand matrix_operand(const Operand& from) {
  const std::size_t elements = from.rows == 0 ? 0 : (from.rows - 1) * from.row_stride + from.depth;
  const std::size_t bytes =
      spec::is_element(from.type)
          ? fast::packed_size(from.packing, spec::element_format_of(from.type).bits, elements)
          : elements * static_cast<std::size_t>(spec::code_bytes(from.type));
  return {.codes = {reinterpret_cast<const std::uint8_t*>(from.codes), bytes},
          .scales = from.scales,
          .rows = from.rows,
          .depth = from.depth,
          .packing = from.packing,
          .row_stride = from.row_stride,
          .scale_stride = from.scale_stride};
}

/// Why the request's accumulator cannot multiply these, or nullptr.
const char* refusal_of(const spec::DotRequest& request, const Operand& a, const Operand& b) {
  if (const char* reason = spec::refusal(request)) return reason;
  const bool scaled = !a.scales.empty() || !b.scales.empty();
  return scaled && request.row().scale == spec::ScaleEntry::Unscaled ? "the unit takes no scales" : nullptr;
}

}  // namespace

spec::DotRequest AccumulatorMultiplier::request_of(const Place& place, const Operand& a,
                                                   const Operand& b) const {
  std::string reasons;
  for (const spec::AccumulatorType accumulator : accumulators_) {
    const spec::DotRequest request{.accumulator = accumulator,
                                   .a = a.type,
                                   .b = b.type,
                                   .block_size = a.scales.empty() ? b.block_size : a.block_size};
    const char* reason = refusal_of(request, a, b);
    if (reason == nullptr) return request;
    reasons += "; " + std::string(spec::row_of(accumulator).name) + ": " + reason;
  }
  throw std::invalid_argument("no accumulator for " + name_of(place) + ", " + spec::name_of(a.type) + " x " +
                              spec::name_of(b.type) + reasons);
}

void AccumulatorMultiplier::multiply(const Place& place, const Operand& a, const Operand& b,
                                     MutableMatrix output) {
  const spec::DotRequest request = request_of(place, a, b);
  const Operand left = contiguous(a, gathered_[0]), right = contiguous(b, gathered_[1]);
  const MutableMatrix product = output.stride == output.columns ? output : product_.resize(a.rows, b.rows);
  fast::matmul(request, matrix_operand(left), matrix_operand(right),
               std::as_writable_bytes(std::span(product.data, product.rows * product.columns)), {},
               execution_);
  if (product.data == output.data) return;
  for (std::size_t row = 0; row < output.rows; ++row)
    std::ranges::copy(product.row(row), output.row(row).begin());
}

}  // namespace mxemu::llama
