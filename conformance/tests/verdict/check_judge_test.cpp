// mxemu_check_judge: codes and scales beside the golden model's.
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "conformance/tests/verdict/functions.hpp"

namespace mxemu::conformance::tests {
namespace {

/// 3 rows of 40 numbers, as MXFP4: two blocks to a row, the second of 8 elements.
class CheckJudge : public testing::Test {
 protected:
  CheckJudge() : numbers_(120), codes_(120), scales_(6) {
    for (std::size_t i = 0; i < numbers_.size(); ++i) numbers_[i] = 0.625f * static_cast<float>(i % 7);
    for (std::size_t block = 0; block < scales_.size(); ++block) {
      const std::size_t first = block / 2 * 40 + block % 2 * 32;
      const std::size_t count = block % 2 == 0 ? 32 : 8;
      std::vector<std::uint32_t> bits(count);
      std::memcpy(bits.data(), &numbers_[first], count * sizeof(float));
      scales_[block] = mxfp4_scale(bits.data(), count);
      for (std::size_t i = 0; i < count; ++i) codes_[first + i] = mxfp4_encode(bits[i], scales_[block]);
    }
  }

  mxemu_check_tensor tensor() const {
    return {.name = "w",
            .shape = shape_,
            .rank = 2,
            .numbers = numbers_.data(),
            .number_bytes = numbers_.size() * sizeof(float),
            .codes = codes_.data(),
            .code_bytes = codes_.size(),
            .scales = scales_.data(),
            .scale_bytes = scales_.size()};
  }

  static void judge(Verdict& verdict, const mxemu_check_tensor& tensor, const char* options) {
    verdict.status = mxemu_check_judge(&tensor, options, &verdict.handle);
  }

  std::string error(const mxemu_check_tensor& tensor, const char* options) const {
    Verdict verdict;
    judge(verdict, tensor, options);
    EXPECT_EQ(verdict.status, MXEMU_CHECK_ERROR) << verdict.report("text");
    return mxemu_check_last_error();
  }

  std::int64_t shape_[2] = {3, 40};
  std::vector<float> numbers_;
  std::vector<std::uint8_t> codes_, scales_;
};

TEST_F(CheckJudge, WhatIsRightPasses) {
  for (const char* options : {"format=MXFP4_E2M1", "format=MXFP4_E2M1 axis=1 type=f32 packing=bytes",
                              "format=MXFP4_E2M1 profile=auto", "format=MXFP4_E2M1 scale_rule=floor"}) {
    Verdict verdict;
    judge(verdict, tensor(), options);
    EXPECT_EQ(verdict.status, MXEMU_CHECK_PASSED) << options << "\n" << verdict.report("text");
    EXPECT_TRUE(contains(verdict.report("text"), "120 elements in 6 blocks"));
    EXPECT_EQ(mxemu_check_report(verdict.handle, "html"), nullptr);
  }
}

TEST_F(CheckJudge, APackedCodeIsFoundAndExplained) {
  std::vector<std::uint8_t> packed(60);
  for (std::size_t i = 0; i < codes_.size(); ++i)
    packed[i / 2] = static_cast<std::uint8_t>(packed[i / 2] | codes_[i] << i % 2 * 4);
  packed[50] ^= 0x10;
  mxemu_check_tensor given = tensor();
  given.codes = packed.data();
  given.code_bytes = packed.size();
  Verdict verdict;
  judge(verdict, given, "format=MXFP4_E2M1 packing=bit_stream");
  EXPECT_EQ(verdict.status, MXEMU_CHECK_FAILED);
  const std::string text = verdict.report("text");
  EXPECT_TRUE(contains(text, "FAILED w  MXFP4_E2M1   profile=ocp")) << text;
  EXPECT_TRUE(contains(text, "tensor index 101 = block 4, element 21")) << text;
  EXPECT_TRUE(contains(verdict.report("json"), "\"differing_codes\": 1"));
}

TEST_F(CheckJudge, WhatIsNotStochasticallyRoundedIsExplainedWithItsRandomWords) {
  Verdict verdict;
  judge(verdict, tensor(), "format=MXFP4_E2M1 rounding=stochastic seed=3");
  EXPECT_EQ(verdict.status, MXEMU_CHECK_FAILED) << mxemu_check_last_error();
  EXPECT_TRUE(contains(verdict.report("text"), "a fraction of ")) << verdict.report("text");
}

TEST_F(CheckJudge, WhatDoesNotGoTogetherIsTold) {
  EXPECT_TRUE(contains(error(tensor(), ""), "format: \"\" is none of MXFP8_E5M2"));
  EXPECT_EQ(error(tensor(), "format=MXFP4_E2M1 axis=0"), "w: 6 scales where 40 are needed");
  EXPECT_TRUE(contains(error(tensor(), "format=MXFP4_E2M1 axis=2"), "axis 2"));
  EXPECT_TRUE(contains(error(tensor(), "format=MXFP4_E2M1 scale_rule=sideways"), "scale_rule: \"sideways\""));
  EXPECT_TRUE(contains(error(tensor(), "format=MXFP4_E2M1 policy=overflow"), "is not NAME=WORD"));
  EXPECT_TRUE(
      contains(error(tensor(), "format=MXFP4_E2M1 profile=auto rounding=up"), "nothing may amend it"));
  EXPECT_TRUE(contains(error(tensor(), "format=MXFP4_E2M1 packing=ggml_block"), "ggml_block"));
  EXPECT_NE(error(tensor(), "format=MXFP4_E2M1 type=f64"), "");
  EXPECT_NE(error(tensor(), "format=MXFP4_E2M1 packing=bit_stream"), "");
  mxemu_check_tensor given = tensor();
  given.shape = nullptr;
  EXPECT_EQ(error(given, "format=MXFP4_E2M1"), "shape is null");
  given = tensor();
  given.codes = nullptr;
  EXPECT_EQ(error(given, "format=MXFP4_E2M1"), "codes is null");
  codes_[7] = 0x10;
  EXPECT_EQ(error(tensor(), "format=MXFP4_E2M1"), "w: code 16 at element 7 is wider than the 4 bits of E2M1");
}

}  // namespace
}  // namespace mxemu::conformance::tests
