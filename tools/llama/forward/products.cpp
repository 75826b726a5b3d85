#include "tools/llama/forward/products.hpp"

#include <algorithm>

#include "tools/llama/forward/rows.hpp"

namespace mxemu::llama {

Products::Products(const Checkpoint& checkpoint, Compute compute, Operands& operands, Multiplier& multiplier,
                   const fast::Execution& execution)
    : checkpoint_(checkpoint),
      compute_(compute),
      operands_(operands),
      multiplier_(multiplier),
      execution_(execution) {}

void Products::linear(Matrix x, std::span<const Linear> layers) {
  Operand activations;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (i == 0 || !operands_.shares_activations(layers[i - 1].place, layers[i].place))
      activations = operands_.activations(layers[i].place, x, left_);
    multiply_weight(layers[i], activations);
    add_bias(compute_, layers[i].output, layers[i].bias, execution_);
  }
}

void Products::multiply_weight(const Linear& layer, const Operand& x) {
  const Weight& weight = *layer.weight;
  if (checked_.insert(&weight).second) checkpoint_.require_finite(weight, 0, execution_);
  const std::size_t at_once = operands_.weight_rows(layer.place, weight);
  for (std::size_t first = 0; first < weight.rows; first += at_once) {
    const std::size_t count = std::min(at_once, weight.rows - first);
    const Operand rows = operands_.weight(layer.place, weight, first, count, right_);
    multiplier_.multiply(layer.place, x, rows, layer.output.columns_from(first, count));
  }
}

void Products::scores(const Place& place, Matrix query, const Operand& cached, MutableMatrix output) {
  const Operand left = operands_.query(place, query, left_);
  const Operand right = operands_.key(place, cached, output.columns, right_);
  multiplier_.multiply(place, left, right, output);
  round_rows(compute_, output, execution_);
}

void Products::mix(const Place& place, Matrix weights, const Operand& cached, MutableMatrix output) {
  const Operand left = operands_.attention_weights(place, weights, left_);
  const Operand right = operands_.value(place, cached, weights.columns, right_);
  multiplier_.multiply(place, left, right, output);
  round_rows(compute_, output, execution_);
}

}  // namespace mxemu::llama
