// mxemu_check_run: the suite on functions of this process.
#include <gtest/gtest.h>

#include "conformance/tests/verdict/functions.hpp"

namespace mxemu::conformance::tests {
namespace {

class CheckRun : public testing::Test {
 protected:
  void TearDown() override { fault = Fault::None; }

  static void run(Verdict& verdict, const char* options, const mx_subject_functions& subject = functions()) {
    verdict.status = mxemu_check_run(&subject, options, &verdict.handle);
  }

  /// The sentence of a call that ends in MXEMU_CHECK_ERROR.
  static std::string error(const char* options, const mx_subject_functions& subject = functions()) {
    Verdict verdict;
    run(verdict, options, subject);
    EXPECT_EQ(verdict.status, MXEMU_CHECK_ERROR) << verdict.report("text");
    EXPECT_EQ(verdict.handle, nullptr);
    return mxemu_check_last_error();
  }
};

TEST_F(CheckRun, ARightConverterPassesAndEveryReportSaysSo) {
  Verdict verdict;
  run(verdict, "  level=quick  adapts=no ");
  EXPECT_EQ(verdict.status, MXEMU_CHECK_PASSED) << verdict.report("text");
  EXPECT_TRUE(contains(verdict.report("text"), "subject mxfp4.h  profile ocp  level quick"));
  EXPECT_TRUE(contains(verdict.report("json"), "\"exit_status\": 0"));
  EXPECT_TRUE(contains(verdict.report("html"), "Verdict by clause"));
  EXPECT_TRUE(contains(verdict.report("junit"), "<testsuite name=\"MXFP4_E2M1\""));
  EXPECT_EQ(mxemu_check_report(verdict.handle, "pdf"), nullptr);
}

TEST_F(CheckRun, AWrongCodeFailsAndItsReproIsOptionsThatRepeatIt) {
  fault = Fault::OneCode;
  Verdict verdict;
  run(verdict, "check=element/rounding");
  EXPECT_EQ(verdict.status, MXEMU_CHECK_FAILED);
  const std::string text = verdict.report("text");
  const std::string label = "  repro     ";
  const std::size_t start = text.find(label) + label.size();
  const std::string repro = text.substr(start, text.find('\n', start) - start);
  EXPECT_TRUE(
      repro.starts_with("format=MXFP4_E2M1 type=f32 operation=quantize check=element/rounding seed=1 "))
      << text;
  Verdict again;
  run(again, repro.c_str());
  EXPECT_EQ(again.status, MXEMU_CHECK_FAILED);
  EXPECT_TRUE(contains(again.report("json"), "\"cases\": 1,"));
  fault = Fault::None;
  Verdict mended;
  run(mended, repro.c_str());
  EXPECT_EQ(mended.status, MXEMU_CHECK_PASSED);
}

TEST_F(CheckRun, AutoIdentifiesFirst) {
  Verdict verdict;
  run(verdict, "profile=auto check=element");
  EXPECT_EQ(verdict.status, MXEMU_CHECK_PASSED);
  EXPECT_TRUE(contains(verdict.report("text"), "profile auto: ocp")) << verdict.report("text");
}

TEST_F(CheckRun, NothingToJudgeIsUntrusted) {
  Verdict verdict;
  run(verdict, "format=MXINT8");
  EXPECT_EQ(verdict.status, MXEMU_CHECK_UNTRUSTED) << verdict.report("text");
}

TEST_F(CheckRun, ASubjectOfOneBehaviourIsAskedForNoOther) {
  static bool overflow_asked = false;
  mx_subject_functions subject = functions();
  subject.capabilities = [] { return "quantize MXFP8_E4M3 f32\n"; };
  subject.answer = [](const mx_subject_cases* cases) {
    overflow_asked |= contains(cases->options, "overflow=");
    return MX_SUBJECT_UNSUPPORTED;
  };
  for (const bool adapts : {false, true}) {
    overflow_asked = false;
    Verdict verdict;
    run(verdict, adapts ? "check=overflow" : "check=overflow adapts=no", subject);
    EXPECT_EQ(verdict.status, MXEMU_CHECK_UNTRUSTED) << verdict.report("text");
    EXPECT_EQ(overflow_asked, adapts);
  }
}

TEST_F(CheckRun, BadOptionsAreToldWithTheWordsThereAre) {
  EXPECT_EQ(
      error("levle=quick"),
      "\"levle=quick\" is not NAME=WORD with NAME one of format, type, operation, profile, level, check, "
      "seed, case, allow, strict, adapts");
  EXPECT_TRUE(contains(error("format"), "\"format\" is not NAME=WORD"));
  EXPECT_EQ(error("level=slow"), "level: \"slow\" is none of quick, full, exhaustive");
  EXPECT_EQ(error("adapts=maybe"), "adapts: \"maybe\" is none of yes, no");
  EXPECT_TRUE(contains(error("seed=1x"), "seed: \"1x\" is no integer from 0 to "));
  EXPECT_TRUE(contains(error("case=-1"), "case: \"-1\" is no integer from 0 to "));
  EXPECT_TRUE(contains(error("format=MXFP5"), "format: \"MXFP5\" is none of MXFP8_E5M2"));
  EXPECT_TRUE(contains(error("profile=nobody"), "profile: \"nobody\" is none of auto, ocp"));
}

TEST_F(CheckRun, ABrokenSubjectIsToldInASentence) {
  fault = Fault::Status;
  const std::string status = error("");
  EXPECT_TRUE(status.starts_with("mxfp4.h: mx_subject_answer() returned 7 at ")) << status;
  EXPECT_TRUE(contains(status, "the kernel fell over")) << status;
  fault = Fault::Throws;
  EXPECT_TRUE(contains(error(""), "threw an exception"));
}

TEST_F(CheckRun, FunctionsThatAreMissingAreNamed) {
  mx_subject_functions incomplete = functions();
  incomplete.answer = nullptr;
  EXPECT_EQ(error("", incomplete), "mxfp4.h: there is no mx_subject_answer()");
  incomplete = functions();
  incomplete.allocate = [](std::uint64_t) -> void* { return nullptr; };
  EXPECT_EQ(error("", incomplete), "mxfp4.h: there is no mx_subject_release()");
  incomplete = functions();
  incomplete.version = [] { return std::uint32_t{7}; };
  EXPECT_TRUE(contains(error("", incomplete), "built for version 7 of mx_subject.h"));
  Verdict verdict;
  EXPECT_EQ(mxemu_check_run(nullptr, "", &verdict.handle), MXEMU_CHECK_ERROR);
  EXPECT_STREQ(mxemu_check_last_error(), "subject is null");
}

TEST_F(CheckRun, TheListNamesTheChecks) {
  EXPECT_TRUE(contains(mxemu_check_list(), "element/rounding"));
  EXPECT_EQ(mxemu_check_version(), MXEMU_CHECK_VERSION);
}

}  // namespace
}  // namespace mxemu::conformance::tests
