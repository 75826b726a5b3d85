// Dot products judged: by a claim, by what explains all answers, by every order of additions.
#include <gtest/gtest.h>

#include <bit>

#include "conformance/dot/dot_emulation.hpp"
#include "conformance/dot/dot_only_subject.hpp"
#include "conformance/dot/dot_suite.hpp"

namespace mxemu::conformance {
namespace {

using Answer = std::function<DotAnswers(const DotCases&)>;

constexpr DotOperand e4m3 = {spec::OperandType::E4M3, true};
constexpr DotOperand e2m1 = {spec::OperandType::E2M1, true};
const DotCapability pair = {e4m3, e2m1, spec::FloatType::Float32, {}};

const spec::Accumulator& row(const char* name) {
  return spec::row_of(*spec::parse_accumulator(name));
}

SuiteResult judged(const Answer& answer, const DotCapability& of = pair, const SuiteOptions& options = {}) {
  const auto subject = make_dot_only_subject("device", {of}, answer);
  return run_dot_suite(*subject, options);
}

Answer summing_as(const char* name) {
  return [&of = row(name)](const DotCases& cases) { return DotAnswers{dots_under(of, cases), {}}; };
}

const CheckResult& check_of(const SuiteResult& result, const std::string& id) {
  for (const CheckResult& check : result.checks)
    if (check.id == id) return check;
  throw std::invalid_argument("no check " + id);
}

/// The last of the pairs: one that mixes where the row does.
DotCapability a_pair_of(const spec::Accumulator& accumulator) {
  const auto pairs = pairs_of(accumulator);
  for (const DotCapability& each : pairs)
    if (each.a.type != each.b.type && each.output == spec::FloatType::Float32) return each;
  return pairs.front();
}

TEST(DotSuite, EveryAccumulatorPassesWhereItIsClaimedAndIsFoundWhereItIsNot) {
  for (const spec::Accumulator& accumulator : spec::accumulators) {
    DotCapability claimed = a_pair_of(accumulator);
    const Answer answer = summing_as(accumulator.name);
    const SuiteResult passed = judged(answer, claimed);
    EXPECT_EQ(passed.count(Verdict::Passed), passed.checks.size()) << accumulator.name;
    EXPECT_GE(passed.checks.size(), 8U) << accumulator.name;
    claimed.accumulator.clear();
    const SuiteResult found = judged(answer, claimed);
    EXPECT_EQ(found.exit_status(), 0) << accumulator.name;
    EXPECT_NE(check_of(found, "dot/random").note.find(accumulator.name), std::string::npos)
        << accumulator.name << " is " << check_of(found, "dot/random").note;
  }
}

/// A loop over float32 products from the last element to the first: an order that no row has.
DotAnswers backwards(const DotCases& cases) {
  DotAnswers answers;
  for (std::size_t i = 0; i < cases.count(); ++i) {
    DotCases reversed = part_of(cases, i, 1);
    DotLine a = line_of(cases, cases.a, cases.a_operand, i);
    DotLine b = line_of(cases, cases.b, cases.b_operand, i);
    // Blocks of one element, so that a scale goes with each.
    reversed.block_size = 1;
    reversed.a = reversed.b = {};
    reversed.c.clear();
    DotLine a_back, b_back;
    for (std::size_t k = cases.elements; k-- > 0;) {
      a_back.codes.push_back(a.codes[k]);
      b_back.codes.push_back(b.codes[k]);
      a_back.scales.push_back(a.scales[k / 32]);
      b_back.scales.push_back(b.scales[k / 32]);
    }
    append(reversed, a_back, b_back, cases.c[i]);
    answers.results.push_back(dot_under(row("float32_fma"), reversed, 0));
  }
  return answers;
}

TEST(DotSuite, AnOrderThatNoRowHasIsFoundToBeSomeOrder) {
  const SuiteResult result = judged(backwards);
  EXPECT_EQ(check_of(result, "dot/random").verdict, Verdict::ConformantWith);
  EXPECT_EQ(check_of(result, "dot/random").note, "some order of float32 additions");
  EXPECT_EQ(check_of(result, "dot/nan_scale").verdict, Verdict::Passed);
}

TEST(DotSuite, AClaimIsJudgedBitForBitAndTheTrueAccumulatorIsNamed) {
  DotCapability claimed = pair;
  claimed.accumulator = "block_exact";
  const SuiteResult result = judged(summing_as("float32_sequential"), claimed);
  const CheckResult& check = check_of(result, "dot/random");
  EXPECT_EQ(check.verdict, Verdict::Failed);
  EXPECT_NE(check.suspect.find("float32_sequential"), std::string::npos) << check.suspect;
  EXPECT_EQ(check_of(result, "dot/nan_scale").verdict, Verdict::Passed);
  const std::string text = describe(result, check, check.failures.front());
  for (const char* part :
       {"by block_exact", "exact", "orders", "nearest", "terms", "--operands MXFP8_E4M3,MXFP4_E2M1,f32"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
}

TEST(DotSuite, AFailingCaseIsAskedAloneByItsNumber) {
  DotCapability claimed = pair;
  claimed.accumulator = "block_exact";
  const auto failure =
      check_of(judged(summing_as("float32_sequential"), claimed), "dot/random").failures.back();
  const SuiteResult alone = judged(summing_as("float32_sequential"), claimed,
                                   {.check = "dot/random", .only_case = failure.case_index});
  ASSERT_EQ(alone.checks.size(), 1U);
  EXPECT_EQ(alone.checks[0].cases, 1U);
  EXPECT_EQ(alone.checks[0].failures.at(0).got, failure.got);
  EXPECT_EQ(alone.checks[0].failures.at(0).case_index, failure.case_index);
}

TEST(DotSuite, AForgottenScaleLiesOutsideEveryOrder) {
  const SuiteResult result = judged([](DotCases cases) {
    cases.b.scales.assign(cases.b.scales.size(), scale_one);
    return DotAnswers{dots_under(row("exact"), cases), {}};
  });
  EXPECT_EQ(result.exit_status(), 1);
  EXPECT_EQ(check_of(result, "dot/nan_scale").verdict, Verdict::Failed);
  EXPECT_EQ(check_of(result, "dot/random").verdict, Verdict::Failed);
  EXPECT_EQ(check_of(result, "dot/cancellation").verdict, Verdict::ConformantWith);
}

TEST(DotSuite, UnsupportedCasesAreSkippedAndCounted) {
  const SuiteResult result = judged([](const DotCases& cases) {
    DotAnswers answers = {dots_under(row("exact"), cases), {}};
    if (cases.elements % 32 != 0) answers.unsupported.assign(cases.count(), true);
    return answers;
  });
  EXPECT_EQ(check_of(result, "dot/tail").verdict, Verdict::Skipped);
  EXPECT_EQ(check_of(result, "dot/tail").note, "every case is answered unsupported");
  EXPECT_EQ(result.exit_status(), 0);
}

TEST(DotSuite, NamesThatNothingHasAreErrors) {
  const Answer answer = summing_as("exact");
  EXPECT_THROW(judged(answer, pair, {.accumulator = "exakt"}), std::invalid_argument);
  EXPECT_THROW(judged(answer, pair, {.check = "dot/nothing"}), std::invalid_argument);
  EXPECT_THROW(judged(answer, pair, {.operands = "MXFP8_E4M3,bf16,f32"}), std::invalid_argument);
}

TEST(DotSuite, AnAccumulatorThatDoesNotTakeTheOperandsJudgesNothing) {
  const SuiteResult result = judged(summing_as("exact"), pair, {.accumulator = "volta"});
  EXPECT_EQ(result.count(Verdict::Skipped), result.checks.size());
  EXPECT_EQ(result.exit_status(), 3);
}

TEST(DotSubject, TheReferenceIsAskedUnderEveryNamedAccumulator) {
  const auto subject = make_subject("reference:blackwell_mxf4");
  EXPECT_EQ(subject->name(), "reference:blackwell_mxf4");
  ASSERT_EQ(subject->dot_capabilities().size(), 1U);
  EXPECT_EQ(subject->dot_capabilities()[0].accumulator, "blackwell_mxf4");
  EXPECT_THROW(make_subject("reference:nothing"), std::invalid_argument);
}

TEST(DotSubject, TheReferencePassesItsOwnClaimForEveryPairOfFormats) {
  const auto subject = make_subject("reference");
  const SuiteResult result = run_dot_suite(*subject, {.check = "dot/tail"});
  EXPECT_GE(result.checks.size(), 36U);
  EXPECT_EQ(result.count(Verdict::Passed), result.checks.size());
}

}  // namespace
}  // namespace mxemu::conformance
