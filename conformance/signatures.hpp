// Known signatures of faults: what, if anything, all differences of a failed check have in common.
#pragma once

#include <string>

#include "conformance/alternatives.hpp"

namespace mxemu::conformance {

/// The first known signature that all differences bear, with its evidence, such as
/// "ties away from zero (all 41 differences are ties)"; empty when none fits. `known` are the allowed
/// alternatives that the device is already known by.
std::string find_suspect(const Target& target, const Evidence& evidence, const Comparison& differences,
                         const Amendments& known);

}  // namespace mxemu::conformance
