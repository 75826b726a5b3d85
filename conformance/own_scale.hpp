// Scales that no known rule gives: MX-6.3-d permits any, so the elements are judged under those that came.
#pragma once

#include <optional>

#include "conformance/alternatives.hpp"

namespace mxemu::conformance {

/// The amendments, `known` and one more at most, under which every code is right for the scale that the
/// subject gave with it; nothing where none makes them so, or where the operation is not `quantize`. A scale
/// is NaN exactly where it should be.
std::optional<Conformance> find_own_scale(const Target& target, const Evidence& evidence,
                                          const Amendments& known);

}  // namespace mxemu::conformance
