#include <algorithm>

#include "conformance/describe.hpp"
#include "conformance/dot/dot_emulation.hpp"
#include "conformance/dot/dot_suite.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t shown_terms = 4;
constexpr std::size_t shown_rows = 3;

std::string describe_result(spec::FloatType type, std::uint32_t bits) {
  const spec::FloatFormat& format = spec::format_of(type);
  return hex(bits, format.bits / 4) + "   " + hex_float(format, bits) + "   " +
         describe(reference::decode_float(format, bits));
}

/// What is not zero, the largest magnitudes first.
std::string describe_terms(const DotCases& cases, const std::vector<reference::Value>& terms) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < terms.size(); ++i)
    if (!terms[i].is_zero()) places.push_back(i);
  if (places.empty()) return "all are zero";
  std::stable_sort(places.begin(), places.end(), [&](std::size_t x, std::size_t y) {
    if (!terms[x].is_finite() || !terms[y].is_finite()) return !terms[x].is_finite() && terms[y].is_finite();
    return terms[x].magnitude > terms[y].magnitude;
  });
  std::string text = std::to_string(places.size()) + " not zero: ";
  for (std::size_t i = 0; i < std::min(shown_terms, places.size()); ++i) {
    const bool is_c = places[i] == cases.elements;
    text += (i == 0 ? "" : ", ") + (is_c ? std::string("c") : "k=" + std::to_string(places[i])) + " " +
            describe(terms[places[i]]);
  }
  return text + (places.size() > shown_terms ? ", ..." : "");
}

std::string describe_enclosure(const reference::Enclosure& sums) {
  if (sums.only_nan) return "NaN, in every order of float32 additions";
  const std::string ends = describe(sums.low) + " to " + describe(sums.high);
  return ends + (sums.may_be_nan ? ", or NaN" : "") + ", over all orders of float32 additions";
}

/// The order of codes as numbers.
std::int64_t rank(spec::FloatType type, std::uint32_t bits) {
  const auto sign = static_cast<std::uint32_t>(spec::format_of(type).sign_mask());
  const auto magnitude = static_cast<std::int64_t>(bits & (sign - 1));
  return (bits & sign) != 0 ? -magnitude : magnitude;
}

std::string describe_nearest(const DotCases& cases, std::size_t index, std::uint32_t got) {
  std::vector<std::pair<std::int64_t, std::string>> rows;
  for (const spec::Accumulator* row : accumulators_for(cases.pair(), cases.block_size)) {
    const std::uint32_t result = dot_under(*row, cases, index);
    if (is_nan(cases.output, got) != is_nan(cases.output, result)) continue;
    const bool same = is_same_result(cases.output, got, result);
    const std::int64_t distance = same ? -1 : std::abs(rank(cases.output, got) - rank(cases.output, result));
    const std::string off =
        distance == 0 ? "zero of the other sign" : std::to_string(distance) + " codes off";
    rows.emplace_back(distance, std::string(row->name) + " (" + (same ? "equal" : off) + ")");
  }
  if (rows.empty()) return "no accumulator that is known is near";
  std::stable_sort(rows.begin(), rows.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
  std::string text;
  for (std::size_t i = 0; i < std::min(shown_rows, rows.size()); ++i)
    text += (i == 0 ? "" : ", ") + rows[i].second;
  return text;
}

std::string describe_scales(const DotCases& cases, std::size_t index) {
  std::string text;
  const auto add = [&](const char* name, const DotLine& line) {
    if (line.scales.empty()) return;
    text += (text.empty() ? "" : ", ") + std::string(name);
    for (std::size_t i = 0; i < std::min(shown_terms, line.scales.size()); ++i)
      text += " " + hex(line.scales[i], 2);
    if (line.scales.size() > shown_terms) text += " ...";
  };
  add("a", line_of(cases, cases.a, cases.a_operand, index));
  add("b", line_of(cases, cases.b, cases.b_operand, index));
  return text;
}

}  // namespace

Failure explain_dot_failure(const DotCases& cases, std::size_t index, std::uint32_t got,
                            const spec::Accumulator* claim) {
  Failure failure;
  failure.input = cases.c[index];
  failure.got = got;
  const auto terms = dot_terms(cases, index);
  const auto line = [&](const char* label, const std::string& text) {
    failure.lines.push_back({label, text});
  };
  line("request", "dot " + describe(cases.pair()) + "  " + std::to_string(cases.elements) + " elements");
  line("where", "");
  if (const std::string scales = describe_scales(cases, index); !scales.empty()) line("scales", scales);
  line("c", describe_result(cases.output, cases.c[index]));
  line("terms", describe_terms(cases, terms));
  line("exact", describe(exact_result(cases, index)));
  line("orders", describe_enclosure(enclose(cases, index).sums));
  if (claim) {
    failure.expected = dot_under(*claim, cases, index);
    line("expected", describe_result(cases.output, static_cast<std::uint32_t>(failure.expected)) + "   by " +
                         claim->name);
  } else {
    failure.expected = reference_dot_answers(part_of(cases, index, 1)).results.front();
  }
  line("got", describe_result(cases.output, got));
  line("nearest", describe_nearest(cases, index, got));
  return failure;
}

}  // namespace mxemu::conformance
