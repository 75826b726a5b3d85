#include "conformance/device/declaration.hpp"

#include <gtest/gtest.h>

#include "conformance/tests/device/batches.hpp"

namespace mxemu::conformance {
namespace {

/// What is said of a device that declares `lines`.
std::string rejection_of(const std::string& lines) {
  return failure_of("printf '" + lines + "'; sleep 9");
}

std::string rejected(int number, const std::string& line, const std::string& complaint) {
  return "line " + std::to_string(number) + " of its output, \"" + line + "\", answers \"mxemu 1\", but " +
         complaint;
}

TEST(Declaration, NamesStarsAndWindowAreRead) {
  const auto subject = make_process_subject(
      "printf '# a banner\\ndevice My Chip  rev 2 \\r\\ncan quantize  MXFP4_E2M1 f32\\r\\ncan * MXINT8 "
      "bf16\\ncan quantize MXFP4_E2M1 *\\nready\\n'",
      short_patience);
  EXPECT_EQ(subject->description(), "My Chip  rev 2");
  const auto all = subject->capabilities();
  EXPECT_EQ(all.size(), std::size(spec::words<Operation>) + std::size(spec::float_formats));
  EXPECT_EQ(all.front(),
            (Capability{Operation::Quantize, spec::BlockType::MXFP4_E2M1, spec::FloatType::Float32}));
}

TEST(Declaration, AWrongLineIsToldWithWhatIsWrong) {
  EXPECT_EQ(rejection_of("hello world\\n"), rejected(1, "hello world",
                                                     "a declaration has lines that start with device, can, "
                                                     "layout, window, binary, and ready at its end"));
  EXPECT_EQ(rejection_of("device x\\ncan fly MXINT8 f32\\n"),
            rejected(2, "can fly MXINT8 f32", "there is no operation \"fly\""));
  EXPECT_EQ(rejection_of("can scale MXFP5 f32\\n"),
            rejected(1, "can scale MXFP5 f32", "there is no format \"MXFP5\""));
  EXPECT_EQ(rejection_of("can scale MXINT8 float\\n"),
            rejected(1, "can scale MXINT8 float", "there is no type \"float\""));
  EXPECT_EQ(rejection_of("can scale MXINT8\\n"), rejected(1, "can scale MXINT8", "it ends before the type"));
  EXPECT_EQ(rejection_of("can scale * * *\\n"),
            rejected(1, "can scale * * *", "nothing may follow the type, but \"*\" does"));
  EXPECT_EQ(rejection_of("device\\n"), rejected(1, "device", "a device has a name"));
  EXPECT_EQ(rejection_of("binary yes\\n"), rejected(1, "binary yes", "nothing may follow \"binary\""));
  for (const char* window : {"0", "65537", "many", "-1", "2 3"})
    EXPECT_EQ(rejection_of(std::string("window ") + window + "\\n"),
              rejected(1, std::string("window ") + window, "a window is a number from 1 to 65536"));
  EXPECT_EQ(rejection_of("device x\\nready\\n"),
            rejected(2, "ready", "no \"can OPERATION FORMAT TYPE\" line came before it"));
}

TEST(Declaration, LayoutsAreReadForOneFormatAndForAll) {
  const auto subject = make_process_subject(
      "printf 'can pack * *\\nlayout MXFP4_E2M1 ggml_block row_major\\nlayout * bit_stream "
      "tile_128x4\\nready\\n'",
      short_patience);
  const Layout tiles = {Packing::BitStream, ScaleOrder::Tile128x4};
  EXPECT_EQ(layouts_of(*subject, spec::BlockType::MXFP4_E2M1),
            (std::vector<Layout>{{Packing::GgmlBlock, ScaleOrder::RowMajor}, tiles}));
  EXPECT_EQ(layouts_of(*subject, spec::BlockType::MXINT8), std::vector<Layout>{tiles});
  EXPECT_EQ(rejection_of("layout MXFP4_E2M1 nibbles row_major\\n"),
            rejected(1, "layout MXFP4_E2M1 nibbles row_major", "there is no packing \"nibbles\""));
  EXPECT_EQ(rejection_of("layout * bytes\\n"),
            rejected(1, "layout * bytes", "it ends before the order of scales"));
}

TEST(Declaration, WithoutALayoutTensorsAreBytesRowByRow) {
  const auto subject = make_process_subject("printf 'can pack * *\\nready\\n'", short_patience);
  EXPECT_EQ(layouts_of(*subject, spec::BlockType::MXINT8), std::vector<Layout>{Layout{}});
}

TEST(Declaration, OneThatDoesNotEndIsGivenUp) {
  const Patience patience = {std::chrono::milliseconds(200), std::chrono::milliseconds(200)};
  EXPECT_EQ(failure_of("echo device x; sleep 9", small_case(), patience),
            "no answer to \"mxemu 1\" with a declaration within 0.2 s (line 2 of its output); a device has "
            "to flush its "
            "output after every answer");
  EXPECT_TRUE(failure_of("exec yes can scale MXINT8 f32", small_case(), patience)
                  .starts_with("no answer to \"mxemu 1\""));
}

TEST(Declaration, TheEnvironmentSetsThePatience) {
  setenv("MXEMU_DEVICE_TIMEOUT", "0.25", 1);
  EXPECT_EQ(Patience::from_environment().start, std::chrono::milliseconds(250));
  EXPECT_EQ(Patience::from_environment().answer, std::chrono::milliseconds(250));
  for (const char* wrong : {"", "soon", "-1", "0", "5s", "nan", "inf"}) {
    setenv("MXEMU_DEVICE_TIMEOUT", wrong, 1);
    EXPECT_THROW(Patience::from_environment(), std::invalid_argument) << wrong;
  }
  unsetenv("MXEMU_DEVICE_TIMEOUT");
  EXPECT_EQ(Patience::from_environment().start, std::chrono::seconds(10));
}

}  // namespace
}  // namespace mxemu::conformance
