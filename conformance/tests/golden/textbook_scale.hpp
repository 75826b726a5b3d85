// The scale rules as the literature states them, as comparisons of rational numbers: what both the reference
// and the rows of spec/scale_rule.hpp are held against.
#pragma once

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "oracle.hpp"
#include "spec/element_format.hpp"
#include "spec/scale_rule.hpp"

namespace mxemu::golden {

class TextbookScale {
 public:
  explicit TextbookScale(const spec::ElementFormat& row) {
    const Definition definition = definition_of(row.type);
    largest = magnitude_of_code(row.type, definition.number_count - 1);
    mantissa_bits = definition.mantissa_bits;
    Rational power = two_to(-64);
    while (power * 2 <= largest) power *= 2;  // the largest power of two in the format
    for (int e = lowest; e <= -lowest; ++e) {
      powers.push_back(power * two_to(e));
      largests.push_back(largest * two_to(e));
    }
  }

  /// The exponent of X for a largest magnitude `amax` > 0.
  int exponent(spec::ScaleRuleType rule, double amax) const {
    const Rational a(amax);
    switch (rule) {
      case spec::ScaleRuleType::Floor: return last_at_most(powers, a, amax);
      case spec::ScaleRuleType::Ceil: return first_at_least(powers, a, amax);
      case spec::ScaleRuleType::Even: return last_at_most(powers, rounded(a, amax), amax);
      case spec::ScaleRuleType::Rceil: return first_at_least(largests, a, amax);
      case spec::ScaleRuleType::Nearest: return nearest(a, amax);
      case spec::ScaleRuleType::FloorPlusOne: return last_at_most(powers, a, amax) + 1;
      case spec::ScaleRuleType::Rfloor: return last_at_most(largests, a, amax);
      // 2^-126, the smallest normal binary32.
      case spec::ScaleRuleType::RceilNormal: return std::max(first_at_least(largests, a, amax), -126);
    }
    throw std::invalid_argument("no such scale rule");
  }

 private:
  using Ladder = std::vector<Rational>;  ///< c * 2^e for every e
  static constexpr int lowest = -1200;

  static const Rational& rung(const Ladder& ladder, int e) {
    return ladder.at(static_cast<std::size_t>(e - lowest));
  }

  /// The largest e with ladder(e) <= a. The start of the search is a guess and does not matter.
  static int last_at_most(const Ladder& ladder, const Rational& a, double guess) {
    int e = std::ilogb(guess);
    while (rung(ladder, e) > a) --e;
    while (rung(ladder, e + 1) <= a) ++e;
    return e;
  }

  /// The smallest e with ladder(e) >= a.
  static int first_at_least(const Ladder& ladder, const Rational& a, double guess) {
    int e = std::ilogb(guess);
    while (rung(ladder, e) < a) ++e;
    while (rung(ladder, e - 1) >= a) --e;
    return e;
  }

  /// The e whose 2^e is nearest to a / largest; of two equally near, the upper.
  int nearest(const Rational& a, double guess) const {
    const int e = last_at_most(largests, a, guess);
    const Rational to_lower = a - rung(largests, e);
    const Rational to_upper = rung(largests, e + 1) - a;
    return to_upper <= to_lower ? e + 1 : e;
  }

  /// a to mantissa_bits stored bits, to nearest, ties to even.
  Rational rounded(const Rational& a, double number) const {
    const Rational quantum = two_to(std::ilogb(number) - mantissa_bits);
    const Rational steps = a / quantum;
    BigInteger whole = numerator(steps) / denominator(steps);
    const Rational rest = steps - Rational(whole);
    if (rest > Rational(1, 2) || (rest == Rational(1, 2) && whole % 2 == 1)) ++whole;
    return Rational(whole) * quantum;
  }

  Rational largest;
  int mantissa_bits = 0;
  Ladder powers;    ///< largest power of two of the format, times 2^e
  Ladder largests;  ///< largest number of the format, times 2^e
};

}  // namespace mxemu::golden
