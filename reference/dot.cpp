#include "reference/dot.hpp"

#include <optional>
#include <stdexcept>
#include <string>

#include "reference/accumulate.hpp"
#include "reference/float_rounding.hpp"
#include "reference/random.hpp"
#include "reference/sum.hpp"

namespace mxemu::reference {
namespace {

void require(bool condition, const std::string& otherwise) {
  if (!condition) throw std::invalid_argument(otherwise);
}

std::string described(const spec::DotRequest& request) {
  return std::string(request.row().name) + ", " + spec::name_of(request.a) + " x " +
         spec::name_of(request.b) + " to " + spec::name_of(request.output);
}

void require_operand(const spec::DotRequest& request, const char* name, spec::OperandType type,
                     const Operand& operand) {
  require(operand.codes.type == type, std::string("operand ") + name + " has codes of " +
                                          spec::name_of(operand.codes.type) + " where the request says " +
                                          spec::name_of(type));
  require(operand.scales.empty() || spec::is_element(type),
          std::string("operand ") + name + " has scales, but " + spec::name_of(type) + " takes none");
  require(operand.scales.empty() || request.row().scale != spec::ScaleEntry::Unscaled,
          std::string("operand ") + name + " has scales, but the accumulator " + request.row().name +
              " takes none");
  require(request.tail != spec::Tail::Refuse || operand.scales.empty() ||
              operand.length % static_cast<std::size_t>(request.block_size) == 0,
          "length " + std::to_string(operand.length) + " of operand " + name +
              " is not a multiple of the block size " + std::to_string(request.block_size));
}

void require_fitting(const spec::DotRequest& request, const Operand& a, const Operand& b) {
  if (const char* reason = spec::refusal(request))
    throw std::invalid_argument(described(request) + ": " + reason);
  require_operand(request, "a", request.a, a);
  require_operand(request, "b", request.b, b);
  require(a.length == b.length,
          "a dot product of " + std::to_string(a.length) + " and " + std::to_string(b.length) + " elements");
}

Value decode_output(const spec::DotRequest& request, std::uint32_t code) {
  return decode_float(spec::format_of(request.output), code);
}

/// Every NaN has the one code of the row. `value` is a number of the format already.
std::uint32_t encode_output(const spec::DotRequest& request, const Value& value) {
  const spec::FloatFormat& format = spec::format_of(request.output);
  if (value.is_nan() && request.row().nan_bits == spec::NanBits::AllOnes)
    return static_cast<std::uint32_t>(format.sign_mask() - 1);
  return static_cast<std::uint32_t>(encode_float(format, value));
}

Value multiplied(const Value& value, bool negative, const Integer& factor) {
  return product(value, {.negative = negative, .magnitude = {factor, 0}});
}

/// alpha S + beta C over one denominator, rounded once. A sum of zero is +0.
Value round_expression(const spec::DotRequest& request, const Value& dot, const Value& c,
                       const Factors& factors, std::uint64_t index) {
  const Rational& alpha = factors.alpha;
  const Rational& beta = factors.beta;
  ExactSum total;
  total.add(multiplied(dot, alpha.negative, alpha.numerator * beta.denominator));
  if (!beta.numerator.is_zero()) total.add(multiplied(c, beta.negative, beta.numerator * alpha.denominator));
  FloatRounding how = {.rounding = request.rounding};
  if (request.rounding.mode == spec::RoundingMode::Stochastic)
    how.random_word = random_word(request.rounding.seed, index);
  return round_to_float(spec::format_of(request.output), without_zero_sign(total.value()), how,
                        {alpha.denominator * beta.denominator, 0});
}

/// The kind Exact: one step, one rounding.
Value accumulate_exactly(const spec::DotRequest& request, const LinePair& pair, const Value& c,
                         const Factors& factors, std::uint64_t index, Steps steps) {
  const Value dot = exact_dot(pair, 0, pair.length());
  const Value result = round_expression(request, dot, c, factors, index);
  if (steps) {
    DotStep step = {.first = 0, .count = pair.length(), .parts = std::vector<DotPart>(1)};
    for (std::size_t i = 0; i < pair.length(); ++i)
      step.parts.front().terms.push_back({.index = i, .exact = pair.term(i), .kept = pair.term(i)});
    step.parts.front().sum = step.parts.front().kept = dot;
    step.before = c;
    step.sum = sum(c, dot);
    step.after = result;
    steps->push_back(std::move(step));
  }
  return result;
}

Value accumulate(const spec::DotRequest& request, const LinePair& pair, const Value& c,
                 const Factors& factors, std::uint64_t index, Steps steps) {
  switch (request.row().kind) {
    case spec::AccumulatorKind::Exact: return accumulate_exactly(request, pair, c, factors, index, steps);
    case spec::AccumulatorKind::Fused: return accumulate_fused(request, pair, c, steps);
    case spec::AccumulatorKind::BlockExact:
    case spec::AccumulatorKind::Sequential:
    case spec::AccumulatorKind::Pairwise:
    case spec::AccumulatorKind::FmaChain:
    case spec::AccumulatorKind::FlushedTree: return accumulate_in_float32(request, pair, c, steps);
  }
  throw std::invalid_argument("no such accumulator");
}

std::uint32_t dot_of_lines(const spec::DotRequest& request, const Operand& a, std::size_t line_a,
                           const Operand& b, std::size_t line_b, std::uint32_t c, Steps steps) {
  require_fitting(request, a, b);
  require(line_a < a.lines, "line " + std::to_string(line_a) + " of " + std::to_string(a.lines) + " in a");
  require(line_b < b.lines, "line " + std::to_string(line_b) + " of " + std::to_string(b.lines) + " in b");
  const Line decoded_a = decode_line(request, a, line_a);
  const Line decoded_b = decode_line(request, b, line_b);
  const Value result = accumulate(request, {decoded_a, decoded_b}, decode_output(request, c), {}, 0, steps);
  return encode_output(request, result);
}

bool is_one(const Rational& factor) {
  return !factor.negative && factor.numerator == factor.denominator;
}

void require_factors(const spec::DotRequest& request, const Factors& factors) {
  require(factors.alpha.denominator > 0 && factors.beta.denominator > 0 && factors.alpha.numerator >= 0 &&
              factors.beta.numerator >= 0,
          "a factor is a sign, a numerator of 0 or more, and a denominator of 1 or more");
  const bool plain = is_one(factors.alpha) && (is_one(factors.beta) || factors.beta.numerator.is_zero());
  require(plain || request.row().kind == spec::AccumulatorKind::Exact,
          std::string("the accumulator ") + request.row().name + " takes alpha = 1 and beta = 1 or 0 only");
}

}  // namespace

std::uint32_t dot(const spec::DotRequest& request, const Block& a, const Block& b) {
  require(spec::is_element(request.a) && spec::is_element(request.b), "a block pair has elements of MX");
  require(a.codes.size() <= static_cast<std::size_t>(request.block_size),
          std::to_string(a.codes.size()) + " codes in a block of " + std::to_string(request.block_size));
  require(!a.codes.empty(), "0 codes in a block, which has at least one");
  const auto operand = [](spec::OperandType type, const Block& block) {
    return Operand{.codes = {type, std::as_bytes(std::span(block.codes))},
                   .scales = {&block.scale, 1},
                   .lines = 1,
                   .length = block.codes.size()};
  };
  return dot_general(request, operand(request.a, a), 0, operand(request.b, b), 0);
}

std::uint32_t dot_general(const spec::DotRequest& request, const Operand& a, std::size_t line_a,
                          const Operand& b, std::size_t line_b, std::uint32_t c) {
  return dot_of_lines(request, a, line_a, b, line_b, c, nullptr);
}

DotExplanation explain_dot(const spec::DotRequest& request, const Operand& a, std::size_t line_a,
                           const Operand& b, std::size_t line_b, std::uint32_t c) {
  DotExplanation explanation;
  explanation.code = dot_of_lines(request, a, line_a, b, line_b, c, &explanation.steps);
  return explanation;
}

std::vector<std::uint32_t> matmul(const spec::DotRequest& request, const Operand& a, const Operand& b,
                                  std::span<const std::uint32_t> c, const Factors& factors) {
  require_fitting(request, a, b);
  require_factors(request, factors);
  require(c.empty() || c.size() == a.lines * b.lines, std::to_string(c.size()) + " elements of c where " +
                                                          std::to_string(a.lines) + " x " +
                                                          std::to_string(b.lines) + " are needed");
  std::vector<Line> columns;
  for (std::size_t n = 0; n < b.lines; ++n) columns.push_back(decode_line(request, b, n));
  const bool reads_c = !c.empty() && !factors.beta.numerator.is_zero();
  std::vector<std::uint32_t> result;
  result.reserve(a.lines * b.lines);
  for (std::size_t m = 0; m < a.lines; ++m) {
    const Line row = decode_line(request, a, m);
    for (std::size_t n = 0; n < b.lines; ++n) {
      const std::size_t index = m * b.lines + n;
      const Value start = reads_c ? decode_output(request, c[index]) : Value{};
      result.push_back(
          encode_output(request, accumulate(request, {row, columns[n]}, start, factors, index, nullptr)));
    }
  }
  return result;
}

}  // namespace mxemu::reference
