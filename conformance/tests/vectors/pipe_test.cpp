// `mxemu vectors stream | device | mxemu vectors judge` through a shell, with right and wrong devices.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <string>

namespace {

struct Outcome {
  int status;
  std::string text;
};

/// Standard output and standard error together.
Outcome shell(const std::string& command) {
  FILE* pipe = popen(("( " + command + " ) 2>&1").c_str(), "r");
  std::string text;
  char piece[4096];
  while (const std::size_t count = std::fread(piece, 1, sizeof piece, pipe)) text.append(piece, count);
  return {WEXITSTATUS(pclose(pipe)), text};
}

const std::string mxemu = MXEMU_BINARY " vectors ";
const std::string flags = " --format MXFP4_E2M1 --operation quantize";
const std::string stream = mxemu + "stream" + flags + " | ";
const std::string judge = " | " + mxemu + "judge" + flags;
const std::string device = "python3 " EXAMPLES "/device.py";

TEST(Pipe, ARightDevicePasses) {
  const Outcome outcome = shell(stream + device + judge);
  EXPECT_EQ(outcome.status, 0) << outcome.text;
  EXPECT_NE(outcome.text.find("PASSED"), std::string::npos) << outcome.text;
}

TEST(Pipe, AWrongDeviceFailsWithAnExplanation) {
  const Outcome outcome = shell(stream + device + " | sed 's/ 7$/ 6/'" + judge + " --first fast --show 1");
  EXPECT_EQ(outcome.status, 1) << outcome.text;
  for (const char* part : {"FAILED case ", "saturates", "expected  0x7  S0 E11 M1  6", "got       0x6"})
    EXPECT_NE(outcome.text.find(part), std::string::npos) << outcome.text;
}

TEST(Pipe, AnswersThatAreNoneAreOneSentenceAndStatusTwo) {
  const struct {
    const char* filter;
    const char* sentence;
  } faults[] = {{"head -20", "standard input: it ended after "},
                {"sed '$s/ .*//'", " where 33 are wanted (the scale and 32 codes)"},
                {"sed '$s/.$/g/'", "is not a hexadecimal word"},
                {"sed '$p'", "comes after the answers to all "},
                {"head -2", "it ended before \"ready\""}};
  for (const auto& fault : faults) {
    const Outcome outcome = shell(stream + device + " | " + fault.filter + judge);
    EXPECT_EQ(outcome.status, 2) << fault.filter << outcome.text;
    EXPECT_NE(outcome.text.find(fault.sentence), std::string::npos) << fault.filter << "\n" << outcome.text;
  }
}

TEST(Pipe, ADeclarationBeginsWithAnyOfItsLines) {
  for (const char* line : {"layout MXFP4_E2M1 bytes row_major", "window 7", "binary"}) {
    const Outcome outcome = shell(stream + device + " | sed 's/^device .*/" + line + "/'" + judge);
    EXPECT_EQ(outcome.status, 0) << line << "\n" << outcome.text;
  }
}

TEST(Pipe, NothingButUnsupportedIsStatusThree) {
  const Outcome outcome = shell(stream + "sed '1d; s/.*/unsupported/'" + judge);
  EXPECT_EQ(outcome.status, 3) << outcome.text;
}

TEST(Pipe, TheCasesMayComeFromAFile) {
  const std::string file = testing::TempDir() + "mxemu_pipe_cases.txt";
  ASSERT_EQ(shell(mxemu + "stream" + flags + " --rounding toward_zero --no-greeting > " + file).status, 0);
  const Outcome outcome = shell("sed 's/.*/unsupported/' " + file + " | " + mxemu + "judge --cases " + file);
  EXPECT_EQ(outcome.status, 3) << outcome.text;
  const Outcome broken = shell("echo 00 | " + mxemu + "judge --cases /dev/null");
  EXPECT_EQ(broken.status, 2) << broken.text;
  std::remove(file.c_str());
}

const std::string dots = " --operation dot --operands MXFP4_E2M1,MXFP4_E2M1,f32 --random 20";

TEST(Pipe, ADotUnitPassesUnderItsAccumulatorAndFailsUnderAnother) {
  const std::string cases = mxemu + "stream" + dots + " | " DOT_DEVICE " | ";
  const Outcome right = shell(cases + mxemu + "judge" + dots);
  EXPECT_EQ(right.status, 0) << right.text;
  const Outcome wrong = shell(cases + mxemu + "judge" + dots + " --accumulator float32_sequential --show 1");
  EXPECT_EQ(wrong.status, 1) << wrong.text;
  for (const char* part : {"FAILED case ", "by float32_sequential", "exact", "question  \"dot MXFP4_E2M1"})
    EXPECT_NE(wrong.text.find(part), std::string::npos) << wrong.text;
}

TEST(Pipe, DotProductsMayComeFromAFileAndMustFitTheAccumulator) {
  const std::string file = testing::TempDir() + "mxemu_pipe_dots.txt";
  ASSERT_EQ(shell(mxemu + "stream" + dots + " --no-greeting > " + file).status, 0);
  const std::string answers =
      DOT_DEVICE " < " + file + " | " + mxemu + "judge --operation dot --cases " + file;
  EXPECT_EQ(shell(answers).status, 0) << shell(answers).text;
  const Outcome misfit = shell(answers + " --accumulator volta");
  EXPECT_EQ(misfit.status, 2);
  EXPECT_NE(misfit.text.find("line 1: the accumulator volta does not sum MXFP4_E2M1"), std::string::npos)
      << misfit.text;
  std::remove(file.c_str());
}

TEST(Verify, TheCommittedDotsPassUnderTheReferenceAndADeviceIsAskedItsOwn) {
  const Outcome all = shell(mxemu + "verify " COMMITTED_VECTORS);
  EXPECT_EQ(all.status, 0) << all.text;
  EXPECT_EQ(all.text.find("SKIPPED"), std::string::npos) << all.text;
  const std::string subject = " --subject process:" DOT_DEVICE;
  const std::string directory = COMMITTED_VECTORS;
  const Outcome own = shell(mxemu + "verify " + directory + "/dot_block_exact.jsonl" + subject);
  EXPECT_EQ(own.status, 0) << own.text;
  EXPECT_EQ(shell(mxemu + "verify " + directory + "/dot_hopper.jsonl" + subject).status, 3);
}

TEST(Export, WritesAPairOfMemoriesForEveryPairOfOperands) {
  const std::string out = testing::TempDir() + "mxemu_dot_memories";
  const Outcome outcome = shell(mxemu + "export " COMMITTED_VECTORS "/dot_hopper.jsonl --memh " + out);
  EXPECT_EQ(outcome.status, 0) << outcome.text;
  EXPECT_EQ(shell("cd " + out +
                  " && test -s dot_hopper_f16_f16_f32.inputs.memh && "
                  "test -s dot_hopper_bf16_bf16_f32.expected.memh && grep -q 'scales\\|count of elements' "
                  "README.md")
                .status,
            0);
  shell("rm -r " + out);
}

}  // namespace
