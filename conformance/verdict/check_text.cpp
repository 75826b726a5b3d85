// The verdict as text, and the list of checks.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "conformance/dot/dot_suite.hpp"
#include "conformance/report/text_table.hpp"
#include "conformance/verdict/check_report.hpp"
#include "conformance/verdict/json_text.hpp"

namespace mxemu::conformance {
namespace {

using report::TextTable;
using Align = TextTable::Align;

constexpr std::size_t failures_in_text = 10;

void add_once(std::vector<std::string>& items, const std::string& item) {
  if (std::find(items.begin(), items.end(), item) == items.end()) items.push_back(item);
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find(", ", begin), list.size());
    parts.push_back(list.substr(begin, end - begin));
    begin = end + 2;
  }
  return parts;
}

VerdictCounts& entry(std::vector<std::pair<std::string, VerdictCounts>>& entries, const std::string& key) {
  for (auto& [name, counts] : entries)
    if (name == key) return counts;
  return entries.emplace_back(key, VerdictCounts{}).second;
}

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

/// Results that say the same of the same check: one line instead of one per format, operation and type.
struct Group {
  std::size_t count = 0;
  std::vector<std::string> formats, operations, types;
};

void print_notes(const SuiteResult& result, std::ostream& out) {
  std::vector<std::pair<std::string, Group>> groups;
  for (const CheckResult& check : result.checks) {
    if (check.note.empty() || check.verdict == Verdict::Failed) continue;
    const std::string key = std::string(spec::name_of(check.verdict)) + " " + check.id + "  " + check.note;
    auto found = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == key; });
    if (found == groups.end()) found = groups.insert(groups.end(), {key, {}});
    ++found->second.count;
    add_once(found->second.formats, check.format_name());
    add_once(found->second.operations, check.operation_name());
    add_once(found->second.types, spec::name_of(check.type));
  }
  for (const auto& [key, group] : groups)
    out << key << "\n  " << joined(group.formats) << "; " << joined(group.operations) << "; "
        << joined(group.types) << "\n";
  if (!groups.empty()) out << "\n";
}

void print_verdicts(const SuiteResult& result, std::ostream& out) {
  TextTable table({{"check", Align::Left},
                   {"the standard says", Align::Left},
                   {"passed"},
                   {"conformant"},
                   {"failed"},
                   {"untrusted"},
                   {"skipped"},
                   {"answers"},
                   {"differ"}});
  for (const auto& [id, counts] : by_check(result))
    table.row({id, spec::name_of(counts.requirement), std::to_string(counts.of(Verdict::Passed)),
               std::to_string(counts.of(Verdict::ConformantWith)), std::to_string(counts.of(Verdict::Failed)),
               std::to_string(counts.of(Verdict::Untrusted)), std::to_string(counts.of(Verdict::Skipped)),
               std::to_string(counts.elements), std::to_string(counts.differing)});
  table.print(out);
}

/// Every cell and how often it was hit, in lines of a terminal's width.
template <class Cell>
std::string coverage_text(const CoverageOf<Cell>& coverage) {
  constexpr std::size_t width = 100;
  std::string text;
  std::string line = "coverage";
  const std::string indent(line.size(), ' ');
  for (const auto& word : spec::words<Cell>) {
    const std::string cell = std::string("  ") + word.name + " " + std::to_string(coverage[word.value]);
    if (line.size() + cell.size() > width) {
      text += line + "\n";
      line = indent;
    }
    line += cell;
  }
  return text + line;
}

std::vector<conformance::CheckDescription> every_description() {
  std::vector<conformance::CheckDescription> all = conformance::check_descriptions();
  for (auto& description : conformance::dot_check_descriptions()) all.push_back(std::move(description));
  return all;
}

}  // namespace

void VerdictCounts::add(const CheckResult& check) {
  ++counts[check.verdict];
  requirement = std::min(requirement, check.requirement);
  elements += check.elements;
  differing += check.differing;
  add_once(checks, check.id);
  const std::string note = check.verdict == Verdict::Failed ? check.suspect : check.note;
  if (!note.empty()) add_once(notes, note);
}

std::size_t VerdictCounts::of(Verdict verdict) const {
  const auto found = counts.find(verdict);
  return found == counts.end() ? 0 : found->second;
}

Verdict VerdictCounts::worst() const {
  for (const Verdict verdict :
       {Verdict::Failed, Verdict::Untrusted, Verdict::ConformantWith, Verdict::Passed})
    if (of(verdict) != 0) return verdict;
  return Verdict::Skipped;
}

std::vector<std::pair<std::string, VerdictCounts>> by_clause(const SuiteResult& result) {
  std::vector<std::pair<std::string, VerdictCounts>> entries;
  for (const CheckResult& check : result.checks)
    for (const std::string& clause : split(check.clauses)) entry(entries, clause).add(check);
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return entries;
}

std::vector<std::pair<std::string, VerdictCounts>> by_check(const SuiteResult& result) {
  std::vector<std::pair<std::string, VerdictCounts>> entries;
  for (const CheckResult& check : result.checks) entry(entries, check.id).add(check);
  return entries;
}

std::string verdict_sentence(const SuiteResult& result) {
  VerdictCounts all;
  for (const CheckResult& check : result.checks) all.add(check);
  std::string text = std::string(spec::name_of(all.worst())) + ": ";
  if (!result.broken.empty()) text = "BROKEN: " + result.broken + ". Until then: ";
  const std::string unjudged = result.unjudged();
  if (result.broken.empty() && !unjudged.empty() && result.exit_status() == 3)
    text =
        "UNTRUSTED: the device declines what it was found to do, so nothing that the standard requires was "
        "judged "
        "of " +
        unjudged + "; ";
  const auto add = [&](const char* what, Verdict verdict) {
    if (all.of(verdict) != 0) text += std::to_string(all.of(verdict)) + " " + what + ", ";
  };
  const bool required = std::any_of(result.checks.begin(), result.checks.end(), [](const CheckResult& check) {
    return check.verdict == Verdict::Failed && check.requirement == conformance::Requirement::Must;
  });
  add(required ? "failed" : "failed, none of which the standard requires", Verdict::Failed);
  add("untrusted", Verdict::Untrusted);
  add("conformant with an alternative", Verdict::ConformantWith);
  add("passed", Verdict::Passed);
  add("skipped", Verdict::Skipped);
  if (result.checks.empty()) text += "no check fits what the subject declares, ";
  return text + std::to_string(all.elements) + " answers judged";
}

std::vector<std::string> failure_texts(const SuiteResult& result, std::size_t at_most) {
  std::vector<std::string> texts;
  for (const CheckResult& check : result.checks)
    if (!check.failures.empty() && texts.size() < at_most)
      texts.push_back(describe(result, check, check.failures.front()));
  return texts;
}

std::string check_list() {
  TextTable table({{"check", Align::Left},
                   {"the standard says", Align::Left},
                   {"clauses", Align::Left},
                   {"operations", Align::Left},
                   {"inputs", Align::Left}});
  for (const CheckDescription& check : every_description()) {
    std::string operations;
    for (const Operation operation : check.operations)
      operations += (operations.empty() ? "" : " ") + std::string(spec::name_of(operation));
    if (operations.empty()) operations = "dot";
    table.row({check.id, spec::name_of(check.requirement), check.clauses, operations, check.summary});
  }
  std::ostringstream out;
  table.print(out);
  return out.str();
}

std::string check_list_json() {
  nlohmann::json list = nlohmann::json::array();
  for (const CheckDescription& check : every_description()) {
    nlohmann::json operations = nlohmann::json::array();
    for (const Operation operation : check.operations) operations.push_back(spec::name_of(operation));
    if (operations.empty()) operations.push_back("dot");
    list.push_back({{"id", check.id},
                    {"summary", check.summary},
                    {"requirement", spec::name_of(check.requirement)},
                    {"clauses", split(check.clauses)},
                    {"operations", operations}});
  }
  return json_text(list);
}

std::string to_text(const SuiteResult& result) {
  std::ostringstream out;
  for (const std::string& text : failure_texts(result, failures_in_text)) out << text << "\n";
  if (result.count(Verdict::Failed) > failures_in_text)
    out << "... and " << result.count(Verdict::Failed) - failures_in_text
        << " more failed checks; --json and --report have them all\n\n";
  print_notes(result, out);
  print_verdicts(result, out);
  const auto is_of_dots = [](const CheckResult& check) { return check.is_of_dots(); };
  const bool only_dots = std::all_of(result.checks.begin(), result.checks.end(), is_of_dots);
  const bool has_dots = std::any_of(result.checks.begin(), result.checks.end(), is_of_dots);
  if (!only_dots) out << "\n" << coverage_text(result.coverage) << "\n";
  if (has_dots) out << (only_dots ? "\n" : "") << "dots\n" << coverage_text(result.dot_coverage) << "\n";
  out << "subject " << result.subject << (only_dots ? "" : "  profile " + result.options.profile_name())
      << "  level " << spec::name_of(result.options.level) << "  seed " << result.options.seed << "\n"
      << verdict_sentence(result) << "\n";
  return out.str();
}

}  // namespace mxemu::conformance
