// What a failing case prints, to the letter.
#include <gtest/gtest.h>

#include "conformance/comparison.hpp"
#include "conformance/failure.hpp"
#include "conformance/suite.hpp"
#include "conformance/tests/suite/wrong_subjects.hpp"

namespace mxemu::conformance::tests {
namespace {

/// What is printed of a check with these cases, when the device gave `got`.
std::string printed(const Cases& cases, const Answers& got, const std::string& clauses) {
  const Answers expected = make_reference_subject()->answer(cases);
  Comparison comparison;
  compare(cases, expected, got, 0, {}, comparison);
  SuiteResult suite = {.subject = "process:./dut", .options = {}, .checks = {}, .coverage = {}};
  CheckResult check;
  check.id = "element/rounding";
  check.clauses = clauses;
  check.verdict = Verdict::Failed;
  check.elements = comparison.judged;
  check.differing = comparison.mismatches.size();
  check.suspect = "ties away from zero (the one difference is a tie)";
  check.repro = "mxemu check --subject process:./dut --check element/rounding --seed 1";
  check.failures.push_back(explain_failure(cases, expected, got, comparison.mismatches.at(0), 1187));
  return describe(suite, check, check.failures[0]);
}

Cases quantize_cases(const std::vector<std::uint64_t>& bits) {
  Cases cases = {.operation = Operation::Quantize,
                 .request = spec::make_request(spec::BlockType::MXFP4_E2M1),
                 .elements = bits.size(),
                 .numbers = Numbers()};
  for (const std::uint64_t b : bits) cases.numbers.push_back(b);
  return cases;
}

TEST(FailureText, ExplainsACode) {
  const Cases cases = quantize_cases({0x3f200000, 0x3ff00000});  // 0.625, 1.875
  Answers got = make_reference_subject()->answer(cases);
  got.codes[0] = 5;
  EXPECT_EQ(
      printed(cases, got, "MX-5.3.3-b, MX-6.3-c, MX-6.3-e"),
      "FAILED element/rounding  MX-5.3.3-b, MX-6.3-c, MX-6.3-e   subject=process:./dut   profile=ocp\n"
      "  request   MXFP4_E2M1  quantize f32  rule=floor  rounding=nearest_even  overflow=saturate\n"
      "  where     case 1187, element 0 of 2        (1 of 3 differ; showing 1 of 1)\n"
      "  input     0x3f200000   0x1.4p-1   0.625\n"
      "  scale     0x7d = 2^-2  from amax 0x1.ep+0 (element 1)\n"
      "  scaled    2.5: exactly halfway between 0x4 (2) and 0x5 (3); even is the first\n"
      "  expected  0x4   S0 E10 M0   2\n"
      "  got       0x5   S0 E10 M1   3        one code above\n"
      "  suspect   ties away from zero (the one difference is a tie)\n"
      "  repro     mxemu check --subject process:./dut --check element/rounding --seed 1 --case 1187\n");
}

TEST(FailureText, ExplainsAScale) {
  const Cases cases = quantize_cases({0x3f200000, 0xbff00000});
  Answers got = make_reference_subject()->answer(cases);
  got.scales[0] += 2;
  const std::string text = printed(cases, got, "MX-6.3-b");
  EXPECT_NE(text.find("\n  where     case 1187, element 1 of 2 "), std::string::npos) << text;
  EXPECT_NE(text.find("\n  input     0xbff00000   -0x1.ep+0   -1.875\n"
                      "  expected  scale 0x7d = 2^-2  from amax 0x1.ep+0 (element 1)\n"
                      "  got       scale 0x7f = 2^0        2 above\n"),
            std::string::npos)
      << text;
}

TEST(FailureText, ExplainsADecodedNumber) {
  const Cases cases = {.operation = Operation::Dequantize,
                       .request = spec::make_request(spec::BlockType::MXFP4_E2M1),
                       .elements = 1,
                       .numbers = Numbers(),
                       .codes = {0x5},
                       .scales = {0x00}};
  Answers got = make_answers(cases);
  const std::string text = printed(cases, got, "MX-5.4.1-a");
  EXPECT_NE(text.find("\n  input     0x5   S0 E10 M1   3\n"
                      "  scale     0x00 = 2^-127  given\n"
                      "  expected  0x00c00000   0x1.8p-126   "),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("\n  got       0x00000000   0x0p+0   0\n"), std::string::npos) << text;
}

TEST(FailureText, ACodeWiderThanTheFormatIsSaidToBe) {
  const Cases cases = quantize_cases({0x3f200000});
  Answers got = make_reference_subject()->answer(cases);
  got.codes[0] = 0x1f;
  EXPECT_NE(printed(cases, got, "").find("got       0x1f   wider than the format"), std::string::npos);
}

TEST(FailureText, SubjectsWithSpacesAreQuotedForTheShell) {
  EXPECT_EQ(shell_word("process:./dut"), "process:./dut");
  EXPECT_EQ(shell_word("process:python3 dut.py"), "'process:python3 dut.py'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
}

}  // namespace
}  // namespace mxemu::conformance::tests
