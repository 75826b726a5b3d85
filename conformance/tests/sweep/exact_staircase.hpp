// Staircases without bisection and without the reference: each boundary is computed as an exact number from
// two neighbouring values of the format, then the first float32 that reaches it is looked up.
#pragma once

#include "conformance/staircase.hpp"

namespace mxemu::conformance {

/// What finite_staircase must find for the same conversion.
Staircase exact_staircase(const ElementConversion& conversion, bool negative);

}  // namespace mxemu::conformance
