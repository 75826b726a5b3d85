// The accumulators one by one (MX 6.1, 6.2: precision and order are implementation-defined).
#pragma once

#include <cstdint>
#include <vector>

#include "reference/dot_step.hpp"
#include "reference/operand.hpp"
#include "reference/value.hpp"
#include "spec/dot_request.hpp"

namespace mxemu::reference {

/// Decoded and padded to the same length.
struct LinePair {
  const Line& a;
  const Line& b;

  std::size_t length() const { return a.values.size(); }
  /// a b with all scales, exactly.
  Value term(std::size_t index) const;
};

/// Where the steps go that a caller wants to see; nullptr: nowhere.
using Steps = std::vector<DotStep>*;

/// The exact sum of all terms, without c and without the sign of a zero.
Value exact_dot(const LinePair& pair, std::size_t first, std::size_t count);

/// Everything but the kinds Exact and Fused, from c, in float32.
Value accumulate_in_float32(const spec::DotRequest& request, const LinePair& pair, const Value& c,
                            Steps steps);

/// Kind Fused (spec/fused_adder.hpp), from c.
Value accumulate_fused(const spec::DotRequest& request, const LinePair& pair, const Value& c, Steps steps);

}  // namespace mxemu::reference
