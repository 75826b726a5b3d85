#include "conformance/dot/dot_suite.hpp"

#include <algorithm>

#include "conformance/dot/dot_asking.hpp"
#include "conformance/dot/dot_emulation.hpp"
#include "conformance/dot/dot_selection.hpp"
#include "conformance/failure.hpp"

namespace mxemu::conformance {
namespace {

using Rows = std::vector<const spec::Accumulator*>;
using Place = AskedDots::Place;

std::string names_of(const Rows& rows) {
  std::string text;
  for (const spec::Accumulator* row : rows) text += (text.empty() ? "" : ", ") + std::string(row->name);
  return text;
}

bool agrees_at(const spec::Accumulator& row, const AskedDots& asked, Place at) {
  const DotCases& cases = asked.batches[at.batch];
  return is_result_of(row, cases.output, asked.result(at), dot_under(row, cases, at.index));
}

/// The same, where any NaN is as good as the row's.
bool agrees_but_for_nan_code(const spec::Accumulator& row, const AskedDots& asked, Place at) {
  const DotCases& cases = asked.batches[at.batch];
  return is_same_result(cases.output, asked.result(at), dot_under(row, cases, at.index));
}

void add_note(CheckResult& result, const std::string& text) {
  result.note += (result.note.empty() ? "" : "; ") + text;
}

/// All that is asked of one pair, and the verdicts on it.
class PairRun {
 public:
  PairRun(Subject& subject, const SuiteOptions& options, const DotCapability& pair)
      : subject_(subject), options_(options), pair_(pair) {
    const std::string& name = options.accumulator.empty() ? pair.accumulator : options.accumulator;
    if (name.empty()) return;
    const spec::Accumulator& row = spec::row_of(*spec::parse_accumulator(name));
    if (accepts(row, pair))
      claim_ = &row;
    else
      refusal_ = "the accumulator " + name + " is none for these operands";
  }

  std::vector<CheckResult> run() {
    std::vector<CheckResult> results;
    for (const DotCheck* check : every_dot_check()) {
      if (!names_check(options_, *check) || !check->applies({pair_, options_.level})) continue;
      CheckResult& result = results.emplace_back(blank_result(*check));
      asked_.push_back(refusal_.empty() ? ask_dots(subject_, options_, pair_, *check)
                                        : AskedDots{.check = check});
      result.elements = result.cases = asked_.back().count(true);
      result.unsupported_cases = asked_.back().count(false);
      if (options_.stop_at_first_failure && claim_ != nullptr) {
        judge_by(*claim_, asked_.back(), result);
        if (result.verdict == Verdict::Failed) return results;
      }
    }
    if (claim_ == nullptr && refusal_.empty()) find_rows();
    for (std::size_t i = 0; i < results.size(); ++i) {
      judge(asked_[i], results[i]);
      if (!options_.stop_at_first_failure) cover(asked_[i], results[i]);
    }
    return results;
  }

 private:
  CheckResult blank_result(const DotCheck& check) const {
    CheckResult result = {.id = check.id,
                          .type = pair_.output,
                          .operands = std::string(name_of(pair_.a)) + " x " + name_of(pair_.b),
                          .requirement = check.requirement,
                          .clauses = check.clauses,
                          .note = {},
                          .failures = {},
                          .cells = {},
                          .suspect = {},
                          .repro = repro_command(subject_.name(), options_, pair_, check),
                          .coverage = {}};
    return result;
  }

  /// The accumulators that every answer to every check agrees with: bit for bit, or else but for the codes
  /// of NaN, which the standard leaves open and no claim fixes.
  void find_rows() {
    rows_ = rows_by(agrees_at);
    if (!rows_.empty()) return;
    rows_ = rows_by(agrees_but_for_nan_code);
    has_other_nan_ = !rows_.empty();
  }

  template <class Agrees>
  Rows rows_by(const Agrees& agrees) const {
    Rows rows = accumulators_for(pair_);
    for (const AskedDots& asked : asked_)
      asked.for_each_case([&](Place at) {
        std::erase_if(rows, [&](const spec::Accumulator* row) { return !agrees(*row, asked, at); });
      });
    return rows;
  }

  void judge(const AskedDots& asked, CheckResult& result) {
    if (!refusal_.empty()) {
      result.note = refusal_;
    } else if (result.cases == 0) {
      result.note = result.unsupported_cases == 0 ? "no such case" : "every case is answered unsupported";
    } else if (claim_ != nullptr) {
      judge_by(*claim_, asked, result);
    } else if (!rows_.empty()) {
      const bool required = asked.check->requirement == Requirement::Must;
      result.verdict = required ? Verdict::Passed : Verdict::ConformantWith;
      if (!required) result.note = found_text();
    } else {
      judge_by_order(asked, result);
    }
    if (result.cases != 0 && result.unsupported_cases != 0)
      add_note(result, std::to_string(result.unsupported_cases) + " cases unsupported");
  }

  std::string found_text() const {
    return "accumulator=" + std::string(rows_.front()->name) +
           (rows_.size() > 1 ? " (nothing tells it from the others of " + names_of(rows_) + ")" : "") +
           (has_other_nan_ ? " with another code for NaN" : "");
  }

  /// Cells by the steps of the accumulator that the subject is taken to have.
  void cover(const AskedDots& asked, CheckResult& result) const {
    if (result.cases == 0) return;
    const spec::Accumulator& row = claim_ != nullptr ? *claim_
                                   : !rows_.empty()  ? *rows_.front()
                                                     : *accumulators_for(pair_).front();
    for (std::size_t batch = 0; batch < asked.batches.size(); ++batch)
      result.dot_coverage.merge(examine(row, asked.batches[batch], asked.got[batch]));
    if (options_.only_case || result.verdict == Verdict::Failed) return;
    const std::string missing =
        missing_cells(asked.check->promises(row, {pair_, options_.level}), result.dot_coverage);
    if (missing.empty()) return;
    result.verdict = Verdict::Untrusted;
    add_note(result, missing);
  }

  void judge_by(const spec::Accumulator& row, const AskedDots& asked, CheckResult& result) {
    result.verdict = Verdict::Passed;
    result.differing = 0;
    result.failures.clear();
    bool only_nan_codes = true;
    asked.for_each_case([&](Place at) {
      if (agrees_at(row, asked, at)) return;
      only_nan_codes = only_nan_codes && agrees_but_for_nan_code(row, asked, at);
      fail(asked, at, &row, result);
    });
    if (result.verdict != Verdict::Failed) return;
    if (!only_nan_codes) {
      result.suspect = suspect_of(asked);
      return;
    }
    // No clause of the standard asks for a code of NaN: the row does.
    result.requirement = Requirement::ImplementationDefined;
    result.suspect = "another NaN than the one that " + std::string(row.name) + " states (all differences)";
  }

  void judge_by_order(const AskedDots& asked, CheckResult& result) {
    const bool required = asked.check->requirement == Requirement::Must;
    result.verdict = required ? Verdict::Passed : Verdict::ConformantWith;
    if (!required) result.note = "some order of float32 additions";
    asked.for_each_case([&](Place at) {
      if (!enclose(asked.batches[at.batch], at.index).contains(asked.result(at)))
        fail(asked, at, nullptr, result);
    });
    if (result.verdict != Verdict::Failed) return;
    result.note.clear();
    result.suspect = suspect_of(asked);
  }

  void fail(const AskedDots& asked, Place at, const spec::Accumulator* claim, CheckResult& result) {
    result.verdict = Verdict::Failed;
    ++result.differing;
    if (result.failures.size() >= options_.keep_failures) return;
    Failure failure = explain_dot_failure(asked.batches[at.batch], at.index, asked.result(at), claim);
    failure.case_index = asked.number(at);
    for (Failure::Line& line : failure.lines)
      if (line.label == "where") line.text = "case " + std::to_string(failure.case_index);
    failure.ordinal = result.failures.size() + 1;
    result.failures.push_back(std::move(failure));
  }

  /// The accumulators whose answers all of these are.
  std::string suspect_of(const AskedDots& asked) const {
    if (options_.stop_at_first_failure) return {};
    Rows rows = accumulators_for(pair_);
    asked.for_each_case([&](Place at) {
      std::erase_if(rows, [&](const spec::Accumulator* row) { return !agrees_at(*row, asked, at); });
    });
    return rows.empty() ? "" : "it sums as " + names_of(rows) + " (all answers fit)";
  }

  Subject& subject_;
  const SuiteOptions& options_;
  DotCapability pair_;
  const spec::Accumulator* claim_ = nullptr;
  std::string refusal_;
  std::vector<AskedDots> asked_;
  Rows rows_;
  bool has_other_nan_ = false;
};

}  // namespace

std::vector<CheckDescription> dot_check_descriptions() {
  std::vector<CheckDescription> all;
  for (const DotCheck* check : every_dot_check())
    all.push_back({.id = check->id,
                   .summary = check->summary,
                   .requirement = check->requirement,
                   .clauses = check->clauses,
                   .operations = {}});
  return all;
}

SuiteResult run_dot_suite(Subject& subject, const SuiteOptions& options, const OnProgress& on_progress) {
  require_names(subject, options);
  SuiteResult result = {.subject = subject.name(), .options = options, .checks = {}, .coverage = {}};
  const auto pairs = subject.dot_capabilities();
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!names_pair(options, pairs[i])) continue;
    if (on_progress && !on_progress({i, pairs.size(), "dot " + describe(pairs[i])})) throw Interrupted{};
    for (CheckResult& check : PairRun(subject, options, pairs[i]).run()) {
      result.dot_coverage.merge(check.dot_coverage);
      result.checks.push_back(std::move(check));
    }
    if (options.stop_at_first_failure && result.count(Verdict::Failed) != 0) break;
  }
  return result;
}

}  // namespace mxemu::conformance
