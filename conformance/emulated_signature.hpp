// Known behaviours against the standard that the reference can be asked for, or that a change of the input
// makes.
#pragma once

#include <string>

#include "conformance/alternatives.hpp"

namespace mxemu::conformance {

/// "ties away from zero", "bytes of the numbers swapped", ...: what gives the answers of every case that
/// differs; empty when nothing does.
std::string find_emulated_suspect(const Target& target, const Evidence& evidence,
                                  const Comparison& differences, const Amendments& known);

}  // namespace mxemu::conformance
