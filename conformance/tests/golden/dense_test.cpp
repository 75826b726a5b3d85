// Every code of every format: the derived facts of the rows against enumeration, and decoding against the
// definitions and the machine's own arithmetic.
#include <gtest/gtest.h>

#include <cfenv>
#include <cmath>
#include <optional>

#include "oracle.hpp"
#include "reference/block.hpp"
#include "reference/element.hpp"
#include "reference/scale.hpp"
#include "spec/request.hpp"

namespace mxemu::golden {
namespace {

using reference::decode_element;
using reference::encode_element;
using reference::Value;

Value decode(const spec::ElementFormat& format, int code) {
  return decode_element(format, static_cast<std::uint8_t>(code));
}

/// The number of a finite code by the hand-written definition.
Rational defined_value(const spec::ElementFormat& format, int code) {
  const int weight = definition_of(format.type).sign_weight;
  if (code < weight) return magnitude_of_code(format.type, code);
  if (format.type == spec::ElementType::INT8) return Rational(code - 2 * weight, 64);
  return -magnitude_of_code(format.type, code - weight);
}

TEST(DenseElements, EveryCodeDecodesAsTheDefinitionSays) {
  for (const auto& row : spec::element_formats)
    for (int code = 0; code < row.code_count(); ++code) {
      const Value value = decode(row, code);
      if (value.is_finite()) {
        EXPECT_EQ(rational_of(value), defined_value(row, code)) << row.name << " " << code;
      }
    }
}

TEST(DenseElements, DerivedFactsAgreeWithEnumeration) {
  for (const auto& row : spec::element_formats) {
    std::optional<int> largest, smallest_normal, infinity, nan;
    int largest_power = -1000;
    for (int code = 0; code < row.sign_mask; ++code) {
      const Value value = decode(row, code);
      if (value.is_nan()) nan = code;
      if (value.is_infinite()) infinity = code;
      if (!value.is_finite()) continue;
      const Rational number = rational_of(value);
      if (!largest || number > defined_value(row, *largest)) largest = code;
      if (!smallest_normal && number >= two_to(row.emin)) smallest_normal = code;
      for (int e = -40; e < 40; ++e)
        if (number == two_to(e)) largest_power = std::max(largest_power, e);
    }
    EXPECT_EQ(row.max_normal_code, largest) << row.name;
    EXPECT_EQ(row.min_normal_code, smallest_normal) << row.name;
    EXPECT_EQ(defined_value(row, row.min_normal_code), two_to(row.emin)) << row.name;
    EXPECT_EQ(row.emax, largest_power) << row.name;
    EXPECT_EQ(row.has_infinity(), infinity.has_value()) << row.name;
    EXPECT_EQ(row.infinity_code, infinity.value_or(0)) << row.name;
    EXPECT_EQ(row.has_nan(), nan.has_value()) << row.name;
    EXPECT_EQ(row.nan_code, nan.value_or(0)) << row.name;
    EXPECT_EQ(row.code_count(), 2 * row.sign_mask) << row.name;
    EXPECT_EQ(row.magnitude_mask, row.sign_mask - 1) << row.name;
    EXPECT_EQ(row.has_negative_zero(), decode(row, row.sign_mask).is_zero()) << row.name;
    const Rational top = Rational(row.max_normal_mantissa()) / (1 << row.mantissa_bits) + 1;
    EXPECT_EQ(rational_of(reference::max_normal(row)), Rational(top * two_to(row.emax))) << row.name;
  }
}

TEST(DenseElements, CodesOfOneSignAreMonotone) {
  for (const auto& row : spec::element_formats)
    for (int code = 1; code <= row.max_normal_code; ++code)
      EXPECT_LT(rational_of(decode(row, code - 1)), rational_of(decode(row, code)))
          << row.name << " " << code;
}

TEST(DenseElements, ExactNumbersKeepTheirCodeInEveryRoundingMode) {
  const spec::Policy policy{.int8_minimum = spec::Int8Minimum::Used};
  for (const auto& row : spec::element_formats)
    for (int code = 0; code < row.code_count(); ++code)
      for (const auto& mode : spec::words<spec::RoundingMode>) {
        const Value value = decode(row, code);
        if (!value.is_finite()) continue;
        EXPECT_EQ(encode_element(row, value, {.mode = mode.value}, policy, 0xffffffff), code)
            << row.name << " " << mode.name;
      }
}

TEST(DenseElements, InfinityKeepsItsCodeWhenOverflowIsNonFinite) {
  const spec::Policy policy{.overflow = spec::Overflow::NonFinite};
  for (const auto& row : spec::element_formats)
    for (int code = 0; code < row.code_count(); ++code) {
      const Value value = decode(row, code);
      if (value.is_infinite()) {
        EXPECT_EQ(encode_element(row, value, {}, policy), code) << row.name;
      }
    }
}

TEST(DenseElements, NanStaysNanWhereTheFormatHasOne) {
  for (const auto& row : spec::element_formats)
    for (int code = 0; code < row.code_count(); ++code)
      for (const auto& word : spec::words<spec::NanCode>) {
        const Value value = decode(row, code);
        if (!value.is_nan()) continue;
        const Value again = decode_element(row, encode_element(row, value, {}, {.nan_code = word.value}));
        EXPECT_TRUE(again.is_nan()) << row.name << " " << code << " " << word.name;
      }
}

TEST(DenseElements, CodesWiderThanTheFormatAreRefused) {
  for (const auto& row : spec::element_formats)
    for (int code = row.code_count(); code < 256; ++code)
      EXPECT_THROW(decode(row, code), std::invalid_argument) << row.name << " " << code;
}

TEST(DenseScales, EveryCodeIsAPowerOfTwoExceptTheNan) {
  const auto& format = spec::format_of(spec::ScaleType::E8M0);
  for (int code = 0; code < 1 << format.bits; ++code) {
    const Value value = reference::decode_scale(format, static_cast<std::uint8_t>(code));
    EXPECT_EQ(value.is_nan(), code == format.nan_code) << code;
    if (value.is_nan()) continue;
    EXPECT_EQ(rational_of(value), two_to(code - 127)) << code;
    for (const auto& mode : spec::words<spec::RoundingMode>)
      if (mode.value != spec::RoundingMode::Stochastic) {
        EXPECT_EQ(reference::encode_scale(format, value, mode.value, spec::ScaleOverflow::Nan), code);
      }
  }
}

/// A double rounded by the machine, to nearest even, to a type of this precision and exponent range.
double rounded_by_machine(double number, const spec::FloatFormat& type) {
  if (number == 0) return number;
  const int quantum = std::max(std::ilogb(number), type.emin) - type.mantissa_bits;
  const double rounded = std::ldexp(std::nearbyint(std::ldexp(number, -quantum)), quantum);
  const double largest = std::ldexp(2 - std::ldexp(1.0, -type.mantissa_bits), type.emax);
  return std::fabs(rounded) > largest ? std::copysign(std::numeric_limits<double>::infinity(), number)
                                      : rounded;
}

struct ProductCounts {
  int beyond_float32 = 0;
  int subnormal_float32 = 0;
  int inexact_float32 = 0;
  int inexact_bfloat16 = 0;
};

/// Checks all scales times all finite codes in one output type; the counts are of the exact products.
ProductCounts check_products(const spec::Request& request, const spec::FloatFormat& output) {
  const double largest = std::numeric_limits<float>::max();
  ProductCounts counts;
  for (int scale = 0; scale <= request.scale_format().max_code; ++scale)
    for (int code = 0; code < request.element_format().code_count(); ++code) {
      if (!decode(request.element_format(), code).is_finite()) continue;
      const Rational product = defined_value(request.element_format(), code) * two_to(scale - 127);
      const bool negative = decode(request.element_format(), code).negative;
      const double exact = std::copysign(static_cast<double>(product), negative ? -1.0 : 1.0);
      EXPECT_EQ(Rational(exact), product);
      const std::uint64_t got = reference::dequantize_element(request, static_cast<std::uint8_t>(scale),
                                                              static_cast<std::uint8_t>(code), output);
      const double want = rounded_by_machine(exact, output);
      EXPECT_EQ(hardware_value(output.type, got), want) << scale << " " << code;
      EXPECT_EQ((got & output.sign_mask()) != 0, std::signbit(want)) << scale << " " << code;
      const bool beyond = std::fabs(exact) > largest;
      counts.beyond_float32 += beyond;
      counts.subnormal_float32 += exact != 0 && std::fabs(exact) < 0x1p-126;
      counts.inexact_float32 += !beyond && static_cast<float>(exact) != exact;
      counts.inexact_bfloat16 +=
          !beyond && rounded_by_machine(exact, spec::format_of(spec::FloatType::BFloat16)) != exact;
    }
  return counts;
}

TEST(DenseProducts, EveryScaleTimesEveryCodeIsRoundedOnceToEveryType) {
  ASSERT_EQ(std::fegetround(), FE_TONEAREST);
  for (const auto& block : spec::block_formats)
    for (const auto& output : spec::float_formats) check_products(spec::make_request(block.type), output);
}

TEST(DenseProducts, OverflowAndSubnormalCountsAreThePublishedOnes) {
  struct Row {
    spec::BlockType type;
    int beyond, subnormal, inexact_bfloat16;
  };
  const Row rows[] = {
      {spec::BlockType::MXFP8_E4M3, 560, 568, 96}, {spec::BlockType::MXFP8_E5M2, 960, 1058, 440},
      {spec::BlockType::MXFP6_E3M2, 80, 74, 0},    {spec::BlockType::MXFP6_E2M3, 48, 52, 0},
      {spec::BlockType::MXFP4_E2M1, 12, 8, 0},     {spec::BlockType::MXINT8, 1, 494, 0}};
  for (const auto& row : rows) {
    const char* name = spec::format_of(row.type).name;
    const auto counts =
        check_products(spec::make_request(row.type), spec::format_of(spec::FloatType::Float32));
    EXPECT_EQ(counts.beyond_float32, row.beyond) << name;
    EXPECT_EQ(counts.subnormal_float32, row.subnormal) << name;
    EXPECT_EQ(counts.inexact_bfloat16, row.inexact_bfloat16) << name;
    EXPECT_EQ(counts.inexact_float32, 0) << name << ": exact in FP32 or beyond it";
  }
}

}  // namespace
}  // namespace mxemu::golden
