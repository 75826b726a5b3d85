// The devices that people copy: every answer is the reference's.
#include <gtest/gtest.h>

#include "conformance/tests/device/batches.hpp"

namespace mxemu::conformance {
namespace {

using spec::BlockType;
using spec::FloatType;

/// Cases of everything it declares: whole blocks, short ones, single elements.
void expect_conforms(Subject& subject, std::size_t blocks) {
  const std::vector<Capability> capabilities = subject.capabilities();
  EXPECT_FALSE(capabilities.empty());
  std::uint32_t seed = 1;
  for (const Capability& capability : capabilities)
    for (const std::size_t elements : {32U, 7U, 1U}) {
      SCOPED_TRACE(spec::name_of(capability.operation) + std::string(" ") +
                   spec::format_of(capability.format).name);
      expect_reference_answers(
          subject, mixed_cases(capability.operation, spec::make_request(capability.format), capability.type,
                               elements, blocks, seed++));
    }
}

/// Every code under every scale.
void expect_decodes_everything(Subject& subject, BlockType format) {
  const spec::Request request = spec::make_request(format);
  Cases cases = {.operation = Operation::Dequantize,
                 .request = request,
                 .elements = static_cast<std::size_t>(request.element_format().code_count())};
  for (int scale = 0; scale < 256; ++scale) {
    cases.scales.push_back(static_cast<std::uint8_t>(scale));
    for (std::size_t code = 0; code < cases.elements; ++code)
      cases.codes.push_back(static_cast<std::uint8_t>(code));
  }
  expect_reference_answers(subject, cases);
}

/// Another scale rule, rounding or option is answered "unsupported", not wrongly.
void expect_declines_the_rest(Subject& subject) {
  std::vector<spec::Request> others(4, spec::make_request(BlockType::MXFP4_E2M1));
  others[0].scale_rule = spec::ScaleRuleType::Ceil;
  others[1].rounding.mode = spec::RoundingMode::TowardZero;
  others[2].policy.zero_sign = spec::ZeroSign::Drop;
  others[3].rounding.mode = spec::RoundingMode::Stochastic;
  for (const spec::Request& other : others) {
    const Cases cases = mixed_cases(Operation::Quantize, other, FloatType::Float32, 4, 3, 1);
    EXPECT_EQ(subject.answer(cases).unsupported, std::vector<bool>(3, true));
  }
  expect_reference_answers(subject, small_case());
}

TEST(PythonExample, AnswersAsTheReference) {
  const auto subject = make_subject("process:python3 " EXAMPLES "/device.py");
  EXPECT_EQ(subject->description(), "example");
  expect_conforms(*subject, 150);
  expect_decodes_everything(*subject, BlockType::MXFP4_E2M1);
  expect_decodes_everything(*subject, BlockType::MXFP8_E5M2);
  expect_decodes_everything(*subject, BlockType::MXFP8_E4M3);
  expect_declines_the_rest(*subject);
}

TEST(PythonExample, HasAtMostFortyLines) {
  EXPECT_EQ(system("test $(wc -l <" EXAMPLES "/device.py) -le 40"), 0);
}

TEST(CExample, AnswersAsTheReferenceInLines) {
  // The declaration without its "binary".
  const auto subject = make_subject("process:" DEVICE_C " | sed -u /^binary/d");
  expect_conforms(*subject, 1000);
  expect_decodes_everything(*subject, BlockType::MXFP4_E2M1);
  expect_declines_the_rest(*subject);
}

TEST(CExample, AnswersAsTheReferenceInBinaryBatches) {
  const auto subject = make_subject("process:" DEVICE_C);
  expect_conforms(*subject, 5000);
  expect_decodes_everything(*subject, BlockType::MXFP4_E2M1);
  expect_declines_the_rest(*subject);
}

TEST(PluginExample, AnswersAsTheReference) {
  const auto subject = make_subject("plugin:" PLUGIN_C);
  EXPECT_EQ(subject->description(), "mxfp4.h");
  expect_conforms(*subject, 5000);
  expect_decodes_everything(*subject, BlockType::MXFP4_E2M1);
  expect_declines_the_rest(*subject);
}

/// A tensor with blocks along a middle axis and a tail, through cases and back.
void expect_converts_tensors(const std::string& name) {
  const auto device = make_subject(name);
  const auto reference = make_reference_subject();
  const TensorGeometry geometry = {{3, 41, 5}, 1};
  const std::size_t elements = 3 * 41 * 5, blocks = 3 * 2 * 5;
  const spec::Request request = spec::make_request(BlockType::MXFP4_E2M1);
  const Cases numbers = mixed_cases(Operation::Encode, request, FloatType::Float32, elements, 1, 7);
  std::vector<std::uint8_t> codes[2], scales[2];
  std::vector<std::byte> values[2];
  Subject* const subjects[] = {device.get(), reference.get()};
  for (int i = 0; i < 2; ++i) {
    codes[i].resize(elements);
    scales[i].resize(blocks);
    values[i].resize(4 * elements);
    subjects[i]->quantize(request, geometry, FloatType::Float32, numbers.numbers.bytes(), codes[i],
                          scales[i]);
    subjects[i]->dequantize(request, geometry, codes[i], scales[i], FloatType::Float32, values[i]);
  }
  EXPECT_EQ(codes[0], codes[1]);
  EXPECT_EQ(scales[0], scales[1]);
  EXPECT_EQ(values[0], values[1]);
  EXPECT_THROW(device->quantize(request, geometry, FloatType::Float32, {}, codes[0], scales[0]),
               std::invalid_argument);
}

TEST(DeviceSubject, ConvertsTensorsAlongAnyAxisWithTails) {
  expect_converts_tensors("process:" DEVICE_C);
  expect_converts_tensors("plugin:" PLUGIN_C);
}

TEST(DeviceSubject, WhatIsUndeclaredOrUnsupportedIsAnErrorForATensor) {
  const auto subject = make_subject("plugin:" PLUGIN_C);
  const auto failure = [&](spec::ScaleRuleType rule, FloatType type) {
    spec::Request request = spec::make_request(BlockType::MXFP4_E2M1);
    request.scale_rule = rule;
    const std::vector<std::byte> source(static_cast<std::size_t>(spec::format_of(type).bytes()));
    std::vector<std::uint8_t> code(1), scale(1);
    try {
      subject->quantize(request, {{1}}, type, source, code, scale);
    } catch (const DeviceError& error) {
      return std::string(error.what());
    }
    return std::string("it converted");
  };
  EXPECT_EQ(failure(spec::ScaleRuleType::Even, FloatType::Float32),
            "plugin:" PLUGIN_C " does not support quantize MXFP4_E2M1 f32 even nearest_even - 00000000");
  EXPECT_EQ(failure(spec::ScaleRuleType::Floor, FloatType::BFloat16),
            "plugin:" PLUGIN_C " does not declare \"can quantize MXFP4_E2M1 bf16\"");
}

}  // namespace
}  // namespace mxemu::conformance
