// The fused adders of the field written a second time, in doubles: frexp, trunc and floor, as their
// discoverers write them. The parameters are typed by hand, so that a wrong row of the specification shows.
#pragma once

#include <cstdint>
#include <vector>

#include "spec/dot_request.hpp"

namespace mxemu::dot_test {

/// Operands as numbers; `scale` is the sum of the two scale exponents of each element.
struct DoubleTerms {
  std::vector<double> a, b;
  std::vector<int> scale;
  int emin_a = 0, emin_b = 0;
};

enum class Unit { Aligned, GroupsOf16, FlooredAfterwards, FlooredHalves };

struct UnitFacts {
  spec::AccumulatorType type;
  Unit unit;
  int products;
  int fraction_bits;
  int result_bits;  ///< of a float32 result
};

extern const std::vector<UnitFacts> units_by_hand;

/// All steps from c; finite numbers only. The result is a code of float32 or, with `half`, of float16.
std::uint32_t double_model(const UnitFacts& facts, const DoubleTerms& terms, double c, bool half);

}  // namespace mxemu::dot_test
