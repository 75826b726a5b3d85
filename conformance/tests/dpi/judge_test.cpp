// Judgements: what is allowed conforms, what is not is explained, and what was judged is counted.
#include "conformance/tests/dpi/bench.hpp"

namespace mxemu::conformance::dpi {
namespace {

/// Judges a block of float32 numbers; `codes` one digit each, the first lane last, as a literal is written.
bool judge_block(const Request& request, const std::vector<std::uint64_t>& list, unsigned char scale,
                 std::uint32_t codes) {
  const Vector numbers = numbers_of(32, list);
  Vector vector = code_vector();
  vector.words[0] = codes;
  int conforms = -1;
  EXPECT_EQ(mxemu_dpi_judge_block(request.handle, lanes, static_cast<unsigned>(list.size()),
                                  numbers.words.data(), nullptr, scale, vector.words.data(), &conforms),
            0)
      << mxemu_dpi_last_error();
  return conforms == 1;
}

const std::vector<std::uint64_t> tie = {0x40800000, 0x40200000};  // 4, and 2.5 halfway between 2 and 3

TEST(DpiJudge, TakesTheRightAnswerAndExplainsAnotherOne) {
  const Request request("MXFP4_E2M1");
  EXPECT_TRUE(judge_block(request, tie, 0x7f, 0x46));
  EXPECT_STREQ(mxemu_dpi_explanation(request.handle), "");
  EXPECT_FALSE(judge_block(request, tie, 0x7f, 0x56));
  const std::string text = mxemu_dpi_explanation(request.handle);
  EXPECT_NE(text.find("FAILED block 1"), std::string::npos) << text;
  EXPECT_NE(text.find("element 1 of 2"), std::string::npos) << text;
  EXPECT_NE(text.find("exactly halfway between 0x4 (2) and 0x5 (3); even is the first"), std::string::npos)
      << text;
}

TEST(DpiJudge, TakesTheRoundingThatWasAskedFor) {
  const Request request("MXFP4_E2M1", "rounding=nearest_away");
  EXPECT_TRUE(judge_block(request, tie, 0x7f, 0x56));
  EXPECT_FALSE(judge_block(request, tie, 0x7f, 0x46));
}

TEST(DpiJudge, LeavesToADesignWhatTheStandardLeavesOpen) {
  const Request request("MXFP4_E2M1");
  EXPECT_TRUE(judge_block(request, {0, 0}, 0x7f, 0));           // a block of zeros takes any scale
  EXPECT_FALSE(judge_block(request, {0, 0}, 0xff, 0));          // but not NaN
  EXPECT_TRUE(judge_block(request, {0x7fc00000, 0}, 0xff, 7));  // codes under a NaN scale
}

TEST(DpiJudge, JudgesScalesCodesAndNumbersAlone) {
  const Request request("MXFP4_E2M1");
  const Vector numbers = numbers_of(32, tie);
  Vector codes = code_vector();
  codes.words[0] = 0x46;
  Vector back = numbers_of(32, {0x40800000, 0x40000000});
  int conforms = -1;
  ASSERT_EQ(mxemu_dpi_judge_scale(request.handle, lanes, 2, numbers.words.data(), 0x7f, &conforms), 0);
  EXPECT_EQ(conforms, 1);
  ASSERT_EQ(mxemu_dpi_judge_scale(request.handle, lanes, 2, numbers.words.data(), 0x80, &conforms), 0);
  EXPECT_EQ(conforms, 0);
  ASSERT_EQ(mxemu_dpi_judge_codes(request.handle, lanes, 2, 0x7f, numbers.words.data(), nullptr,
                                  codes.words.data(), &conforms),
            0);
  EXPECT_EQ(conforms, 1);
  ASSERT_EQ(mxemu_dpi_judge_codes(request.handle, lanes, 2, 0x80, numbers.words.data(), nullptr,
                                  codes.words.data(), &conforms),
            0);
  EXPECT_EQ(conforms, 0);
  ASSERT_EQ(mxemu_dpi_judge_numbers(request.handle, lanes, 2, 0x7f, codes.words.data(), back.words.data(),
                                    &conforms),
            0);
  EXPECT_EQ(conforms, 1);
  back.set_lane(32, 1, 0x40200000);
  ASSERT_EQ(mxemu_dpi_judge_numbers(request.handle, lanes, 2, 0x7f, codes.words.data(), back.words.data(),
                                    &conforms),
            0);
  EXPECT_EQ(conforms, 0);
}

TEST(DpiJudge, AnUnknownValueDoesNotConformAndIsNamed) {
  const Request request("MXFP4_E2M1");
  ASSERT_EQ(mxemu_dpi_reject_unknown(request.handle, "the codes"), 0);
  EXPECT_STREQ(mxemu_dpi_explanation(request.handle), "FAILED block 0\n  got       X or Z in the codes\n");
}

TEST(DpiCoverage, CountsWhatWasJudged) {
  const Request request("MXFP4_E2M1");
  const auto hits = [&](const char* bin) {
    unsigned long long count = 99;
    EXPECT_EQ(mxemu_dpi_coverage(request.handle, bin, &count), 0) << mxemu_dpi_last_error();
    return count;
  };
  EXPECT_EQ(hits("tie_even_below"), 0u);
  judge_block(request, tie, 0x7f, 0x46);
  judge_block(request, tie, 0x7f, 0x56);
  EXPECT_EQ(hits("tie_even_below"), 2u);
  EXPECT_EQ(hits("zero_block"), 0u);
  const std::string text = mxemu_dpi_coverage_text(request.handle);
  EXPECT_NE(text.find("  tie_even_below                 2  halfway"), std::string::npos) << text;
}

}  // namespace
}  // namespace mxemu::conformance::dpi
