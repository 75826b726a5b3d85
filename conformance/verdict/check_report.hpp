// What is made of a verdict: text, JSON, JUnit XML, an HTML page.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "conformance/suite.hpp"

namespace mxemu::conformance {

/// How many results of a kind have each verdict, and the worst of them.
struct VerdictCounts {
  std::map<Verdict, std::size_t> counts;
  Requirement requirement = Requirement::ImplementationDefined;
  std::uint64_t elements = 0;
  std::uint64_t differing = 0;
  std::vector<std::string> checks;  ///< ids, each once
  std::vector<std::string> notes;   ///< of the results that did not simply pass, each once

  void add(const CheckResult& check);
  std::size_t of(Verdict verdict) const;
  /// FAILED before UNTRUSTED before CONFORMANT-WITH before PASSED before SKIPPED.
  Verdict worst() const;
};

/// By clause, in the order of the checks; and by check.
std::vector<std::pair<std::string, VerdictCounts>> by_clause(const SuiteResult& result);
std::vector<std::pair<std::string, VerdictCounts>> by_check(const SuiteResult& result);

/// "PASSED: 1024 checks, 6892748 answers", or what kept it from passing.
std::string verdict_sentence(const SuiteResult& result);

/// What the failures have in common, in one sentence: "one suspect explains every failure (41 differences of
/// 3 checks): ties away from zero"; empty where nothing failed.
std::string diagnosis(const SuiteResult& result);

/// A suspect without the evidence of its check, which stands in the last brackets.
std::string name_of_suspect(const std::string& suspect);

/// The case of each failed check that is shown first.
std::vector<std::string> failure_texts(const SuiteResult& result, std::size_t at_most);

/// The checks there are.
std::string check_list();
std::string check_list_json();

/// The verdict as lines for a terminal, as JSON, as JUnit XML and as one HTML page.
std::string to_text(const SuiteResult& result);
std::string to_json(const SuiteResult& result);
std::string to_junit(const SuiteResult& result);
std::string to_html(const SuiteResult& result);

}  // namespace mxemu::conformance
