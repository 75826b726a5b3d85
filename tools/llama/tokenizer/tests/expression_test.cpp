// Split expressions: what \s is, and what a hostile expression may do.
#include "tools/llama/tokenizer/expression.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace mxemu::llama::tests {
namespace {

std::vector<std::string> parts(const std::string& pattern, const std::string& text) {
  std::vector<std::string> found;
  Expression(pattern).split(text, [&](Span span, bool is_match) {
    found.push_back((is_match ? "+" : "-") + text.substr(span.begin, span.end - span.begin));
  });
  return found;
}

using Parts = std::vector<std::string>;

TEST(Expression, NoBreakAndIdeographicSpacesAreSpaces) {
  EXPECT_EQ(parts("\\s+", "a\u00a0b"), (Parts{"-a", "+\u00a0", "-b"}));
  EXPECT_EQ(parts("\\s+", "a\u3000b"), (Parts{"-a", "+\u3000", "-b"}));
  EXPECT_EQ(parts("[^\\s\\p{L}]+", "\u00a0\u3000.a"), (Parts{"-\u00a0\u3000", "+.", "-a"}))
      << "in a class as well";
  EXPECT_EQ(parts("\\S+", "\u3000a"), (Parts{"-\u3000", "+a"}));
}

TEST(Expression, SpacesAreTheWhiteSpaceOfUnicodeAndNothingElse) {
  const Expression space("\\s");
  int found = 0;
  for (char32_t c = 1; c < 0x3100; ++c) {
    std::string text;
    if (c < 0x80)
      text = {static_cast<char>(c)};
    else if (c < 0x800)
      text = {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
    else
      text = {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
              static_cast<char>(0x80 | (c & 0x3F))};
    const bool is_space = space.find(text, 0).has_value();
    EXPECT_EQ(is_space, is_white_space(c)) << "U+" << std::hex << static_cast<unsigned>(c);
    found += is_space;
  }
  EXPECT_EQ(found, 25) << "PropList.txt has 25; PCRE2's own \\s would add U+180E";
}

TEST(Expression, LettersAndDigitsAreUnicodes) {
  EXPECT_EQ(parts("\\p{L}+|\\p{N}{1,3}", "\u00e9\u4f601234\u0663"),
            (Parts{"+\u00e9\u4f60", "+123", "+4\u0663"}));
}

TEST(Expression, EmptyMatchesSplitNothing) {
  EXPECT_EQ(parts("x*", "a\u4f60x"), (Parts{"-a\u4f60", "+x"}));
  EXPECT_EQ(parts("(?=a)", "aa"), (Parts{"-aa"}));
}

TEST(Expression, RefusesWhatIsMalformedOrMeansDifferentThings) {
  EXPECT_THROW(Expression("("), std::invalid_argument);
  EXPECT_THROW(Expression("[a"), std::invalid_argument);
  EXPECT_THROW(Expression("\\w+"), std::invalid_argument);
  EXPECT_THROW(Expression("a\\b"), std::invalid_argument);
  EXPECT_NO_THROW(Expression("\\\\w")) << "a backslash and a letter";
}

TEST(Expression, AnExpressionThatNeverEndsIsStopped) {
  const Expression hostile("(a+)+$");
  EXPECT_THROW(hostile.find(std::string(60, 'a') + "b", 0), std::invalid_argument);
}

}  // namespace
}  // namespace mxemu::llama::tests
