#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "conformance/report/bar_chart.hpp"
#include "conformance/report/heat_map.hpp"
#include "conformance/report/histogram.hpp"
#include "conformance/report/line_plot.hpp"
#include "conformance/report/page.hpp"
#include "conformance/report/palette.hpp"
#include "conformance/report/tests/markup.hpp"

namespace mxemu::report {
namespace {

using test::flaw;
using test::occurrences;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr const char* hostile = "<script>alert(1)</script>\"'&\xFF";

const std::vector<Datum> awkward = {-3.5, 0.0, 1e300, 5e-324, nan, infinity, -infinity, std::nullopt};

BarChart awkward_bars(AxisScale scale) {
  BarChart chart{.title = hostile, .description = hostile, .value_label = hostile};
  chart.labels = std::vector<std::string>(awkward.size(), hostile);
  chart.series = {{hostile, awkward}, {"second", awkward}};
  chart.scale = scale;
  return chart;
}

HeatMap awkward_map(AxisScale scale) {
  return {.title = hostile,
          .description = hostile,
          .value_label = hostile,
          .rows = {hostile, "b"},
          .columns = {hostile, "2", "3", "4"},
          .values = awkward,
          .scale = scale};
}

LinePlot awkward_lines(AxisScale scale, LineMarks marks) {
  LinePlot plot{.title = hostile, .description = hostile, .x_label = hostile, .y_label = hostile};
  plot.series = {{hostile, {}}, {"second", {}}};
  for (const Datum& y : awkward) {
    plot.series[0].points.push_back({static_cast<double>(plot.series[0].points.size()), y, hostile});
    plot.series[1].points.push_back({y.value_or(nan), 1.0, "b"});
  }
  plot.x_scale = plot.y_scale = scale;
  plot.marks = marks;
  return plot;
}

Histogram counts(std::vector<std::uint64_t> first, std::vector<std::uint64_t> second) {
  return {.title = hostile,
          .description = hostile,
          .bin_label = hostile,
          .series = {{hostile, std::move(first)}, {"second", std::move(second)}}};
}

/// A page with every element in every mode over awkward data.
std::string awkward_page() {
  Page page(hostile);
  for (const AxisScale scale : {AxisScale::Linear, AxisScale::Logarithmic}) {
    page.add(awkward_bars(scale)).add(awkward_map(scale));
    for (const LineMarks marks : {LineMarks::LinesAndPoints, LineMarks::Lines, LineMarks::Points}) {
      page.add(awkward_lines(scale, marks));
    }
    for (const HistogramLayout layout : {HistogramLayout::Overlaid, HistogramLayout::SmallMultiples}) {
      Histogram histogram = counts({0, 1, 4'000'000'000, 0}, {0, 0, 0, 7});
      histogram.edges = {-infinity, 0.5, 1, 2, infinity};
      histogram.bin_scale = histogram.count_scale = scale;
      histogram.layout = layout;
      page.add(histogram);
    }
  }
  return page.html();
}

TEST(Charts, AwkwardDataGiveAWellFormedPage) {
  const std::string html = awkward_page();
  EXPECT_EQ(flaw(html), "");
  EXPECT_EQ(occurrences(html, "<script"), 0U);
}

TEST(Charts, TheSameContentGivesTheSameBytes) {
  EXPECT_EQ(awkward_page(), awkward_page());
}

TEST(Charts, WithoutDataSaySo) {
  for (const std::string& html :
       {BarChart{}.html(), Histogram{}.html(), HeatMap{}.html(), LinePlot{}.html()}) {
    EXPECT_EQ(flaw(html), "");
    EXPECT_EQ(occurrences(html, ">no data<"), 1U);
  }
}

TEST(Charts, EmptySeriesAreDrawnAsNothing) {
  const BarChart bars{.title = "t", .series = {{"a", {}}}};
  const LinePlot lines{.title = "t", .series = {{"a", {}}, {"b", {}}}};
  const Histogram histogram{.title = "t", .series = {{"a", {}}}, .trim_empty_ends = true};
  for (const std::string& html : {bars.html(), lines.html(), histogram.html()}) {
    EXPECT_EQ(flaw(html), "");
    EXPECT_EQ(occurrences(html, "class=\"bar "), 0U);
  }
}

TEST(Charts, EveryDrawingHasATitleAndADescription) {
  for (const std::string& html : {BarChart{.title = "t"}.html(), Histogram{.title = "t"}.html(),
                                  HeatMap{.title = "t"}.html(), LinePlot{.title = "t"}.html()}) {
    EXPECT_EQ(occurrences(html, "role=\"img\""), 1U);
    EXPECT_EQ(occurrences(html, ">\n<title>t</title>\n<desc>"), 1U);
  }
}

TEST(BarChart, NanInfinityAndMissingAreWrittenNotDrawn) {
  const BarChart chart{
      .title = "t", .labels = {"a", "b", "c", "d"}, .series = {{"s", {nan, infinity, std::nullopt, 2.0}}}};
  const std::string html = chart.html();
  EXPECT_EQ(occurrences(html, "class=\"bar "), 1U);
  EXPECT_EQ(occurrences(html, "NaN</text>"), 1U);
  EXPECT_EQ(occurrences(html, "Inf</text>"), 1U);
  EXPECT_EQ(occurrences(html, "missing</text>"), 1U);
  EXPECT_EQ(occurrences(html, "Not drawn: 3 values (a: NaN; b: Inf; c: missing)."), 1U);
}

TEST(BarChart, NegativeBarsEndAtTheBaseline) {
  const BarChart chart{.title = "t", .labels = {"a", "b"}, .series = {{"s", {-1.0, 1.0}}}};
  EXPECT_EQ(occurrences(chart.html(), "class=\"bar series-1\""), 2U);
  EXPECT_EQ(occurrences(chart.html(), ">-1</text>"), 2U);  // the tick and the value
}

TEST(BarChart, AThousandBarsFitAndLongNamesKeepTheirEnds) {
  BarChart chart{.title = "t", .series = {{"s", {}}}};
  for (int i = 0; i < 1000; ++i) {
    chart.labels.push_back("model.layers." + std::to_string(i) +
                           ".a.very.long.path.through.the.network.down_proj.weight");
    chart.series[0].values.push_back(i);
  }
  const std::string html = chart.html();
  EXPECT_EQ(flaw(html), "");
  EXPECT_EQ(occurrences(html, "class=\"bar "), 1000U);
  EXPECT_EQ(occurrences(html, "<title>" + chart.labels[7] + "</title>"), 1U);
  EXPECT_EQ(occurrences(html, ">" + chart.labels[7] + "</text>"), 0U);
  EXPECT_EQ(occurrences(html, "…"), 1000U);
}

TEST(BarChart, ASeriesOfAnotherLengthIsRefused) {
  const BarChart chart{.title = "t", .labels = {"a", "b"}, .series = {{"s", {1.0}}}};
  EXPECT_THROW(chart.html(), std::invalid_argument);
}

TEST(Histogram, ASingleCountAmongBillionsIsStillDrawn) {
  for (const AxisScale scale : {AxisScale::Linear, AxisScale::Logarithmic}) {
    Histogram histogram{.title = "t", .series = {{"s", {1, 0, 4'294'967'296}}}};
    histogram.count_scale = scale;
    EXPECT_EQ(occurrences(histogram.html(), "class=\"bar "), 2U);
    EXPECT_EQ(occurrences(histogram.html(), "4,294,967,296 (100 %)"), 1U);
  }
}

TEST(Histogram, TrimmingSaysWhatItLeftOut) {
  Histogram histogram{.title = "t", .series = {{"s", std::vector<std::uint64_t>(255, 0)}}};
  histogram.series[0].counts[120] = 3;
  histogram.series[0].counts[130] = 1;
  histogram.trim_empty_ends = true;
  const std::string html = histogram.html();
  EXPECT_EQ(occurrences(html, "class=\"hover\""), 11U);
  EXPECT_EQ(occurrences(html, "Not shown: 120 empty bins below and 124 above, of 255."), 1U);
  EXPECT_EQ(occurrences(html, "<title>120\ns: 3 (75 %)</title>"), 1U);
}

TEST(Histogram, OpenBinsStandBesideTheAxis) {
  Histogram histogram{.title = "t", .edges = {-infinity, 0, 1, infinity}, .series = {{"s", {1, 2, 3}}}};
  EXPECT_EQ(occurrences(histogram.html(), ">below</text>"), 1U);
  EXPECT_EQ(occurrences(histogram.html(), ">above</text>"), 1U);
  EXPECT_EQ(occurrences(histogram.html(), "[-Inf, 0)"), 1U);
}

TEST(Histogram, BadBinsAreRefused) {
  const Histogram wrong_count{.title = "t", .edges = {0, 1, 2}, .series = {{"s", {1}}}};
  const Histogram falling{.title = "t", .edges = {0, 2, 1}, .series = {{"s", {1, 1}}}};
  const Histogram not_a_number{.title = "t", .edges = {0, nan, 1}, .series = {{"s", {1, 1}}}};
  const Histogram uneven{.title = "t", .series = {{"a", {1, 2}}, {"b", {1}}}};
  EXPECT_THROW(wrong_count.html(), std::invalid_argument);
  EXPECT_THROW(falling.html(), std::invalid_argument);
  EXPECT_THROW(not_a_number.html(), std::invalid_argument);
  EXPECT_THROW(uneven.html(), std::invalid_argument);
}

TEST(HeatMap, CellsWithoutAPlaceAreHatchedAndNamed) {
  const HeatMap map{
      .title = "t", .rows = {"r"}, .columns = {"a", "b", "c"}, .values = {nan, 1.0, std::nullopt}};
  const std::string html = map.html();
  EXPECT_EQ(occurrences(html, "class=\"absent-tile\""), 2U);
  EXPECT_EQ(occurrences(html, "<title>r, a: NaN</title>"), 1U);
  EXPECT_EQ(occurrences(html, "<title>r, b: 1</title>"), 1U);
  EXPECT_EQ(occurrences(html, "class=\"hatch\""), 1U);
}

TEST(HeatMap, MissingValuesMaySayWhatTheyMean) {
  const HeatMap map{.title = "t",
                    .rows = {"r"},
                    .columns = {"a", "b"},
                    .values = {1.0, std::nullopt},
                    .missing_means = "no difference"};
  const std::string html = map.html();
  EXPECT_EQ(occurrences(html, "<title>r, b: no difference</title>"), 1U);
  EXPECT_EQ(occurrences(html, "Hatched: no difference."), 1U);
  EXPECT_EQ(occurrences(html, "without a place"), 0U);
}

TEST(HeatMap, ValuesThatDoNotFillTheGridAreRefused) {
  const HeatMap map{.title = "t", .rows = {"r"}, .columns = {"a", "b"}, .values = {1.0}};
  EXPECT_THROW(map.html(), std::invalid_argument);
}

TEST(HeatMap, ThePaletteGrowsLighterAllTheWay) {
  const auto grey = [](Colour c) { return 0.2126 * c.red + 0.7152 * c.green + 0.0722 * c.blue; };
  for (int i = 1; i <= 100; ++i)
    EXPECT_GT(grey(palette_colour(i / 100.0)), grey(palette_colour((i - 1) / 100.0))) << i;
  EXPECT_EQ(palette_colour(-1).text(), "#440154");
  EXPECT_EQ(palette_colour(2).text(), "#fde725");
  EXPECT_TRUE(palette_colour(0).is_dark());
  EXPECT_FALSE(palette_colour(1).is_dark());
}

TEST(LinePlot, APointWithoutAPlaceInterruptsTheLine) {
  const LinePlot plot{.title = "t",
                      .series = {{"s", {{0, 1.0, ""}, {1, nan, ""}, {2, 2.0, ""}, {3, 3.0, ""}}}}};
  const std::string html = plot.html();
  EXPECT_EQ(occurrences(html, "class=\"mark "), 3U);
  EXPECT_EQ(occurrences(html, "Not drawn: 1 value (s (1, NaN))."), 1U);
  const std::size_t end = html.find("class=\"curve ");
  const std::string path = html.substr(html.rfind("<path", end), end - html.rfind("<path", end));
  EXPECT_EQ(occurrences(path, "M"), 2U);
  EXPECT_EQ(occurrences(path, "L"), 1U);
}

TEST(LinePlot, LabelsThatDoNotFitAreCounted) {
  LinePlot plot{.title = "t", .series = {{"s", {}}}};
  for (int i = 0; i < 40; ++i) plot.series[0].points.push_back({1, 1.0, "the same place"});
  EXPECT_EQ(occurrences(plot.html(), "Labels without room, shown on hover: "), 1U);
}

}  // namespace
}  // namespace mxemu::report
