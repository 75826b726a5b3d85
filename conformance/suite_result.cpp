// What a run was asked for and what it gave, in sum; the checks there are.
#include <algorithm>
#include <map>
#include <utility>

#include "conformance/checks/check.hpp"
#include "conformance/exhaustive.hpp"
#include "conformance/suite.hpp"

namespace mxemu::conformance {

spec::Request SuiteOptions::request_of(spec::BlockType format) const {
  const auto found = identified.find(format);
  return found != identified.end() ? found->second : spec::make_request(format, *profile);
}

std::string SuiteOptions::profile_name() const {
  return identity.empty() ? profile->name : "auto: " + identity;
}

std::string CheckResult::format_name() const {
  return is_of_dots() ? operands : spec::format_of(format).name;
}

std::string CheckResult::operation_name() const {
  return is_of_dots() ? "dot" : spec::name_of(operation);
}

std::size_t SuiteResult::count(Verdict verdict) const {
  return static_cast<std::size_t>(std::count_if(
      checks.begin(), checks.end(), [&](const CheckResult& check) { return check.verdict == verdict; }));
}

void SuiteResult::append(SuiteResult more) {
  for (CheckResult& check : more.checks) checks.push_back(std::move(check));
  coverage.merge(more.coverage);
  dot_coverage.merge(more.dot_coverage);
}

std::string SuiteResult::unjudged() const {
  if (options.identity.empty()) return "";
  std::map<std::pair<spec::BlockType, Operation>, bool> judged;
  for (const CheckResult& check : checks)
    if (!check.is_of_dots() && check.requirement == Requirement::Must)
      judged[{check.format, check.operation}] |= check.verdict != Verdict::Skipped;
  std::string text;
  for (const auto& [what, any] : judged)
    if (!any)
      text += (text.empty() ? "" : ", ") + std::string(spec::name_of(what.second)) + " of " +
              spec::block_formats[static_cast<int>(what.first)].name;
  return text;
}

int SuiteResult::exit_status() const {
  if (!broken.empty()) return 2;
  if (count(Verdict::Failed) != 0) return 1;
  const bool nothing_judged = count(Verdict::Skipped) == checks.size() || !unjudged().empty();
  return nothing_judged || count(Verdict::Untrusted) != 0 ? 3 : 0;
}

std::vector<CheckDescription> check_descriptions() {
  std::vector<CheckDescription> all;
  for (const Check* check : every_check()) {
    CheckDescription description = {.id = check->id,
                                    .summary = check->summary,
                                    .requirement = Requirement::ImplementationDefined,
                                    .clauses = {},
                                    .operations = check->operations};
    for (const spec::ElementFormat& element : spec::element_formats) {
      description.requirement = std::min(description.requirement, check->requirement(element));
      const std::string clauses = check->clauses(element);
      for (std::size_t begin = 0; begin < clauses.size();) {
        const std::size_t end = std::min(clauses.find(", ", begin), clauses.size());
        const std::string clause = clauses.substr(begin, end - begin);
        if (description.clauses.find(clause) == std::string::npos)
          description.clauses += (description.clauses.empty() ? "" : ", ") + clause;
        begin = end + 2;
      }
    }
    all.push_back(description);
  }
  all.push_back(exhaustive_description());
  return all;
}

}  // namespace mxemu::conformance
