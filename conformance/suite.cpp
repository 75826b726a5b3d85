#include "conformance/suite.hpp"

#include <algorithm>
#include <set>

#include "conformance/allowed_words.hpp"
#include "conformance/as_identified.hpp"
#include "conformance/asking.hpp"
#include "conformance/exhaustive.hpp"
#include "conformance/failed_check.hpp"
#include "conformance/own_rules.hpp"
#include "conformance/own_scale.hpp"
#include "conformance/signatures.hpp"

namespace mxemu::conformance {

namespace {

std::string no_such_case(std::uint64_t count) {
  return "it has " + std::to_string(count) + " cases, numbered from 0";
}

/// A wrong scale is one difference however many codes go with it.
std::pair<std::ptrdiff_t, std::size_t> weight(const Comparison& comparison) {
  const auto& mismatches = comparison.mismatches;
  const auto of_scale = [](const Mismatch& at) { return at.in_scale; };
  return {std::count_if(mismatches.begin(), mismatches.end(), of_scale), mismatches.size()};
}

class Run {
 public:
  Run(Subject& subject, const SuiteOptions& options, const OnProgress& on_progress, PreparedChecks* prepared)
      : options_(options),
        on_progress_(on_progress),
        as_identified_(subject, options),
        subject_(options.identified.empty() ? subject : as_identified_),
        preparation_(options, prepared),
        own_rules_(subject_, preparation_) {
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
        known_ = allowed_by(options_, tasks[i].target.request);
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

  CheckResult run_check(const Task& task) {
    CheckResult result = blank_result(result_.subject, options_, task);
    done_.insert(task.key(options_.seed));
    PreparedCheck room;
    const PreparedCheck* prepared = &preparation_.of(task, room);
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
        keep_failure(subject_, {prepared->batches, prepared->expected, asking.got()}, first, case_number,
                     result);
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
    if (found || !has_own_rule(task, evidence, comparison)) return found;
    found = find_own_scale(task.target, evidence, known_);
    if (found)
      found->amendments = known_;  // codes under scales of its own settle no freedom for other checks
    return found;
  }

  /// Scales differ, and only as those of a rule of the subject's own do.
  bool has_own_rule(const Task& task, const Evidence& evidence, const Comparison& comparison) {
    const bool chooses_scale = gives_scale(task.target.operation) && !is_tensor(task.target.operation);
    if (!chooses_scale || task.id().starts_with("scale/")) return false;
    if (std::none_of(comparison.mismatches.begin(), comparison.mismatches.end(),
                     [](const Mismatch& at) { return at.in_scale; }))
      return false;
    const bool is_given = is_allowed(options_, own_scale_rule());
    if (options_.only_case || is_given) return is_given && is_of_amax_alone(evidence);
    return own_rules_.of(task.target).holds_with(evidence);
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

  void judge_differences(const Task& task, const Evidence& evidence, const Comparison& comparison,
                         CheckResult& result) {
    if (const auto found = find_freedom(task, evidence, comparison)) {
      result.verdict = Verdict::ConformantWith;
      result.note = found->text;
      known_ = amended(known_, found->amendments);
      return;
    }
    std::vector<std::uint64_t> first_case = {options_.only_case.value_or(0)};
    for (const Cases& cases : evidence.batches) first_case.push_back(first_case.back() + cases.count());
    // What the standard allows is no part of the failure.
    const Allowance allowance = allowance_of(task, evidence, comparison);
    const Comparison beside = compare(evidence.batches, allowance.expected, evidence.got, all_leeway);
    const Evidence left = {evidence.batches, allowance.expected, evidence.got};
    const bool is_less = !beside.agrees() && weight(beside) < weight(comparison);
    const std::string fault_left =
        is_less ? find_suspect(task.target, left, beside, allowance.known) : std::string();
    const std::string fault =
        fault_left.empty() ? find_suspect(task.target, evidence, comparison, known_) : std::string();
    // One fault that explains all of it grants nothing.
    if (is_less && fault.empty()) {
      count(beside, result);
      fail(subject_, options_, {left, beside, first_case, fault_left, allowance.granted}, result);
    } else {
      fail(subject_, options_, {evidence, comparison, first_case, fault, {}}, result);
    }
  }

  /// What a subject that fails is granted, and what is expected of it beside that.
  struct Allowance {
    Amendments known;
    Amendments granted;  ///< `known`, or with it a scale rule that no request has
    std::vector<Answers> expected;
  };

  Allowance allowance_of(const Task& task, const Evidence& evidence, const Comparison& comparison) {
    Allowance allowance = {known_, known_, {}};
    const bool is_own = has_own_rule(task, evidence, comparison);
    const auto rule = is_own ? rule_of_scales(task.target, evidence, known_) : std::nullopt;
    if (rule) allowance.granted = allowance.known = amended(known_, {*rule});
    if (is_own && !rule) {
      allowance.granted = amended(known_, {own_scale_rule()});
      allowance.expected = own_scale_answers(evidence, known_);
    } else {
      for (const Cases& cases : evidence.batches)
        allowance.expected.push_back(answers_under(cases, allowance.known));
    }
    return allowance;
  }

  SweepResult sweep_of(const Task& task) {
    if (!options_.only_case)
      return sweep(
          subject_, task.target, known_, options_.keep_failures, options_.stop_at_first_failure,
          [&](double fraction) {
            const std::string percent = std::to_string(static_cast<int>(100 * fraction)) + "%";
            return !on_progress_ || on_progress_({place_.done, place_.total, task.id() + " " + percent});
          });
    return sweep_one(subject_, task.target, known_, *options_.only_case);
  }

  CheckResult run_sweep(const Task& task) {
    CheckResult result = blank_result(result_.subject, options_, task);
    const std::uint64_t count = sweep_case_count(task.target);
    if (options_.only_case.value_or(0) >= count) {
      result.note = no_such_case(count);
      return result;
    }
    SweepResult swept = sweep_of(task);
    const bool departs = swept.differing != 0 || swept.used.any();
    if (departs && catch_up(task)) swept = sweep_of(task);
    result.cases = swept.cases;
    result.elements = swept.judged;
    result.differing = swept.differing;
    if (swept.cases == 0) {
      result.note = "every case is answered unsupported";
      return result;
    }
    result.verdict = known_.empty() && !swept.used.any() ? Verdict::Passed : Verdict::ConformantWith;
    if (swept.differing == 0) {
      for (const Amendment& amendment : known_) add_note(result, amendment.text());
      if (swept.used.any()) add_note(result, leeway_text(swept.used));
      return result;
    }
    const Evidence evidence = {swept.batches, swept.expected, swept.got};
    const Comparison kept = compare(swept.batches, swept.expected, swept.got, all_leeway);
    const std::string fault = find_suspect(task.target, evidence, kept, known_);
    fail(subject_, options_, {evidence, kept, swept.case_numbers, fault, known_}, result);
    return result;
  }

  const SuiteOptions& options_;
  const OnProgress& on_progress_;
  AsIdentified as_identified_;
  Subject& subject_;
  Preparation preparation_;
  OwnRules own_rules_;
  SuiteResult result_;
  SuiteProgress place_ = {};
  spec::BlockType format_ = {};
  std::set<std::string> done_;  ///< keys of the checks of this format that were run
  bool is_catching_up_ = false;
  Amendments known_;  ///< how this format of the subject departs from the profile, where it may
};

}  // namespace

SuiteResult run_suite(Subject& subject, const SuiteOptions& options, const OnProgress& on_progress,
                      PreparedChecks* prepared) {
  require_allowed(options);
  return Run(subject, options, on_progress, prepared).run();
}

}  // namespace mxemu::conformance
