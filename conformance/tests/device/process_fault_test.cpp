// Every way for a device behind a pipe to be wrong is one sentence.
#include <gtest/gtest.h>

#include <thread>

#include "conformance/tests/device/batches.hpp"

namespace mxemu::conformance {
namespace {

const std::string small = small_line;

/// A device that answers the first case right and the second with `text`.
std::string second_answer(const std::string& text) {
  return shell_device("read case; echo 7e 2 e; read case; " + text);
}

/// What is said of line 5 of a device's output: three lines of declaration come before the first answer.
std::string line_5(const std::string& line, const std::string& complaint) {
  return "line 5 of its output, \"" + line + "\", answers " + small + ", but " + complaint;
}

TEST(ProcessFault, AnAnswerThatIsNoHexadecimalIsQuoted) {
  EXPECT_EQ(failure_of(second_answer("echo 7e 2 zz"), small_case(2)),
            line_5("7e 2 zz", "\"zz\" is not a hexadecimal word"));
  EXPECT_EQ(failure_of(second_answer("echo 0x7e 2 e"), small_case(2)),
            line_5("0x7e 2 e", "\"0x7e\" is not a hexadecimal word"));
  EXPECT_EQ(failure_of(second_answer("echo Traceback: oh no"), small_case(2)),
            line_5("Traceback: oh no", "\"Traceback:\" is not a hexadecimal word"));
  EXPECT_EQ(failure_of(second_answer("printf '\\001\\n'"), small_case(2)),
            line_5("?", "\"?\" is not a hexadecimal word"));
}

TEST(ProcessFault, TooFewAndTooManyWordsAreCounted) {
  EXPECT_EQ(failure_of(second_answer("echo 7e 2"), small_case(2)),
            line_5("7e 2", "it has 2 words where 3 are wanted (the scale and 2 codes)"));
  EXPECT_EQ(failure_of(second_answer("echo 7e 2 e 0"), small_case(2)),
            line_5("7e 2 e 0", "it has 4 words where 3 are wanted (the scale and 2 codes)"));
  EXPECT_EQ(failure_of(second_answer("echo"), small_case(2)),
            line_5("", "it has 0 words where 3 are wanted (the scale and 2 codes)"));
}

TEST(ProcessFault, AWordTooWideIsNamed) {
  EXPECT_EQ(failure_of(second_answer("echo 7e 2 1e"), small_case(2)),
            line_5("7e 2 1e", "\"1e\" is more than the 4 bits of an E2M1 code"));
  EXPECT_EQ(failure_of(second_answer("echo 7e 2 00e"), small_case(2)),
            line_5("7e 2 00e", "\"00e\" is more than the 1 digit of an E2M1 code"));
  EXPECT_EQ(failure_of(second_answer("echo 17e 2 e"), small_case(2)),
            line_5("17e 2 e", "\"17e\" is more than the 2 digits of a scale"));
}

TEST(ProcessFault, ANumberHasTheDigitsOfItsType) {
  const spec::Request request = spec::make_request(spec::BlockType::MXFP4_E2M1);
  Cases cases = {.operation = Operation::Decode, .request = request, .elements = 1, .codes = {2}};
  EXPECT_EQ(
      failure_of(shell_device("read case; echo 3f80"), cases),
      "line 4 of its output, \"3f80\", answers \"decode MXFP4_E2M1 f32 * * - 2\", but \"3f80\" has 4 digits "
      "where f32 has 8");
}

TEST(ProcessFault, ACrashIsToldWithItsSignalOrStatus) {
  const std::string due = " without answering " + small + " (line 5 of its output)";
  EXPECT_EQ(failure_of(second_answer("kill -SEGV $$"), small_case(2)),
            "it was killed by signal 11 (Segmentation fault)" + due);
  EXPECT_EQ(failure_of(second_answer("exit 3"), small_case(2)), "it ended with exit status 3" + due);
  EXPECT_EQ(failure_of(second_answer("exit 0"), small_case(2)), "it ended with exit status 0" + due);
  EXPECT_EQ(failure_of(second_answer("sh -c 'kill -SEGV $$'; exit $?"), small_case(2)),
            "it ended with exit status 139, the shell's word for signal 11 (Segmentation fault)" + due);
  EXPECT_EQ(failure_of(second_answer("printf '7e 2'; exit 0"), small_case(2)),
            "it ended with exit status 0" + due + ", and what it wrote of that line, \"7e 2\", has no end");
}

TEST(ProcessFault, AClosedOutputIsTold) {
  EXPECT_EQ(failure_of(second_answer("exec >&-; sleep 9"), small_case(2)),
            "it closed its output without answering " + small + " (line 5 of its output)");
}

TEST(ProcessFault, ASilentDeviceIsGivenUp) {
  const std::string late = "no answer to " + small + " within 0.2 s (line 5 of its output)";
  const std::string flush = "; a device has to flush its output after every answer";
  EXPECT_EQ(failure_of(second_answer("sleep 9"), small_case(2)), late + flush);
  EXPECT_EQ(failure_of(second_answer("sleep 0.5; echo 7e 2 e"), small_case(2)), late + flush);
  EXPECT_EQ(failure_of(second_answer("printf '7e 2'; sleep 9"), small_case(2)),
            late + ", of which it wrote \"7e 2\"" + flush);
  EXPECT_EQ(failure_of(second_answer("exec <&-; sleep 9"), small_case(2000)),
            late + "; it has closed its input");
}

TEST(ProcessFault, ADeviceThatNeverReadsIsGivenUp) {
  EXPECT_EQ(failure_of(shell_device("sleep 9"), small_case(100'000)),
            "no answer to " + small +
                " within 0.2 s (line 4 of its output); a device has to flush its output after every answer");
}

TEST(ProcessFault, AnEndlessLineIsCutOff) {
  const std::string sentence = failure_of(shell_device("read case; exec tr '\\0' 7 </dev/zero"));
  EXPECT_EQ(sentence,
            "line 4 of its output, \"7777777777777777777777777777777777777777...\", is longer than the 4156 "
            "characters that an answer to " +
                small + " can have");
}

TEST(ProcessFault, AFloodOfCommentsDoesNotStopTheClock) {
  EXPECT_TRUE(
      failure_of(shell_device("exec yes '# busy'")).starts_with("no answer to " + small + " within 0.2 s"));
}

TEST(ProcessFault, AFloodOfAnswersIsTooMany) {
  EXPECT_EQ(failure_of(shell_device("read case; exec yes 7e 2 e"), small_case(3)),
            "line 7 of its output, \"7e 2 e\", answers nothing: every case before it has its answer");
}

TEST(ProcessFault, AnAnswerBeforeTheNextQuestionIsNoAnswerToIt) {
  const auto subject = make_process_subject(
      shell_device("read case; echo 7e 2 e; sleep 0.02; echo 7e 2 e; sleep 9"), short_patience);
  subject->answer(small_case());
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  try {
    subject->answer(small_case());
    FAIL() << "the second line was taken for an answer";
  } catch (const DeviceError& error) {
    EXPECT_TRUE(
        std::string(error.what())
            .ends_with(
                "line 5 of its output, \"7e 2 e\", answers nothing: every case before it has its answer"))
        << error.what();
  }
}

TEST(ProcessFault, ADeviceThatFailedStaysFailed) {
  const auto subject = make_process_subject(shell_device("read case; exit 3"), short_patience);
  std::string first, second;
  try {
    subject->answer(small_case());
  } catch (const DeviceError& error) {
    first = error.what();
  }
  try {
    subject->answer(small_case());
  } catch (const DeviceError& error) {
    second = error.what();
  }
  EXPECT_NE(first.find("exit status 3"), std::string::npos);
  EXPECT_EQ(first, second);
}

TEST(ProcessFault, ACommandThatDoesNotStartIsToldFromOneThatFails) {
  EXPECT_EQ(failure_of("./no-such-device 2>/dev/null"),
            "the command did not start: the shell could not find it (exit status 127)");
  EXPECT_EQ(failure_of("/dev/null 2>/dev/null"),
            "the command did not start: the shell could not execute it (exit status 126)");
  EXPECT_EQ(
      failure_of("exit 5"),
      "it ended with exit status 5 without answering \"mxemu 1\" with a declaration (line 1 of its output)");
  EXPECT_THROW(make_subject("process:"), std::invalid_argument);
  EXPECT_THROW(make_subject("process: "), std::invalid_argument);
}

TEST(ProcessFault, StandardErrorIsPassedOn) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(failure_of(shell_device("read case; echo 'device says hello' >&2; echo 7e 2 e")), "it answered");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "device says hello\n");
}

}  // namespace
}  // namespace mxemu::conformance
