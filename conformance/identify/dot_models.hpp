// The properties of an accumulator one by one, each with its other values; and fused adders that have no
// name.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/dot/dot_cases.hpp"
#include "spec/accumulator.hpp"

namespace mxemu::conformance {

struct DotProperty {
  /// The same accumulator with another value of the property.
  struct Other {
    std::string value;
    spec::Accumulator row;
  };

  std::string about;
  std::string value;
  std::vector<Other> others = {};  ///< that accept the pair
};

/// Order; of fused adders also fraction bits, group size, rounding of terms and of the result, how c joins.
std::vector<DotProperty> properties_of(const spec::Accumulator& row, const DotCapability& pair);

/// The first fused adder that `fits`: of 1 to 128 products a step, 8 to 40 fraction bits, every rounding of
/// terms and of the result, c aligned with the products or after them.
std::optional<spec::Accumulator> find_dot_model(const DotCapability& pair,
                                                const std::function<bool(const spec::Accumulator&)>& fits);

}  // namespace mxemu::conformance
