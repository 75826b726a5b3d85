// Devices that do one thing and say so: which rule, rounding and policy one is to be asked for.
#pragma once

#include "conformance/identify/probe.hpp"

namespace mxemu::conformance {

/// The first request that the subject answers `probe` under: the default, another scale rule, another
/// rounding, both, or what a profile of the format asks for. The default again where it answers none.
spec::Request supported_request(Subject& subject, const spec::Request& standard, const Probe& probe);

}  // namespace mxemu::conformance
