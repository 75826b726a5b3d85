// How many bits a recipe gives to the weights of linear layers.
#pragma once

#include <cstdint>

#include "tools/llama/recipe/recipe.hpp"

namespace mxemu::llama {

/// Counts of numbers and bits over linear layers, lm_head included, embedding and norms not.
struct WeightBits {
  std::uint64_t weights = 0;
  std::uint64_t quantized = 0;         ///< weights that the recipe quantises
  std::uint64_t element_bits = 0;      ///< of those
  std::uint64_t scale_bits = 0;        ///< of those: 8 for every block, short ones too
  std::uint64_t unquantized_bits = 0;  ///< of the others, as they are stored

  /// AutoRound's "average bits": over quantised weights alone, scales counted or not. 0 where there are none.
  double average(bool with_scales) const;
  /// Over all linear layers, scales counted.
  double average_of_all() const;
};

/// `stored_bits` is the width of a weight that stays as it is: 16 of bfloat16.
WeightBits weight_bits(const Recipe& recipe, const Config& config, int stored_bits);

}  // namespace mxemu::llama
