#include "tools/llama/recipe/weight_bits.hpp"

namespace mxemu::llama {

double WeightBits::average(bool with_scales) const {
  if (quantized == 0) return 0;
  return static_cast<double>(element_bits + (with_scales ? scale_bits : 0)) / static_cast<double>(quantized);
}

double WeightBits::average_of_all() const {
  if (weights == 0) return 0;
  return static_cast<double>(element_bits + scale_bits + unquantized_bits) / static_cast<double>(weights);
}

WeightBits weight_bits(const Recipe& recipe, const Config& config, int stored_bits) {
  WeightBits sum;
  for (const LinearShape& linear : linear_shapes(config)) {
    const std::uint64_t weights = std::uint64_t{linear.outputs} * linear.inputs;
    sum.weights += weights;
    const Quantization* how = recipe.find(weights_slot(linear.place.site), linear.place);
    if (how == nullptr) {
      sum.unquantized_bits += weights * static_cast<std::uint64_t>(stored_bits);
      continue;
    }
    const auto block = static_cast<std::size_t>(how->request.block_size);
    sum.quantized += weights;
    sum.element_bits += weights * static_cast<std::uint64_t>(how->request.element_format().bits);
    sum.scale_bits += std::uint64_t{linear.outputs} * ((linear.inputs + block - 1) / block) *
                      static_cast<std::uint64_t>(how->request.scale_format().bits);
  }
  return sum;
}

}  // namespace mxemu::llama
