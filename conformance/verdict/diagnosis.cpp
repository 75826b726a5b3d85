// What the failures of a run have in common.
#include <algorithm>
#include <string_view>

#include "conformance/verdict/check_report.hpp"

namespace mxemu::conformance {
namespace {

/// Failed checks of one suspect, or of none.
struct Suspicion {
  std::string suspect;
  std::size_t checks = 0;
  std::uint64_t differences = 0;
};

constexpr std::string_view sums_as = "it sums as ";

std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(", "), list.size());
    names.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 2, list.size()));
  }
  return names;
}

/// The accumulator that is among the suspects of every failed check of dot products; "" where none is.
std::string common_accumulator(const SuiteResult& result) {
  std::vector<std::string> common;
  bool is_first = true;
  for (const CheckResult& check : result.checks) {
    if (check.verdict != Verdict::Failed || !check.suspect.starts_with(sums_as)) continue;
    const std::vector<std::string> names = names_in(name_of_suspect(check.suspect).substr(sums_as.size()));
    if (is_first) common = names;
    is_first = false;
    std::erase_if(common, [&](const std::string& name) {
      return std::find(names.begin(), names.end(), name) == names.end();
    });
  }
  return common.empty() ? "" : common.front();
}

std::vector<Suspicion> suspicions(const SuiteResult& result) {
  std::vector<Suspicion> all;
  const std::string accumulator = common_accumulator(result);
  for (const CheckResult& check : result.checks) {
    if (check.verdict != Verdict::Failed) continue;
    std::string name = name_of_suspect(check.suspect);
    if (!accumulator.empty() && name.starts_with(sums_as)) name = std::string(sums_as) + accumulator;
    auto found = std::find_if(all.begin(), all.end(), [&](const Suspicion& s) { return s.suspect == name; });
    if (found == all.end()) found = all.insert(all.end(), {.suspect = name});
    ++found->checks;
    found->differences += check.differing;
  }
  std::stable_sort(all.begin(), all.end(), [](const Suspicion& a, const Suspicion& b) {
    return std::pair(a.suspect.empty(), b.checks) < std::pair(b.suspect.empty(), a.checks);
  });
  return all;
}

std::string counted(std::uint64_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string extent(const Suspicion& one) {
  return counted(one.differences, "difference") + " of " + counted(one.checks, "check");
}

}  // namespace

std::string name_of_suspect(const std::string& suspect) {
  return suspect.substr(0, suspect.rfind(" ("));
}

std::string diagnosis(const SuiteResult& result) {
  const std::vector<Suspicion> all = suspicions(result);
  if (all.empty()) return "";
  if (all.size() == 1 && all.front().suspect.empty())
    return "no known fault explains the " + extent(all.front());
  if (all.size() == 1)
    return "one suspect explains every failure (" + extent(all.front()) + "): " + all.front().suspect;
  std::string text;
  for (const Suspicion& one : all)
    text += (text.empty() ? "" : "; ") + (one.suspect.empty() ? std::string("no known fault") : one.suspect) +
            " explains " + extent(one);
  return text;
}

}  // namespace mxemu::conformance
