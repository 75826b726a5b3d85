// The comparisons of matrix products as one HTML page.
#include "conformance/describe.hpp"
#include "conformance/report/heat_map.hpp"
#include "conformance/report/histogram.hpp"
#include "conformance/report/page.hpp"
#include "conformance/report/table.hpp"
#include "tools/mxemu/dot_explanation.hpp"
#include "tools/mxemu/matmul.hpp"
#include "tools/mxemu/text_table.hpp"

namespace mxemu::cli {
namespace {

report::Table verdict_table(const MatmulResult& result) {
  report::Table table{.caption = "Results beside each other"};
  for (const char* heading : {"result", "beside"})
    table.columns.push_back({heading, report::ColumnKind::Code});
  for (const char* heading : {"cells differ", "share", "max ulp", "mean ulp", "NaN in one"})
    table.columns.push_back({heading, report::ColumnKind::Number});
  for (const ComparedProduct& one : result.compared) {
    const MatrixComparison& c = one.comparison;
    table.rows.push_back({c.left, c.right, std::to_string(c.differing), percent(c.differing, c.cells),
                          std::to_string(c.max_ulps), significant(c.mean_ulps(), 3),
                          std::to_string(c.nan_in_one)});
  }
  return table;
}

report::Table cell_table(const ComparedProduct& one) {
  const MatrixComparison& c = one.comparison;
  report::Table table{.caption = "The first differing cell, and the one that differs most"};
  for (const char* heading : {"cell", "ulp", "left", "right", "exact"})
    table.columns.push_back({heading, report::ColumnKind::Code});
  const auto add = [&](const DifferingCell& cell, const std::optional<reference::Value>& exact) {
    table.rows.push_back({"C[" + std::to_string(cell.row) + ", " + std::to_string(cell.column) + "]",
                          cell.ulps ? std::to_string(*cell.ulps) : "NaN", code_text(c.type, cell.left),
                          code_text(c.type, cell.right), exact ? conformance::describe(*exact) : ""});
  };
  add(*c.first, one.exact_first);
  add(*c.worst, one.exact_worst);
  table.columns[2].heading = c.left;
  table.columns[3].heading = c.right;
  return table;
}

report::Histogram ulp_histogram(const MatrixComparison& c) {
  report::Histogram histogram{
      .title = "Differing cells by distance",
      .description =
          "Cells that differ, by the binary logarithm of their distance: bin i holds distances of "
          "2^i to 2^(i+1) - 1 units in the last place.",
      .bin_label = "log2 of the distance in ulp",
      .count_label = "cells"};
  histogram.trim_empty_ends = true;
  histogram.series.push_back({c.left + " beside " + c.right, {c.bins.begin(), c.bins.end()}});
  return histogram;
}

/// "0..15", the cells of a tile.
std::vector<std::string> tile_labels(std::size_t count, std::size_t step) {
  std::vector<std::string> labels;
  for (std::size_t first = 0; first < count; first += step) {
    const std::size_t last = std::min(first + step, count) - 1;
    labels.push_back(std::to_string(first) + (last > first ? ".." + std::to_string(last) : ""));
  }
  return labels;
}

report::HeatMap heat_map(const MatrixComparison& c) {
  report::HeatMap map{
      .title = "Where they differ",
      .description = "The largest distance among the cells of each tile, rows of C downwards.",
      .value_label = "ulp",
      .rows = tile_labels(c.rows, c.tile_rows),
      .columns = tile_labels(c.columns, c.tile_columns)};
  map.scale = report::AxisScale::Logarithmic;
  map.missing_means = "no difference, or a NaN in one";
  for (const auto& tile : c.tiles)
    map.values.push_back(tile && *tile > 0 ? report::Datum(static_cast<double>(*tile)) : std::nullopt);
  return map;
}

}  // namespace

std::string to_html(const MatmulOperands& operands, const MatmulResult& result) {
  report::Page page("MX matrix product", shapes_text(operands) + " under " + result.request.row().name);
  page.facts({{"A", operands.a_description},
              {"B", operands.b_description},
              {"accumulator", result.request.row().name},
              {"output", spec::name_of(result.request.output)},
              {"subject", result.subject}});
  page.section("Comparisons");
  page.add(verdict_table(result));
  for (const ComparedProduct& one : result.compared) {
    page.section(one.comparison.left + " beside " + one.comparison.right);
    page.verdict(one.comparison.differing == 0 ? report::Tone::Good : report::Tone::Bad,
                 verdict_text(one.comparison));
    if (!one.comparison.first) continue;
    page.add(cell_table(one));
    page.add(ulp_histogram(one.comparison));
    page.add(heat_map(one.comparison));
  }
  return page.html();
}

}  // namespace mxemu::cli
