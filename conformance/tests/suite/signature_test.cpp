// Suspects: subjects with one known fault, and the name that the suite gives to it.
#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/suite.hpp"
#include "conformance/tests/suite/wrong_subjects.hpp"

namespace mxemu::conformance::tests {
namespace {

constexpr spec::BlockType fp4 = spec::BlockType::MXFP4_E2M1;

CheckResult failed_check(Subject& subject, const std::string& check, Operation operation,
                         spec::BlockType format = fp4) {
  SuiteResult result = run_suite(
      subject,
      {.formats = {format}, .types = {spec::FloatType::Float32}, .operations = {operation}, .check = check});
  EXPECT_EQ(result.checks.size(), 1u) << check;
  EXPECT_EQ(result.checks.at(0).verdict, Verdict::Failed) << check;
  return result.checks.at(0);
}

void expect_suspect(Subject& subject, const std::string& check, Operation operation,
                    const std::string& suspect) {
  const CheckResult result = failed_check(subject, check, operation);
  EXPECT_TRUE(result.suspect.starts_with(suspect + " (")) << check << ": " << result.suspect;
}

constexpr std::uint32_t magnitude_mask = 0x7fffffff;
constexpr std::uint32_t one = 0x3f800000, six = 0x40c00000;

/// Codes of zero, signs kept, for numbers by themselves that `becomes_zero`.
std::unique_ptr<Subject> zeroing(bool (*becomes_zero)(std::uint32_t magnitude)) {
  return changed({.answered = [becomes_zero](const Cases& cases, Answers& answers) {
    if (cases.operation != Operation::Encode) return;
    for (std::size_t i = 0; i < answers.codes.size(); ++i)
      if (becomes_zero(static_cast<std::uint32_t>(cases.numbers.at(i)) & magnitude_mask))
        answers.codes[i] &= 8;
  }});
}

TEST(Suspect, FlushesWhatIsSubnormalBeforeItIsRounded) {
  const auto subject = zeroing([](std::uint32_t magnitude) { return magnitude < one; });
  expect_suspect(*subject, "element/rounding", Operation::Encode,
                 "flushes what is subnormal before it is rounded");
}

TEST(Suspect, OverflowBecomesZero) {
  const auto subject = zeroing([](std::uint32_t magnitude) { return magnitude > six; });
  expect_suspect(*subject, "overflow/saturate", Operation::Encode, "overflow becomes zero");
}

/// The bytes of every number in the other order.
void swap_bytes(Numbers& numbers) {
  for (std::size_t i = 0; i < numbers.bytes().size(); i += 4)
    std::reverse(numbers.bytes().begin() + static_cast<std::ptrdiff_t>(i),
                 numbers.bytes().begin() + static_cast<std::ptrdiff_t>(i + 4));
}

TEST(Suspect, BytesOfTheNumbersSwapped) {
  const auto in = changed({.asked = [](Cases& cases) {
    if (takes_numbers(cases.operation)) swap_bytes(cases.numbers);
  }});
  expect_suspect(*in, "element/rounding", Operation::Encode, "bytes of the numbers swapped");
  const auto out = changed({.answered = [](const Cases&, Answers& answers) { swap_bytes(answers.numbers); }});
  expect_suspect(*out, "decode/codes", Operation::Decode, "bytes of the numbers swapped");
}

/// Moves the items of a call on by one case; the first case keeps its own.
template <class T>
void move_on(std::vector<T>& items, std::size_t of_a_case) {
  if (items.size() > of_a_case)
    std::copy_backward(items.begin(), items.end() - static_cast<std::ptrdiff_t>(of_a_case), items.end());
}

TEST(Suspect, AnswersLateByOneCase) {
  const auto subject = changed({.answered = [](const Cases& cases, Answers& answers) {
    move_on(answers.scales, 1);
    move_on(answers.codes, cases.elements);
  }});
  expect_suspect(*subject, "block/positions", Operation::Quantize, "answers late by one case");
  expect_suspect(*subject, "scale/rule", Operation::Scale, "answers late by one case");
}

TEST(Suspect, TheScaleOfTheBlockBeside) {
  const auto written =
      changed({.answered = [](const Cases&, Answers& answers) { move_on(answers.scales, 1); }});
  expect_suspect(*written, "scale/rule", Operation::Quantize, "the scale byte of the previous block");
  const auto read = changed({.asked = [](Cases& cases) {
    if (cases.operation == Operation::Dequantize && !cases.scales.empty())
      std::rotate(cases.scales.begin(), cases.scales.begin() + 1, cases.scales.end());
  }});
  expect_suspect(*read, "decode/products", Operation::Dequantize, "the scale of the next block");
}

TEST(Suspect, ElementsLateByOneLane) {
  const auto subject = changed({.answered = [](const Cases& cases, Answers& answers) {
    for (std::size_t first = 0; first < answers.codes.size(); first += cases.elements) {
      const auto block = answers.codes.begin() + static_cast<std::ptrdiff_t>(first);
      std::copy_backward(block, block + static_cast<std::ptrdiff_t>(cases.elements) - 1,
                         block + static_cast<std::ptrdiff_t>(cases.elements));
    }
  }});
  expect_suspect(*subject, "block/positions", Operation::Quantize, "elements late by one lane");
}

TEST(Repro, ACaseThatIsAnsweredOtherwiseByItselfIsRepeatedWithTheOthers) {
  const auto late = changed({.answered = [](const Cases&, Answers& answers) { move_on(answers.scales, 1); }});
  const CheckResult among = failed_check(*late, "scale/rule", Operation::Quantize);
  EXPECT_FALSE(among.repeats_alone);
  const SuiteResult result;
  EXPECT_EQ(repro_case(result, among, among.failures[0]).find("--case"), std::string::npos);
  const auto away =
      asked_otherwise([](spec::Request& r) { r.rounding.mode = spec::RoundingMode::NearestAway; });
  const CheckResult alone = failed_check(*away, "element/rounding", Operation::Quantize);
  EXPECT_TRUE(alone.repeats_alone);
  EXPECT_NE(repro_case(result, alone, alone.failures[0]).find("--case"), std::string::npos);
}

TEST(Repro, WhatIsAllowedIsNoPartOfAFailureAndGoesWithItsCase) {
  const auto subject = asked_otherwise([](spec::Request& r) {
    r.scale_rule = spec::ScaleRuleType::Ceil;
    r.rounding.mode = spec::RoundingMode::NearestAway;
  });
  const CheckResult check = failed_check(*subject, "element/rounding", Operation::Quantize);
  EXPECT_TRUE(check.suspect.starts_with("ties away from zero (all ")) << check.suspect;
  for (const Failure& failure : check.failures) EXPECT_FALSE(failure.in_scale);
  EXPECT_NE(check.note.find("beside scale_rule=ceil"), std::string::npos) << check.note;
  EXPECT_NE(check.repro.find(" --allow scale_rule=ceil"), std::string::npos) << check.repro;
  SuiteOptions options = {.formats = {fp4},
                          .types = {spec::FloatType::Float32},
                          .operations = {Operation::Quantize},
                          .check = "element/rounding",
                          .only_case = check.failures[0].case_index,
                          .allowed = {"scale_rule=ceil"}};
  const SuiteResult again = run_suite(*subject, options);
  ASSERT_FALSE(again.checks.at(0).failures.empty());
  EXPECT_EQ(again.checks[0].failures[0].element, check.failures[0].element);
  EXPECT_EQ(again.checks[0].failures[0].expected, check.failures[0].expected);
  options.allowed = {"rounding=nearest_away"};
  EXPECT_THROW(run_suite(*subject, options), std::invalid_argument);
}

TEST(Requirements, AWrongCodeOfANormalNumberBreaksWhatTheStandardRequires) {
  // scale/rule is a should; that the nearest code is chosen when it is asked for is none (MX-6.3-e).
  const auto away =
      asked_otherwise([](spec::Request& r) { r.rounding.mode = spec::RoundingMode::NearestAway; });
  const CheckResult normal =
      failed_check(*away, "scale/rule", Operation::Quantize, spec::BlockType::MXFP8_E4M3);
  EXPECT_EQ(normal.requirement, Requirement::Must);
  EXPECT_EQ(normal.clauses, "MX-6.3-e");
  // Of subnormal numbers the standard is silent (MX-6.3-f): halved, they follow no alternative that is known.
  const auto halved = changed({.asked = [](Cases& cases) {
    if (!takes_numbers(cases.operation)) return;
    for (std::size_t i = 0; i < cases.numbers.size(); ++i)
      if ((cases.numbers.at(i) & magnitude_mask) < 0x00800000)
        cases.numbers.set(i, (cases.numbers.at(i) & ~std::uint64_t{magnitude_mask}) |
                                 (cases.numbers.at(i) & magnitude_mask) / 2);
  }});
  const CheckResult subnormal = failed_check(*halved, "special/subnormal_input", Operation::EncodeScaled);
  EXPECT_EQ(subnormal.requirement, Requirement::May);
}

}  // namespace
}  // namespace mxemu::conformance::tests
