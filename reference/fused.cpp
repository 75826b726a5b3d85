// The fused adder, step by step as spec/fused_adder.hpp numbers them.
#include <algorithm>
#include <optional>

#include "reference/accumulate.hpp"
#include "reference/float_rounding.hpp"
#include "reference/rounding.hpp"
#include "reference/sum.hpp"

namespace mxemu::reference {
namespace {

/// Products of 2^128 and more are infinite for units whose products overflow.
constexpr int product_overflow_exponent = 128;

/// `value` as a multiple of 2^quantum_exponent.
Value cut(const Value& value, int quantum_exponent, spec::TermRounding rounding) {
  if (rounding == spec::TermRounding::None || !value.is_finite()) return value;
  const GridPosition position = locate_on_quantum(value.magnitude, power_of_two(0), quantum_exponent);
  const bool away = rounding == spec::TermRounding::NearestEven ? rounds_up(position, {}, value.negative, 0)
                    : rounding == spec::TermRounding::Floor     ? value.negative && !position.is_exact()
                                                                : false;
  return {.negative = value.negative, .magnitude = {position.below + (away ? 1 : 0), quantum_exponent}};
}

/// The larger of two exponents, either of which may be absent.
std::optional<int> larger(std::optional<int> a, std::optional<int> b) {
  if (!a || !b) return a ? a : b;
  return std::max(*a, *b);
}

class Adder {
 public:
  Adder(const spec::Accumulator& row, const LinePair& pair, spec::FloatType output)
      : row_(row), unit_(row.fused), pair_(pair), output_(spec::format_of(output)) {}

  /// One step on the products first <= i < first + count, from c.
  DotStep step(std::size_t first, std::size_t count, const Value& c) const {
    DotStep step = {.first = first, .count = count, .parts = std::vector<DotPart>(split())};
    step.before = c;
    std::vector<DotTerm> terms = exact_terms(first, count);
    DotTerm accumulator = {.index = first, .exact = c, .exponent = exponent_of_accumulator(c), .kept = c};
    if (!all_finite(terms, c)) {
      close_without_window(step, std::move(terms), accumulator);
    } else {
      for (std::size_t i = 0; i < terms.size(); ++i)
        step.parts[i % split()].terms.push_back(std::move(terms[i]));
      sum_parts(step, accumulator);
    }
    step.after = rounded(step.sum);
    return step;
  }

 private:
  std::size_t split() const { return static_cast<std::size_t>(unit_.split); }

  /// e(x) of an operand.
  std::optional<int> exponent_of_operand(const Value& value, int emin) const {
    if (!value.is_finite()) return std::nullopt;
    if (!value.is_zero()) return std::max(floor_log2(value.magnitude), emin);
    if (unit_.zero_exponent == spec::ZeroExponent::OperandMinus126) return spec::zero_exponent_value;
    return std::nullopt;
  }

  std::optional<int> exponent_of_accumulator(const Value& c) const {
    if (c.is_zero() && unit_.zero_exponent == spec::ZeroExponent::TermMinus126)
      return spec::zero_exponent_value;
    return exponent_of_operand(c, output_.emin);
  }

  /// Of both scales; 0 where there are none or they enter later.
  int exponent_of_scales(std::size_t index) const {
    const bool enters = row_.scale == spec::ScaleEntry::Exponent || row_.scale == spec::ScaleEntry::GroupSum;
    const Value& a = pair_.a.scale(index);
    const Value& b = pair_.b.scale(index);
    if (!enters || a.is_nan() || b.is_nan()) return 0;
    return floor_log2(a.magnitude) + floor_log2(b.magnitude);
  }

  /// Steps 1 and 2: a product of its own.
  DotTerm product_term(std::size_t index) const {
    const bool scaled = row_.scale == spec::ScaleEntry::Exponent;
    DotTerm term = {.index = index};
    term.exact = scaled ? pair_.term(index) : product(pair_.a.values[index], pair_.b.values[index]);
    if (!term.exact.is_finite()) return term;
    if (term.exact.is_zero() && unit_.zero_exponent != spec::ZeroExponent::OperandMinus126) {
      if (unit_.zero_exponent == spec::ZeroExponent::TermMinus126) term.exponent = spec::zero_exponent_value;
      return term;
    }
    if (unit_.normalizes_products && !term.exact.is_zero()) {
      term.exponent = floor_log2(term.exact.magnitude);
      return term;
    }
    term.exponent = *exponent_of_operand(pair_.a.values[index], pair_.a.emin) +
                    *exponent_of_operand(pair_.b.values[index], pair_.b.emin) + exponent_of_scales(index);
    return term;
  }

  /// Step 2: the exact sum of a group. Its exponent is that of its scales, whatever the sum.
  DotTerm group_term(std::size_t first, std::size_t count) const {
    return {.index = first,
            .exact = exact_dot(pair_, first, count),
            .exponent = exponent_of_scales(first),
            .kept = {}};
  }

  std::vector<DotTerm> exact_terms(std::size_t first, std::size_t count) const {
    std::vector<DotTerm> terms;
    const auto group = static_cast<std::size_t>(unit_.exact_group);
    for (std::size_t i = 0; i < count; i += group)
      terms.push_back(group > 1 ? group_term(first + i, std::min(group, count - i))
                                : product_term(first + i));
    if (unit_.products_overflow)
      for (DotTerm& term : terms)
        if (term.exact.is_finite() && term.exact.magnitude >= power_of_two(product_overflow_exponent))
          term.exact = {.kind = ValueClass::Infinity, .negative = term.exact.negative};
    return terms;
  }

  static bool all_finite(const std::vector<DotTerm>& terms, const Value& c) {
    return c.is_finite() &&
           std::all_of(terms.begin(), terms.end(), [](const DotTerm& t) { return t.exact.is_finite(); });
  }

  /// Infinities and NaNs decide by themselves.
  static void close_without_window(DotStep& step, std::vector<DotTerm> terms, const DotTerm& accumulator) {
    ExactSum total;
    total.add(accumulator.exact);
    for (DotTerm& term : terms) {
      term.kept = term.exact;
      total.add(term.exact);
    }
    step.parts.front().terms = std::move(terms);
    step.joined = accumulator;
    step.sum = total.value();
  }

  /// Step 4: the terms of a part, aligned, cut and summed. `joined` is a term more.
  void sum_part(DotPart& part, DotTerm* joined) const {
    for (const DotTerm& term : part.terms) part.emax = larger(part.emax, term.exponent);
    if (joined) part.emax = larger(part.emax, joined->exponent);
    ExactSum total;
    const auto add = [&](DotTerm& term) {
      // Without any exponent every term is zero.
      term.kept = cut(term.exact, part.emax.value_or(0) - unit_.fraction_bits, unit_.term_rounding);
      total.add(term.kept);
    };
    for (DotTerm& term : part.terms) add(term);
    if (joined) add(*joined);
    part.sum = part.kept = without_zero_sign(total.value());
  }

  /// Steps 4 to 6.
  void sum_parts(DotStep& step, DotTerm accumulator) const {
    const bool aligned = unit_.join == spec::AccumulatorJoin::Aligned;
    std::optional<int> emax;
    for (DotPart& part : step.parts) {
      sum_part(part, aligned && &part == &step.parts.front() ? &accumulator : nullptr);
      emax = larger(emax, part.emax);
    }
    ExactSum total;
    for (DotPart& part : step.parts) {
      if (unit_.split > 1)
        part.kept = cut(part.sum, emax.value_or(0) - unit_.fraction_bits, unit_.join_rounding);
      total.add(part.kept);
    }
    step.sum = without_zero_sign(total.value());
    if (!aligned) join_after_sum(step, accumulator, emax);
    step.joined = accumulator;
  }

  /// Step 6.
  void join_after_sum(DotStep& step, DotTerm& accumulator, std::optional<int> emax) const {
    step.join_emax = larger(emax, accumulator.exponent);
    const int e = step.join_emax.value_or(0);
    const bool dropped =
        unit_.drop_distance > 0 && accumulator.exponent.value_or(e) < e - unit_.drop_distance;
    accumulator.kept =
        dropped ? Value{} : cut(accumulator.exact, e - unit_.fraction_bits, unit_.join_rounding);
    const Value products = cut(step.sum, e - unit_.sum_fraction_bits, unit_.join_rounding);
    step.sum = without_zero_sign(sum(products, accumulator.kept));
  }

  /// Step 7.
  Value rounded(const Value& value) const {
    FloatRounding how = {.overflows_to_infinity = true};
    if (output_.type == spec::FloatType::Float32) {
      how.rounding.mode = row_.float32_rounding;
      how.mantissa_bits = row_.float32_mantissa_bits;
    }
    const Value result = round_to_float(output_, value, how);
    return row_.keeps_sign_of_underflow ? result : without_zero_sign(result);
  }

  const spec::Accumulator& row_;
  const spec::FusedAdder& unit_;
  const LinePair& pair_;
  const spec::FloatFormat& output_;
};

/// All steps on the products first <= i < last, from c.
Value chain(const Adder& adder, int products, std::size_t first, std::size_t last, Value c, Steps steps) {
  const auto step_size = static_cast<std::size_t>(products);
  for (; first < last; first += step_size) {
    DotStep step = adder.step(first, std::min(step_size, last - first), c);
    c = step.after;
    if (steps) steps->push_back(std::move(step));
  }
  return c;
}

/// ScaleEntry::AfterRounding: every block from 0, then c = fl(c + d X_A X_B).
Value chain_of_blocks(const Adder& adder, const spec::DotRequest& request, const LinePair& pair, Value c,
                      Steps steps) {
  const auto block_size = static_cast<std::size_t>(request.block_size);
  for (std::size_t first = 0; first < pair.length(); first += block_size) {
    const std::size_t last = std::min(first + block_size, pair.length());
    const Value dot = chain(adder, request.row().fused.products, first, last, {}, steps);
    const Value scaled = product(product(pair.a.scale(first), pair.b.scale(first)), dot);
    DotStep step = {.first = first, .count = last - first, .parts = std::vector<DotPart>(1)};
    step.parts.front() = {
        .terms = {{.index = first, .exact = scaled, .kept = scaled}}, .sum = scaled, .kept = scaled};
    step.before = c;
    step.sum = sum(c, scaled);
    c = step.after = round_to_float32(step.sum);
    if (steps) steps->push_back(std::move(step));
  }
  return c;
}

}  // namespace

Value accumulate_fused(const spec::DotRequest& request, const LinePair& pair, const Value& c, Steps steps) {
  const spec::Accumulator& row = request.row();
  const Adder adder(row, pair, request.output);
  if (row.scale == spec::ScaleEntry::AfterRounding) return chain_of_blocks(adder, request, pair, c, steps);
  return chain(adder, row.fused.products, 0, pair.length(), c, steps);
}

}  // namespace mxemu::reference
