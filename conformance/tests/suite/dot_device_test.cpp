// Dot products across a pipe and into a plugin: what is written, what is read, what is refused.
#include <gtest/gtest.h>

#include "conformance/device/batch_talk.hpp"
#include "conformance/device/declaration.hpp"
#include "conformance/dot/dot_suite.hpp"
#include "conformance/subject.hpp"

namespace mxemu::conformance {
namespace {

constexpr DotOperand e4m3 = {spec::OperandType::E4M3, true};
constexpr DotOperand e2m1 = {spec::OperandType::E2M1, true};
constexpr DotOperand bf16 = {spec::OperandType::BFloat16, false};

DotCases example() {
  DotCases cases = {.a_operand = e2m1, .b_operand = e4m3, .elements = 3};
  append(cases, {{0x2, 0xe, 0x1}, {0x80}}, {{0x40, 0x38, 0x00}, {0x7f}}, 0x3f800000);
  append(cases, {{0x0, 0x1, 0xf}, {0x7f}}, {{0x01, 0xff, 0x7e}, {0x01}}, 0);
  return cases;
}

TEST(DotLines, CarryTheWholeRequestThenCThenTheOperands) {
  DotAnswers answers;
  const DotCases cases = example();
  const DotTalk talk(cases, answers);
  EXPECT_EQ(talk.line(0), "dot MXFP4_E2M1 MXFP8_E4M3 f32 - 3f800000 - 80 2 e 1 - 7f 40 38 00");
  EXPECT_EQ(talk.line(1), "dot MXFP4_E2M1 MXFP8_E4M3 f32 - 00000000 - 7f 0 1 f - 01 01 ff 7e");
}

TEST(DotLines, TheExampleOfTheProtocolIsMinusThree) {
  DotCases cases = {.a_operand = e2m1, .b_operand = e2m1, .elements = 3};
  append(cases, {{0x2, 0xe, 0x1}, {0x80}}, {{0x4, 0x2, 0x0}, {0x7f}}, 0x3f800000);
  DotAnswers answers;
  EXPECT_EQ(DotTalk(cases, answers).line(0),
            "dot MXFP4_E2M1 MXFP4_E2M1 f32 - 3f800000 - 80 2 e 1 - 7f 4 2 0");
  EXPECT_EQ(make_subject("reference")->answer_dot(cases).results.at(0), 0xc0400000U);
}

TEST(DotLines, OperandsWithoutScalesHaveCodesAlone) {
  DotCases cases = {.a_operand = bf16,
                    .b_operand = bf16,
                    .output = spec::FloatType::BFloat16,
                    .block_size = 16,
                    .elements = 2};
  append(cases, {{0x3f80, 0xbf80}, {}}, {{0x4000, 0x0001}, {}}, 0x8000);
  DotAnswers answers;
  const DotTalk talk(cases, answers);
  EXPECT_EQ(talk.line(0), "dot bf16 bf16 bf16 block_size=16 - 8000 - 3f80 bf80 - 4000 0001");
  EXPECT_EQ(talk.bytes(0, 1), std::string("\x00\x80\x80\x3f\x80\xbf\x00\x40\x01\x00", 10));
  EXPECT_EQ(talk.answer_bytes(0, 1), 2U);
}

TEST(DotLines, AnswersAreOneNumberOrUnsupported) {
  DotAnswers answers;
  const DotCases cases = example();
  DotTalk talk(cases, answers);
  EXPECT_EQ(talk.parse(" C0400000\r", 0), "");
  EXPECT_EQ(answers.results[0], 0xc0400000);
  EXPECT_EQ(talk.parse("unsupported: too short", 1), "");
  EXPECT_TRUE(answers.is_supported(0));
  EXPECT_FALSE(answers.is_supported(1));
  for (const char* wrong : {"", "c040000", "c0400000 0", "c04000zz", "0xc0400000"})
    EXPECT_EQ(talk.parse(wrong, 0), "it is not one number of 8 hexadecimal digits") << wrong;
}

TEST(DotLines, BatchesOfBytesHoldTheirArraysOneAfterTheOther) {
  DotAnswers answers;
  const DotCases cases = example();
  DotTalk talk(cases, answers);
  const std::string bytes = talk.bytes(1, 2);
  EXPECT_EQ(bytes, std::string("\x00\x00\x00\x00\x7f\x00\x01\x0f\x01\x01\xff\x7e", 12));
  EXPECT_EQ(talk.header(1, 2, bytes.size()), "binary 12 1 3 dot MXFP4_E2M1 MXFP8_E4M3 f32");
  EXPECT_EQ(talk.take(1, 2, std::string_view("\x01\x02\x03\x84", 4)), "");
  EXPECT_EQ(answers.results[1], 0x84030201U);
}

TEST(DotLines, ArraysOfWrongSizesAreErrors) {
  DotAnswers answers;
  DotCases cases = example();
  cases.b.scales.pop_back();
  EXPECT_THROW(DotTalk(cases, answers), std::invalid_argument);
  cases = example();
  cases.a.codes[0] = std::byte{0x10};
  EXPECT_THROW(DotTalk(cases, answers), std::invalid_argument);
}

std::string complaint_of(const std::string& line) {
  Declaration declaration;
  return declaration.take(line);
}

TEST(DotDeclaration, NamesAPairATypeAndPerhapsAnAccumulator) {
  Declaration declaration;
  EXPECT_EQ(declaration.take("can dot MXFP4_E2M1 MXFP8_E4M3 f32 accumulator=blackwell_mxf8f6f4"), "");
  EXPECT_EQ(declaration.take("can dot bf16 bf16 f16"), "");
  ASSERT_EQ(declaration.dots.size(), 2U);
  EXPECT_EQ(declaration.dots[0], (DotCapability{e2m1, e4m3, spec::FloatType::Float32, "blackwell_mxf8f6f4"}));
  EXPECT_EQ(declaration.dots[1], (DotCapability{bf16, bf16, spec::FloatType::Float16, ""}));
  EXPECT_EQ(declaration.take("can dot * * f32"), "");
  EXPECT_EQ(declaration.dots.size(), 2U + 36U);
  EXPECT_EQ(declaration.take("ready"), "");
}

TEST(DotDeclaration, SaysWhatIsWrongWithIt) {
  EXPECT_EQ(complaint_of("can dot MXFP4 bf16 f32"), "there is no operand \"MXFP4\"");
  EXPECT_EQ(complaint_of("can dot bf16"), "it ends before the operand");
  EXPECT_EQ(complaint_of("can dot bf16 bf16 f64"), "there is no type \"f64\"");
  EXPECT_EQ(complaint_of("can dot bf16 bf16 f32 exact"),
            "nothing but \"accumulator=NAME\" may follow the type of a dot product");
  EXPECT_EQ(complaint_of("can dot bf16 bf16 f32 accumulator=mine"), "there is no accumulator \"mine\"");
  EXPECT_EQ(complaint_of("can dot bf16 bf16 f32 accumulator=ada_fp8"),
            "the accumulator ada_fp8 is none for bf16 bf16 f32");
}

TEST(DotDevice, TheExampleInCIsBlockExact) {
  const auto subject = make_subject("process:" DOT_DEVICE);
  const SuiteResult result = run_dot_suite(*subject, {});
  EXPECT_GE(result.checks.size(), 12U);
  EXPECT_EQ(result.count(Verdict::Passed), result.checks.size());
}

TEST(DotDevice, APluginIsHeldToItsClaimOnWhatItSupports) {
  const auto subject = make_subject("plugin:" DOT_PLUGIN);
  const SuiteResult result = run_dot_suite(*subject, {.check = "dot/tail"});
  ASSERT_EQ(result.checks.size(), 1U);
  EXPECT_EQ(result.checks[0].verdict, Verdict::Passed);
  EXPECT_EQ(result.checks[0].cases, 8U);
  EXPECT_GT(result.checks[0].unsupported_cases, 0U);
}

}  // namespace
}  // namespace mxemu::conformance
