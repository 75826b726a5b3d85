#include "conformance/dot/dot_emulation.hpp"

#include <string>

#include "conformance/dot/dot_only_subject.hpp"
#include "reference/dot.hpp"
#include "reference/sum.hpp"

namespace mxemu::conformance {
namespace {

reference::Operand operand_at(const DotCases& cases, const DotCodes& codes, DotOperand operand,
                              std::size_t index) {
  const auto width = static_cast<std::size_t>(spec::code_bytes(operand.type));
  const std::span<const std::byte> bytes(codes.codes);
  const std::span<const std::uint8_t> scales(codes.scales);
  return {.codes = {operand.type, bytes.subspan(index * cases.elements * width, cases.elements * width)},
          .scales = operand.scaled ? scales.subspan(index * cases.blocks(), cases.blocks())
                                   : std::span<const std::uint8_t>(),
          .lines = 1,
          .length = cases.elements};
}

const spec::Accumulator& reference_row(const DotCapability& pair) {
  const bool blocks = pair.a.scaled && pair.b.scaled && pair.output == spec::FloatType::Float32;
  return spec::row_of(blocks ? spec::AccumulatorType::BlockExact : spec::AccumulatorType::Exact);
}

constexpr spec::FloatType dot_outputs[] = {spec::FloatType::Float32, spec::FloatType::BFloat16,
                                           spec::FloatType::Float16};

/// Elements with elements, plain numbers with their like: the pairs that units take.
std::vector<DotCapability> usual_pairs(bool scaled) {
  std::vector<DotCapability> all;
  for (const DotOperand a : every_dot_operand())
    for (const DotOperand b : every_dot_operand()) {
      const bool elements = spec::is_element(a.type) && spec::is_element(b.type);
      if (elements ? a.scaled != scaled || b.scaled != scaled : a.type != b.type) continue;
      for (const spec::FloatType output : dot_outputs) all.push_back({a, b, output, {}});
    }
  return all;
}

}  // namespace

spec::DotRequest dot_request(const DotCapability& pair, const spec::Accumulator& row, int block_size) {
  return {.accumulator = row.type,
          .a = pair.a.type,
          .b = pair.b.type,
          .output = pair.output,
          .block_size = block_size,
          .own_row = &row};
}

bool accepts(const spec::Accumulator& row, const DotCapability& pair, int block_size) {
  const bool scaled = pair.a.scaled || pair.b.scaled;
  return spec::refusal(dot_request(pair, row, block_size)) == nullptr &&
         !(scaled && row.scale == spec::ScaleEntry::Unscaled);
}

std::vector<const spec::Accumulator*> accumulators_for(const DotCapability& pair, int block_size) {
  std::vector<const spec::Accumulator*> rows;
  for (const spec::Accumulator& row : spec::accumulators)
    if (accepts(row, pair, block_size)) rows.push_back(&row);
  return rows;
}

std::uint32_t dot_under(const spec::Accumulator& row, const DotCases& cases, std::size_t index) {
  return reference::dot_general(dot_request(cases.pair(), row, cases.block_size),
                                operand_at(cases, cases.a, cases.a_operand, index), 0,
                                operand_at(cases, cases.b, cases.b_operand, index), 0, cases.c[index]);
}

std::vector<std::uint32_t> dots_under(const spec::Accumulator& row, const DotCases& cases) {
  std::vector<std::uint32_t> results;
  results.reserve(cases.count());
  for (std::size_t i = 0; i < cases.count(); ++i) results.push_back(dot_under(row, cases, i));
  return results;
}

reference::DotExplanation explain_under(const spec::Accumulator& row, const DotCases& cases,
                                        std::size_t index) {
  return reference::explain_dot(dot_request(cases.pair(), row, cases.block_size),
                                operand_at(cases, cases.a, cases.a_operand, index), 0,
                                operand_at(cases, cases.b, cases.b_operand, index), 0, cases.c[index]);
}

DecodedDot decoded(const DotCases& cases, std::size_t index) {
  spec::DotRequest request =
      dot_request(cases.pair(), spec::row_of(spec::AccumulatorType::Exact), cases.block_size);
  request.tail = spec::Tail::ShortBlock;
  return {reference::decode_line(request, operand_at(cases, cases.a, cases.a_operand, index), 0),
          reference::decode_line(request, operand_at(cases, cases.b, cases.b_operand, index), 0)};
}

std::vector<reference::Value> dot_terms(const DotCases& cases, std::size_t index) {
  const DecodedDot lines = decoded(cases, index);
  std::vector<reference::Value> terms;
  for (std::size_t k = 0; k < cases.elements; ++k)
    terms.push_back(reference::product(lines.a.scaled(k), lines.b.scaled(k)));
  terms.push_back(reference::decode_float(spec::format_of(cases.output), cases.c[index]));
  return terms;
}

reference::Value exact_result(const DotCases& cases, std::size_t index) {
  reference::ExactSum total;
  for (const reference::Value& term : dot_terms(cases, index)) total.add(term);
  return total.value();
}

bool DotEnclosure::contains(std::uint32_t result) const {
  if (output == spec::FloatType::Float32) return sums.contains(result);
  if (is_nan(output, result)) return sums.may_be_nan || sums.only_nan;
  if (sums.only_nan) return false;
  // Rounding keeps the order, so that the ends of the set become the ends of the rounded one. A zero in it
  // may have come from a small number of either sign.
  const spec::FloatFormat& format = spec::format_of(output);
  const auto rounded = [&](const reference::Value& end) {
    return reference::decode_float(format, reference::encode_float(format, end));
  };
  const auto not_above = [](const reference::Value& x, const reference::Value& y) {
    if (x.is_infinite()) return x.negative || (y.is_infinite() && !y.negative);
    if (y.is_infinite()) return !y.negative;
    if (x.is_zero() && y.is_zero()) return true;
    if (x.negative != y.negative && !x.is_zero() && !y.is_zero()) return x.negative;
    if (x.is_zero()) return !y.negative;
    if (y.is_zero()) return x.negative;
    return x.negative ? y.magnitude <= x.magnitude : x.magnitude <= y.magnitude;
  };
  const reference::Value value = reference::decode_float(format, result);
  return not_above(rounded(sums.low), value) && not_above(value, rounded(sums.high));
}

DotEnclosure enclose(const DotCases& cases, std::size_t index) {
  return {reference::enclose_float32_sums(dot_terms(cases, index)), cases.output};
}

std::string accumulator_names() {
  std::string names;
  for (const spec::Accumulator& row : spec::accumulators)
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  return names;
}

bool is_nan(spec::FloatType type, std::uint32_t bits) {
  const spec::FloatFormat& format = spec::format_of(type);
  return (bits & (format.sign_mask() - 1)) > format.infinity_bits();
}

bool is_same_result(spec::FloatType type, std::uint32_t x, std::uint32_t y) {
  return x == y || (is_nan(type, x) && is_nan(type, y));
}

bool is_result_of(const spec::Accumulator& row, spec::FloatType type, std::uint32_t got,
                  std::uint32_t expected) {
  return row.states_nan_bits ? got == expected : is_same_result(type, got, expected);
}

std::vector<DotCapability> pairs_of(const spec::Accumulator& row) {
  std::vector<DotCapability> pairs;
  for (DotCapability& pair : usual_pairs(row.scale != spec::ScaleEntry::Unscaled))
    if (accepts(row, pair)) {
      pair.accumulator = row.name;
      pairs.push_back(pair);
    }
  return pairs;
}

std::unique_ptr<Subject> make_dot_subject(const spec::Accumulator& row) {
  return make_dot_only_subject(
      std::string("reference:") + row.name, pairs_of(row), [row](const DotCases& cases) -> DotAnswers {
        if (accepts(row, cases.pair(), cases.block_size)) return {dots_under(row, cases), {}};
        return {std::vector<std::uint32_t>(cases.count()), std::vector<bool>(cases.count(), true)};
      });
}

std::vector<DotCapability> reference_dot_capabilities() {
  std::vector<DotCapability> all;
  for (DotCapability& pair : usual_pairs(true))
    if (pair.output == spec::FloatType::Float32) {
      pair.accumulator = reference_row(pair).name;
      all.push_back(pair);
    }
  return all;
}

DotAnswers reference_dot_answers(const DotCases& cases) {
  return {dots_under(reference_row(cases.pair()), cases), {}};
}

}  // namespace mxemu::conformance
