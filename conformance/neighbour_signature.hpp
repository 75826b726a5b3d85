// Answers that belong to the case, the block or the lane beside: what was asked before or after it.
#pragma once

#include <string>

#include "conformance/alternatives.hpp"

namespace mxemu::conformance {

/// "answers late by one case", "scale of the previous block", ... under which every answer of the check,
/// right or wrong, is expected; empty when none is. What comes first or last in a call has no neighbour and
/// is left out.
std::string find_neighbour_suspect(const Target& target, const Evidence& evidence,
                                   const Comparison& differences, const Amendments& known);

}  // namespace mxemu::conformance
