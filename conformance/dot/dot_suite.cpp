#include "conformance/dot/dot_suite.hpp"

#include <algorithm>
#include <stdexcept>

#include "conformance/dot/dot_emulation.hpp"
#include "conformance/failure.hpp"

namespace mxemu::conformance {
namespace {

using Rows = std::vector<const spec::Accumulator*>;

/// One check of one pair, asked.
struct Asked {
  const DotCheck* check;
  DotBatches batches;
  std::vector<DotAnswers> got;
  std::vector<std::uint64_t> first_case;  ///< the number of the first case of each batch
};

/// A case by its place.
struct Place {
  std::size_t batch;
  std::size_t index;
};

std::string flag_text(const DotCapability& pair) {
  return std::string(name_of(pair.a)) + "," + name_of(pair.b) + "," + spec::name_of(pair.output);
}

std::string repro_command(const std::string& subject, const SuiteOptions& options, const DotCapability& pair,
                          const DotCheck& check) {
  std::string text =
      "mxemu check --subject " + shell_word(subject) + " --operation dot --operands " + flag_text(pair);
  if (!options.accumulator.empty()) text += " --accumulator " + options.accumulator;
  if (options.level != Level::Quick) text += std::string(" --level ") + spec::name_of(options.level);
  return text + " --check " + check.id + " --seed " + std::to_string(options.seed);
}

bool names_check(const SuiteOptions& options, const DotCheck& check) {
  return options.check.empty() || options.check == "dot" || options.check == check.id;
}

bool names_pair(const SuiteOptions& options, const DotCapability& pair) {
  if (!options.operands.empty()) return options.operands == flag_text(pair);
  const auto& types = options.types;
  if (!types.empty() && std::find(types.begin(), types.end(), pair.output) == types.end()) return false;
  const auto& formats = options.formats;
  if (formats.empty() || formats.size() == std::size(spec::block_formats)) return true;
  return std::any_of(formats.begin(), formats.end(), [&](spec::BlockType format) {
    const spec::OperandType type = spec::operand_of(spec::format_of(format).element);
    return pair.a.type == type || pair.b.type == type;
  });
}

template <class Visit>
void for_each_case(const Asked& asked, const Visit& visit) {
  for (std::size_t batch = 0; batch < asked.batches.size(); ++batch)
    for (std::size_t i = 0; i < asked.batches[batch].count(); ++i)
      if (asked.got[batch].is_supported(i)) visit(Place{batch, i});
}

std::uint32_t result_at(const Asked& asked, Place at) {
  return asked.got[at.batch].results[at.index];
}

bool agrees_at(const spec::Accumulator& row, const Asked& asked, Place at) {
  const DotCases& cases = asked.batches[at.batch];
  return is_same_result(cases.output, result_at(asked, at), dot_under(row, cases, at.index));
}

std::string names_of(const Rows& rows) {
  std::string text;
  for (const spec::Accumulator* row : rows) text += (text.empty() ? "" : ", ") + std::string(row->name);
  return text;
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
      if (!refusal_.empty()) {
        asked_.push_back({check, {}, {}, {}});
        continue;
      }
      asked_.push_back(ask(*check));
      count(asked_.back(), result);
      if (options_.stop_at_first_failure && claim_ != nullptr) {
        judge_by(*claim_, asked_.back(), result);
        if (result.verdict == Verdict::Failed) return results;
      }
    }
    if (claim_ == nullptr && refusal_.empty()) find_rows();
    for (std::size_t i = 0; i < results.size(); ++i) judge(asked_[i], results[i]);
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

  /// The cases depend on nothing but the check, the pair and the seed.
  Asked ask(const DotCheck& check) const {
    std::uint64_t seed = options_.seed;
    for (const char letter : std::string(check.id) + " " + describe(pair_))
      seed = (seed ^ static_cast<unsigned char>(letter)) * 1099511628211U;
    Random random(seed);
    Asked asked = {&check, check.generate({pair_, options_.level}, random), {}, {0}};
    for (const DotCases& cases : asked.batches)
      asked.first_case.push_back(asked.first_case.back() + cases.count());
    if (options_.only_case) keep_one(*options_.only_case, asked);
    for (const DotCases& cases : asked.batches) {
      asked.got.push_back(subject_.answer_dot(cases));
      if (asked.got.back().results.size() != cases.count())
        throw DeviceError(subject_.name() + ": it answers " + std::to_string(cases.count()) +
                          " dot products with " + std::to_string(asked.got.back().results.size()) +
                          " results");
    }
    return asked;
  }

  static void keep_one(std::uint64_t number, Asked& asked) {
    DotBatches kept;
    for (std::size_t batch = 0; batch < asked.batches.size(); ++batch)
      if (number >= asked.first_case[batch] && number < asked.first_case[batch + 1])
        kept = {part_of(asked.batches[batch], number - asked.first_case[batch], 1)};
    asked.batches = kept;
    asked.first_case = {number, number + 1};
  }

  static void count(const Asked& asked, CheckResult& result) {
    for (std::size_t batch = 0; batch < asked.batches.size(); ++batch)
      for (std::size_t i = 0; i < asked.batches[batch].count(); ++i)
        ++(asked.got[batch].is_supported(i) ? result.cases : result.unsupported_cases);
    result.elements = result.cases;
  }

  /// The accumulators that every answer to every check agrees with.
  void find_rows() {
    rows_ = accumulators_for(pair_);
    for (const Asked& asked : asked_)
      for_each_case(asked, [&](Place at) {
        std::erase_if(rows_, [&](const spec::Accumulator* row) { return !agrees_at(*row, asked, at); });
      });
  }

  void judge(const Asked& asked, CheckResult& result) {
    if (!refusal_.empty()) {
      result.note = refusal_;
    } else if (result.cases == 0) {
      result.note = result.unsupported_cases == 0 ? "no such case" : "every case is answered unsupported";
    } else if (claim_ != nullptr) {
      judge_by(*claim_, asked, result);
    } else if (!rows_.empty()) {
      const bool required = asked.check->requirement == Requirement::Must;
      result.verdict = required ? Verdict::Passed : Verdict::ConformantWith;
      if (!required)
        result.note =
            "accumulator=" + std::string(rows_.front()->name) +
            (rows_.size() > 1 ? " (nothing tells it from the others of " + names_of(rows_) + ")" : "");
    } else {
      judge_by_order(asked, result);
    }
    if (result.cases != 0 && result.unsupported_cases != 0)
      result.note +=
          (result.note.empty() ? "" : "; ") + std::to_string(result.unsupported_cases) + " cases unsupported";
  }

  void judge_by(const spec::Accumulator& row, const Asked& asked, CheckResult& result) {
    result.verdict = Verdict::Passed;
    result.differing = 0;
    result.failures.clear();
    for_each_case(asked, [&](Place at) {
      if (!agrees_at(row, asked, at)) fail(asked, at, &row, result);
    });
    if (result.verdict == Verdict::Failed) result.suspect = suspect_of(asked);
  }

  void judge_by_order(const Asked& asked, CheckResult& result) {
    const bool required = asked.check->requirement == Requirement::Must;
    result.verdict = required ? Verdict::Passed : Verdict::ConformantWith;
    if (!required) result.note = "some order of float32 additions";
    for_each_case(asked, [&](Place at) {
      const DotCases& cases = asked.batches[at.batch];
      if (!enclose(cases, at.index).contains(result_at(asked, at))) fail(asked, at, nullptr, result);
    });
    if (result.verdict != Verdict::Failed) return;
    result.note.clear();
    result.suspect = suspect_of(asked);
  }

  void fail(const Asked& asked, Place at, const spec::Accumulator* claim, CheckResult& result) {
    result.verdict = Verdict::Failed;
    ++result.differing;
    if (result.failures.size() >= options_.keep_failures) return;
    Failure failure = explain_dot_failure(asked.batches[at.batch], at.index, result_at(asked, at), claim);
    failure.case_index = asked.first_case[at.batch] + at.index;
    for (Failure::Line& line : failure.lines)
      if (line.label == "where") line.text = "case " + std::to_string(failure.case_index);
    failure.ordinal = result.failures.size() + 1;
    result.failures.push_back(std::move(failure));
  }

  /// The accumulators whose answers all of these are.
  std::string suspect_of(const Asked& asked) const {
    if (options_.stop_at_first_failure) return {};
    Rows rows = accumulators_for(pair_);
    for_each_case(asked, [&](Place at) {
      std::erase_if(rows, [&](const spec::Accumulator* row) { return !agrees_at(*row, asked, at); });
    });
    return rows.empty() ? "" : "it sums as " + names_of(rows) + " (all answers fit)";
  }

  Subject& subject_;
  const SuiteOptions& options_;
  DotCapability pair_;
  const spec::Accumulator* claim_ = nullptr;
  std::string refusal_;
  std::vector<Asked> asked_;
  Rows rows_;
};

void require_names(const Subject& subject, const SuiteOptions& options) {
  if (!options.accumulator.empty() && !spec::parse_accumulator(options.accumulator))
    throw std::invalid_argument("there is no accumulator \"" + options.accumulator +
                                "\"; there is: " + accumulator_names());
  const auto checks = every_dot_check();
  if (std::none_of(checks.begin(), checks.end(), [&](const DotCheck* c) { return names_check(options, *c); }))
    throw std::invalid_argument("there is no check of dot products \"" + options.check + "\"");
  const auto pairs = subject.dot_capabilities();
  if (!options.operands.empty() && std::none_of(pairs.begin(), pairs.end(), [&](const DotCapability& pair) {
        return flag_text(pair) == options.operands;
      }))
    throw std::invalid_argument(subject.name() + " declares no dot product of \"" + options.operands + "\"");
}

}  // namespace

bool is_same_result(spec::FloatType type, std::uint32_t x, std::uint32_t y) {
  return x == y || (is_nan(type, x) && is_nan(type, y));
}

bool agrees(const spec::Accumulator& row, const DotCases& cases, const DotAnswers& got) {
  for (std::size_t i = 0; i < cases.count(); ++i)
    if (got.is_supported(i) && !is_same_result(cases.output, got.results[i], dot_under(row, cases, i)))
      return false;
  return true;
}

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
    for (CheckResult& check : PairRun(subject, options, pairs[i]).run())
      result.checks.push_back(std::move(check));
    if (options.stop_at_first_failure && result.count(Verdict::Failed) != 0) break;
  }
  return result;
}

}  // namespace mxemu::conformance
