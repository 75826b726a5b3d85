// Which checks of which pairs of operands a run asks for, and the command that asks for one again.
#pragma once

#include <string>

#include "conformance/dot/dot_check.hpp"
#include "conformance/suite.hpp"

namespace mxemu::conformance {

/// Whether the options choose the check; the pair.
bool names_check(const SuiteOptions& options, const DotCheck& check);
bool names_pair(const SuiteOptions& options, const DotCapability& pair);

/// Throws std::invalid_argument when `accumulator`, `check` or `operands` names nothing.
void require_names(const Subject& subject, const SuiteOptions& options);

/// What runs one check of one pair again.
std::string repro_command(const std::string& subject, const SuiteOptions& options, const DotCapability& pair,
                          const DotCheck& check);

}  // namespace mxemu::conformance
