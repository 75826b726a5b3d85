// What of a request an operation depends on: a device is not told of freedoms that cannot matter to its
// answer.
#pragma once

#include <cstddef>

#include "conformance/cases.hpp"
#include "spec/request.hpp"

namespace mxemu::conformance {

constexpr bool uses_scale_rule(Operation operation) {
  return gives_scale(operation) && !only_moves(operation);
}
constexpr bool uses_rounding(Operation operation) {
  return gives_codes(operation) && !only_moves(operation);
}

/// The request with everything at its default that cannot change an answer of `operation` on cases whose
/// shortest block has `elements` elements: two requests that ask for the same become equal. The seed goes
/// too, since random words travel with their numbers.
spec::Request canonical_request(Operation operation, const spec::Request& request, std::size_t elements);

}  // namespace mxemu::conformance
