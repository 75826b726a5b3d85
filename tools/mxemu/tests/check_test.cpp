// `mxemu check`: verdicts, reports and exit statuses, as a user meets them.
#include <fstream>
#include <nlohmann/json.hpp>

#include "tools/mxemu/tests/command.hpp"

namespace mxemu::cli::tests {
namespace {

using nlohmann::json;

const std::string one_format = "check --subject fast --format MXFP4_E2M1 --type f32 ";
const std::string small = one_format + "--check element ";

std::string text_of(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

using Check = CommandTest;

TEST_F(Check, ARightSubjectPasses) {
  const Outcome outcome = mxemu(small);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("\nPASSED: 6 passed, "), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.err, "");
}

TEST_F(Check, JsonHoldsTheVerdictOfEveryClause) {
  const Outcome outcome = mxemu(small + "--json");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const json document = json::parse(outcome.out);
  EXPECT_EQ(document.at("exit_status"), 0);
  EXPECT_EQ(document.at("clauses").at("MX-5.3.3-b").at("verdict"), "PASSED");
  EXPECT_EQ(document.at("checks").size(), 6u);
  EXPECT_GT(document.at("coverage").at("tie_even_below"), 0);
}

TEST_F(Check, ReportsAreWrittenByTheEndOfTheirName) {
  const Outcome outcome = mxemu(small + "--report " + path("a.html") + " --report " + path("a.xml") +
                                " --report " + path("a.json"));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(text_of(path("a.html")).find("Verdict by clause"), std::string::npos);
  EXPECT_NE(text_of(path("a.xml")).find("<testsuite name=\"MXFP4_E2M1\" tests=\"6\" failures=\"0\""),
            std::string::npos);
  EXPECT_EQ(json::parse(text_of(path("a.json"))).at("profile"), "ocp");
}

TEST_F(Check, DotProductsAreJudgedByTheAccumulatorThatIsNamed) {
  const std::string pair = "check --subject reference:float32_fma --operands MXFP8_E4M3,MXFP4_E2M1,f32 ";
  const Outcome right = mxemu(pair + "--json --report " + path("dot.xml"));
  EXPECT_EQ(right.status, 0) << right.err;
  EXPECT_EQ(json::parse(right.out).at("checks").at(0).at("operation"), "dot");
  EXPECT_NE(text_of(path("dot.xml")).find("<testsuite name=\"MXFP8_E4M3 x MXFP4_E2M1\""), std::string::npos);
  const Outcome wrong = mxemu(pair + "--accumulator block_exact");
  EXPECT_EQ(wrong.status, 1) << wrong.err;
  EXPECT_NE(wrong.out.find("suspect   it sums as float32_fma"), std::string::npos) << wrong.out;
  expect_bad_input(mxemu(pair + "--accumulator abacus"), {"abacus", "block_exact"});
}

TEST_F(Check, TheOperationDotIsDotProductsAlone) {
  const Outcome outcome = mxemu("check --subject reference --operation dot --check dot/nan_scale --json");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const json document = json::parse(outcome.out);
  for (const json& check : document.at("checks")) EXPECT_EQ(check.at("id"), "dot/nan_scale");
}

TEST_F(Check, OneCaseIsOneCase) {
  const Outcome outcome =
      mxemu(one_format + "--operation quantize --check element/rounding --seed 1 --case 7 --json");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(json::parse(outcome.out).at("checks").at(0).at("cases"), 1);
}

TEST_F(Check, NothingJudgedIsStatusThree) {
  const Outcome outcome = mxemu(small + "--case 999999999");
  EXPECT_EQ(outcome.status, 3) << outcome.out;
  EXPECT_NE(outcome.out.find("cases, numbered from 0"), std::string::npos) << outcome.out;
}

TEST_F(Check, ABrokenDeviceLeavesAReportThatSaysSo) {
  std::ofstream(path("device.sh")) << "read greeting\necho device d\necho can quantize MXFP4_E2M1 f32\n"
                                      "echo ready\nread question\nexit 3\n";
  const Outcome outcome = mxemu("check --subject \"process:sh " + path("device.sh") + "\" --report " +
                                path("a.xml") + " --report " + path("a.json"));
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.err.find("ended with exit status 3"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.out.find("BROKEN: "), std::string::npos) << outcome.out;
  EXPECT_NE(text_of(path("a.xml")).find("<error message=\"process:"), std::string::npos);
  EXPECT_EQ(json::parse(text_of(path("a.json"))).at("exit_status"), 2);
}

/// examples/device.py with a line of it changed: a subject that it is run by.
std::string changed_example(const std::string& file, const std::string& from, const std::string& to) {
  std::ifstream example(MXEMU_SOURCE_DIR "/conformance/examples/device.py");
  std::string source((std::istreambuf_iterator<char>(example)), {});
  const std::size_t place = source.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  std::ofstream(file) << source.replace(place, from.size(), to);
  return " --format MXFP4_E2M1 --subject \"process:python3 " + file + "\" ";
}

TEST_F(Check, ADeviceThatTakesOneWordAndDoesAnotherIsNamedFailedAndJudgedByWhatItDoes) {
  const std::string device = changed_example(path("away.py"), "finite[low + 1], 0)", "finite[low + 1], -1)");
  const Outcome named = mxemu("identify" + device);
  EXPECT_EQ(named.status, 1);
  EXPECT_NE(named.out.find("nearest_away"), std::string::npos) << named.out;
  const Outcome failed = mxemu("check" + device);
  EXPECT_EQ(failed.status, 1);
  EXPECT_NE(failed.out.find("suspect   ties away from zero"), std::string::npos) << failed.out;
  EXPECT_NE(failed.out.find("\n  asked     quantize MXFP4_E2M1 f32 floor nearest_even - "),
            std::string::npos);
  EXPECT_NE(failed.out.find("\ndiagnosis: one suspect explains every failure ("), std::string::npos);
  const Outcome judged = mxemu("check --profile auto" + device + "--report " + path("auto.html"));
  EXPECT_EQ(judged.status, 0) << judged.out;
  EXPECT_NE(judged.out.find("departs from the profile ocp in rounding=nearest_away"), std::string::npos);
  EXPECT_NE(text_of(path("auto.html")).find(">Identity</h2>"), std::string::npos);
}

TEST_F(Check, StrictlyAnAlternativeIsAFailure) {
  const std::string device =
      changed_example(path("one.py"), "if any(numbers) else -127", "if any(numbers) else 0") +
      "--check special/zero_block ";
  EXPECT_EQ(mxemu("check" + device).status, 0);
  const Outcome strict = mxemu("check --strict" + device);
  EXPECT_EQ(strict.status, 1);
  EXPECT_NE(strict.out.find("\nFAILED, strictly: 1 conformant with an alternative"), std::string::npos)
      << strict.out;
}

TEST_F(Check, TheListNamesTheClausesOfEveryCheck) {
  const Outcome text = mxemu("check --list");
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_NE(text.out.find("scale/rule"), std::string::npos);
  const json list = json::parse(mxemu("check --list --json").out);
  for (const json& check : list) EXPECT_FALSE(check.at("clauses").empty()) << check;
}

TEST_F(Check, WhatItDoesNotKnowIsOneSentence) {
  expect_bad_input(mxemu("check"), {"--subject"});
  expect_bad_input(mxemu("check --subject nobody"), {"nobody", "fast"});
  expect_bad_input(mxemu(small + "--format MXFP5"), {"MXFP5"});
  expect_bad_input(mxemu(small + "--profile nobody"), {"--profile", "ocp"});
  expect_bad_input(mxemu(small + "--level slow"), {"--level", "quick"});
  expect_bad_input(mxemu("check --subject fast --check element/roundin"),
                   {"element/roundin", "did you mean \"element/rounding\"?", "dot/random"});
  expect_bad_input(mxemu("chek"), {"chek", "did you mean \"check\"?", "museum"});
  expect_bad_input(mxemu("vectors strem"), {"did you mean \"stream\"?"});
  expect_bad_input(mxemu(small + "--allow rounding=up"), {"rounding=up", "scale_rule=ceil"});
  expect_bad_input(mxemu("vectors stream --format all --operation pack"), {"pack", "dequantize, all"});
  EXPECT_EQ(mxemu("vectors stream --help").out.find("unpack"), std::string::npos);
  expect_bad_input(mxemu(small + "--report verdict.pdf"), {"verdict.pdf", ".html"});
  expect_bad_input(mxemu(small + "--report no/such/folder/a.html"), {"a.html", "cannot be created"});
}

}  // namespace
}  // namespace mxemu::cli::tests
