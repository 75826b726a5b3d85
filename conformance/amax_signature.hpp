// Signatures of a wrong amax: elements that have no part in it.
#pragma once

#include <string>

#include "conformance/alternatives.hpp"

namespace mxemu::conformance {

/// The known mistake in amax that gives what the device gave in every case that differs, or nothing. A few
/// cases say nothing: most lower scales are what some block without its largest element would have.
std::string find_amax_suspect(const Target& target, const Evidence& evidence, const Comparison& differences,
                              const Amendments& known);

}  // namespace mxemu::conformance
