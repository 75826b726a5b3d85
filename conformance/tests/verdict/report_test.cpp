// What is said of a whole run: its diagnosis, what strictness makes of it, and what was found out beside it.
#include <gtest/gtest.h>

#include "conformance/verdict/check_report.hpp"

namespace mxemu::conformance::tests {
namespace {

TEST(Diagnosis, OneSuspectOfEveryFailureIsSaidOnce) {
  SuiteResult result;
  EXPECT_EQ(diagnosis(result), "");
  result.checks.resize(2);
  for (CheckResult& check : result.checks) {
    check.verdict = Verdict::Failed;
    check.differing = 20;
    check.suspect = "elements in reverse order (all 20 differences fit)";
  }
  EXPECT_EQ(diagnosis(result),
            "one suspect explains every failure (40 differences of 2 checks): elements in reverse order");
  result.checks[0].suspect = "it sums as ada_fp8, hopper_fp8 (all answers fit)";
  result.checks[1].suspect = "it sums as hopper_fp8 (all answers fit)";
  EXPECT_EQ(diagnosis(result),
            "one suspect explains every failure (40 differences of 2 checks): it sums as hopper_fp8");
  result.checks[0].suspect = "elements in reverse order (all 20 differences fit)";
  result.checks[1].suspect.clear();
  EXPECT_EQ(
      diagnosis(result),
      "elements in reverse order explains 20 differences of 1 check; no known fault explains 20 differences "
      "of 1 check");
}

TEST(Strict, AnAlternativeIsAFailure) {
  SuiteResult result;
  result.checks.resize(1);
  result.checks[0].verdict = Verdict::ConformantWith;
  result.checks[0].note = "scale_rule=rceil";
  EXPECT_EQ(result.exit_status(), 0);
  EXPECT_NE(to_junit(result).find("failures=\"0\""), std::string::npos);
  result.options.strict = true;
  EXPECT_EQ(result.exit_status(), 1);
  EXPECT_TRUE(verdict_sentence(result).starts_with("FAILED, strictly: ")) << verdict_sentence(result);
  EXPECT_NE(to_junit(result).find("failures=\"1\""), std::string::npos);
}

TEST(Identity, StandsOnThePageAndInTheDocument) {
  SuiteResult result;
  result.checks.resize(1);
  EXPECT_EQ(to_html(result).find("Identity"), std::string::npos);
  result.identified_as = {"MXFP4_E2M1 is ocp"};
  result.identity = {{"MXFP4_E2M1", "rounding", "nearest_even", "an answer"}};
  EXPECT_NE(to_html(result).find("MXFP4_E2M1 is ocp"), std::string::npos);
  EXPECT_NE(to_html(result).find("nearest_even"), std::string::npos);
  EXPECT_NE(to_json(result).find("\"does\": \"nearest_even\""), std::string::npos);
  EXPECT_NE(to_text(result).find("identified: MXFP4_E2M1 is ocp"), std::string::npos);
}

}  // namespace
}  // namespace mxemu::conformance::tests
