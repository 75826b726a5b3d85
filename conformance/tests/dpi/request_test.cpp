// Words of a request, and calls that make no sense.
#include "conformance/tests/dpi/bench.hpp"
#include "spec/profile.hpp"

namespace mxemu::conformance::dpi {
namespace {

void expect_refused(const char* format, const char* options, const std::string& sentence) {
  EXPECT_EQ(mxemu_dpi_make_request(format, options), nullptr) << options;
  EXPECT_EQ(std::string(mxemu_dpi_last_error()).substr(0, sentence.size()), sentence);
}

TEST(DpiRequest, AnUnknownWordIsNamedWithThoseThatThereAre) {
  expect_refused("MXFP4", "", "format: no word \"MXFP4\" among MXFP8_E5M2, ");
  expect_refused("MXFP4_E2M1", "rounding=even", "rounding: no word \"even\" among nearest_even, ");
  expect_refused("MXFP4_E2M1", "overflow=wrap", "overflow: no word \"wrap\" among saturate, nonfinite");
  expect_refused("MXFP4_E2M1", "profile=nobody", "profile: no word \"nobody\" among ocp, ");
  expect_refused("MXFP4_E2M1", "ruel=floor", "a request: no word \"ruel\" among profile, type, ");
  expect_refused("MXFP4_E2M1", "floor", "\"floor\" is not NAME=WORD");
  expect_refused("MXFP4_E2M1", "block_size=0", "block_size: \"0\" is no integer from 1 to 65536");
  expect_refused("MXFP4_E2M1", "random_bits=16x", "random_bits: \"16x\" is no integer from 1 to 32");
  expect_refused(nullptr, "", "format is null");
}

TEST(DpiRequest, WordsAmendTheProfileWhateverTheirOrder) {
  const Request request("MXFP8_E4M3", " scale_rule=ceil  profile=te-mxfp8 overflow=nonfinite type=bf16");
  EXPECT_EQ(mxemu_dpi_number_bits(request.handle), 16u);
  EXPECT_EQ(mxemu_dpi_code_bits(request.handle), 8u);
  const Vector numbers = numbers_of(16, {0x3f81});  // just above 1: ceil is 2^(1 - 8)
  unsigned char scale = 0;
  ASSERT_EQ(mxemu_dpi_shared_scale(request.handle, lanes, 1, numbers.words.data(), &scale), 0);
  EXPECT_EQ(scale, 127 + 1 - 8);
}

TEST(DpiRequest, EveryProfileHasAName) {
  for (const auto& profile : spec::profiles)
    const Request request("MXFP8_E4M3", (std::string("profile=") + profile.name).c_str());
}

void expect_error(int status, const char* sentence) {
  EXPECT_NE(status, 0);
  EXPECT_STREQ(mxemu_dpi_last_error(), sentence);
}

TEST(DpiCall, ThatMakesNoSenseIsOneSentence) {
  const Request request("MXFP4_E2M1");
  const Vector numbers(64 * lanes);
  unsigned char scale = 0, code = 0;
  unsigned long long number = 0;
  const auto shared_scale = [&](void* handle, unsigned room, unsigned count) {
    return mxemu_dpi_shared_scale(handle, room, count, numbers.words.data(), &scale);
  };
  expect_error(shared_scale(nullptr, lanes, 32), "the request is null");
  expect_error(shared_scale(request.handle, lanes, 33), "count: 33 numbers in a block of 32");
  expect_error(shared_scale(request.handle, lanes, 0), "count: 0 numbers in a block of 32");
  expect_error(shared_scale(request.handle, 16, 32),
               "count: 32 numbers in vectors of 16 lanes; MXEMU_LANES gives the package more");
  expect_error(mxemu_dpi_encode_element(request.handle, 1ull << 32, 0x7f, 0, &code),
               "number: more than 32 bits");
  expect_error(mxemu_dpi_decode_element(request.handle, 16, 0x7f, &number), "code: wider than the format");
  expect_error(
      mxemu_dpi_coverage(request.handle, "ties", &number),
      "coverage: no bin \"ties\" among tie_even_below, tie_even_above, sticky_only, carry_to_next_binade, "
      "saturation, overflow_to_nonfinite, subnormal_element, subnormal_boundary, underflow_to_zero, "
      "scale_clamp_low, scale_clamp_high, lowest_scale, highest_scale, nan_scale, zero_block, negative_zero, "
      "nan, infinity, subnormal_source, tail, decode_overflow, decode_subnormal");
}

TEST(DpiCall, NeedsNoMoreLanesThanItsCount) {
  const Request request("MXFP4_E2M1");
  const Vector numbers = numbers_of(32, {0x40800000});
  unsigned char scale = 0;
  ASSERT_EQ(mxemu_dpi_shared_scale(request.handle, 1, 1, numbers.words.data(), &scale), 0);
  EXPECT_EQ(scale, 0x7f);
}

}  // namespace
}  // namespace mxemu::conformance::dpi
