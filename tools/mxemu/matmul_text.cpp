// Matrix products and their comparisons as text and as JSON.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "conformance/describe.hpp"
#include "tools/io/error.hpp"
#include "tools/mxemu/dot_explanation.hpp"
#include "tools/mxemu/matmul.hpp"
#include "tools/mxemu/text_table.hpp"

namespace mxemu::cli {
namespace {

using Align = TextTable::Align;
using conformance::describe;
using nlohmann::json;

const std::string exact_label = "never rounded";
constexpr std::size_t widest_bar = 40;
constexpr std::size_t most_details = 3;  // of more comparisons there is a table alone

std::string place(const DifferingCell& cell) {
  return "C[" + std::to_string(cell.row) + ", " + std::to_string(cell.column) + "]";
}

void print_cell(const char* label, const MatrixComparison& comparison, const DifferingCell& cell,
                const std::optional<reference::Value>& exact, std::ostream& out) {
  const std::string distance = cell.ulps ? std::to_string(*cell.ulps) + " ulp" : "one is NaN";
  out << "  " << label << "  " << place(cell) << "  " << distance << "\n";
  const std::size_t width = std::max({comparison.left.size(), comparison.right.size(), exact_label.size()});
  const auto line = [&](const std::string& name, const std::string& text) {
    out << "    " << name << std::string(width + 2 - name.size(), ' ') << text << "\n";
  };
  line(comparison.left, code_text(comparison.type, cell.left));
  line(comparison.right, code_text(comparison.type, cell.right));
  if (exact) line(exact_label, describe(*exact));
}

void print_histogram(const MatrixComparison& comparison, std::ostream& out) {
  TextTable table({{"  ulp"}, {"cells"}, {"", Align::Left}});
  for (const auto& [label, count] : histogram_rows(comparison)) {
    const std::size_t width = (count * widest_bar + comparison.cells - 1) / comparison.cells;
    table.row({"  " + label, std::to_string(count), std::string(width, '#')});
  }
  table.print(out);
}

void print_details(const ComparedProduct& one, std::ostream& out) {
  const MatrixComparison& comparison = one.comparison;
  out << "\n"
      << comparison.left << " beside " << comparison.right << ": " << verdict_text(comparison) << "\n";
  if (comparison.other_nan_bits)
    out << "  " << comparison.other_nan_bits << " cells are NaN in both, with other codes: "
        << (comparison.nan_codes == NanCodes::Stated ? comparison.right + " states one, so they differ"
                                                     : "they do not count as differing")
        << "\n";
  if (!comparison.first) return;
  print_histogram(comparison, out);
  print_cell("first", comparison, *comparison.first, one.exact_first, out);
  if (comparison.worst->row != comparison.first->row || comparison.worst->column != comparison.first->column)
    print_cell("worst", comparison, *comparison.worst, one.exact_worst, out);
  out << "  --explain first and --explain worst show how such a cell is summed\n";
}

/// Those that differ least first.
void print_table(const MatmulResult& result, std::ostream& out) {
  std::vector<const MatrixComparison*> order;
  for (const ComparedProduct& one : result.compared) order.push_back(&one.comparison);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto* a, const auto* b) { return a->differing < b->differing; });
  TextTable table({{order.front()->left + " beside", Align::Left},
                   {"cells differ"},
                   {"share"},
                   {"max ulp"},
                   {"mean ulp"},
                   {"NaN in one"},
                   {"first", Align::Left}});
  for (const MatrixComparison* one : order)
    table.row({one->right, std::to_string(one->differing), percent(one->differing, one->cells),
               std::to_string(one->max_ulps), significant(one->mean_ulps(), 3),
               std::to_string(one->nan_in_one), one->first ? place(*one->first) : ""});
  out << "\n";
  table.print(out);
}

json cell_json(const MatrixComparison& comparison, const DifferingCell& cell,
               const std::optional<reference::Value>& exact) {
  const int digits = spec::format_of(comparison.type).bits / 4;
  json result = {{"row", cell.row},
                 {"column", cell.column},
                 {"left", conformance::hex(cell.left, digits)},
                 {"right", conformance::hex(cell.right, digits)},
                 {"ulps", nullptr}};
  if (exact) result["exact"] = describe(*exact);
  if (cell.ulps) result["ulps"] = *cell.ulps;
  return result;
}

json comparison_json(const ComparedProduct& one) {
  const MatrixComparison& comparison = one.comparison;
  json histogram = json::array();
  for (const auto& [label, count] : histogram_rows(comparison))
    histogram.push_back({{"ulps", label}, {"cells", count}});
  json result = {{"left", comparison.left},
                 {"right", comparison.right},
                 {"right_subject", one.right_subject},
                 {"cells", comparison.cells},
                 {"differing", comparison.differing},
                 {"max_ulps", comparison.max_ulps},
                 {"mean_ulps", comparison.mean_ulps()},
                 {"nan_in_one", comparison.nan_in_one},
                 {"other_nan_bits", comparison.other_nan_bits},
                 {"nan_code_is_stated", comparison.nan_codes == NanCodes::Stated},
                 {"sign_of_zero", comparison.sign_of_zero},
                 {"histogram", histogram}};
  if (comparison.first) {
    result["first"] = cell_json(comparison, *comparison.first, one.exact_first);
    result["worst"] = cell_json(comparison, *comparison.worst, one.exact_worst);
  }
  return result;
}

}  // namespace

std::string shapes_text(const MatmulOperands& operands) {
  const auto shape = [](std::size_t rows, std::size_t columns) {
    return "[" + std::to_string(rows) + ", " + std::to_string(columns) + "]";
  };
  const std::size_t m = operands.a.lines, n = operands.b.lines, k = operands.a.length;
  return shape(m, n) + " = " + shape(m, k) + " x " + shape(k, n);
}

std::string verdict_text(const MatrixComparison& comparison) {
  if (comparison.differing == 0) return "all " + std::to_string(comparison.cells) + " cells are equal";
  std::string text = std::to_string(comparison.differing) + " of " + std::to_string(comparison.cells) +
                     " cells differ, by " + std::to_string(comparison.max_ulps) + " ulp of " +
                     spec::name_of(comparison.type) + " at most, " + significant(comparison.mean_ulps(), 3) +
                     " on average";
  if (comparison.nan_in_one)
    text += "; in " + std::to_string(comparison.nan_in_one) + " one is NaN and the other is not";
  if (comparison.nan_codes == NanCodes::Stated && comparison.other_nan_bits)
    text += "; in " + std::to_string(comparison.other_nan_bits) + " both are NaN, by other codes";
  return text;
}

std::vector<std::pair<std::string, std::size_t>> histogram_rows(const MatrixComparison& comparison) {
  std::vector<std::pair<std::string, std::size_t>> rows = {{"0", comparison.cells - comparison.differing}};
  if (comparison.sign_of_zero) rows.emplace_back("+0 and -0", comparison.sign_of_zero);
  std::size_t end = comparison.bins.size();
  while (end > 0 && comparison.bins[end - 1] == 0) --end;
  std::size_t begin = 0;
  while (begin < end && comparison.bins[begin] == 0) ++begin;
  for (std::size_t bin = begin; bin < end; ++bin) rows.emplace_back(bin_label(bin), comparison.bins[bin]);
  if (comparison.nan_in_one) rows.emplace_back("NaN in one", comparison.nan_in_one);
  if (comparison.nan_codes == NanCodes::Stated && comparison.other_nan_bits)
    rows.emplace_back("other NaN", comparison.other_nan_bits);
  return rows;
}

void print_text(const MatmulOperands& operands, const MatmulResult& result, std::ostream& out) {
  const spec::Accumulator& row = result.request.row();
  out << "C = " << (result.factors.empty() ? operands.c.empty() ? "A B" : "A B + c" : result.factors) << "   "
      << shapes_text(operands) << "\n"
      << "  A            " << operands.a_description << "\n"
      << "  B            " << operands.b_description << "\n";
  if (!operands.c.empty()) out << "  c            " << operands.c_description << "\n";
  out << "  accumulator  " << row.name << ", to " << spec::name_of(result.request.output) << ": "
      << row.summary << "\n";
  if (row.evidence != spec::Evidence::Standard)
    out << "  source       " << row.source << " (" << spec::meaning_of(row.evidence) << ")\n";
  if (row.unverified.has(result.request.a) || row.unverified.has(result.request.b))
    out << "  unverified   nobody has compared this model with a device on these operands\n";
  out << "  subject      " << result.subject << "\n";
  if (!result.output.empty()) out << "  written      " << result.output << "\n";
  if (result.compared.size() > 1) print_table(result, out);
  if (result.compared.size() <= most_details)
    for (const ComparedProduct& one : result.compared) print_details(one, out);
}

json to_json(const MatmulOperands& operands, const MatmulResult& result) {
  json comparisons = json::array();
  for (const ComparedProduct& one : result.compared) comparisons.push_back(comparison_json(one));
  return {{"a", operands.a_description},
          {"b", operands.b_description},
          {"c", operands.c_description},
          {"factors", result.factors},
          {"m", operands.a.lines},
          {"n", operands.b.lines},
          {"k", operands.a.length},
          {"block_size", result.request.block_size},
          {"accumulator", result.request.row().name},
          {"evidence", spec::name_of(result.request.row().evidence)},
          {"type_a", spec::name_of(result.request.a)},
          {"type_b", spec::name_of(result.request.b)},
          {"output_type", spec::name_of(result.request.output)},
          {"subject", result.subject},
          {"output", result.output},
          {"comparisons", comparisons}};
}

}  // namespace mxemu::cli
