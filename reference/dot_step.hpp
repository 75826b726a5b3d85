// What an accumulator did, step by step: for whoever has to explain a result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "reference/value.hpp"

namespace mxemu::reference {

/// A term of a step before and after its own rounding or cutting.
struct DotTerm {
  std::size_t index = 0;             ///< k of the product, or of the first product of the term
  Value exact = {};                  ///< the product or sum, exactly
  std::optional<int> exponent = {};  ///< that it brings to the alignment (fused adders)
  Value kept = {};                   ///< what is summed: cut to the window, or rounded to float32
};

/// Terms that are summed together (a fused adder's part, a block, a group, a level of a tree).
struct DotPart {
  std::optional<int> emax = {};  ///< the exponent that the terms were aligned to (fused adders)
  std::vector<DotTerm> terms = {};
  Value sum = {};   ///< of what was kept
  Value kept = {};  ///< what went on: the sum, rounded to float32, or cut where parts meet
};

/// One update of the accumulator.
struct DotStep {
  std::size_t first = 0;  ///< k of the first product
  std::size_t count = 0;  ///< of products
  std::vector<DotPart> parts = {};
  Value before = {};                   ///< c
  std::optional<DotTerm> joined = {};  ///< c as it joined (fused adders)
  std::optional<int> join_emax = {};   ///< the exponent that the sum and c were aligned to (fused adders)
  Value sum = {};                      ///< before it was rounded to the accumulator's format
  Value after = {};
};

struct DotExplanation {
  std::vector<DotStep> steps = {};
  std::uint32_t code = 0;  ///< the result
};

}  // namespace mxemu::reference
