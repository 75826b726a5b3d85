// A recipe put to work: operands are quantised to MX and back before they are multiplied.
#pragma once

#include "tools/llama/forward/operand.hpp"
#include "tools/llama/recipe/recipe.hpp"

namespace mxemu::llama {

/// Every operand that the recipe speaks of becomes the numbers that its MX codes stand for, in the
/// precision's type, under any Multiplier. Blocks lie along the dimension that the product sums over: inputs
/// of linear layers, head_dim of queries and keys, keys of attention weights; values along the axis that the
/// recipe names. Stochastic rounding counts the elements of the operand that is made, a part of a weight or
/// of a text.
class RecipeOperands final : public PlainOperands {
 public:
  /// Throws std::invalid_argument where the recipe speaks of no layer that the model has.
  RecipeOperands(Recipe recipe, const Config& config, Compute compute, const fast::Execution& execution = {});

  Operand activations(const Place& place, Matrix x, OperandBuffer& buffer) override;
  bool shares_activations(const Place& one, const Place& other) const override;
  Operand weight(const Place& place, const Weight& weight, std::size_t first, std::size_t count,
                 OperandBuffer& buffer) override;
  std::size_t weight_rows(const Place& place, const Weight& weight) const override;
  Operand query(const Place& place, Matrix x, OperandBuffer& buffer) override;
  Operand key(const Place& place, const Operand& cached, std::size_t seen, OperandBuffer& buffer) override;
  Operand attention_weights(const Place& place, Matrix x, OperandBuffer& buffer) override;
  Operand value(const Place& place, const Operand& cached, std::size_t seen, OperandBuffer& buffer) override;
  AttentionTiling tiling() const override;
  void to_cache(const Place& place, MutableMatrix x) override;

  const Recipe& recipe() const { return recipe_; }

 private:
  /// `numbers` as the slot says, in the buffer; as they are where it says nothing.
  Operand quantized(Slot slot, const Place& place, const Operand& numbers, OperandBuffer& buffer) const;
  void roundtrip(const Quantization& how, const fast::BlockGrid& grid, std::span<const std::byte> source,
                 std::span<std::byte> output) const;

  Recipe recipe_;
  std::size_t head_dim_;
};

}  // namespace mxemu::llama
