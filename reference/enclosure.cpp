// The proof, for n finite terms t_i with exact sum S, every multiple of 2^u.
//
// Leaves. Term i enters as it is or rounded to float32, so off by at most e_i = |t_i - fl(t_i)|; e = sum of
// e_i.
//
// A node with m leaves rounds the exact sum y of its two or more children. By induction |y| is at most
// B_m = T_m + e + (the sum of the errors of the nodes below it), where T_m is the largest magnitude of a sum
// of at most m terms: the m largest terms of one sign, no other choice is larger. All numbers of the tree are
// multiples of 2^u, because rounding to a coarser grid keeps that and rounding to a finer one changes
// nothing. So the error of the node is 0 where float32 numbers of magnitude B_m are no coarser than 2^u, and
// else at most h_m = half the distance of float32 numbers of magnitude B_m, which does not fall as m grows.
//
// The nodes together. A tree has at most n - m + 1 nodes with m leaves or more (m >= 2). By induction on n:
// none where n < m; else the root, and below it the sum of (l - m + 1) over the children with l >= m leaves:
// at most n - 2 (m - 1) <= n - m where two or more children have them, at most (n - 1) - m + 1 = n - m where
// one has, 0 where none has. The i-th largest
// node therefore has at most n - i + 1 leaves: the chain, whose nodes have 2, 3, …, n leaves, dominates node
// by node. So the errors of all nodes below a node with m leaves are at most h_2 + … + h_{m-1}, which closes
// the induction for B_m.
//
// The root rounds a number y with |y - S| <= E = e + h_2 + … + h_{n-1}. Rounding is monotone: the result lies
// from fl(S - E) to fl(S + E).
//
// Infinities. No node exceeds P + E + h_n, where P is the sum of the positive terms; below 2^128 - 2^103 none
// overflows upwards. Else a node may be +Inf, and stays so unless it meets -Inf: then NaN. Likewise below.
//
// Zeros. Sums of float32 numbers never underflow, and x + y = 0 is -0 only for -0 + -0 (roundTiesToEven): a
// result of zero is -0 if all terms are -0, else +0. Exact products below the smallest float32 may become
// zeros of either sign.
#include "reference/enclosure.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "reference/accumulate.hpp"
#include "reference/float_rounding.hpp"
#include "reference/sum.hpp"

namespace mxemu::reference {
namespace {

const spec::FloatFormat& float32 = spec::format_of(spec::FloatType::Float32);

Exact plus(const Exact& a, const Exact& b) {
  return sum({.magnitude = a}, {.magnitude = b}).magnitude;
}

Value signed_value(const Exact& magnitude, bool negative) {
  return {.negative = negative, .magnitude = magnitude};
}

/// What the proof needs to know of the finite terms.
struct Terms {
  std::vector<Exact> positive;  ///< largest first
  std::vector<Exact> negative;  ///< magnitudes, largest first
  Value total;                  ///< S
  Exact leaf_error;             ///< e
  int unit_exponent = 0;        ///< u
  bool all_negative_zero = true;
  bool all_representable = true;
  bool any_nan = false;
  bool any_infinity[2] = {false, false};  ///< positive, negative
};

void take_finite(Terms& terms, const Value& term, bool first) {
  const Value rounded = round_to_float32(term);
  const Value error = sum(term, signed_value(rounded.magnitude, !term.negative));
  // A product beyond float32 may be an infinite leaf; the overflow of the sums below covers it.
  if (rounded.is_finite()) terms.leaf_error = plus(terms.leaf_error, error.magnitude);
  terms.all_representable = terms.all_representable && rounded.is_finite() && error.is_zero();
  if (term.is_zero()) return;
  (term.negative ? terms.negative : terms.positive).push_back(term.magnitude);
  const int unit =
      term.magnitude.exponent + static_cast<int>(boost::multiprecision::lsb(term.magnitude.significand));
  terms.unit_exponent = first ? unit : std::min(terms.unit_exponent, unit);
}

Terms facts_of(std::span<const Value> values) {
  Terms terms;
  ExactSum total;
  for (const Value& value : values) {
    terms.any_nan = terms.any_nan || value.is_nan();
    terms.any_infinity[value.negative] = terms.any_infinity[value.negative] || value.is_infinite();
    terms.all_negative_zero = terms.all_negative_zero && value.is_zero() && value.negative;
    if (!value.is_finite()) continue;
    take_finite(terms, value, terms.positive.empty() && terms.negative.empty());
    total.add(value);
  }
  terms.total = total.value();
  std::sort(terms.positive.begin(), terms.positive.end(), std::greater<>());
  std::sort(terms.negative.begin(), terms.negative.end(), std::greater<>());
  return terms;
}

/// Half the distance of float32 numbers of magnitude `bound`, or 0 where multiples of 2^unit_exponent are
/// such numbers.
Exact largest_error(const Exact& bound, int unit_exponent) {
  if (bound.is_zero()) return {};
  const int quantum = std::max(floor_log2(bound), float32.emin) - float32.mantissa_bits;
  return quantum <= unit_exponent ? Exact{} : power_of_two(quantum - 1);
}

/// h_2 + … + h_{n-1}, and h_n.
struct NodeErrors {
  Exact below_root;
  Exact root;
};

NodeErrors node_errors(const Terms& terms, std::size_t n) {
  NodeErrors errors;
  Exact positive, negative;  // the sums of the m largest
  for (std::size_t m = 1; m <= n; ++m) {
    if (m <= terms.positive.size()) positive = plus(positive, terms.positive[m - 1]);
    if (m <= terms.negative.size()) negative = plus(negative, terms.negative[m - 1]);
    if (m == 1) continue;
    errors.below_root = plus(errors.below_root, errors.root);
    const Exact largest_sum = positive < negative ? negative : positive;
    errors.root =
        largest_error(plus(plus(largest_sum, terms.leaf_error), errors.below_root), terms.unit_exponent);
  }
  return errors;
}

/// Whether a sum of these magnitudes, so far off, may round to infinity.
bool may_overflow(const std::vector<Exact>& magnitudes, const Exact& error) {
  Exact total = error;
  for (const Exact& magnitude : magnitudes) total = plus(total, magnitude);
  return round_to_float32({.magnitude = total}).is_infinite();
}

/// fl(value), kept finite where no node can overflow to that side.
Value bound(const Value& value, bool may_be_infinite) {
  const Value rounded = round_to_float32(value);
  if (!rounded.is_infinite() || may_be_infinite) return rounded;
  return signed_value(decode_float(float32, float32.infinity_bits() - 1).magnitude, rounded.negative);
}

bool less_or_equal(const Value& a, const Value& b) {
  if (a.is_infinite() || b.is_infinite()) {
    const int rank_a = a.is_infinite() ? (a.negative ? -1 : 1) : 0;
    const int rank_b = b.is_infinite() ? (b.negative ? -1 : 1) : 0;
    return rank_a <= rank_b;
  }
  const Value difference = sum(a, signed_value(b.magnitude, !b.negative));
  return difference.is_zero() || difference.negative;
}

}  // namespace

Enclosure enclose_float32_sums(std::span<const Value> values) {
  if (values.empty()) throw std::invalid_argument("a sum of no terms");
  const Terms terms = facts_of(values);
  Enclosure set;
  if (terms.any_nan || (terms.any_infinity[0] && terms.any_infinity[1])) {
    set.only_nan = set.may_be_nan = true;
    return set;
  }
  const NodeErrors errors = node_errors(terms, values.size());
  const Exact margin = plus(terms.leaf_error, errors.below_root);
  const Exact node_margin = plus(margin, errors.root);
  const bool up = terms.any_infinity[0] || may_overflow(terms.positive, node_margin);
  const bool down = terms.any_infinity[1] || may_overflow(terms.negative, node_margin);
  const Value infinity = {.kind = ValueClass::Infinity};
  const Value minus_infinity = {.kind = ValueClass::Infinity, .negative = true};
  set.may_be_nan = up && down;
  set.low = terms.any_infinity[0] ? infinity
            : down                ? minus_infinity
                                  : bound(sum(terms.total, signed_value(margin, true)), down);
  set.high = terms.any_infinity[1] ? minus_infinity
             : up                  ? infinity
                                   : bound(sum(terms.total, signed_value(margin, false)), up);
  set.may_be_negative_zero = terms.all_negative_zero || !terms.all_representable;
  set.may_be_positive_zero = !terms.all_negative_zero;
  return set;
}

Enclosure enclose_dot(const spec::DotRequest& request, const Operand& a, std::size_t line_a, const Operand& b,
                      std::size_t line_b, std::uint32_t c) {
  if (a.length != b.length)
    throw std::invalid_argument("a dot product of " + std::to_string(a.length) + " and " +
                                std::to_string(b.length) + " elements");
  const Line decoded_a = decode_line(request, a, line_a);
  const Line decoded_b = decode_line(request, b, line_b);
  const LinePair pair{decoded_a, decoded_b};
  std::vector<Value> terms{decode_float(float32, c)};
  for (std::size_t i = 0; i < pair.length(); ++i) terms.push_back(pair.term(i));
  return enclose_float32_sums(terms);
}

bool Enclosure::contains(std::uint32_t float32_bits) const {
  const Value value = decode_float(float32, float32_bits);
  if (value.is_nan()) return may_be_nan;
  if (only_nan || !less_or_equal(low, value) || !less_or_equal(value, high)) return false;
  return !value.is_zero() || (value.negative ? may_be_negative_zero : may_be_positive_zero);
}

}  // namespace mxemu::reference
