// The fused adder of matrix units: many products and the accumulator, aligned to the largest exponent, cut to
// a window of fraction bits, and summed exactly. One step of it takes up to `products` products and c:
//
//   1. Product i is exact: p_i = a_i b_i. Its nominal exponent is e(a_i) + e(b_i), where e(x) is
//      floor(log2 |x|) but at least the exponent of the smallest normal number of x's format: p_i / 2^e lies
//      in [1, 4) for normal numbers, since nobody normalises it. With `normalizes_products` it is
//      floor(log2 |p_i|). Zeros have the exponent that `zero_exponent` says.
//   2. With `scale` Exponent the exponents of the two scales are added to it. With `exact_group` > 1 a term
//   is
//      the exact sum of so many consecutive products, its exponent that of its two scales alone, which it
//      has even when the sum is 0.
//   3. With `split` > 1, terms i, i + split, i + 2 split, … form one part each; else all are one part.
//   4. Each part takes E, the largest of its exponents (`join` Aligned: c is a term more of the first part),
//      rounds every term to a multiple of 2^(E - fraction_bits) as `term_rounding` says, and sums exactly.
//   5. Parts are aligned to the largest of their exponents, rounded to `fraction_bits` below it as
//      `join_rounding` says, and added.
//   6. With `join` AfterSum, E becomes the larger of the sum's and of c's exponent, the sum is rounded to
//      `sum_fraction_bits` and c to `fraction_bits` below E, as `join_rounding` says, and they are added; c
//      counts as 0 when its exponent is less than E - drop_distance.
//   7. The sum is rounded to the output format as the accumulator says. That is c of the next step.
#pragma once

#include <cstdint>

#include "spec/words.hpp"

namespace mxemu::spec {

/// What happens to the bits of a term below the window.
enum class TermRounding : std::uint8_t { TowardZero, NearestEven, Floor, None };
template <>
inline constexpr Word<TermRounding> words<TermRounding>[] = {
    {TermRounding::TowardZero, "toward_zero", "RZ: dropped from the magnitude"},
    {TermRounding::NearestEven, "nearest_even", "RNE: rounded to nearest, ties to even"},
    {TermRounding::Floor, "floor", "toward -infinity: dropped from the two's complement"},
    {TermRounding::None, "none", "kept: the window has no end"},
};
static_assert(words_are_in_order<TermRounding>());

/// How the accumulator joins the products of a step.
enum class AccumulatorJoin : std::uint8_t { Aligned, AfterSum };
template <>
inline constexpr Word<AccumulatorJoin> words<AccumulatorJoin>[] = {
    {AccumulatorJoin::Aligned, "aligned", "one more term: aligned and cut with the products"},
    {AccumulatorJoin::AfterSum, "after_sum", "aligned with the finished sum of the products"},
};
static_assert(words_are_in_order<AccumulatorJoin>());

/// Where the shared scales enter.
enum class ScaleEntry : std::uint8_t { Unscaled, Operand, Exponent, GroupSum, AfterRounding };
template <>
inline constexpr Word<ScaleEntry> words<ScaleEntry>[] = {
    {ScaleEntry::Unscaled, "unscaled", "the unit takes no scales"},
    {ScaleEntry::Operand, "operand", "operands are dequantised first, X P rounded to float32 (MX 5.1)"},
    {ScaleEntry::Exponent, "exponent", "scale exponents are added to those of the products, exactly"},
    {ScaleEntry::GroupSum, "group_sum", "the exact sum of a group is multiplied by both scales"},
    {ScaleEntry::AfterRounding, "after_rounding",
     "each block is summed from 0 and rounded, multiplied by both scales, and added in float32 (one FMA)"},
};
static_assert(words_are_in_order<ScaleEntry>());

/// The exponent that a zero brings to the alignment. It matters where it is the largest.
enum class ZeroExponent : std::uint8_t { Absent, OperandMinus126, TermMinus126 };
template <>
inline constexpr Word<ZeroExponent> words<ZeroExponent>[] = {
    {ZeroExponent::Absent, "absent", "none: a zero term takes no part"},
    {ZeroExponent::OperandMinus126, "operand_minus_126",
     "e(0) = -126 for an operand of any type: 0 times 2^127 has exponent 1"},
    {ZeroExponent::TermMinus126, "term_minus_126", "-126 for a term that is zero, its scales left aside"},
};
static_assert(words_are_in_order<ZeroExponent>());

struct FusedAdder {
  int products = 0;       ///< of one step
  int exact_group = 1;    ///< products that are summed exactly before the alignment
  int split = 1;          ///< parts, by index modulo split
  int fraction_bits = 0;  ///< F
  TermRounding term_rounding = TermRounding::TowardZero;
  bool normalizes_products = false;
  ZeroExponent zero_exponent = ZeroExponent::OperandMinus126;
  AccumulatorJoin join = AccumulatorJoin::Aligned;
  TermRounding join_rounding = TermRounding::Floor;  ///< of step 5 and 6
  int sum_fraction_bits = 0;                         ///< of step 6
  int drop_distance = 0;                             ///< of step 6; 0: c is never dropped
  bool products_overflow = false;                    ///< a product of magnitude 2^128 or more is infinite

  constexpr bool operator==(const FusedAdder&) const = default;
};

/// The exponent of a zero under the two conventions that give it one.
inline constexpr int zero_exponent_value = -126;

}  // namespace mxemu::spec
