// The suite for dot products: every check of every declared pair of operands. The standard leaves precision
// and order to the implementation (MX-6.1-c, MX-6.2-c), so a subject is judged by the accumulator that it
// claims, bit for bit; without a claim it conforms with the accumulator that all its answers of a pair equal,
// or else with some order of float32 additions where every answer lies within what all orders give.
#pragma once

#include "conformance/dot/dot_check.hpp"
#include "conformance/suite.hpp"
#include "spec/accumulator.hpp"

namespace mxemu::conformance {

/// Runs the chosen checks (options: formats, types, level, check, seed, only_case, keep_failures,
/// stop_at_first_failure, accumulator, operands). Any NaN will do for a NaN, except where the accumulator
/// that is claimed states its code. A check whose cases, summed by the accumulator, did not hit the cells
/// that it promises is Untrusted. Throws DeviceError as the subject does, and std::invalid_argument when
/// `accumulator`, `check` or `operands` names nothing.
SuiteResult run_dot_suite(Subject& subject, const SuiteOptions& options, const OnProgress& on_progress = {});

/// What the checks of dot products are, in the order in which they run.
std::vector<CheckDescription> dot_check_descriptions();

/// The failure of one case, explained: its terms, the exact sum, where orders of float32 additions can end,
/// what `claim` (or nullptr) gives, and how far the nearest accumulators are.
Failure explain_dot_failure(const DotCases& cases, std::size_t index, std::uint32_t got,
                            const spec::Accumulator* claim);

}  // namespace mxemu::conformance
