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

/// The row's answers with another code in place of every NaN.
Answer with_nan(const char* name, std::uint32_t nan) {
  return [&of = row(name), nan](const DotCases& cases) {
    DotAnswers answers = {dots_under(of, cases), {}};
    for (std::uint32_t& result : answers.results)
      if (is_nan(cases.output, result)) result = nan;
    return answers;
  };
}

constexpr std::uint32_t quiet_nan = 0x7fc00000;
constexpr std::uint32_t other_nan = 0xffc12345;

TEST(DotSuite, AnotherNanFailsWhereTheClaimedRowStatesItsCodeAndNoClauseIsBlamed) {
  DotCapability claimed = pair;
  claimed.accumulator = "blackwell_mxf8f6f4";
  const SuiteResult result = judged(with_nan("blackwell_mxf8f6f4", quiet_nan), claimed);
  const CheckResult& check = check_of(result, "dot/nan_scale");
  EXPECT_EQ(check.verdict, Verdict::Failed);
  EXPECT_EQ(check.requirement, Requirement::ImplementationDefined);
  EXPECT_NE(check.suspect.find("another NaN"), std::string::npos) << check.suspect;
  EXPECT_EQ(check_of(result, "dot/random").verdict, Verdict::Passed);
}

TEST(DotSuite, AnyNanWillDoWhereTheRowStatesNone) {
  for (const char* name : {"block_exact", "exact", "float32_pairwise"}) {
    DotCapability claimed = pair;
    claimed.accumulator = name;
    EXPECT_EQ(judged(with_nan(name, other_nan), claimed).exit_status(), 0) << name;
  }
}

TEST(DotSuite, WithoutAClaimAUnitIsNamedWhateverItsNan) {
  const SuiteResult result = judged(with_nan("blackwell_mxf8f6f4", quiet_nan));
  EXPECT_EQ(result.exit_status(), 0);
  EXPECT_EQ(check_of(result, "dot/random").note, "accumulator=blackwell_mxf8f6f4 with another code for NaN");
}

TEST(DotSuite, CellsThatWereNotHitMakeACheckUntrusted) {
  // All that cancels is declined, and all that is exactly halfway.
  const auto declining = [](const DotCases& cases) {
    DotAnswers answers = {dots_under(row("block_exact"), cases), {}};
    for (std::size_t i = 0; i < cases.count(); ++i) {
      const DotBins cells = dot_cells(row("block_exact"), cases, i);
      answers.unsupported.push_back(cells.has(DotBin::ExactCancellation) || cells.has(DotBin::TieEvenAbove));
    }
    return answers;
  };
  const SuiteResult result = judged(declining);
  EXPECT_EQ(result.exit_status(), 3);
  EXPECT_EQ(check_of(result, "dot/signed_zero").verdict, Verdict::Untrusted);
  EXPECT_NE(check_of(result, "dot/signed_zero").note.find("not hit: exact_cancellation"), std::string::npos);
  EXPECT_NE(check_of(result, "dot/rounding").note.find("not hit: tie_even_above"), std::string::npos);
  EXPECT_EQ(check_of(result, "dot/nan_scale").verdict, Verdict::Passed);
}

TEST(DotSuite, AWindowIsDemandedOfFusedRowsAlone) {
  const DotTarget target = {pair, Level::Quick};
  EXPECT_TRUE(can_hit(DotBin::CCut, row("blackwell_mxf8f6f4"), target));
  EXPECT_TRUE(can_hit(DotBin::ScaledTermCut, row("blackwell_mxf8f6f4"), target));
  EXPECT_FALSE(can_hit(DotBin::CCut, row("block_exact"), target));
  EXPECT_FALSE(can_hit(DotBin::TieEvenBelow, row("blackwell_mxf8f6f4"), target));
  EXPECT_TRUE(can_hit(DotBin::TieEvenBelow, row("block_exact"), target));
  EXPECT_FALSE(can_hit(DotBin::InfElement, row("block_exact"), target));
  EXPECT_FALSE(can_hit(DotBin::DiffersFromExact, row("exact"), target));
}

/// A case of 32 products under the builder, and what it hits.
DotBins cells_of(const DotBuilder& builder, const char* name) {
  DotCases cases = empty_dots(pair, builder.elements());
  builder.append_to(cases);
  return dot_cells(row(name), cases, 0);
}

TEST(DotCells, AreFactsOfTheReferencesSteps) {
  // 2^10 - 2^10 + 2^-2 under scales of 1: no bit of it is lost in 25.
  DotBuilder near(pair, 32);
  near.power(0, 10).power(1, 10, true).power(2, -2);
  EXPECT_TRUE(cells_of(near, "blackwell_mxf8f6f4").has(DotBin::Cancellation));
  EXPECT_FALSE(cells_of(near, "blackwell_mxf8f6f4").has(DotBin::TermCut));
  // 2^10 beside c = 2^-40: c lies below the window, and an exact sum rounds.
  DotBuilder far(pair, 32);
  far.power(0, 10).c_power(-40, true);
  EXPECT_TRUE(cells_of(far, "blackwell_mxf8f6f4").has(DotBin::CCut));
  EXPECT_FALSE(cells_of(far, "block_exact").has(DotBin::CCut));
  EXPECT_TRUE(cells_of(far, "block_exact").has(DotBin::Inexact));
  EXPECT_FALSE(cells_of(far, "block_exact").has(DotBin::TieEvenBelow));
  // 2^24 + 1 is halfway between 2^24 and 2^24 + 2, whose significand is odd.
  DotBuilder tie(pair, 32);
  tie.c_power(24).power(0, 0);
  EXPECT_TRUE(cells_of(tie, "block_exact").has(DotBin::TieEvenBelow));
  EXPECT_FALSE(cells_of(tie, "block_exact").has(DotBin::TieEvenAbove));
  // 2^24 + 2 + 1: the even one is 2^24 + 4.
  EXPECT_TRUE(cells_of(tie.power(1, 1), "block_exact").has(DotBin::TieEvenAbove));
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
