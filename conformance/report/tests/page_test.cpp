#include "conformance/report/page.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "conformance/report/table.hpp"
#include "conformance/report/tests/markup.hpp"

namespace mxemu::report {
namespace {

using test::flaw;
using test::occurrences;

constexpr const char* hostile = "</title></style><script>alert(1)</script>\"' onload=\"x\" & \xFF";

TEST(Markup, TheCheckFindsWhatItIsFor) {
  EXPECT_EQ(flaw("<p class=\"a\">x &amp; y</p>"), "");
  for (const char* broken :
       {"<p>", "<p></q>", "</p>", "<p a=b></p>", "<p>a & b</p>", "<p>a < b</p>", "<p a=\"1\" a=\"1\"></p>",
        "<rect x=\"NaN\"/>", "<i id=\"a\"></i><i id=\"a\"></i>"}) {
    EXPECT_NE(flaw(broken), "") << broken;
  }
}

TEST(Page, EmptyPageIsWellFormed) {
  const std::string html = Page("").html();
  EXPECT_EQ(flaw(html), "");
  EXPECT_EQ(html.rfind("<!DOCTYPE html>", 0), 0U);
}

TEST(Page, EveryTextIsEscaped) {
  Page page(hostile, hostile);
  page.section(hostile).paragraph(hostile).facts({{hostile, hostile}}).verdict(Tone::Bad, hostile);
  page.preformatted(hostile).section("b").section("c");
  page.add(Table{hostile, {{hostile}, {hostile, ColumnKind::Code}}, {{hostile, Cell(hostile, Tone::Good)}}});
  const std::string html = page.html();
  EXPECT_EQ(flaw(html), "");
  EXPECT_EQ(occurrences(html, "<script"), 0U);
  EXPECT_EQ(occurrences(html, "\xFF"), 0U);
}

TEST(Page, NothingIsFetchedAndNothingRuns) {
  const std::string html = Page("a").section("b").html();
  for (const char* needle : {"http:", "https:", "url(", "@import", "src=", "<link", "<script"}) {
    EXPECT_EQ(occurrences(html, needle), 0U) << needle;
  }
  EXPECT_EQ(occurrences(html, "default-src 'none'"), 1U);
}

TEST(Page, ContentsAppearFromThreeSectionsOn) {
  Page page("title");
  page.section("a").section("b");
  EXPECT_EQ(occurrences(page.html(), "<nav"), 0U);
  page.section("c");
  EXPECT_EQ(occurrences(page.html(), "<nav"), 1U);
  EXPECT_EQ(occurrences(page.html(), "href=\"#section-3\""), 1U);
  EXPECT_EQ(flaw(page.html()), "");
}

TEST(Page, PreformattedTextKeepsItsFirstLineBreak) {
  EXPECT_EQ(occurrences(Page("a").preformatted("\nx").html(), "\n\nx</pre>"), 1U);
}

TEST(Table, CellsCarryTheirColumnAndTheirTone) {
  const Table table{
      "caption", {{"format"}, {"SQNR", ColumnKind::Number}}, {{"E2M1", Cell("18.5", Tone::Bad)}}};
  const std::string html = table.html();
  EXPECT_EQ(flaw(html), "");
  EXPECT_EQ(occurrences(html, "<th scope=\"col\""), 2U);
  EXPECT_EQ(occurrences(html, "<th scope=\"row\" class=\"text\">E2M1</th>"), 1U);
  EXPECT_EQ(occurrences(html, "<td class=\"number bad\">18.5</td>"), 1U);
}

TEST(Table, ARowOfAnotherLengthIsRefusedWithBothNumbers) {
  const Table table{"t", {{"a"}, {"b"}}, {{"1", "2"}, {"3", "4", "5"}}};
  try {
    table.html();
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "table \"t\": row 1 has 3 cells for 2 columns");
  }
}

TEST(Table, WithoutRowsOrColumnsIsStillATable) {
  EXPECT_EQ(flaw(Table{}.html()), "");
}

}  // namespace
}  // namespace mxemu::report
