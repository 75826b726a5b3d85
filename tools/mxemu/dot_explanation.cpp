#include "tools/mxemu/dot_explanation.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "conformance/describe.hpp"
#include "reference/element.hpp"
#include "reference/scale.hpp"
#include "reference/sum.hpp"
#include "tools/mxemu/matrix_comparison.hpp"

namespace mxemu::cli {
namespace {

using conformance::describe;
using nlohmann::json;
using reference::DotPart;
using reference::DotTerm;
using reference::Value;

/// tf32 is float32 without the 13 low mantissa bits.
constexpr std::uint32_t tf32_unit = 1u << 13;

/// The same sum without any rounding.
spec::DotRequest without_rounding(spec::DotRequest request) {
  request.accumulator = spec::AccumulatorType::Exact;
  request.own_row = nullptr;
  request.rounding = {};
  return request;
}

/// The part whose terms are products: the levels of a tree follow their root, leaves first.
const DotPart& part_of_products(const reference::DotStep& step, spec::AccumulatorKind kind) {
  const bool levels = kind == spec::AccumulatorKind::Pairwise && step.parts.size() > 1;
  return step.parts[levels ? 1 : 0];
}

/// Losses of unlike sizes; what is no number counts as more than any.
bool loses_more(const Value& a, const Value& b) {
  if (!a.is_finite() || !b.is_finite()) return !a.is_finite() && b.is_finite();
  return b.magnitude < a.magnitude;
}

json term_json(const DotTerm& term) {
  json result = {{"k", term.index}, {"exact", describe(term.exact)}, {"kept", describe(term.kept)}};
  if (term.exponent) result["exponent"] = *term.exponent;
  return result;
}

json step_json(const DotStory& story, std::size_t index) {
  const reference::DotStep& step = story.steps()[index];
  json parts = json::array();
  for (const DotPart& part : step.parts) {
    json terms = json::array();
    for (const DotTerm& term : part.terms) terms.push_back(term_json(term));
    parts.push_back({{"terms", terms}, {"sum", describe(part.sum)}, {"kept", describe(part.kept)}});
    if (part.emax) parts.back()["emax"] = *part.emax;
  }
  json result = {{"first", step.first},
                 {"count", step.count},
                 {"parts", parts},
                 {"before", describe(step.before)},
                 {"sum", describe(step.sum)},
                 {"after", describe(step.after)},
                 {"lost", describe(story.lost(index))}};
  if (step.joined) result["joined"] = term_json(*step.joined);
  if (step.join_emax) result["join_emax"] = *step.join_emax;
  return result;
}

}  // namespace

Value exact_difference(const Value& a, const Value& b) {
  if (!a.is_finite() || !b.is_finite()) return {.kind = reference::ValueClass::Nan};
  Value minus_b = b;
  minus_b.negative = !b.negative;
  return reference::without_zero_sign(reference::sum(a, minus_b));
}

Value exact_element(const spec::DotRequest& request, const conformance::MatrixLines& a,
                    const conformance::MatrixLines& b, std::size_t row, std::size_t column, std::uint32_t c) {
  return reference::explain_dot(without_rounding(request), a.operand(request.block_size), row,
                                b.operand(request.block_size), column, c)
      .steps.front()
      .sum;
}

std::vector<std::size_t> largest_losses(const std::vector<Value>& losses, std::size_t most) {
  std::vector<std::size_t> order(losses.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return loses_more(losses[i], losses[j]); });
  order.resize(std::min(most, order.size()));
  std::sort(order.begin(), order.end());
  return order;
}

std::string code_text(spec::FloatType type, std::uint32_t code) {
  const spec::FloatFormat& format = spec::format_of(type);
  return conformance::hex(code, format.bits / 4) + "  " + describe(reference::decode_float(format, code));
}

DotStory::DotStory(const spec::DotRequest& request, const conformance::MatrixLines& a,
                   const conformance::MatrixLines& b, std::size_t row, std::size_t column, std::uint32_t c)
    : request_(request), a_(a), b_(b), row_(row), column_(column) {
  const reference::Operand rows = a.operand(request.block_size);
  const reference::Operand columns = b.operand(request.block_size);
  explanation_ = reference::explain_dot(request, rows, row, columns, column, c);
  const auto exact = reference::explain_dot(without_rounding(request), rows, row, columns, column, c);
  exact_ = exact.steps.front().sum;
  rounded_exact_ = exact.code;
}

Value DotStory::products(std::size_t step) const {
  reference::ExactSum total;
  const auto kind = request_.row().kind;
  if (kind == spec::AccumulatorKind::Pairwise) {
    for (const DotTerm& term : part_of_products(steps()[step], kind).terms) total.add(term.exact);
  } else {
    for (const DotPart& part : steps()[step].parts)
      for (const DotTerm& term : part.terms) total.add(term.exact);
  }
  return reference::without_zero_sign(total.value());
}

Value DotStory::lost(std::size_t step) const {
  return exact_difference(reference::sum(steps()[step].before, products(step)), steps()[step].after);
}

std::size_t DotStory::worst_step() const {
  std::vector<Value> losses;
  for (std::size_t i = 0; i < steps().size(); ++i) losses.push_back(lost(i));
  const auto worst = largest_losses(losses, 1);
  return worst.empty() ? 0 : worst.front();
}

bool DotStory::adds_block(std::size_t step) const {
  return request_.row().kind == spec::AccumulatorKind::Fused && !steps()[step].joined;
}

bool DotStory::has_single_products(std::size_t step, std::size_t part) const {
  const reference::DotStep& one = steps()[step];
  switch (request_.row().kind) {
    case spec::AccumulatorKind::Fused: return request_.row().fused.exact_group == 1 && !adds_block(step);
    case spec::AccumulatorKind::Pairwise:
      return &one.parts[part] == &part_of_products(one, spec::AccumulatorKind::Pairwise);
    case spec::AccumulatorKind::Exact:
    case spec::AccumulatorKind::BlockExact:
    case spec::AccumulatorKind::Sequential:
    case spec::AccumulatorKind::FmaChain:
    case spec::AccumulatorKind::FlushedTree: break;
  }
  return true;
}

std::string DotStory::operand_text(const conformance::MatrixLines& lines, std::size_t line,
                                   std::size_t k) const {
  if (k >= lines.length) return "padding";
  std::uint32_t code = reference::CodeArray{lines.type, lines.codes}.code_at(line * lines.length + k);
  if (spec::is_element(lines.type)) {
    const spec::ElementFormat& format = spec::element_format_of(lines.type);
    const auto element = static_cast<std::uint8_t>(code);
    return conformance::hex_code(format, element) + " " +
           describe(reference::decode_element(format, element));
  }
  if (request_.row().truncates_to_tf32) code -= code % tf32_unit;
  const spec::FloatFormat& format = spec::float_format_of(lines.type);
  return conformance::hex(code, format.bits / 4) + " " + describe(reference::decode_float(format, code));
}

std::string DotStory::scales_text(std::size_t k) const {
  const auto text = [&](const conformance::MatrixLines& lines, std::size_t line) -> std::string {
    if (lines.scales.empty()) return "1";
    const std::size_t blocks = lines.scales.size() / lines.lines;
    const std::size_t block = k / static_cast<std::size_t>(request_.block_size);
    if (block >= blocks) return "padding";
    const auto scale =
        reference::decode_scale(spec::format_of(spec::ScaleType::E8M0), lines.scales[line * blocks + block]);
    return scale.is_nan() ? "NaN" : conformance::describe_power(scale.magnitude);
  };
  return text(a_, row_) + " " + text(b_, column_);
}

json to_json(const DotStory& story) {
  const spec::FloatType type = story.request().output;
  const auto hexadecimal = [&](std::uint32_t code) {
    return conformance::hex(code, spec::format_of(type).bits / 4);
  };
  json steps = json::array();
  for (std::size_t i = 0; i < story.steps().size(); ++i) steps.push_back(step_json(story, i));
  json result = {{"accumulator", story.request().row().name},
                 {"row", story.row()},
                 {"column", story.column()},
                 {"result", hexadecimal(story.code())},
                 {"exact", describe(story.exact())},
                 {"exact_rounded", hexadecimal(story.rounded_exact())},
                 {"ulps", nullptr},
                 {"steps", steps}};
  if (const auto ulps = ulp_distance(spec::format_of(type), story.code(), story.rounded_exact()))
    result["ulps"] = *ulps;
  return result;
}

}  // namespace mxemu::cli
