#include "conformance/device/binary_batch.hpp"

#include <gtest/gtest.h>

#include "conformance/tests/device/batches.hpp"

namespace mxemu::conformance {
namespace {

using spec::BlockType;
using spec::FloatType;

const std::string header = "binary 8 1 2 quantize MXFP4_E2M1 f32 floor nearest_even";

/// A device that declares `binary`, takes one batch of two numbers and answers `answer` (for printf).
std::string binary_device(const std::string& answer) {
  return "read greeting; printf 'device bad\\ncan quantize MXFP4_E2M1 f32\\nbinary\\nready\\n'; read header; "
         "head -c 8 "
         ">/dev/null; printf '" +
         answer + "'; sleep 9";
}

TEST(BinaryBatch, HoldsScalesThenElementsThenRandomWordsLittleEndian) {
  spec::Request request = spec::make_request(BlockType::MXFP8_E4M3);
  request.rounding.mode = spec::RoundingMode::Stochastic;
  Cases cases = {.operation = Operation::EncodeScaled,
                 .request = request,
                 .elements = 1,
                 .numbers = Numbers(FloatType::Float16),
                 .scales = {0x11, 0x22, 0x33},
                 .random_words = {0, 0x01020304, 0xa0b0c0d0}};
  for (const std::uint64_t number : {0x1111U, 0x3c01U, 0xbc02U}) cases.numbers.push_back(number);
  EXPECT_EQ(batch_bytes(cases, 1, 3), "\x22\x33\x01\x3c\x02\xbc\x04\x03\x02\x01\xd0\xc0\xb0\xa0");
  EXPECT_EQ(batch_header(cases, 2, 14), "binary 14 2 1 encode_scaled MXFP8_E4M3 f16 * stochastic");
}

TEST(BinaryBatch, AWrongHeaderIsTold) {
  const std::string line =
      "\", answers \"" + header + "\", but it is neither \"binary 3\" nor \"unsupported\"";
  EXPECT_EQ(failure_of(binary_device("binary 4\\n")), "line 5 of its output, \"binary 4" + line);
  EXPECT_EQ(failure_of(binary_device("7e 2 e\\n")), "line 5 of its output, \"7e 2 e" + line);
}

TEST(BinaryBatch, ACodeTooWideAndMissingBytesAreTold) {
  EXPECT_EQ(
      failure_of(binary_device("binary 3\\n\\176\\002\\036")),
      "its answer to \"" + header +
          "\" is wrong: \"1e\" is more than the 4 bits of an E2M1 code (case 0 of the batch, element 1)");
  EXPECT_TRUE(failure_of(binary_device("binary 3\\n\\176"))
                  .starts_with("no answer to \"" + header + "\" within 0.2 s"));
  EXPECT_EQ(failure_of(binary_device("binary 3\\n\\176\\002\\016")), "it answered");
}

TEST(BinaryBatch, WhatIsUnsupportedIsAskedAgainInLines) {
  const std::string declaration =
      "read greeting; printf 'device b\\ncan quantize MXFP4_E2M1 f32\\nbinary\\nready\\n'; ";
  const auto subject = make_process_subject(
      declaration +
          "read header; head -c 24 >/dev/null; echo unsupported; read a; echo 7e 2 e; read b; echo "
          "unsupported; read c; echo 7e 2 e; sleep 9",
      short_patience);
  const Answers answers = subject->answer(small_case(3));
  EXPECT_EQ(answers.unsupported, (std::vector<bool>{false, true, false}));
  EXPECT_EQ(answers.codes[5], 0xe);
}

}  // namespace
}  // namespace mxemu::conformance
