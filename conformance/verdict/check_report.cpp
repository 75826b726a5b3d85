// The verdict as JSON, as JUnit XML and as one HTML page.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "conformance/describe.hpp"
#include "conformance/report/heat_map.hpp"
#include "conformance/report/page.hpp"
#include "conformance/report/table.hpp"
#include "conformance/report/text.hpp"
#include "conformance/verdict/check_report.hpp"
#include "conformance/verdict/json_text.hpp"

namespace mxemu::conformance {
namespace {

using nlohmann::json;

constexpr std::size_t failures_in_page = 60;
constexpr int heat_map_side = 16;  // rows of scale bytes; columns of codes are at most twice as many

template <class Cell>
json coverage_json(const CoverageOf<Cell>& coverage) {
  json object = json::object();
  for (const auto& word : spec::words<Cell>) object[word.name] = coverage[word.value];
  return object;
}

json failure_json(const Failure& failure) {
  json lines = json::object();
  for (const auto& line : failure.lines) lines[line.label] = line.text;
  json object = {{"case", failure.case_index},
                 {"element", failure.element},
                 {"differs", failure.in_scale ? "scale" : "element"},
                 {"input", hex(failure.input, 16)},
                 {"expected", hex(failure.expected, 16)},
                 {"got", hex(failure.got, 16)},
                 {"text", lines}};
  if (failure.scale >= 0) object["scale"] = failure.scale;
  return object;
}

json check_json(const CheckResult& check) {
  json failures = json::array();
  for (const auto& failure : check.failures) failures.push_back(failure_json(failure));
  return {
      {"id", check.id},
      {"format", check.format_name()},
      {"type", spec::name_of(check.type)},
      {"operation", check.operation_name()},
      {"requirement", spec::name_of(check.requirement)},
      {"clauses", check.clauses},
      {"verdict", spec::name_of(check.verdict)},
      {"note", check.note},
      {"cases", check.cases},
      {"answers", check.elements},
      {"differing", check.differing},
      {"unsupported_cases", check.unsupported_cases},
      {"suspect", check.suspect},
      {"repro", check.repro},
      {"failures", failures},
      {"coverage", check.is_of_dots() ? coverage_json(check.dot_coverage) : coverage_json(check.coverage)}};
}

std::string test_name(const CheckResult& check) {
  return check.id + " " + check.operation_name() + " " + spec::name_of(check.type);
}

/// What the checks are of, each once: formats, and operands of dot products.
std::vector<std::string> format_names(const SuiteResult& result) {
  std::vector<std::string> names;
  for (const CheckResult& check : result.checks)
    if (std::find(names.begin(), names.end(), check.format_name()) == names.end())
      names.push_back(check.format_name());
  return names;
}

std::string junit_case(const SuiteResult& result, const CheckResult& check) {
  const std::string format = check.format_name();
  std::string text =
      "    <testcase classname=\"mxemu." + format + "\" name=\"" + report::escaped(test_name(check)) + "\"";
  const auto body = [&](const std::string& element) { return text + ">" + element + "</testcase>\n"; };
  switch (check.verdict) {
    case Verdict::Passed: return text + "/>\n";
    case Verdict::ConformantWith:
      return body("<system-out>" + report::escaped("CONFORMANT-WITH " + check.note) + "</system-out>");
    case Verdict::Failed: {
      const std::string explained =
          check.failures.empty() ? "" : describe(result, check, check.failures.front());
      return body("<failure message=\"" +
                  report::escaped(std::to_string(check.differing) + " of " + std::to_string(check.elements) +
                                  " answers differ") +
                  "\">" + report::escaped(explained) + "</failure>");
    }
    case Verdict::Skipped: return body("<skipped message=\"" + report::escaped(check.note) + "\"/>");
    case Verdict::Untrusted: return body("<error message=\"" + report::escaped(check.note) + "\"/>");
  }
  return "";
}

report::Tone tone_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Passed:
    case Verdict::ConformantWith: return report::Tone::Good;
    case Verdict::Failed:
    case Verdict::Untrusted: return report::Tone::Bad;
    case Verdict::Skipped: return report::Tone::Neutral;
  }
  return report::Tone::Neutral;
}

report::Table verdict_table(const char* caption, const char* heading,
                            const std::vector<std::pair<std::string, VerdictCounts>>& entries,
                            bool with_checks) {
  report::Table table{.caption = caption};
  table.columns = {{heading, report::ColumnKind::Code},
                   {"the standard says"},
                   {"verdict"},
                   {"answers", report::ColumnKind::Number},
                   {"differ", report::ColumnKind::Number}};
  if (with_checks) table.columns.push_back({"checks", report::ColumnKind::Text});
  table.columns.push_back({"with, or suspect"});
  const auto join = [](const std::vector<std::string>& items) {
    std::string text;
    for (const std::string& item : items) text += (text.empty() ? "" : "; ") + item;
    return text;
  };
  for (const auto& [name, counts] : entries) {
    std::vector<report::Cell> row = {name,
                                     spec::name_of(counts.requirement),
                                     {spec::name_of(counts.worst()), tone_of(counts.worst())},
                                     std::to_string(counts.elements),
                                     std::to_string(counts.differing)};
    if (with_checks) row.emplace_back(join(counts.checks));
    row.emplace_back(join(counts.notes));
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// Differences over scale bytes (rows of 16) and codes of one format.
report::HeatMap failure_map(const SuiteResult& result, const spec::BlockFormat& format) {
  const int codes = format.element_format().code_count();
  const int columns = std::min(codes, 2 * heat_map_side);
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(heat_map_side * columns));
  for (const CheckResult& check : result.checks) {
    if (check.is_of_dots() || check.format != format.type) continue;
    for (const auto& cell : check.cells) {
      const int row = cell.scale * heat_map_side / 256;
      const int column = (cell.code % codes) * columns / codes;
      counts[static_cast<std::size_t>(row * columns + column)] += cell.count;
    }
  }
  report::HeatMap map{
      .title = std::string(format.name) + ": where the differences are",
      .description = "Differing answers by scale byte (rows) and by expected or given code (columns).",
      .value_label = "differing answers"};
  map.scale = report::AxisScale::Logarithmic;
  for (int row = 0; row < heat_map_side; ++row)
    map.rows.push_back("0x" + hex(static_cast<std::uint64_t>(row * 256 / heat_map_side), 2).substr(2));
  for (int column = 0; column < columns; ++column)
    map.columns.push_back(hex(static_cast<std::uint64_t>(column * codes / columns), 2));
  map.missing_means = "no difference";
  for (const std::uint64_t count : counts)
    map.values.push_back(count == 0 ? report::Datum() : static_cast<double>(count));
  return map;
}

template <class Cell>
report::Table coverage_table(const char* caption, const CoverageOf<Cell>& coverage) {
  report::Table table{.caption = caption};
  table.columns = {{"cell", report::ColumnKind::Code}, {"what"}, {"hits", report::ColumnKind::Number}};
  for (const auto& word : spec::words<Cell>)
    table.rows.push_back({word.name, word.meaning, std::to_string(coverage[word.value])});
  return table;
}

void add_failures(report::Page& page, const SuiteResult& result) {
  if (result.count(Verdict::Failed) == 0) return;
  page.section("Failures");
  for (const spec::BlockFormat& format : spec::block_formats)
    if (std::any_of(result.checks.begin(), result.checks.end(), [&](const CheckResult& check) {
          return check.format == format.type && !check.cells.empty();
        }))
      page.add(failure_map(result, format));
  page.paragraph("The first case of each failed check:");
  for (const std::string& text : failure_texts(result, failures_in_page)) page.preformatted(text);
}

}  // namespace

std::string to_json(const SuiteResult& result) {
  json checks = json::array();
  for (const CheckResult& check : result.checks) checks.push_back(check_json(check));
  json clauses = json::object();
  for (const auto& [clause, counts] : by_clause(result))
    clauses[clause] = {{"requirement", spec::name_of(counts.requirement)},
                       {"verdict", spec::name_of(counts.worst())},
                       {"checks", counts.checks},
                       {"notes", counts.notes}};
  return json_text({{"subject", result.subject},
                    {"broken", result.broken.empty() ? json() : json(result.broken)},
                    {"profile", result.options.profile_name()},
                    {"level", spec::name_of(result.options.level)},
                    {"seed", result.options.seed},
                    {"exit_status", result.exit_status()},
                    {"verdict", verdict_sentence(result)},
                    {"clauses", clauses},
                    {"coverage", coverage_json(result.coverage)},
                    {"dot_coverage", coverage_json(result.dot_coverage)},
                    {"checks", checks}});
}

static std::string broken_case(const std::string& sentence) {
  return "    <testcase classname=\"device\" name=\"answers\">\n      <error message=\"" +
         report::escaped(sentence) + "\"/>\n    </testcase>\n";
}

std::string to_junit(const SuiteResult& result) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mxemu check\">\n";
  for (const std::string& format : format_names(result)) {
    std::string cases;
    std::array<std::size_t, std::size(spec::words<Verdict>)> counts = {};
    std::size_t total = 0;
    for (const CheckResult& check : result.checks) {
      if (check.format_name() != format) continue;
      ++total;
      ++counts[static_cast<std::size_t>(check.verdict)];
      cases += junit_case(result, check);
    }
    const auto count = [&](Verdict verdict) {
      return std::to_string(counts[static_cast<std::size_t>(verdict)]);
    };
    text += "  <testsuite name=\"" + format + "\" tests=\"" + std::to_string(total) + "\" failures=\"" +
            count(Verdict::Failed) + "\" errors=\"" + count(Verdict::Untrusted) + "\" skipped=\"" +
            count(Verdict::Skipped) + "\">\n" + cases + "  </testsuite>\n";
  }
  if (!result.broken.empty())
    text += "  <testsuite name=\"device\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n" +
            broken_case(result.broken) + "  </testsuite>\n";
  return text + "</testsuites>\n";
}

std::string to_html(const SuiteResult& result) {
  report::Page page("MX conformance: " + result.subject, "profile " + result.options.profile_name() +
                                                             ", level " +
                                                             spec::name_of(result.options.level) + ", seed " +
                                                             std::to_string(result.options.seed));
  page.verdict(result.exit_status() == 0 ? report::Tone::Good : report::Tone::Bad, verdict_sentence(result));
  page.section("Clauses");
  page.add(verdict_table("Verdict by clause", "clause", by_clause(result), true));
  page.section("Checks");
  page.add(verdict_table("Verdict by check", "check", by_check(result), false));
  add_failures(page, result);
  page.section("Coverage");
  page.add(coverage_table("Cells that the cases of conversions hit", result.coverage));
  page.add(coverage_table("Cells that the cases of dot products hit", result.dot_coverage));
  return page.html();
}

}  // namespace mxemu::conformance
