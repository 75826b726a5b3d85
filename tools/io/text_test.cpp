#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tools/io/error.hpp"
#include "tools/io/utf8.hpp"

namespace mxemu::io {
namespace {

TEST(Utf8, EveryCharacterIsAcceptedAndEverySurrogateIsNot) {
  for (unsigned code = 0x800; code <= 0xFFFF; ++code) {
    const std::array<unsigned, 3> bytes{0xE0 | code >> 12, 0x80 | (code >> 6 & 63), 0x80 | (code & 63)};
    std::string text;
    for (const unsigned byte : bytes) text += static_cast<char>(byte);
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    ASSERT_EQ(is_utf8(text), !surrogate) << std::hex << code;
  }
}

TEST(Utf8, OverlongStrayAndTooLargeFormsAreFoundWhereTheyStart) {
  EXPECT_EQ(first_invalid_utf8("ab\x80"), 2U);
  EXPECT_EQ(first_invalid_utf8("a\xC0\x80"), 1U);
  EXPECT_EQ(first_invalid_utf8("\xE0\x9F\x80"), 0U);
  EXPECT_EQ(first_invalid_utf8("\xF0\x8F\x80\x80"), 0U);
  EXPECT_EQ(first_invalid_utf8("\xF4\x90\x80\x80"), 0U);
  EXPECT_EQ(first_invalid_utf8("\xF5\x80\x80\x80"), 0U);
  EXPECT_EQ(first_invalid_utf8("ok\xE2\x82"), 2U);
  EXPECT_TRUE(is_utf8("\xC2\xA2 \xE2\x82\xAC \xF0\x9F\x98\x80 \xF4\x8F\xBF\xBF"));
}

TEST(FileErrors, HostileNamesStayOnOneShortLine) {
  EXPECT_EQ(in_quotes("a\nb\x1b[0m"), "\"a\\x0ab\\x1b[0m\"");
  EXPECT_EQ(in_quotes("\xFF"), "\"\\xff\"");
  EXPECT_EQ(printable(std::string(10'000, 'x')).size(), 203U);
  EXPECT_STREQ(FileError("a\nb", "is bad").what(), "a\\x0ab: is bad");
}

TEST(FileErrors, ALongNameIsCutBetweenCharacters) {
  std::string name(199, 'x');
  for (int i = 0; i < 50; ++i) name += "\xE2\x82\xAC";
  EXPECT_EQ(printable(name), std::string(199, 'x') + "...");
}

}  // namespace
}  // namespace mxemu::io
