// The one door to every matrix product of a forward pass.
#pragma once

#include <span>
#include <string>
#include <unordered_set>

#include "tools/llama/forward/compute.hpp"
#include "tools/llama/forward/multiplier.hpp"
#include "tools/llama/forward/operand.hpp"
#include "tools/llama/model/checkpoint.hpp"

namespace mxemu::llama {

/// A linear layer: output = x weight^T + bias.
struct Linear {
  Place place;
  const Weight* weight;
  std::span<const float> bias;  ///< none: empty
  MutableMatrix output;         ///< tokens x outputs
};

/// Takes operands as `operands` makes them to `multiplier`; results are rounded once to the precision. A
/// weight is looked through for numbers that are not finite when it is first met.
class Products {
 public:
  Products(const Checkpoint& checkpoint, Compute compute, Operands& operands, Multiplier& multiplier,
           const fast::Execution& execution = {});

  /// Linear layers that take the same activations, tokens x inputs.
  void linear(Matrix x, std::span<const Linear> layers);
  /// scores[queries x seen] = query keys^T; `cached` holds all keys.
  void scores(const Place& place, Matrix query, const Operand& cached, MutableMatrix output);
  /// output[queries x head_dim] = weights[queries x seen] values; `cached` holds all values.
  void mix(const Place& place, Matrix weights, const Operand& cached, MutableMatrix output);

  AttentionTiling tiling() const { return operands_.tiling(); }
  void to_cache(const Place& place, MutableMatrix x) { operands_.to_cache(place, x); }
  Compute compute() const { return compute_; }
  const fast::Execution& execution() const { return execution_; }

 private:
  void multiply_weight(const Linear& layer, const Operand& x);

  const Checkpoint& checkpoint_;
  Compute compute_;
  Operands& operands_;
  Multiplier& multiplier_;
  fast::Execution execution_;
  std::unordered_set<const Weight*> checked_;
  OperandBuffer left_;
  OperandBuffer right_;
};

}  // namespace mxemu::llama
