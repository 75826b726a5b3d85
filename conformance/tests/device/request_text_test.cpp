#include "conformance/device/request_text.hpp"

#include <gtest/gtest.h>

#include <random>

#include "conformance/device/answer_text.hpp"
#include "conformance/device/canonical_request.hpp"
#include "conformance/tests/device/batches.hpp"

namespace mxemu::conformance {
namespace {

using spec::BlockType;
using spec::FloatType;

std::string line_of(Cases cases) {
  return CaseWriter(cases).line(0);
}

Numbers numbers_of(FloatType type, std::initializer_list<std::uint64_t> bits) {
  Numbers numbers(type);
  for (const std::uint64_t number : bits) numbers.push_back(number);
  return numbers;
}

TEST(RequestText, EveryOperationHasItsWordsInOrder) {
  const spec::Request fp4 = spec::make_request(BlockType::MXFP4_E2M1);
  const Numbers f32 = numbers_of(FloatType::Float32, {0x3f200000, 0xc0000000});
  EXPECT_EQ(line_of({Operation::Quantize, fp4, 2, f32}),
            "quantize MXFP4_E2M1 f32 floor nearest_even - 3f200000 c0000000");
  EXPECT_EQ(line_of({Operation::Scale, fp4, 2, f32}), "scale MXFP4_E2M1 f32 floor * - 3f200000 c0000000");
  EXPECT_EQ(line_of({Operation::Encode, fp4, 2, f32}),
            "encode MXFP4_E2M1 f32 * nearest_even - 3f200000 c0000000");
  EXPECT_EQ(line_of({Operation::EncodeScaled, fp4, 2, f32, {}, {0x7d}}),
            "encode_scaled MXFP4_E2M1 f32 * nearest_even - 7d 3f200000 c0000000");
  EXPECT_EQ(line_of({Operation::Dequantize, fp4, 2, Numbers(FloatType::BFloat16), {0x3, 0xa}, {0xff}}),
            "dequantize MXFP4_E2M1 bf16 * * - ff 3 a");
  EXPECT_EQ(line_of({Operation::Decode,
                     spec::make_request(BlockType::MXFP6_E3M2),
                     2,
                     Numbers(FloatType::Float64),
                     {0x3, 0x2a}}),
            "decode MXFP6_E3M2 f64 * * - 03 2a");
  EXPECT_EQ(line_of({Operation::Encode, spec::make_request(BlockType::MXINT8), 1,
                     numbers_of(FloatType::Float64, {0x3ff0000000000001})}),
            "encode MXINT8 f64 * nearest_even - 3ff0000000000001");
}

/// Four elements along the last axis, two codes to a byte.
Cases tensor_case(Operation operation) {
  return {.operation = operation,
          .request = spec::make_request(BlockType::MXFP4_E2M1),
          .elements = 4,
          .storage = {{{1, 4}, -1}, {Packing::BitStream, ScaleOrder::RowMajor}}};
}

TEST(RequestText, ATensorsLineSaysWhereItStands) {
  const std::string place = " shape=1x4 axis=1 packing=bit_stream scales=row_major";
  Cases cases = tensor_case(Operation::QuantizeTensor);
  cases.numbers = numbers_of(FloatType::Float32, {0x3f200000, 0xc0000000, 0x3e800000, 0});
  EXPECT_EQ(line_of(cases), "quantize_tensor MXFP4_E2M1 f32 floor nearest_even" + place +
                                " - 3f200000 c0000000 3e800000 00000000");
  cases = tensor_case(Operation::DequantizeTensor);
  cases.scales = {0x7e};
  cases.codes = {0xe2, 0x01};
  EXPECT_EQ(line_of(cases), "dequantize_tensor MXFP4_E2M1 f32 * *" + place + " - 7e e2 01");
  cases.operation = Operation::Unpack;
  EXPECT_EQ(line_of(cases), "unpack MXFP4_E2M1 f32 * *" + place + " - 7e e2 01");
  cases.operation = Operation::Pack;
  cases.codes = {2, 0xe, 1, 0};
  EXPECT_EQ(line_of(cases), "pack MXFP4_E2M1 f32 * *" + place + " - 7e 02 0e 01 00");
}

TEST(RequestText, OnlyWhatMattersAndIsNotTheDefaultIsAnOption) {
  spec::Request request = spec::make_request(BlockType::MXFP8_E4M3);
  request.block_size = 16;
  request.scale_rule = spec::ScaleRuleType::Rceil;
  request.rounding = {spec::RoundingMode::Stochastic, 8, 99};
  request.policy.overflow = spec::Overflow::NonFinite;
  request.policy.nan_to_finite = spec::NanToFinite::SignedMax;  // E4M3 has NaN
  request.policy.inf_in_block = spec::NonFiniteInBlock::ElementOnly;
  request.policy.decode_subnormal = spec::DecodeSubnormal::FlushToZero;
  const Numbers number = numbers_of(FloatType::Float16, {0x3c00});
  EXPECT_EQ(
      line_of({Operation::Quantize, request, 1, number, {}, {}, {0xabc}}),
      "quantize MXFP8_E4M3 f16 rceil stochastic overflow=nonfinite inf_in_block=element_only block_size=16 "
      "random_bits=8 - 3c00 - 00000abc");
  EXPECT_EQ(line_of({Operation::Scale, request, 1, number}),
            "scale MXFP8_E4M3 f16 rceil * inf_in_block=element_only block_size=16 - 3c00");
  EXPECT_EQ(line_of({Operation::Decode, request, 1, Numbers(FloatType::Float16), {0x38}}),
            "decode MXFP8_E4M3 f16 * * decode_subnormal=flush_to_zero - 38");
}

TEST(RequestText, ArraysOfAnotherSizeAreRefused) {
  Cases cases = small_case();
  cases.numbers.push_back(0);
  EXPECT_THROW(CaseWriter{cases}, std::invalid_argument);
  cases = small_case();
  cases.request.rounding.mode = spec::RoundingMode::Stochastic;
  EXPECT_THROW(CaseWriter{cases}, std::invalid_argument);
}

/// A request at random in everything.
spec::Request random_request(BlockType format, std::mt19937& random) {
  spec::Request request = {.format = format, .block_size = 8 << random() % 3};
  request.scale_rule =
      static_cast<spec::ScaleRuleType>(random() % std::size(spec::words<spec::ScaleRuleType>));
  request.rounding.mode =
      static_cast<spec::RoundingMode>(random() % std::size(spec::words<spec::RoundingMode>));
  request.rounding.random_bits = 1 + static_cast<int>(random() % 32);
  spec::for_each_freedom(request.policy, [&]<class Enum>(const char*, Enum& value) {
    value = static_cast<Enum>(random() % std::size(spec::words<Enum>));
  });
  return request;
}

// A device is not told of what cannot matter: the reference has to agree that it does not.
TEST(CanonicalRequest, HasTheAnswersOfTheRequestItself) {
  std::mt19937 random(4);
  const auto reference = make_reference_subject();
  for (const Operation operation : block_operations)
    for (const auto& format : spec::block_formats)
      for (const std::size_t elements : {std::size_t{5}, std::size_t{8}})
        for (int round = 0; round < 12; ++round) {
          const spec::Request request = random_request(format.type, random);
          Cases cases = mixed_cases(operation, request, FloatType::Float16, elements, 12,
                                    static_cast<std::uint32_t>(random()));
          const Answers answers = reference->answer(cases);
          cases.request = canonical_request(operation, request, elements);
          const Answers canonical = reference->answer(cases);
          EXPECT_EQ(answers.codes, canonical.codes) << request_text(cases);
          EXPECT_EQ(answers.scales, canonical.scales) << request_text(cases);
          EXPECT_EQ(answers.numbers, canonical.numbers) << request_text(cases);
        }
}

TEST(AnswerText, UpperCaseCarriageReturnsAndSpacesAreAccepted) {
  const Cases cases = mixed_cases(Operation::Quantize, spec::make_request(BlockType::MXFP8_E5M2),
                                  FloatType::Float32, 3, 1, 1);
  const AnswerParser parser(cases);
  Answers answers = make_answers(cases);
  EXPECT_EQ(parser.parse("\t7E  fB Ab  0\t\r", 0, answers), "");
  EXPECT_EQ(answers.scales, (std::vector<std::uint8_t>{0x7e}));
  EXPECT_EQ(answers.codes, (std::vector<std::uint8_t>{0xfb, 0xab, 0}));
}

TEST(AnswerText, UnsupportedMayGiveAReason) {
  const Cases cases = small_case(3);
  const AnswerParser parser(cases);
  Answers answers = make_answers(cases);
  EXPECT_EQ(parser.parse("7e 2 e", 0, answers), "");
  EXPECT_EQ(parser.parse("unsupported: no subnormals here\r", 1, answers), "");
  EXPECT_TRUE(answers.is_supported(0));
  EXPECT_FALSE(answers.is_supported(1));
  EXPECT_TRUE(answers.is_supported(2));
}

TEST(AnswerText, EveryCharacterThatIsNoDigitIsRefused) {
  Cases cases = small_case();
  cases.elements = 1;
  cases.numbers = numbers_of(FloatType::Float32, {0});
  const AnswerParser parser(cases);
  Answers answers = make_answers(cases);
  for (int c = 1; c < 256; ++c) {
    const auto digit = static_cast<char>(c);
    const bool is_digit = std::string("0123456789abcdefABCDEF").find(digit) != std::string::npos;
    const bool is_space = std::string(" \t\r").find(digit) != std::string::npos;
    EXPECT_EQ(parser.parse(std::string("7f ") + digit, 0, answers).empty(), is_digit) << c;
    EXPECT_EQ(parser.parse(std::string("7") + digit + " 1", 0, answers).empty(), is_digit || is_space) << c;
    EXPECT_EQ(parser.parse(std::string("") + digit + " 1", 0, answers).empty(), is_digit) << c;
  }
}

}  // namespace
}  // namespace mxemu::conformance
