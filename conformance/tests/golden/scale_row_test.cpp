// A scale format is a row: one that the standard does not have, with a mantissa, subnormals and a zero, goes
// through the same functions. UE4M3, the scale of 16-element blocks in the field, is E4M3 without its sign.
#include <gtest/gtest.h>

#include "reference/element.hpp"
#include "reference/scale.hpp"
#include "spec/scale_format.hpp"

namespace mxemu::golden {
namespace {

constexpr spec::ScaleFormat ue4m3 =
    spec::detail::unsigned_scale(spec::ScaleType::E8M0, "UE4M3", 4, 3, true, "not in MX v1.0");
constexpr spec::ElementFormat e4m3 = spec::format_of(spec::ElementType::E4M3);

TEST(ScaleRow, DerivesItsFactsAsE4M3Does) {
  EXPECT_EQ(ue4m3.bits, 7);
  EXPECT_EQ(ue4m3.bias, e4m3.bias);
  EXPECT_EQ(ue4m3.emin, e4m3.emin);
  EXPECT_EQ(ue4m3.emax, e4m3.emax);
  EXPECT_EQ(ue4m3.max_code, e4m3.max_normal_code);
  EXPECT_EQ(ue4m3.nan_code, e4m3.nan_code);
}

TEST(ScaleRow, DecodesEveryCodeAsE4M3Does) {
  for (int code = 0; code < 1 << ue4m3.bits; ++code) {
    const auto scale = reference::decode_scale(ue4m3, static_cast<std::uint8_t>(code));
    const auto element = reference::decode_element(e4m3, static_cast<std::uint8_t>(code));
    EXPECT_EQ(scale.is_nan(), element.is_nan()) << code;
    EXPECT_TRUE(scale.magnitude == element.magnitude) << code;
    EXPECT_EQ(
        reference::encode_scale(ue4m3, scale, spec::RoundingMode::NearestEven, spec::ScaleOverflow::Clamp),
        code);
  }
}

TEST(ScaleRow, EncodesEveryHalfAsE4M3DoesInEveryRounding) {
  const spec::FloatFormat& half = spec::format_of(spec::FloatType::Float16);
  for (const auto& mode : spec::words<spec::RoundingMode>) {
    if (mode.value == spec::RoundingMode::Stochastic) continue;
    for (std::uint64_t bits = 0; bits <= half.infinity_bits(); ++bits) {
      const auto value = reference::decode_float(half, bits);
      for (const bool clamp : {true, false}) {
        const auto got = reference::encode_scale(
            ue4m3, value, mode.value, clamp ? spec::ScaleOverflow::Clamp : spec::ScaleOverflow::Nan);
        const spec::Policy policy{.overflow = clamp ? spec::Overflow::Saturate : spec::Overflow::NonFinite};
        ASSERT_EQ(got, reference::encode_element(e4m3, value, {.mode = mode.value}, policy))
            << mode.name << " of half " << bits;
      }
    }
  }
}

}  // namespace
}  // namespace mxemu::golden
