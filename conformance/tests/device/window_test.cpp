// Nothing that a device does with its pipes stops the exchange, as long as its answers come.
#include <gtest/gtest.h>

#include "conformance/tests/device/batches.hpp"

namespace mxemu::conformance {
namespace {

/// A Python device: `loop` runs after the declaration, with os, select, sys and time at hand.
std::string python_device(const std::string& declaration, const std::string& loop) {
  return "exec python3 -c 'import os, select, sys, time\nos.read(0, 99)  # the greeting\nprint(\"device "
         "py\\ncan quantize MXFP4_E2M1 f32\\n" +
         declaration + "ready\", flush=True)\n" + loop + "'";
}

void expect_all_answered(const std::string& command, std::size_t count, const Patience& patience = {}) {
  const Cases cases = small_case(count);
  const Answers answers = make_process_subject(command, patience)->answer(cases);
  EXPECT_EQ(answers.scales, std::vector<std::uint8_t>(count, 0x7e));
  EXPECT_EQ(answers.codes.front(), 2);
  EXPECT_EQ(answers.codes.back(), 0xe);
}

TEST(Window, ADeviceThatAnswersLineByLineIsRight) {
  expect_all_answered(shell_device("while read case; do echo 7e 2 e; done"), 3000);
}

TEST(Window, ASlowDeviceMayTakeLongerThanItsPatienceForAllTogether) {
  expect_all_answered(shell_device("while read case; do sleep 0.03; echo 7e 2 e; done"), 12, short_patience);
}

TEST(Window, NoMoreCasesAreUnderWayThanDeclared) {
  // Reads whatever has been sent, and ends when that is more than four cases ahead of its answers.
  expect_all_answered(python_device("window 4\\n", R"(
waiting = 0
while True:
    time.sleep(0.001)
    if waiting == 0 or select.select([0], [], [], 0)[0]: waiting += os.read(0, 1 << 20).count(b"\n")
    if waiting > 4: os._exit(9)
    if waiting > 0:
        print("7e 2 e", flush=True)
        waiting -= 1
)"),
                      200);
}

TEST(Window, OfOneIsAQuestionAndAnAnswer) {
  expect_all_answered(python_device("window 1\\n", R"(
while True:
    lines = os.read(0, 1 << 20)
    if not lines: break
    if lines.count(b"\n") > 1: os._exit(9)
    print("7e 2 e", flush=True)
)"),
                      200);
}

TEST(Window, AnswersMayComeAllTogetherOnceItIsFull) {
  expect_all_answered(python_device("window 100\\n", R"(
while True:
    for i in range(100): sys.stdin.readline()
    print("7e 2 e\n" * 100, end="", flush=True)
)"),
                      1000);
}

TEST(Window, AnswersMayComeByteByByteAndWithComments) {
  expect_all_answered(python_device("", R"(
for line in sys.stdin:
    for byte in b"# working on it\r\n7E 2 E\r\n": os.write(1, bytes([byte]))
)"),
                      50);
}

TEST(Window, LongLinesBothWaysDoNotFillAPipeForEver) {
  // A device that writes every answer with one blocking call, while the suite writes ahead.
  const spec::Request request = [] {
    spec::Request wide = spec::make_request(spec::BlockType::MXFP4_E2M1);
    wide.block_size = 8192;
    return wide;
  }();
  Cases cases = {
      .request = request, .elements = 8192, .numbers = Numbers(spec::FloatType::Float32, 8192 * 100)};
  const auto subject = make_process_subject(python_device("", R"(
for line in sys.stdin: os.write(1, b"00" + b" 0" * 8192 + b"\n")
)"),
                                            Patience{});
  EXPECT_EQ(subject->answer(cases).scales, std::vector<std::uint8_t>(100, 0));
}

TEST(Window, UnsupportedCasesStandBesideOthers) {
  const auto subject = make_process_subject(
      shell_device("while read a && read b; do echo 7E 2 E; echo unsupported today; done"), short_patience);
  const Answers answers = subject->answer(small_case(4));
  EXPECT_EQ(answers.unsupported, (std::vector<bool>{false, true, false, true}));
  EXPECT_EQ(answers.scales[2], 0x7e);
}

TEST(Window, BatchAfterBatchIsOneConversation) {
  const auto subject =
      make_process_subject(shell_device("while read case; do echo 7e 2 e; done"), short_patience);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(subject->answer(small_case(3)).scales.size(), 3u);
  EXPECT_EQ(subject->answer(small_case(0)).scales.size(), 0u);
}

}  // namespace
}  // namespace mxemu::conformance
