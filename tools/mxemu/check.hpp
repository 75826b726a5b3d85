// What `mxemu check` makes of a verdict: text, JSON, JUnit XML, an HTML page.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "conformance/suite.hpp"

namespace mxemu::cli {

/// How many results of a kind have each verdict, and the worst of them.
struct VerdictCounts {
  std::map<conformance::Verdict, std::size_t> counts;
  conformance::Requirement requirement = conformance::Requirement::ImplementationDefined;
  std::uint64_t elements = 0;
  std::uint64_t differing = 0;
  std::vector<std::string> checks;  ///< ids, each once
  std::vector<std::string> notes;   ///< of the results that did not simply pass, each once

  void add(const conformance::CheckResult& check);
  std::size_t of(conformance::Verdict verdict) const;
  /// FAILED before UNTRUSTED before CONFORMANT-WITH before PASSED before SKIPPED.
  conformance::Verdict worst() const;
};

/// By clause, in the order of the checks; and by check.
std::vector<std::pair<std::string, VerdictCounts>> by_clause(const conformance::SuiteResult& result);
std::vector<std::pair<std::string, VerdictCounts>> by_check(const conformance::SuiteResult& result);

/// "PASSED: 1024 checks, 6892748 answers", or what kept it from passing.
std::string verdict_sentence(const conformance::SuiteResult& result);

/// The case of each failed check that is shown first.
std::vector<std::string> failure_texts(const conformance::SuiteResult& result, std::size_t at_most);

void print_check_list(std::ostream& out);
nlohmann::json check_list_json();
void print_text(const conformance::SuiteResult& result, std::ostream& out);
nlohmann::json to_json(const conformance::SuiteResult& result);
std::string to_junit(const conformance::SuiteResult& result);
std::string to_html(const conformance::SuiteResult& result);

}  // namespace mxemu::cli
