// Alternatives that a run takes as known from the start: SuiteOptions::allowed.
#pragma once

#include "conformance/alternatives.hpp"
#include "conformance/suite.hpp"

namespace mxemu::conformance {

bool is_allowed(const SuiteOptions& options, const Amendment& amendment);

/// Those that the format of the request has.
Amendments allowed_by(const SuiteOptions& options, const spec::Request& request);

/// Throws std::invalid_argument where one is no alternative of any format.
void require_allowed(const SuiteOptions& options);

}  // namespace mxemu::conformance
