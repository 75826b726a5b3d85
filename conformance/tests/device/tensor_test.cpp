// Devices that convert whole tensors: through text, through bytes, in a shared object; and asked for blocks.
#include <gtest/gtest.h>

#include "conformance/device/binary_batch.hpp"
#include "conformance/device/block_view.hpp"
#include "conformance/suite.hpp"
#include "conformance/tests/device/batches.hpp"

namespace mxemu::conformance {
namespace {

constexpr spec::BlockType fp4 = spec::BlockType::MXFP4_E2M1;

/// The tensor of PROTOCOL.md: 0.625, -2, 0.25, 0.
Cases example(Operation operation) {
  Cases cases = {.operation = operation,
                 .request = spec::make_request(fp4),
                 .elements = 4,
                 .storage = {{{1, 4}, 1}, {Packing::BitStream, ScaleOrder::RowMajor}}};
  if (takes_numbers(operation))
    for (const std::uint64_t bits : {0x3f200000u, 0xc0000000u, 0x3e800000u, 0u})
      cases.numbers.push_back(bits);
  if (takes_scale(operation)) cases.scales = {0x7e};
  if (operation == Operation::Pack) cases.codes = {2, 0xe, 1, 0};
  if (takes_codes(operation) && operation != Operation::Pack) cases.codes = {0xe2, 0x01};
  return cases;
}

/// A device that answers every line with this.
std::string answering(const std::string& answer) {
  return "read greeting; printf 'can * MXFP4_E2M1 f32\\nready\\n'; while read line; do echo '" + answer +
         "'; done";
}

Answers answer_of(const std::string& line, Operation operation) {
  return make_process_subject(answering(line), short_patience)->answer(example(operation));
}

TEST(TensorText, AnswersAreReadIntoTheirArrays) {
  const Answers packed = answer_of("7e e2 01", Operation::QuantizeTensor);
  EXPECT_EQ(packed.scales, std::vector<std::uint8_t>{0x7e});
  EXPECT_EQ(packed.codes, (std::vector<std::uint8_t>{0xe2, 0x01}));
  const Answers codes = answer_of("7E 2 e 01 00", Operation::Unpack);
  EXPECT_EQ(codes.codes, (std::vector<std::uint8_t>{2, 0xe, 1, 0}));
  const Answers numbers = answer_of("3f200000 c0000000 3e800000 00000000", Operation::DequantizeTensor);
  EXPECT_EQ(numbers.numbers.at(1), 0xc0000000u);
}

TEST(TensorText, ReferenceGivesTheExampleOfThePage) {
  const Answers packed = make_reference_subject()->answer(example(Operation::QuantizeTensor));
  EXPECT_EQ(packed.scales, std::vector<std::uint8_t>{0x7e});
  EXPECT_EQ(packed.codes, (std::vector<std::uint8_t>{0xe2, 0x01}));
}

TEST(TensorText, AWrongNumberOfBytesIsToldWithWhatIsWanted) {
  const std::string sentence = failure_of(answering("7e e2"), example(Operation::Pack));
  EXPECT_NE(sentence.find("it has 2 words where 3 are wanted (1 byte of scales and 2 bytes of codes)"),
            std::string::npos)
      << sentence;
  EXPECT_NE(failure_of(answering("7e 02 0e 1f 00"), example(Operation::Unpack)).find("more than the 4 bits"),
            std::string::npos);
}

TEST(TensorBytes, AreTheBytesOfTheLines) {
  EXPECT_EQ(batch_bytes(example(Operation::Unpack), 0, 1), "\x7e\xe2\x01");
  const Cases pack = example(Operation::Pack);
  EXPECT_EQ(batch_answer_bytes(pack, 1), 3u);
  Answers answers = make_answers(pack);
  EXPECT_EQ(take_batch_answer(pack, 0, 1, "\x7e\xe2\x01", answers), "");
  EXPECT_EQ(answers.codes, (std::vector<std::uint8_t>{0xe2, 0x01}));
  EXPECT_EQ(answers.scales, std::vector<std::uint8_t>{0x7e});
}

TEST(PackedExample, PassesWithItsNumbersAndItsBytesJudged) {
  const auto subject = make_subject("plugin:" PACKED_C);
  const SuiteResult result = run_suite(*subject, {});
  EXPECT_EQ(result.exit_status(), 0);
  std::size_t judged = 0;
  for (const CheckResult& check : result.checks)
    for (const char* id :
         {"element/rounding", "decode/products", "layout/codes", "layout/scales", "axis/blocks"})
      if (check.id == id && check.verdict == Verdict::Passed) ++judged;
  EXPECT_EQ(judged, 8u);
}

/// The reference with its operations on tensors alone.
class TensorsOnly final : public Subject {
 public:
  explicit TensorsOnly(Layout layout) : layout_(layout) {}
  std::string name() const override { return "tensors"; }
  std::vector<Capability> capabilities() const override {
    return {{Operation::QuantizeTensor, fp4, spec::FloatType::Float32},
            {Operation::DequantizeTensor, fp4, spec::FloatType::Float32}};
  }
  std::vector<DeclaredLayout> layouts() const override { return {{fp4, layout_}}; }
  Answers answer(const Cases& cases) override {
    EXPECT_LE(cases.elements, 65536u);
    return reference_->answer(cases);
  }
  void quantize(const spec::Request&, const TensorGeometry&, spec::FloatType, std::span<const std::byte>,
                std::span<std::uint8_t>, std::span<std::uint8_t>, const Tick&) override {}
  void dequantize(const spec::Request&, const TensorGeometry&, std::span<const std::uint8_t>,
                  std::span<const std::uint8_t>, spec::FloatType, std::span<std::byte>,
                  const Tick&) override {}

 private:
  Layout layout_;
  std::unique_ptr<Subject> reference_ = make_reference_subject();
};

TEST(BlockView, BlocksAreLinesOfATensorInEveryLayoutThatHoldsThem) {
  for (const Layout& layout : {Layout{Packing::BitStream, ScaleOrder::Tile128x4},
                               {Packing::GgmlBlock, ScaleOrder::RowMajor},
                               {Packing::SplitHalves, ScaleOrder::RowMajor}}) {
    const auto subject = with_blocks(std::make_unique<TensorsOnly>(layout));
    for (const Operation operation : {Operation::Quantize, Operation::Dequantize})
      expect_reference_answers(
          *subject, mixed_cases(operation, spec::make_request(fp4), spec::FloatType::Float32, 32, 3000, 7));
  }
}

TEST(BlockView, ABlockThatNoLayoutHoldsIsUnsupported) {
  const auto subject =
      with_blocks(std::make_unique<TensorsOnly>(Layout{Packing::GgmlBlock, ScaleOrder::RowMajor}));
  EXPECT_EQ(subject->answer(small_case(3)).unsupported, std::vector<bool>(3, true));
}

}  // namespace
}  // namespace mxemu::conformance
