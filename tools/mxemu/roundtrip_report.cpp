// The results of a round trip as one HTML page.
#include <cmath>
#include <limits>

#include "conformance/report/bar_chart.hpp"
#include "conformance/report/histogram.hpp"
#include "conformance/report/page.hpp"
#include "conformance/report/table.hpp"
#include "tools/io/error.hpp"
#include "tools/mxemu/roundtrip.hpp"
#include "tools/mxemu/text_table.hpp"

namespace mxemu::cli {
namespace {

std::string format_name(const RoundtripResult& result, std::size_t format) {
  return result.requests[format].block_format().name;
}

report::Table statistics_table(std::string caption, std::string first_heading) {
  report::Table table{.caption = std::move(caption)};
  table.columns.push_back({std::move(first_heading), report::ColumnKind::Code});
  for (const char* heading :
       {"bits/elt", "SQNR dB", "max abs err", "max rel err", "saturated", "flushed", "lost", "NaN blocks"})
    table.columns.push_back({heading, report::ColumnKind::Number});
  table.columns.push_back({"scale codes", report::ColumnKind::Code});
  return table;
}

std::vector<report::Cell> statistics_cells(std::string first, const Statistics& s) {
  const report::Tone nan_tone = s.nan_blocks ? report::Tone::Bad : report::Tone::Neutral;
  return {std::move(first),
          fixed(s.bits_per_element(), 2),
          fixed(s.sqnr_decibels(), 2),
          s.compared ? significant(s.max_absolute, 4) : "-",
          s.compared ? significant(s.max_relative, 4) : "-",
          percent(s.saturated, s.elements),
          percent(s.flushed, s.elements),
          percent(s.lost, s.elements),
          {std::to_string(s.nan_blocks), nan_tone},
          scale_range(s)};
}

report::BarChart sqnr_bars(const RoundtripResult& result, const FileResult& file) {
  report::BarChart chart{
      .title = "SQNR of each tensor",
      .description = "Signal-to-quantisation-noise ratio per tensor and format; higher is better.",
      .value_label = "SQNR in dB"};
  for (const TensorResult& tensor : file.tensors) chart.labels.push_back(tensor.name);
  for (std::size_t f = 0; f < result.requests.size(); ++f) {
    report::BarSeries series{.name = format_name(result, f)};
    for (const TensorResult& tensor : file.tensors)
      series.values.push_back(tensor.by_format[f].sqnr_decibels());
    chart.series.push_back(std::move(series));
  }
  return chart;
}

report::Histogram error_histogram(const RoundtripResult& result) {
  report::Histogram histogram{
      .title = "Relative error of the elements",
      .description =
          "Elements by |output - input| / |input|. The leftmost bin is no error at all; "
          "the rightmost holds everything from 1 up, zeroed elements among it.",
      .bin_label = "relative error, powers of two (0 = exact)",
      .count_label = "elements"};
  // Bin 0 is exactness; shown as the open bin below the first binade.
  histogram.edges.push_back(0);
  for (int binade = Statistics::first_error_binade; binade <= Statistics::last_error_binade; ++binade)
    histogram.edges.push_back(std::ldexp(1.0, binade));
  histogram.edges.push_back(std::numeric_limits<double>::infinity());
  histogram.bin_scale = report::AxisScale::Logarithmic;
  histogram.layout = report::HistogramLayout::SmallMultiples;
  for (std::size_t f = 0; f < result.requests.size(); ++f) {
    const Statistics total = result.total(f);
    histogram.series.push_back(
        {format_name(result, f), {total.relative_errors.begin(), total.relative_errors.end()}});
  }
  return histogram;
}

report::Histogram scale_histogram(const RoundtripResult& result) {
  report::Histogram histogram{
      .title = "Scale codes of the blocks",
      .description = "Blocks by their E8M0 scale code c, which stands for 2^(c - 127); 255 is NaN.",
      .bin_label = "scale code",
      .count_label = "blocks"};
  histogram.layout = report::HistogramLayout::SmallMultiples;
  histogram.trim_empty_ends = true;
  for (std::size_t f = 0; f < result.requests.size(); ++f) {
    const Statistics total = result.total(f);
    histogram.series.push_back({format_name(result, f), {total.scales.begin(), total.scales.end()}});
  }
  return histogram;
}

void add_file(report::Page& page, const RoundtripResult& result, const FileResult& file) {
  page.section(file.path);
  report::Table totals = statistics_table("All tensors of the file", "format");
  for (std::size_t f = 0; f < result.requests.size(); ++f)
    totals.rows.push_back(statistics_cells(format_name(result, f), result.total(file, f)));
  page.add(totals);
  page.add(sqnr_bars(result, file));
  for (std::size_t f = 0; f < result.requests.size(); ++f) {
    report::Table table = statistics_table(format_name(result, f) + ", tensor by tensor", "tensor");
    for (const TensorResult& tensor : file.tensors)
      table.rows.push_back(
          statistics_cells(tensor.name + " " + io::shape_text(tensor.shape), tensor.by_format[f]));
    page.add(table);
  }
}

}  // namespace

std::string to_html(const RoundtripResult& result) {
  report::Page page("MX round trip", result.conversion());
  std::size_t tensors = 0;
  for (const FileResult& file : result.files) tensors += file.tensors.size();
  const Statistics first = result.total(0);
  page.facts({{"files", std::to_string(result.files.size())},
              {"tensors", std::to_string(tensors)},
              {"elements", std::to_string(first.elements)},
              {"not finite", std::to_string(first.not_finite)},
              {"formats", std::to_string(result.requests.size())}});
  page.section("Errors");
  page.add(error_histogram(result));
  page.section("Scales");
  page.add(scale_histogram(result));
  for (const FileResult& file : result.files) add_file(page, result, file);
  return page.html();
}

}  // namespace mxemu::cli
