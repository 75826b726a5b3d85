// What a run of the suite does: one check of one target after another, their cases made and answered by the
// reference before the subject is asked.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "conformance/checks/check.hpp"
#include "conformance/exhaustive.hpp"
#include "conformance/suite.hpp"

namespace mxemu::conformance {

struct Task {
  const Check* check;  ///< none: the exhaustive sweep
  Target target;

  std::string id() const { return check != nullptr ? check->id : exhaustive_id; }
  /// What the random numbers of its cases come from.
  std::string key(std::uint64_t seed) const {
    return id() + " " + target.request.block_format().name + " " + spec::name_of(target.operation) + " " +
           spec::name_of(target.type) + " " + std::to_string(seed);
  }
};

/// Every chosen check of every declared capability: by format, float type, check, operation. Throws
/// std::invalid_argument when the options name no check.
std::vector<Task> make_tasks(const Subject& subject, const SuiteOptions& options);

/// "no check is called ...", with those that are.
std::string no_such_check(const std::string& name);

/// The cases of one check for one target, what they must give, and what they hit.
struct PreparedCheck {
  Batches batches;
  std::vector<Answers> expected;
  Coverage coverage;

  std::uint64_t case_count() const {
    std::uint64_t count = 0;
    for (const Cases& cases : batches) count += cases.count();
    return count;
  }
};

struct PreparedChecks::Store {
  std::map<std::string, PreparedCheck> checks;
};

PreparedCheck prepare(const Task& task, std::uint64_t seed);

/// Only case `number` of what was prepared; no batch where there is no such case.
PreparedCheck only(const PreparedCheck& prepared, std::uint64_t number);

}  // namespace mxemu::conformance
