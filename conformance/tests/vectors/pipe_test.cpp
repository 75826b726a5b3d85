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

}  // namespace
