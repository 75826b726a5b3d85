// What is made of the differences of a check that failed.
#pragma once

#include <string>
#include <vector>

#include "conformance/alternatives.hpp"
#include "conformance/task.hpp"

namespace mxemu::conformance {

/// The result of a check before anything was asked.
CheckResult blank_result(const std::string& subject, const SuiteOptions& options, const Task& task);

/// Differences that no allowed alternative explains.
struct Differences {
  const Evidence& evidence;
  const Comparison& comparison;
  std::vector<std::uint64_t> first_case;  ///< the number of the first case of each batch
  std::string suspect;                    ///< what they have in common, or nothing
  Amendments allowed;                     ///< the alternatives that the evidence grants the subject
};

/// Makes `result` a failure: its suspect, its cells, its first cases, and what repeats them. The first case
/// is asked again by itself, unless the options ask for one case or for the first difference alone.
void fail(Subject& subject, const SuiteOptions& options, const Differences& differences, CheckResult& result);

/// Explains one difference.
void keep_failure(const Subject& subject, const Evidence& evidence, const Mismatch& at,
                  std::uint64_t case_number, CheckResult& result);

}  // namespace mxemu::conformance
