#include "conformance/report/text.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <locale>
#include <string>

#include "conformance/report/number_text.hpp"

namespace mxemu::report {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(Text, MarkupInATensorNameIsShownNotObeyed) {
  EXPECT_EQ(escaped("<script>alert(\"x\" & 'y')</script>"),
            "&lt;script&gt;alert(&quot;x&quot; &amp; &#39;y&#39;)&lt;/script&gt;");
}

TEST(Text, MalformedUtf8BecomesReplacementCharacters) {
  EXPECT_EQ(escaped("a\xFF"
                    "b"),
            "a\uFFFDb");
  EXPECT_EQ(escaped("\xC3"), "\uFFFD");                           // cut short
  EXPECT_EQ(escaped("\xC0\xBC"), "\uFFFD\uFFFD");                 // overlong '<'
  EXPECT_EQ(escaped("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");       // surrogate
  EXPECT_EQ(escaped("\xF4\x90\x80\x80").substr(0, 3), "\uFFFD");  // beyond U+10FFFF
  EXPECT_EQ(escaped("größe · 重み · 🙂"), "größe · 重み · 🙂");
}

TEST(Text, ControlAndReorderingCharactersAreReplaced) {
  EXPECT_EQ(escaped(std::string_view("a\0b\x1B", 4)), "a\uFFFDb\uFFFD");
  EXPECT_EQ(escaped("w\u202Egnp"), "w\uFFFDgnp");
  EXPECT_EQ(escaped("a\tb\nc"), "a\tb\nc");
}

TEST(Text, LongTextKeepsBothEnds) {
  EXPECT_EQ(shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(shortened("abcdefg", 6), "ab…efg");
  EXPECT_EQ(shortened("abcdefg", 0), "a…g");
  EXPECT_EQ(shortened("", 5), "");
}

TEST(Text, WideCharactersCountTwiceAndAreNeverCutApart) {
  EXPECT_EQ(columns("重みa"), 5U);
  EXPECT_EQ(shortened("重み重み重み", 7), "重…み");
  for (std::size_t limit = 3; limit < 12; ++limit)
    EXPECT_LE(columns(shortened("重み重み重み", limit)), limit);
}

TEST(NumberText, KeepsSignificantDigitsAndDropsTrailingZeros) {
  EXPECT_EQ(number_text(37.4166), "37.42");
  EXPECT_EQ(number_text(0.5), "0.5");
  EXPECT_EQ(number_text(9.9999), "10");
  EXPECT_EQ(number_text(1234567), "1234567");
  EXPECT_EQ(number_text(9999999.9), "1e7");
  EXPECT_EQ(number_text(4294967296.0), "4.295e9");
  EXPECT_EQ(number_text(1.5e-7), "1.5e-7");
  EXPECT_EQ(number_text(-0.000125), "-0.000125");
  EXPECT_EQ(number_text(5e-324), "4.941e-324");
  EXPECT_EQ(number_text(0.1, 17), "0.10000000000000001");
}

TEST(NumberText, ZeroKeepsItsSignAndNonFiniteValuesTheirNames) {
  EXPECT_EQ(number_text(0.0), "0");
  EXPECT_EQ(number_text(-0.0), "-0");
  EXPECT_EQ(number_text(nan), "NaN");
  EXPECT_EQ(number_text(-nan), "NaN");
  EXPECT_EQ(number_text(infinity), "Inf");
  EXPECT_EQ(number_text(-infinity), "-Inf");
  EXPECT_EQ(fixed_text(-infinity, 2), "-Inf");
}

TEST(NumberText, FixedTextAlignsInAColumn) {
  EXPECT_EQ(fixed_text(37.4, 2), "37.40");
  EXPECT_EQ(fixed_text(-1, 0), "-1");
  EXPECT_EQ(fixed_text(std::numeric_limits<double>::max(), 17).size(), 309U + 1U + 17U);
}

TEST(NumberText, CountsAreSeparatedByThousands) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1,000");
  EXPECT_EQ(count_text(4294967296), "4,294,967,296");
  EXPECT_EQ(count_text(std::numeric_limits<std::uint64_t>::max()), "18,446,744,073,709,551,615");
}

TEST(NumberText, HexTextIsAsWideAsTheCode) {
  EXPECT_EQ(hex_text(5, 4), "0x5");
  EXPECT_EQ(hex_text(5, 6), "0x05");
  EXPECT_EQ(hex_text(0x3f200000, 32), "0x3f200000");
  EXPECT_EQ(hex_text(0x1ff, 8), "0x1ff");
  EXPECT_EQ(hex_text(std::numeric_limits<std::uint64_t>::max(), 64), "0xffffffffffffffff");
}

/// A locale that writes a comma for the point and groups digits, as some do.
class CommaLocale : public std::numpunct<char> {
 protected:
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

TEST(NumberText, TheLocaleHasNoSay) {
  const std::locale before = std::locale::global(std::locale(std::locale(), new CommaLocale));
  EXPECT_EQ(number_text(1234.5, 5), "1234.5");
  EXPECT_EQ(fixed_text(1234567.5, 1), "1234567.5");
  EXPECT_EQ(count_text(1234567), "1,234,567");
  std::locale::global(before);
}

}  // namespace
}  // namespace mxemu::report
