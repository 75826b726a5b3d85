// The rows and the decoders against tables typed by hand.
#include "published_tables.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "rational.hpp"
#include "reference/element.hpp"
#include "reference/scale.hpp"
#include "spec/block_format.hpp"

namespace mxemu::golden {
namespace {

using reference::decode_element;

bool holds(const std::vector<int>& codes, int code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

TEST(PublishedTables, EveryElementFormatHasATable) {
  for (const auto& row : spec::element_formats) {
    const auto matches = [&](const PublishedElement& table) { return table.type == row.type; };
    EXPECT_EQ(std::count_if(published_elements().begin(), published_elements().end(), matches), 1)
        << row.name;
  }
}

TEST(PublishedTables, DerivedFactsAreThePublishedOnes) {
  for (const auto& table : published_elements()) {
    const auto& format = spec::format_of(table.type);
    EXPECT_STREQ(format.name, table.name);
    EXPECT_EQ(format.bits, table.bits) << table.name;
    EXPECT_EQ(format.bias, table.bias) << table.name;
    EXPECT_EQ(format.emax, table.emax) << table.name;
    EXPECT_EQ(format.max_normal_code, table.max_finite_code) << table.name;
    EXPECT_EQ(format.min_normal_code, table.min_normal_code) << table.name;
  }
}

TEST(PublishedTables, LandmarksDecodeToThePublishedValues) {
  for (const auto& table : published_elements())
    for (const auto& [code, number] : table.landmarks) {
      const auto value = decode_element(spec::format_of(table.type), static_cast<std::uint8_t>(code));
      ASSERT_TRUE(value.is_finite()) << table.name << " code " << code;
      EXPECT_EQ(rational_of(value), Rational(number)) << table.name << " code " << code;
      EXPECT_EQ(value.negative, std::signbit(number)) << table.name << " code " << code;
    }
}

TEST(PublishedTables, InfinitiesAndNansAreThePublishedCodesAndNoOthers) {
  for (const auto& table : published_elements()) {
    const auto& format = spec::format_of(table.type);
    for (int code = 0; code < format.code_count(); ++code) {
      const auto value = decode_element(format, static_cast<std::uint8_t>(code));
      EXPECT_EQ(value.is_infinite(), holds(table.infinities, code)) << table.name << " code " << code;
      EXPECT_EQ(value.is_nan(), holds(table.nans, code)) << table.name << " code " << code;
      EXPECT_EQ(value.negative, code >= 1 << (table.bits - 1)) << table.name << " code " << code;
    }
  }
}

TEST(PublishedTables, ScaleEndsAreTwoToMinusAndPlus127) {
  const auto& format = spec::format_of(spec::ScaleType::E8M0);
  for (const auto& [code, number] : published_scales)
    EXPECT_EQ(rational_of(reference::decode_scale(format, static_cast<std::uint8_t>(code))), Rational(number))
        << "scale code " << code;
  EXPECT_TRUE(reference::decode_scale(format, published_scale_nan).is_nan());
  EXPECT_EQ(format.nan_code, published_scale_nan);
  EXPECT_EQ(format.min_code, 0x00);
  EXPECT_EQ(format.max_code, 0xfe);
  EXPECT_EQ(format.bits, 8);
  EXPECT_EQ(format.bias, 127);
}

TEST(PublishedTables, ConcreteFormatsAreThoseOfTable1) {
  struct Row {
    const char* name;
    spec::ElementType element;
    int element_bits;
  };
  const Row rows[] = {{"MXFP8_E5M2", spec::ElementType::E5M2, 8}, {"MXFP8_E4M3", spec::ElementType::E4M3, 8},
                      {"MXFP6_E3M2", spec::ElementType::E3M2, 6}, {"MXFP6_E2M3", spec::ElementType::E2M3, 6},
                      {"MXFP4_E2M1", spec::ElementType::E2M1, 4}, {"MXINT8", spec::ElementType::INT8, 8}};
  EXPECT_EQ(std::size(rows), std::size(spec::block_formats));
  for (const auto& row : rows) {
    const auto type = spec::parse_block_format(row.name);
    ASSERT_TRUE(type.has_value()) << row.name;
    const auto& format = spec::format_of(*type);
    EXPECT_EQ(format.element, row.element) << row.name;
    EXPECT_EQ(format.element_format().bits, row.element_bits) << row.name;
    EXPECT_EQ(format.scale, spec::ScaleType::E8M0) << row.name;
    EXPECT_EQ(format.k, 32) << row.name;
  }
  EXPECT_FALSE(spec::parse_block_format("MXFP4").has_value());
}

TEST(PublishedTables, ABlockStoresScaleBitsAndKTimesElementBits) {
  EXPECT_EQ(spec::format_of(spec::BlockType::MXFP4_E2M1).bits_per_element(32), 4.25);
  EXPECT_EQ(spec::format_of(spec::BlockType::MXFP6_E3M2).bits_per_element(32), 6.25);
  EXPECT_EQ(spec::format_of(spec::BlockType::MXINT8).bits_per_element(32), 8.25);
}

}  // namespace
}  // namespace mxemu::golden
