// OFP8 overflow, the clamps of the narrower formats, NaN codes and signs of zero, on single elements.
#include <gtest/gtest.h>

#include <cmath>

#include "blocks.hpp"
#include "reference/element.hpp"

namespace mxemu::golden {
namespace {

using spec::ElementType;
using spec::Overflow;

int encode(ElementType type, double number, const spec::Policy& policy = {}) {
  return reference::encode_element(spec::format_of(type), value_of(number), {}, policy);
}
int saturated(ElementType type, double number) {
  return encode(type, number, {.overflow = Overflow::Saturate});
}
int overflowed(ElementType type, double number) {
  return encode(type, number, {.overflow = Overflow::NonFinite});
}

float after(double number) {
  return std::nextafter(static_cast<float>(number), std::numeric_limits<float>::infinity());
}
float before(double number) {
  return std::nextafter(static_cast<float>(number), 0.0f);
}
const double minus_nan = std::copysign(nan_value, -1.0);

TEST(Ofp8E4M3, FourHundredSixtyFourIsTheTieThatStays) {
  EXPECT_EQ(saturated(ElementType::E4M3, 464), 0x7e);
  EXPECT_EQ(overflowed(ElementType::E4M3, 464), 0x7e);
  EXPECT_EQ(saturated(ElementType::E4M3, after(464)), 0x7e);
  EXPECT_EQ(overflowed(ElementType::E4M3, after(464)), 0x7f);
  EXPECT_EQ(overflowed(ElementType::E4M3, -464), 0xfe);
  EXPECT_EQ(overflowed(ElementType::E4M3, -after(464)), 0x7f);
  EXPECT_EQ(overflowed(ElementType::E4M3, before(464)), 0x7e);
}

TEST(Ofp8E5M2, SixtyOneThousandFourHundredFortyIsTheTieThatOverflows) {
  EXPECT_EQ(saturated(ElementType::E5M2, 61440), 0x7b);
  EXPECT_EQ(overflowed(ElementType::E5M2, 61440), 0x7c);
  EXPECT_EQ(overflowed(ElementType::E5M2, -61440), 0xfc);
  EXPECT_EQ(overflowed(ElementType::E5M2, before(61440)), 0x7b);
  EXPECT_EQ(overflowed(ElementType::E5M2, after(61440)), 0x7c);
  EXPECT_EQ(saturated(ElementType::E5M2, -after(61440)), 0xfb);
}

TEST(Ofp8, TiesAtHalfTheSmallestSubnormalGoToZero) {
  EXPECT_EQ(encode(ElementType::E4M3, 0x1p-10), 0x00);
  EXPECT_EQ(encode(ElementType::E4M3, after(0x1p-10)), 0x01);
  EXPECT_EQ(encode(ElementType::E4M3, -after(0x1p-10)), 0x81);
  EXPECT_EQ(encode(ElementType::E5M2, 0x1p-17), 0x00);
  EXPECT_EQ(encode(ElementType::E5M2, after(0x1p-17)), 0x01);
}

TEST(Ofp8, InfinitiesSaturateOrStay) {
  EXPECT_EQ(saturated(ElementType::E4M3, infinity), 0x7e);
  EXPECT_EQ(saturated(ElementType::E4M3, -infinity), 0xfe);
  EXPECT_EQ(overflowed(ElementType::E4M3, infinity), 0x7f);
  EXPECT_EQ(overflowed(ElementType::E4M3, -infinity), 0x7f);
  EXPECT_EQ(saturated(ElementType::E5M2, infinity), 0x7b);
  EXPECT_EQ(saturated(ElementType::E5M2, -infinity), 0xfb);
  EXPECT_EQ(overflowed(ElementType::E5M2, infinity), 0x7c);
  EXPECT_EQ(overflowed(ElementType::E5M2, -infinity), 0xfc);
}

TEST(Ofp8, NanBecomesTheNanThatThePolicyNames) {
  const auto nan = [](ElementType type, double number, spec::NanCode code) {
    return encode(type, number, {.nan_code = code});
  };
  for (const auto type : {ElementType::E4M3, ElementType::E5M2}) {
    EXPECT_EQ(nan(type, nan_value, spec::NanCode::AllOnes), 0x7f);
    EXPECT_EQ(nan(type, minus_nan, spec::NanCode::AllOnes), 0x7f);
    EXPECT_EQ(nan(type, nan_value, spec::NanCode::SignedAllOnes), 0x7f);
    EXPECT_EQ(nan(type, minus_nan, spec::NanCode::SignedAllOnes), 0xff);
  }
  EXPECT_EQ(nan(ElementType::E4M3, minus_nan, spec::NanCode::SignedQuiet), 0xff);
  EXPECT_EQ(nan(ElementType::E5M2, nan_value, spec::NanCode::SignedQuiet), 0x7e);
  EXPECT_EQ(nan(ElementType::E5M2, minus_nan, spec::NanCode::SignedQuiet), 0xfe);
}

TEST(Ofp8, OverflowToNanTakesTheSignOnlyWhereThePolicyKeepsIt) {
  const spec::Policy keeps{.overflow = Overflow::NonFinite, .nan_code = spec::NanCode::SignedAllOnes};
  EXPECT_EQ(encode(ElementType::E4M3, -480, keeps), 0xff);
  EXPECT_EQ(encode(ElementType::E4M3, 480, keeps), 0x7f);
}

TEST(ElementE2M1, TiesGoToEvenCodes) {
  const double ties[] = {0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5};
  const int even[] = {0, 2, 2, 4, 4, 6, 6};
  for (std::size_t i = 0; i < std::size(ties); ++i) {
    EXPECT_EQ(encode(ElementType::E2M1, ties[i]), even[i]) << ties[i];
    EXPECT_EQ(encode(ElementType::E2M1, -ties[i]), 8 + even[i]) << -ties[i];
  }
}

TEST(ElementE2M1, TiesAwayAndTowardZeroDifferOnlyOnTies) {
  const double ties[] = {0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5};
  for (int i = 0; i < static_cast<int>(std::size(ties)); ++i) {
    const auto value = value_of(ties[i]);
    const auto& format = spec::format_of(ElementType::E2M1);
    EXPECT_EQ(reference::encode_element(format, value, {.mode = spec::RoundingMode::NearestAway}), i + 1);
    EXPECT_EQ(reference::encode_element(format, value, {.mode = spec::RoundingMode::NearestTowardZero}), i);
  }
}

TEST(NarrowFormats, ValuesAboveTheLargestClampUnderBothOverflowMethods) {
  const std::pair<ElementType, int> rows[] = {{ElementType::E3M2, 0x1f},
                                              {ElementType::E2M3, 0x1f},
                                              {ElementType::E2M1, 0x7},
                                              {ElementType::INT8, 0x7f}};
  for (const auto& [type, largest] : rows)
    for (const double number : {30.0, 1e30, infinity})
      for (const auto& method : spec::words<Overflow>) {
        const int negative = type == ElementType::INT8 ? 0x81 : largest + spec::format_of(type).sign_mask;
        EXPECT_EQ(encode(type, number, {.overflow = method.value}), largest) << number;
        EXPECT_EQ(encode(type, -number, {.overflow = method.value}), negative) << -number;
      }
}

TEST(NarrowFormats, NanBecomesWhatThePolicySays) {
  const auto nan = [](ElementType type, double number, spec::NanToFinite policy) {
    return encode(type, number, {.nan_to_finite = policy});
  };
  const auto positive = spec::NanToFinite::PositiveMax, with_sign = spec::NanToFinite::SignedMax;
  EXPECT_EQ(nan(ElementType::E2M1, nan_value, positive), 0x7);
  EXPECT_EQ(nan(ElementType::E2M1, minus_nan, positive), 0x7);
  EXPECT_EQ(nan(ElementType::E2M1, minus_nan, with_sign), 0xf);
  EXPECT_EQ(nan(ElementType::E3M2, nan_value, with_sign), 0x1f);
  EXPECT_EQ(nan(ElementType::INT8, minus_nan, with_sign), 0x81);
  EXPECT_EQ(nan(ElementType::E2M3, minus_nan, spec::NanToFinite::PositiveZero), 0x00);
  EXPECT_EQ(nan(ElementType::E2M3, nan_value, spec::NanToFinite::FlippedZero), 0x20);
  EXPECT_EQ(nan(ElementType::E2M3, minus_nan, spec::NanToFinite::FlippedZero), 0x00);
  EXPECT_EQ(nan(ElementType::INT8, nan_value, spec::NanToFinite::FlippedZero), 0x00);
}

TEST(ZeroSign, EachPolicyTreatsMinusZeroAndMinusTinyItsOwnWay) {
  const auto zero = [](double number, spec::ZeroSign policy) {
    return encode(ElementType::E2M1, number, {.zero_sign = policy});
  };
  EXPECT_EQ(zero(-0.0, spec::ZeroSign::Keep), 0x8);
  EXPECT_EQ(zero(-0.1, spec::ZeroSign::Keep), 0x8);
  EXPECT_EQ(zero(-0.0, spec::ZeroSign::DropOnZeroInput), 0x0);
  EXPECT_EQ(zero(-0.1, spec::ZeroSign::DropOnZeroInput), 0x8);
  EXPECT_EQ(zero(-0.0, spec::ZeroSign::Drop), 0x0);
  EXPECT_EQ(zero(-0.1, spec::ZeroSign::Drop), 0x0);
  EXPECT_EQ(zero(0.0, spec::ZeroSign::Keep), 0x0);
  EXPECT_EQ(zero(0.1, spec::ZeroSign::Keep), 0x0);
}

TEST(ElementInt8, HasNoNegativeZero) {
  for (const auto& word : spec::words<spec::ZeroSign>)
    for (const double number : {-0.0, -0x1p-8}) {
      EXPECT_EQ(encode(ElementType::INT8, number, {.zero_sign = word.value}), 0x00) << word.name;
    }
}

TEST(ElementInt8, TiesGoToEvenIntegers) {
  EXPECT_EQ(encode(ElementType::INT8, 0.5 / 64), 0x00);
  EXPECT_EQ(encode(ElementType::INT8, 1.5 / 64), 0x02);
  EXPECT_EQ(encode(ElementType::INT8, -1.5 / 64), 0xfe);
  EXPECT_EQ(encode(ElementType::INT8, 126.5 / 64), 0x7e);
}

TEST(ElementInt8, Minus128IsReachedOnlyWhereThePolicyUsesIt) {
  const spec::Policy used{.int8_minimum = spec::Int8Minimum::Used};
  for (const double number : {-2.0, -3.0, -127.5 / 64, -infinity}) {
    EXPECT_EQ(encode(ElementType::INT8, number), 0x81) << number;
    EXPECT_EQ(encode(ElementType::INT8, number, used), 0x80) << number;
  }
  EXPECT_EQ(encode(ElementType::INT8, -127.25 / 64, used), 0x81);
  EXPECT_EQ(encode(ElementType::INT8, 2.0, used), 0x7f);
}

}  // namespace
}  // namespace mxemu::golden
