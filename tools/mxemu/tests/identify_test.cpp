// `mxemu identify`: what it prints and how it ends.
#include <nlohmann/json.hpp>

#include "tools/mxemu/tests/command.hpp"

namespace mxemu::cli::tests {
namespace {

using nlohmann::json;

TEST(IdentifyCommand, NamesOurOwnSubjects) {
  for (const std::string subject : {"fast", "reference"}) {
    const Outcome outcome = mxemu("identify --subject " + subject + " --format MXFP4_E2M1");
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("MXFP4_E2M1 is ocp\n"), std::string::npos) << outcome.out;
    EXPECT_NE(outcome.out.find(subject + " is ocp\n"), std::string::npos) << outcome.out;
  }
}

TEST(IdentifyCommand, PrintsEveryFreedomAsJson) {
  const Outcome outcome = mxemu("identify --subject reference --format MXINT8 --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json document = json::parse(outcome.out);
  EXPECT_EQ(document.at("identified"), true);
  EXPECT_EQ(document.at("profiles"), json::array({"ocp"}));
  const json& findings = document.at("formats").at("MXINT8").at("findings");
  EXPECT_EQ(findings.size(), 19u);
  EXPECT_EQ(findings.at("scale_rule").at("words"), json::array({"floor"}));
  EXPECT_EQ(findings.at("int8_minimum").at("words"), json::array({"unused"}));
  EXPECT_EQ(findings.at("nan_code").at("status"), "not_applicable");
  EXPECT_EQ(findings.at("rounding_edges").at("status"), "known");
}

TEST(IdentifyCommand, NamesHowAUnitSums) {
  const Outcome outcome = mxemu("identify --subject reference:blackwell_mxf4 --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json dot = json::parse(outcome.out).at("dots").at(0);
  EXPECT_EQ(dot.at("accumulators"), json::array({"blackwell_mxf4"}));
  EXPECT_EQ(dot.at("findings").at("fraction bits").at("value"), "35");
}

TEST(IdentifyCommand, RefusesWhatItDoesNotKnow) {
  expect_bad_input(mxemu("identify --subject nobody"), {"nobody", "reference"});
  expect_bad_input(mxemu("identify --subject fast --format MXFP5"), {"MXFP5", "MXFP4_E2M1"});
  expect_bad_input(mxemu("identify"), {"--subject"});
}

TEST(IdentifyCommand, HelpHasAnExample) {
  EXPECT_NE(mxemu("identify --help").out.find("Example:\n  mxemu identify"), std::string::npos);
}

TEST(FormatsCommand, PrintsWhatIsOpenInAProfileAndHowItIsKnown) {
  const json profiles = json::parse(mxemu("formats --json").out).at("profiles");
  EXPECT_EQ(profiles.at("ocp").at("open"), json::array());
  EXPECT_EQ(profiles.at("ocp").at("evidence"), "standard");
  EXPECT_EQ(profiles.at("te-mxfp8").at("formats"), json::array({"MXFP8_E5M2", "MXFP8_E4M3"}));
  EXPECT_EQ(profiles.at("ptx").at("chooses_scales"), false);
  EXPECT_FALSE(profiles.at("triton-up").at("open").empty());
}

}  // namespace
}  // namespace mxemu::cli::tests
