#include "conformance/failed_check.hpp"

#include <algorithm>
#include <map>

#include "conformance/asking.hpp"
#include "conformance/case_view.hpp"
#include "conformance/failure.hpp"

namespace mxemu::conformance {
namespace {

constexpr const char* nearest_even_clause = "MX-6.3-e";

std::string repro_text(const std::string& subject, const SuiteOptions& options, const Task& task) {
  const bool is_command = options.repro == ReproStyle::Command;
  std::string text = is_command ? "mxemu check --subject " + shell_word(subject) : "";
  const auto add = [&](const char* name, const std::string& word) {
    text += (text.empty() ? "" : " ") + repro_word(options.repro, name, is_command ? shell_word(word) : word);
  };
  add("format", task.target.request.block_format().name);
  add("type", spec::name_of(task.target.type));
  add("operation", spec::name_of(task.target.operation));
  if (!options.identity.empty())
    add("profile", "auto");
  else if (options.profile != &spec::default_profile)
    add("profile", options.profile->name);
  if (options.level != Level::Quick) add("level", spec::name_of(options.level));
  add("check", task.id());
  add("seed", std::to_string(options.seed));
  return text;
}

/// A normal number whose code is not the nearest one although the nearest was asked for (MX-6.3-e), under the
/// right scale: no freedom of the standard. Of subnormal numbers it is silent (MX-6.3-f), of the codes under
/// a NaN scale it says that they mean nothing (MX-4-b).
bool breaks_rounding(const Evidence& evidence, const Mismatch& at) {
  const Cases& cases = evidence.batches[at.batch];
  if (at.in_scale || is_tensor(cases.operation) || !gives_codes(cases.operation)) return false;
  if (cases.request.rounding.mode != spec::RoundingMode::NearestEven) return false;
  if (scale_of(cases, evidence.expected[at.batch], at.case_index) == cases.request.scale_format().nan_code)
    return false;
  const reference::Value number = number_at(cases, at.case_index * cases.elements + at.element);
  return number.is_finite() && !number.magnitude.is_zero() &&
         reference::floor_log2(number.magnitude) >= spec::format_of(cases.type()).emin;
}

/// Counts differences by scale byte and code.
std::vector<FailureCell> failure_cells(const Evidence& evidence, const Comparison& comparison) {
  if (evidence.batches.empty() || is_tensor(evidence.batches.front().operation)) return {};
  std::map<std::pair<std::uint8_t, std::uint8_t>, std::uint64_t> counts;
  for (const Mismatch& at : comparison.mismatches) {
    const Cases& cases = evidence.batches[at.batch];
    const Answers& expected = evidence.expected[at.batch];
    const std::size_t index = at.case_index * cases.elements + at.element;
    const auto& codes = takes_codes(cases.operation) ? cases.codes : expected.codes;
    const std::uint8_t code = codes.empty() ? std::uint8_t{0} : codes[index];
    ++counts[{scale_of(cases, expected, at.case_index), code}];
  }
  std::vector<FailureCell> cells;
  for (const auto& [cell, count] : counts) cells.push_back({cell.first, cell.second, count});
  return cells;
}

bool is_same(const Answers& a, const Answers& b) {
  return a.codes == b.codes && a.scales == b.scales && a.numbers == b.numbers &&
         a.is_supported(0) == b.is_supported(0);
}

/// Whether the case is answered the same when nothing else is asked with it.
bool repeats_alone(Subject& subject, const Evidence& evidence, const Mismatch& at) {
  const Cases& batch = evidence.batches[at.batch];
  const Cases one = part_of(batch, at.case_index, 1);
  const Answers again = subject.answer(one);
  check_sizes(subject.name(), one, again);
  return is_same(again, part_of(evidence.got[at.batch], batch, at.case_index, 1));
}

/// The question with the cases that went with it, as the subject was asked.
std::string question_among_others(const Subject& subject, const Evidence& evidence, const Mismatch& at) {
  const Cases& batch = evidence.batches[at.batch];
  const std::size_t first = at.case_index / cases_per_call * cases_per_call;
  return subject.question(part_of(batch, first, std::min(cases_per_call, batch.count() - first)),
                          at.case_index - first);
}

}  // namespace

CheckResult blank_result(const std::string& subject, const SuiteOptions& options, const Task& task) {
  const spec::ElementFormat& element = task.target.element();
  return {.id = task.id(),
          .format = task.target.request.format,
          .type = task.target.type,
          .operation = task.target.operation,
          .requirement = task.check != nullptr ? task.check->requirement(element) : Requirement::Must,
          .clauses = task.check != nullptr ? task.check->clauses(element) : exhaustive_description().clauses,
          .note = {},
          .failures = {},
          .cells = {},
          .suspect = {},
          .repro = repro_text(subject, options, task),
          .coverage = {}};
}

void keep_failure(const Subject& subject, const Evidence& evidence, const Mismatch& at,
                  std::uint64_t case_number, CheckResult& result) {
  const Cases& batch = evidence.batches[at.batch];
  result.failures.push_back(
      explain_failure(batch, evidence.expected[at.batch], evidence.got[at.batch], at, case_number));
  result.failures.back().ordinal = result.failures.size();
  result.failures.back().asked = subject.question(part_of(batch, at.case_index, 1), 0);
}

void fail(Subject& subject, const SuiteOptions& options, const Differences& differences,
          CheckResult& result) {
  const Evidence& evidence = differences.evidence;
  const Comparison& comparison = differences.comparison;
  result.verdict = Verdict::Failed;
  const bool required = std::any_of(comparison.mismatches.begin(), comparison.mismatches.end(),
                                    [&](const Mismatch& at) { return breaks_rounding(evidence, at); });
  if (required && result.requirement != Requirement::Must) {
    result.requirement = Requirement::Must;
    result.clauses = nearest_even_clause;
  }
  result.suspect = differences.suspect;
  result.cells = failure_cells(evidence, comparison);
  for (const Amendment& amendment : differences.allowed) {
    result.note += (result.note.empty() ? "beside " : ", ") + amendment.text();
    result.repro += " " + repro_word(options.repro, "allow", amendment.text());
  }
  for (const Mismatch& at : comparison.mismatches) {
    if (result.failures.size() >= options.keep_failures) break;
    keep_failure(subject, evidence, at, differences.first_case[at.batch] + at.case_index, result);
  }
  if (options.only_case || options.stop_at_first_failure || result.failures.empty()) return;
  const Mismatch& first = comparison.mismatches.front();
  result.repeats_alone = repeats_alone(subject, evidence, first);
  if (!result.repeats_alone) result.failures.front().asked = question_among_others(subject, evidence, first);
}

}  // namespace mxemu::conformance
