#include "conformance/suite.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "conformance/alternatives.hpp"
#include "conformance/asking.hpp"
#include "conformance/case_view.hpp"
#include "conformance/comparison.hpp"
#include "conformance/exhaustive.hpp"
#include "conformance/failure.hpp"
#include "conformance/own_scale.hpp"
#include "conformance/signatures.hpp"
#include "conformance/task.hpp"

namespace mxemu::conformance {

namespace {

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

/// A normal number whose code is not the nearest one, under the right scale: no freedom of the standard.
bool breaks_rounding(const Evidence& evidence, const Comparison& comparison) {
  return std::any_of(comparison.mismatches.begin(), comparison.mismatches.end(), [&](const Mismatch& at) {
    const Cases& cases = evidence.batches[at.batch];
    if (at.in_scale || is_tensor(cases.operation) || !gives_codes(cases.operation)) return false;
    const reference::Value number = number_at(cases, at.case_index * cases.elements + at.element);
    return number.is_finite() && !number.magnitude.is_zero() &&
           reference::floor_log2(number.magnitude) >= spec::format_of(cases.type()).emin;
  });
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

std::string no_such_case(std::uint64_t count) {
  return "it has " + std::to_string(count) + " cases, numbered from 0";
}

std::string layout_text(const std::vector<Layout>& layouts) {
  std::string text;
  for (const Layout& layout : layouts)
    text += std::string(" ") + spec::name_of(layout.packing) + "/" + spec::name_of(layout.scales);
  return text;
}

class Run {
 public:
  Run(Subject& subject, const SuiteOptions& options, const OnProgress& on_progress, PreparedChecks* prepared)
      : subject_(subject), options_(options), on_progress_(on_progress), prepared_(prepared) {
    result_.subject = subject.name();
    result_.options = options;
  }

  SuiteResult run() {
    try {
      run_checks();
    } catch (const DeviceError& error) {
      result_.broken = error.what();
      throw BrokenRun(std::move(result_));
    }
    return std::move(result_);
  }

 private:
  void run_checks() {
    const std::vector<Task> tasks = make_tasks(subject_, options_);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      report_progress(i, tasks.size(), tasks[i]);
      place_ = {i, tasks.size(), ""};
      if (tasks[i].target.request.format != format_) {
        known_.clear();
        done_.clear();
      }
      format_ = tasks[i].target.request.format;
      const CheckResult& check =
          result_.checks.emplace_back(tasks[i].check != nullptr ? run_check(tasks[i]) : run_sweep(tasks[i]));
      result_.coverage.merge(check.coverage);
      if (options_.stop_at_first_failure && check.verdict == Verdict::Failed) break;
    }
  }

  void report_progress(std::size_t done, std::size_t total, const Task& task) const {
    const std::string what = task.id() + " " + task.target.request.block_format().name + " " +
                             spec::name_of(task.target.operation) + " " + spec::name_of(task.target.type);
    if (on_progress_ && !on_progress_({done, total, what})) throw Interrupted{};
  }

  CheckResult blank_result(const Task& task) const {
    const spec::ElementFormat& element = task.target.element();
    return {
        .id = task.id(),
        .format = task.target.request.format,
        .type = task.target.type,
        .operation = task.target.operation,
        .requirement = task.check != nullptr ? task.check->requirement(element) : Requirement::Must,
        .clauses = task.check != nullptr ? task.check->clauses(element) : exhaustive_description().clauses,
        .note = {},
        .failures = {},
        .cells = {},
        .suspect = {},
        .repro = repro_text(result_.subject, options_, task),
        .coverage = {}};
  }

  /// From what is kept between runs, or else made in `room`.
  const PreparedCheck& prepared_for(const Task& task, PreparedCheck& room) {
    if (prepared_ == nullptr) return room = prepare(task, options_.seed);
    auto& checks = prepared_->store().checks;
    const std::string key = task.key(options_.seed) + " " + options_.profile_name() + " " +
                            spec::name_of(options_.level) + layout_text(task.target.layouts);
    const auto found = checks.find(key);
    return found != checks.end() ? found->second
                                 : checks.emplace(key, prepare(task, options_.seed)).first->second;
  }

  CheckResult run_check(const Task& task) {
    CheckResult result = blank_result(task);
    done_.insert(task.key(options_.seed));
    PreparedCheck room;
    const PreparedCheck* prepared = &prepared_for(task, room);
    PreparedCheck one;
    if (options_.only_case) {
      const std::uint64_t count = prepared->case_count();
      one = only(*prepared, *options_.only_case);
      if (one.batches.empty()) {
        result.note = no_such_case(count);
        return result;
      }
      prepared = &one;
    }
    Asking asking(subject_, options_.stop_at_first_failure);
    for (std::size_t b = 0; b < prepared->batches.size(); ++b)
      if (!asking.ask(prepared->batches[b], prepared->expected[b], b)) {
        count(asking.comparison(), result);
        result.verdict = Verdict::Failed;
        const Mismatch& first = asking.comparison().mismatches.front();
        std::uint64_t case_number = first.case_index;
        for (std::size_t before = 0; before < b; ++before) case_number += prepared->batches[before].count();
        keep_failure({prepared->batches, prepared->expected, asking.got()}, first, case_number, result);
        return result;
      }
    judge(task, *prepared, asking, result);
    return result;
  }

  static void count(const Comparison& comparison, CheckResult& result) {
    result.cases = comparison.cases;
    result.elements = comparison.judged;
    result.differing = comparison.mismatches.size();
    result.unsupported_cases = comparison.unsupported_cases;
  }

  void judge(const Task& task, const PreparedCheck& prepared, const Asking& asking, CheckResult& result) {
    const Comparison& comparison = asking.comparison();
    count(comparison, result);
    if (comparison.cases == 0) {
      result.note = comparison.unsupported_cases == 0 ? "no case exists under this profile"
                                                      : "every case is answered unsupported";
      return;
    }
    const Evidence evidence = {prepared.batches, prepared.expected, asking.got()};
    result.verdict = Verdict::Passed;
    if (!comparison.agrees()) judge_differences(task, evidence, comparison, result);
    if (comparison.unsupported_cases != 0)
      add_note(result, std::to_string(comparison.unsupported_cases) + " cases unsupported");
    if (options_.only_case) return;
    result.coverage =
        comparison.unsupported_cases == 0 ? prepared.coverage : coverage_of_answered(prepared, asking.got());
    const std::string missing = missing_cells(task.check->promises(task.target), result.coverage);
    if (missing.empty() || result.verdict == Verdict::Failed) return;
    result.verdict = Verdict::Untrusted;
    add_note(result, missing);
  }

  static void add_note(CheckResult& result, const std::string& text) {
    result.note += (result.note.empty() ? "" : "; ") + text;
  }

  /// What the standard permits and these answers follow. The verdict of a check does not depend on which
  /// others were chosen: what those before it would have shown is asked where it is needed.
  std::optional<Conformance> find_freedom(const Task& task, const Evidence& evidence,
                                          const Comparison& comparison) {
    const bool chooses_scale = gives_scale(task.target.operation) && !is_tensor(task.target.operation);
    if (chooses_scale && !is_of_amax_alone(evidence)) return std::nullopt;  // as no rule is
    auto found = find_conformance(task.target, evidence, comparison, known_);
    if (!found && catch_up(task)) found = find_conformance(task.target, evidence, comparison, known_);
    const auto is_of_scale = [](const Mismatch& at) { return at.in_scale; };
    const bool may_be_own =
        chooses_scale && !task.id().starts_with("scale/") && !options_.only_case &&
        std::any_of(comparison.mismatches.begin(), comparison.mismatches.end(), is_of_scale);
    if (found || !may_be_own || !own_rule_of(task.target).holds_with(evidence)) return found;
    found = find_own_scale(task.target, evidence, known_);
    if (found)
      found->amendments = known_;  // codes under scales of its own settle no freedom for other checks
    return found;
  }

  /// Runs the checks of the format that come before `task` and were not chosen, for what they show of its
  /// freedoms. True when they may have shown any. One case alone is judged alone.
  bool catch_up(const Task& task) {
    if (options_.check.empty() || options_.only_case || is_catching_up_) return false;
    is_catching_up_ = true;
    SuiteOptions all = options_;
    all.check.clear();
    all.formats = {task.target.request.format};
    for (const Task& before : make_tasks(subject_, all)) {
      const std::string key = before.key(options_.seed);
      if (key == task.key(options_.seed)) break;
      if (before.check == nullptr || done_.contains(key)) continue;
      report_progress(place_.done, place_.total, before);
      run_check(before);
    }
    is_catching_up_ = false;
    return !known_.empty();
  }

  /// Asks the checks of scales and of blocks, once for each target.
  const OwnRule& own_rule_of(const Target& target) {
    const auto key = std::tuple(target.request.format, target.type, target.operation);
    const auto [place, is_new] = own_rules_.try_emplace(key);
    OwnRule& rule = place->second;
    if (!is_new) return rule;
    Amendments known;
    for (const auto& group : {scale_checks(), block_checks()})
      for (const Check& check : group) {
        const auto& operations = check.operations;
        if (std::find(operations.begin(), operations.end(), target.operation) != operations.end() &&
            check.applies(target))
          learn_scales({&check, target}, known, rule);
      }
    return rule;
  }

  void learn_scales(const Task& task, Amendments& known, OwnRule& rule) {
    PreparedCheck room;
    const PreparedCheck& prepared = prepared_for(task, room);
    Asking asking(subject_, false);
    for (std::size_t b = 0; b < prepared.batches.size(); ++b)
      asking.ask(prepared.batches[b], prepared.expected[b], b);
    const Evidence evidence = {prepared.batches, prepared.expected, asking.got()};
    rule.scales.add(evidence);
    if (!task.id().starts_with("scale/") || asking.comparison().agrees()) return;
    if (const auto found = find_conformance(task.target, evidence, asking.comparison(), known))
      known = amended(known, found->amendments);
    else
      rule.is_unknown = true;
  }

  void judge_differences(const Task& task, const Evidence& evidence, const Comparison& comparison,
                         CheckResult& result) {
    if (const auto found = find_freedom(task, evidence, comparison)) {
      result.verdict = Verdict::ConformantWith;
      result.note = found->text;
      known_ = amended(known_, found->amendments);
      return;
    }
    result.verdict = Verdict::Failed;
    if (breaks_rounding(evidence, comparison)) result.requirement = Requirement::Must;
    result.suspect = find_suspect(task.target, evidence, comparison, known_);
    result.cells = failure_cells(evidence, comparison);
    std::vector<std::uint64_t> first_case = {options_.only_case.value_or(0)};
    for (const Cases& cases : evidence.batches) first_case.push_back(first_case.back() + cases.count());
    for (const Mismatch& at : comparison.mismatches) {
      if (result.failures.size() >= options_.keep_failures) break;
      keep_failure(evidence, at, first_case[at.batch] + at.case_index, result);
    }
  }

  static void keep_failure(const Evidence& evidence, const Mismatch& at, std::uint64_t case_number,
                           CheckResult& result) {
    result.failures.push_back(explain_failure(evidence.batches[at.batch], evidence.expected[at.batch],
                                              evidence.got[at.batch], at, case_number));
    result.failures.back().ordinal = result.failures.size();
  }

  SweepResult sweep_of(const Task& task) {
    if (!options_.only_case)
      return sweep(
          subject_, task.target, known_, options_.keep_failures, options_.stop_at_first_failure,
          [&](double fraction) {
            const std::string percent = std::to_string(static_cast<int>(100 * fraction)) + "%";
            return !on_progress_ || on_progress_({place_.done, place_.total, task.id() + " " + percent});
          });
    SweepResult one;
    one.case_numbers = {*options_.only_case};
    one.batches = {sweep_case(task.target, *options_.only_case)};
    one.expected = {answers_under(one.batches[0], known_)};
    one.got = {subject_.answer(one.batches[0])};
    check_sizes(result_.subject, one.batches[0], one.got[0]);
    const Comparison comparison = compare(one.batches, one.expected, one.got);
    one.cases = comparison.cases;
    one.judged = comparison.judged;
    one.differing = comparison.mismatches.size();
    return one;
  }

  CheckResult run_sweep(const Task& task) {
    CheckResult result = blank_result(task);
    const std::uint64_t count = sweep_case_count(task.target);
    if (options_.only_case.value_or(0) >= count) {
      result.note = no_such_case(count);
      return result;
    }
    SweepResult swept = sweep_of(task);
    if (swept.differing != 0 && catch_up(task)) swept = sweep_of(task);
    result.cases = swept.cases;
    result.elements = swept.judged;
    result.differing = swept.differing;
    if (swept.cases == 0) {
      result.note = "every case is answered unsupported";
      return result;
    }
    result.verdict = known_.empty() ? Verdict::Passed : Verdict::ConformantWith;
    for (const Amendment& amendment : known_) add_note(result, amendment.text());
    if (swept.differing == 0) return result;
    result.verdict = Verdict::Failed;
    const Evidence evidence = {swept.batches, swept.expected, swept.got};
    const Comparison comparison = compare(swept.batches, swept.expected, swept.got);
    result.suspect = find_suspect(task.target, evidence, comparison, known_);
    result.cells = failure_cells(evidence, comparison);
    for (const Mismatch& at : comparison.mismatches)
      if (result.failures.size() < options_.keep_failures)
        keep_failure(evidence, at, swept.case_numbers[at.batch], result);
    return result;
  }

  Subject& subject_;
  const SuiteOptions& options_;
  const OnProgress& on_progress_;
  PreparedChecks* prepared_;
  SuiteResult result_;
  SuiteProgress place_ = {};
  spec::BlockType format_ = {};
  std::set<std::string> done_;  ///< keys of the checks of this format that were run
  bool is_catching_up_ = false;
  std::map<std::tuple<spec::BlockType, spec::FloatType, Operation>, OwnRule> own_rules_;
  Amendments known_;  ///< how this format of the subject departs from the profile, where it may
};

}  // namespace

SuiteResult run_suite(Subject& subject, const SuiteOptions& options, const OnProgress& on_progress,
                      PreparedChecks* prepared) {
  return Run(subject, options, on_progress, prepared).run();
}

}  // namespace mxemu::conformance
