// Bugs of dot units, each re-created as one change to the reference's sum, and what kills them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "conformance/dot/dot_cases.hpp"
#include "conformance/suite.hpp"

namespace mxemu::conformance::museum {

/// One bug of a unit that claims to sum as `accumulator`.
struct DotMutant {
  const char* id;
  const char* title;
  const char* source;  ///< where it was reported or seen, which unit has it by design, or no_public_report
  const char* accumulator;
  DotOperand a, b;
  DotAnswers (*answer)(const DotCases&);
};

/// The source of a bug that nobody is known to have filed.
inline constexpr const char* no_public_report = "no public report known";

std::span<const DotMutant> dot_block_mutants();
std::span<const DotMutant> dot_unit_mutants();
std::vector<const DotMutant*> every_dot_mutant();

/// What became of one: killed when the suite, at the level `quick`, says FAILED.
struct DotDeath {
  const DotMutant* mutant = nullptr;
  bool killed = false;
  std::string check;            ///< the first that saw it
  std::string witness;          ///< its first failing case in words
  bool correct_passes = false;  ///< the same unit without the bug passes
};

DotDeath judge(const DotMutant& mutant);
std::vector<DotDeath> judge_dot_mutants();

}  // namespace mxemu::conformance::museum
