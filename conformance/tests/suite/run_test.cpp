// How a run goes: choice of checks, repeated cases, unsupported answers, broken devices, kept cases.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "conformance/dot/dot_suite.hpp"
#include "conformance/suite.hpp"
#include "conformance/tests/suite/wrong_subjects.hpp"

namespace mxemu::conformance::tests {
namespace {

SuiteOptions small_options(const std::string& check) {
  return {.formats = {spec::BlockType::MXFP4_E2M1},
          .types = {spec::FloatType::Float32},
          .operations = {Operation::Quantize},
          .check = check};
}

std::unique_ptr<Subject> ties_away() {
  return asked_otherwise([](spec::Request& r) { r.rounding.mode = spec::RoundingMode::NearestAway; });
}

TEST(Run, AFailureCanBeRepeatedAlone) {
  const auto subject = ties_away();
  SuiteOptions options = small_options("element/rounding");
  const SuiteResult all = run_suite(*subject, options);
  const Failure& last = all.checks.at(0).failures.back();
  EXPECT_GT(last.case_index, 0u);
  options.only_case = last.case_index;
  const SuiteResult alone = run_suite(*subject, options);
  EXPECT_EQ(alone.checks.at(0).cases, 1u);
  EXPECT_EQ(alone.exit_status(), 1);
  bool found = false;
  for (const Failure& failure : alone.checks.at(0).failures) {
    found = found || (failure.element == last.element && failure.expected == last.expected);
    EXPECT_EQ(failure.case_index, last.case_index);
    EXPECT_EQ(failure.lines.back().text,
              failure.element == last.element ? last.lines.back().text : failure.lines.back().text);
  }
  EXPECT_TRUE(found);
}

TEST(Run, TheSameSeedGivesTheSameCasesAndAnotherGivesOthers) {
  const auto subject = ties_away();
  SuiteOptions options = small_options("element/random");
  const auto inputs = [&] {
    const SuiteResult result = run_suite(*subject, options);
    std::vector<std::uint64_t> bits;
    for (const Failure& failure : result.checks.at(0).failures) bits.push_back(failure.input);
    return bits;
  };
  const auto first = inputs();
  EXPECT_EQ(first, inputs());
  options.seed = 2;
  EXPECT_NE(first, inputs());
}

TEST(Run, ACaseThatDoesNotExistIsSkippedAndSaysWhichDo) {
  SuiteOptions options = small_options("element/rounding");
  options.only_case = 1000000;
  const SuiteResult result = run_suite(*make_reference_subject(), options);
  EXPECT_EQ(result.exit_status(), 3);
  EXPECT_NE(result.checks.at(0).note.find("cases, numbered from 0"), std::string::npos);
}

TEST(Run, ACheckThatDoesNotExistIsRefused) {
  EXPECT_THROW(run_suite(*make_reference_subject(), small_options("element/roundin")), std::invalid_argument);
}

TEST(Run, ANameChoosesAGroup) {
  const SuiteResult result = run_suite(*make_reference_subject(), small_options("element"));
  ASSERT_EQ(result.checks.size(), 2u);
  EXPECT_EQ(result.checks[0].id, "element/rounding");
  EXPECT_EQ(result.checks[1].id, "element/random");
}

TEST(Run, UnsupportedEverywhereIsSkipped) {
  const auto subject = changed({.answered = [](const Cases& cases, Answers& answers) {
    answers.unsupported.assign(cases.count(), true);
  }});
  const SuiteResult result = run_suite(*subject, small_options("element/rounding"));
  EXPECT_EQ(result.checks.at(0).verdict, Verdict::Skipped);
  EXPECT_EQ(result.exit_status(), 3);
}

TEST(Run, CellsThatOnlyUnsupportedCasesHitAreNotTrusted) {
  // A device that declines every case with a tie in it never shows which way its ties go.
  const auto exact = make_reference_subject();
  const auto away = ties_away();
  const auto subject = changed({.answered = [&](const Cases& cases, Answers& answers) {
    const Answers others = away->answer(cases);
    answers.unsupported.assign(cases.count(), false);
    for (std::size_t i = 0; i < answers.codes.size(); ++i)
      if (answers.codes[i] != others.codes[i]) answers.unsupported[i / cases.elements] = true;
  }});
  const SuiteResult result = run_suite(*subject, small_options("element/rounding"));
  EXPECT_EQ(result.checks.at(0).verdict, Verdict::Untrusted) << result.checks.at(0).note;
  EXPECT_NE(result.checks.at(0).note.find("tie_even_below"), std::string::npos) << result.checks.at(0).note;
  EXPECT_EQ(result.exit_status(), 3);
}

TEST(Run, AnAnswerOfTheWrongSizeIsABrokenDevice) {
  const auto subject =
      changed({.answered = [](const Cases&, Answers& answers) { answers.codes.pop_back(); }});
  try {
    run_suite(*subject, small_options("element/rounding"));
    FAIL() << "accepted";
  } catch (const DeviceError& error) {
    EXPECT_NE(std::string(error.what()).find("codes"), std::string::npos) << error.what();
  }
}

TEST(Run, AMutantDiesAtItsFirstDifference) {
  const auto subject = ties_away();
  SuiteOptions options = small_options("");
  options.stop_at_first_failure = true;
  const SuiteResult result = run_suite(*subject, options);
  EXPECT_EQ(result.exit_status(), 1);
  EXPECT_EQ(result.count(Verdict::Failed), 1u);
  EXPECT_EQ(result.checks.back().verdict, Verdict::Failed);
}

TEST(Run, PreparedChecksGiveTheSameVerdicts) {
  PreparedChecks prepared;
  const SuiteOptions options = small_options("");
  const auto right = make_fast_subject();
  const auto wrong = ties_away();
  EXPECT_EQ(run_suite(*right, options, {}, &prepared).exit_status(), 0);
  const SuiteResult kept = run_suite(*wrong, options, {}, &prepared);
  const SuiteResult fresh = run_suite(*wrong, options);
  ASSERT_EQ(kept.checks.size(), fresh.checks.size());
  for (std::size_t i = 0; i < kept.checks.size(); ++i) {
    EXPECT_EQ(kept.checks[i].verdict, fresh.checks[i].verdict);
    EXPECT_EQ(kept.checks[i].differing, fresh.checks[i].differing);
  }
}

TEST(Run, ProgressCanStopIt) {
  EXPECT_THROW(run_suite(*make_reference_subject(), small_options(""),
                         [](const SuiteProgress& place) { return place.done < 2; }),
               Interrupted);
}

TEST(Run, EveryClauseOfACheckIsALineOfTheTable) {
  const char* source = std::getenv("MXEMU_SOURCE_DIR");
  ASSERT_NE(source, nullptr);
  std::ifstream file(std::string(source) + "/spec/CLAUSES.md");
  std::stringstream table;
  table << file.rdbuf();
  std::vector<CheckDescription> checks = check_descriptions();
  for (const CheckDescription& check : dot_check_descriptions()) checks.push_back(check);
  for (const CheckDescription& check : checks) {
    std::stringstream clauses(check.clauses);
    for (std::string clause; clauses >> clause;) {
      if (clause.ends_with(',')) clause.pop_back();
      EXPECT_NE(table.str().find("| " + clause + " |"), std::string::npos) << check.id << " " << clause;
    }
  }
}

}  // namespace
}  // namespace mxemu::conformance::tests
