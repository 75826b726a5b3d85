// What a subject was found to do, as a report shows it beside the verdict.
#pragma once

#include <vector>

#include "conformance/identify/dot_identity.hpp"
#include "conformance/identify/identify.hpp"
#include "conformance/suite.hpp"

namespace mxemu::conformance {

/// Adds a sentence for each format and each pair of operands, and a row for each freedom and each property;
/// formats that are alike share rows.
void add_identity(const Identity& identity, SuiteResult& result);
void add_identity(const std::vector<DotIdentity>& identities, SuiteResult& result);

}  // namespace mxemu::conformance
