// Conversion of numbers to E8M0 by themselves, and the field's decodings of its ends.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "blocks.hpp"
#include "reference/scale.hpp"

namespace mxemu::golden {
namespace {

using spec::RoundingMode;
using spec::ScaleOverflow;

const spec::ScaleFormat& e8m0 = spec::format_of(spec::ScaleType::E8M0);

int code(double number, RoundingMode mode, ScaleOverflow overflow) {
  return reference::encode_scale(e8m0, value_of(number), mode, overflow);
}

/// The conversions that CUDA's headers declare: toward zero and toward +infinity, with and without clamping.
struct CudaRow {
  std::uint32_t bits;
  int toward_zero_clamped, toward_zero, up_clamped, up;
};

TEST(ScaleCodes, WorkedConversionsTowardZeroAndUp) {
  const CudaRow rows[] = {
      {0x00000000, 0x00, 0x00, 0x00, 0x00},  // 0
      {0x00000001, 0x00, 0x00, 0x00, 0x00},  // 2^-149
      {0x00400000, 0x00, 0x00, 0x00, 0x00},  // 2^-127
      {0x00400001, 0x00, 0x00, 0x01, 0x01},  // just above 2^-127
      {0x7f000001, 0xfe, 0xfe, 0xfe, 0xff},  // just above 2^127
      {0x7f7fffff, 0xfe, 0xfe, 0xfe, 0xff},  // the largest float
      {0x7f800000, 0xfe, 0xff, 0xfe, 0xff},  // +Inf
      {0x7fc00000, 0xff, 0xff, 0xff, 0xff},  // NaN
      {0xbf800000, 0x7f, 0x7f, 0x7f, 0x7f},  // -1
      {0xbfc00000, 0x7f, 0x7f, 0x80, 0x80},  // -1.5
  };
  for (const auto& row : rows) {
    const float number = std::bit_cast<float>(row.bits);
    EXPECT_EQ(code(number, RoundingMode::TowardZero, ScaleOverflow::Clamp), row.toward_zero_clamped)
        << number;
    EXPECT_EQ(code(number, RoundingMode::TowardZero, ScaleOverflow::Nan), row.toward_zero) << number;
    EXPECT_EQ(code(number, RoundingMode::Up, ScaleOverflow::Clamp), row.up_clamped) << number;
    EXPECT_EQ(code(number, RoundingMode::Up, ScaleOverflow::Nan), row.up) << number;
  }
}

TEST(ScaleCodes, NearestSendsOneAndAHalfUpAsPyTorchDoes) {
  const auto nearest = [](double number) {
    return code(number, RoundingMode::NearestEven, ScaleOverflow::Nan);
  };
  for (int e = -126; e < 127; ++e) {
    const double halfway = std::ldexp(1.5, e);
    EXPECT_EQ(nearest(std::nextafter(halfway, 0.0)), e + 127);
    EXPECT_EQ(nearest(halfway), e + 128);
    EXPECT_EQ(nearest(std::nextafter(halfway, infinity)), e + 128);
  }
  EXPECT_EQ(nearest(std::numeric_limits<float>::max()), 0xff);
  EXPECT_EQ(nearest(std::bit_cast<float>(0x00400001u)), 0x00);
}

TEST(ScaleCodes, EveryModeChoosesItsNeighbourOfEveryCode) {
  for (int lower = e8m0.min_code; lower < e8m0.max_code; ++lower) {
    const double at = std::ldexp(1.0, lower - 127);
    const auto check = [&](RoundingMode mode, double factor, bool up) {
      EXPECT_EQ(code(at * factor, mode, ScaleOverflow::Nan), lower + (up ? 1 : 0)) << spec::name_of(mode);
    };
    for (const double factor : {1.0, 1.25, 1.5, 1.75}) {
      check(RoundingMode::NearestEven, factor, factor >= 1.5);
      check(RoundingMode::NearestAway, factor, factor >= 1.5);
      check(RoundingMode::NearestTowardZero, factor, factor > 1.5);
      check(RoundingMode::TowardZero, factor, false);
      check(RoundingMode::Up, factor, factor > 1);
      check(RoundingMode::Down, factor, false);
    }
  }
}

TEST(ScaleCodes, StochasticRoundingIsRefused) {
  EXPECT_THROW(code(1.5, RoundingMode::Stochastic, ScaleOverflow::Nan), std::invalid_argument);
}

TEST(ScaleCodes, TheLowestScaleDecodesToZeroWhereTheFieldSaysSo) {
  spec::Policy policy;
  EXPECT_EQ(rational_of(reference::decode_scale(e8m0, 0x00, policy)), two_to(-127));
  policy.lowest_scale_decode = spec::LowestScaleDecode::Zero;
  EXPECT_TRUE(reference::decode_scale(e8m0, 0x00, policy).is_zero());
  EXPECT_EQ(rational_of(reference::decode_scale(e8m0, 0x01, policy)), two_to(-126));
}

TEST(ScaleCodes, TheNanScaleDecodesAsThePolicySays) {
  spec::Policy policy;
  EXPECT_TRUE(reference::decode_scale(e8m0, 0xff, policy).is_nan());
  policy.nan_scale_decode = spec::NanScaleDecode::PowerOfTwo;
  EXPECT_EQ(rational_of(reference::decode_scale(e8m0, 0xff, policy)), two_to(128));
  policy.nan_scale_decode = spec::NanScaleDecode::Zero;
  EXPECT_TRUE(reference::decode_scale(e8m0, 0xff, policy).is_zero());
  EXPECT_EQ(rational_of(reference::decode_scale(e8m0, 0xfe, policy)), two_to(127));
}

}  // namespace
}  // namespace mxemu::golden
