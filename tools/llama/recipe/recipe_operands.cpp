#include "tools/llama/recipe/recipe_operands.hpp"

#include <algorithm>
#include <utility>

namespace mxemu::llama {
namespace {

/// Numbers of a weight that are quantised at a time.
constexpr std::size_t numbers_at_once = std::size_t{1} << 23;

/// The operand's numbers row after row in the buffer, which may be where they already lie.
template <class Number>
void copy_rows(const Operand& from, std::span<Number> to) {
  const auto* numbers = reinterpret_cast<const Number*>(from.codes);
  if (numbers == to.data()) return;
  for (std::size_t row = 0; row < from.rows; ++row)
    for (std::size_t i = 0; i < from.depth; ++i)
      to[row * from.depth + i] = numbers[row * from.row_stride + i * from.step];
}

template <class Number>
std::span<std::byte> gather(const Operand& from, OperandBuffer& buffer) {
  const auto to = buffer.resize<Number>(from.rows * from.depth);
  copy_rows<Number>(from, to);
  return std::as_writable_bytes(to);
}

/// Room for the operand's numbers; they are in it only where they had gaps between them.
std::span<std::byte> gather_gaps(const Operand& from, OperandBuffer& buffer) {
  const bool wide = from.type == spec::OperandType::Float32;
  if (from.step != 1 || from.row_stride != from.depth)
    return wide ? gather<float>(from, buffer) : gather<std::uint16_t>(from, buffer);
  const std::size_t count = from.rows * from.depth;
  return wide ? std::as_writable_bytes(buffer.resize<float>(count))
              : std::as_writable_bytes(buffer.resize<std::uint16_t>(count));
}

/// Blocks along the rows, or across them.
fast::BlockGrid grid_of(const Quantization& how, const Operand& x, bool along_rows) {
  const std::int64_t shape[] = {static_cast<std::int64_t>(x.rows), static_cast<std::int64_t>(x.depth)};
  return fast::make_block_grid(shape, along_rows ? 1 : 0, how.request);
}

}  // namespace

RecipeOperands::RecipeOperands(Recipe recipe, const Config& config, Compute compute,
                               const fast::Execution& execution)
    : PlainOperands(compute, execution), recipe_(std::move(recipe)), head_dim_(config.head_dim) {
  recipe_.require_fits(config);
}

void RecipeOperands::roundtrip(const Quantization& how, const fast::BlockGrid& grid,
                               std::span<const std::byte> source, std::span<std::byte> output) const {
  const spec::FloatType type = spec::float_format_of(operand_type_of(compute())).type;
  fast::roundtrip_tensor(how.request, grid, {type, source}, {type, output}, {}, execution());
}

Operand RecipeOperands::quantized(Slot slot, const Place& place, const Operand& numbers,
                                  OperandBuffer& buffer) const {
  const Quantization* how = recipe_.find(slot, place);
  if (how == nullptr) return numbers;
  const bool gaps = numbers.step != 1 || numbers.row_stride != numbers.depth;
  const std::span<std::byte> output = gather_gaps(numbers, buffer);
  const bool along_rows = slot != Slot::Value || how->value_axis != ValueAxis::HeadDimension;
  roundtrip(*how, grid_of(*how, numbers, along_rows),
            gaps ? std::span<const std::byte>(output) : std::span(numbers.codes, output.size()), output);
  Operand result = numbers;
  result.codes = output.data();
  result.row_stride = numbers.depth;
  result.step = 1;
  return result;
}

Operand RecipeOperands::activations(const Place& place, Matrix x, OperandBuffer& buffer) {
  return quantized(activations_slot(place.site), place, numbers(x, buffer), buffer);
}

bool RecipeOperands::shares_activations(const Place& one, const Place& other) const {
  const Quantization* first = recipe_.find(activations_slot(one.site), one);
  const Quantization* second = recipe_.find(activations_slot(other.site), other);
  return first == second || (first != nullptr && second != nullptr && *first == *second);
}

Operand RecipeOperands::weight(const Place& place, const Weight& weight, std::size_t first, std::size_t count,
                               OperandBuffer& buffer) {
  return quantized(weights_slot(place.site), place,
                   PlainOperands::weight(place, weight, first, count, buffer), buffer);
}

std::size_t RecipeOperands::weight_rows(const Place& place, const Weight& weight) const {
  const std::size_t plain = PlainOperands::weight_rows(place, weight);
  if (recipe_.find(weights_slot(place.site), place) == nullptr) return plain;
  return std::min(plain,
                  std::max<std::size_t>(1, numbers_at_once / std::max<std::size_t>(1, weight.columns)));
}

Operand RecipeOperands::query(const Place& place, Matrix x, OperandBuffer& buffer) {
  return quantized(Slot::Query, place, numbers(x, buffer), buffer);
}

Operand RecipeOperands::key(const Place& place, const Operand& cached, std::size_t seen,
                            OperandBuffer& buffer) {
  return quantized(Slot::Key, place, PlainOperands::key(place, cached, seen, buffer), buffer);
}

Operand RecipeOperands::attention_weights(const Place& place, Matrix x, OperandBuffer& buffer) {
  return quantized(Slot::AttentionWeights, place, numbers(x, buffer), buffer);
}

Operand RecipeOperands::value(const Place& place, const Operand& cached, std::size_t seen,
                              OperandBuffer& buffer) {
  const Quantization* how = recipe_.find(Slot::Value, place);
  const bool all = how != nullptr && how->value_axis == ValueAxis::SequencePrefill;
  Operand value =
      quantized(Slot::Value, place, all ? cached : PlainOperands::value(place, cached, seen, buffer), buffer);
  value.depth = seen;
  return value;
}

AttentionTiling RecipeOperands::tiling() const {
  return recipe_.uses(ValueAxis::SequenceCausal) ? AttentionTiling{.queries = 1} : AttentionTiling{};
}

void RecipeOperands::to_cache(const Place& place, MutableMatrix x) {
  const Quantization* how = recipe_.find(Slot::Cache, place);
  if (how == nullptr) return;
  // Rows without gaps are one tensor.
  const std::size_t at_once = x.stride == x.columns ? x.rows : 1;
  const std::int64_t shape[] = {static_cast<std::int64_t>(at_once * x.columns / head_dim_),
                                static_cast<std::int64_t>(head_dim_)};
  const fast::BlockGrid heads = fast::make_block_grid(shape, 1, how->request);
  for (std::size_t row = 0; row < x.rows; row += at_once) {
    const auto bytes = std::as_writable_bytes(std::span(x.row(row).data(), at_once * x.columns));
    fast::roundtrip_tensor(how->request, heads, {spec::FloatType::Float32, bytes},
                           {spec::FloatType::Float32, bytes}, {}, execution());
  }
}

}  // namespace mxemu::llama
