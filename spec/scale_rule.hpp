// How the shared scale of a block follows from amax, its largest magnitude (MX 6.3, a "should").
//
// Write amax = s * 2^e with 1 <= s < 2, and t for the significand of the element format's largest number.
// Then every power-of-two rule is X = 2^(e - emax + base + bump), with bump = 1 when s passes a threshold
// that is linear in t and in half an ulp of the format: exact dyadic numbers, held here in units of 2^-10.
// The reference does not read these rows: it states each rule as a comparison of exact numbers.
#pragma once

#include <cstdint>

#include "spec/element_format.hpp"
#include "spec/words.hpp"

namespace mxemu::spec {

enum class ScaleRuleType : std::uint8_t {
  Floor,
  Ceil,
  Even,
  Rceil,
  Nearest,
  FloorPlusOne,
  Rfloor,
  RceilNormal
};

template <>
inline constexpr Word<ScaleRuleType> words<ScaleRuleType>[] = {
    {ScaleRuleType::Floor, "floor",
     "largest power of two <= amax, over 2^emax (the sample algorithm of MX 6.3)"},
    {ScaleRuleType::Ceil, "ceil", "smallest power of two >= amax, over 2^emax"},
    {ScaleRuleType::Even, "even", "floor of amax first rounded to the element's mantissa bits"},
    {ScaleRuleType::Rceil, "rceil", "smallest power of two >= amax / max_normal: no element saturates"},
    {ScaleRuleType::Nearest, "nearest", "power of two nearest to amax / max_normal, 1.5 goes up"},
    {ScaleRuleType::FloorPlusOne, "floor_plus_one", "twice the floor rule"},
    {ScaleRuleType::Rfloor, "rfloor", "largest power of two <= amax / max_normal"},
    {ScaleRuleType::RceilNormal, "rceil_normal",
     "rceil, but at least 2^-126: code 0x00 is left to zero blocks"},
};
static_assert(words_are_in_order<ScaleRuleType>());

struct ScaleRule {
  ScaleRuleType type;
  int base;  ///< added to e - emax
  int ones;  ///< threshold = ones + max_quarters * t / 4 - half_ulps * 2^-(mantissa_bits + 1)
  int max_quarters;
  int half_ulps;
  bool strict;        ///< s > threshold rather than s >= threshold
  int smallest_code;  ///< of an amax that is not zero
  const char* source;
};

/// Indexed by ScaleRuleType. A threshold of 2 is never reached.
inline constexpr ScaleRule scale_rules[] = {
    {ScaleRuleType::Floor, 0, 2, 0, 0, false, 0, "MX 6.3"},
    {ScaleRuleType::Ceil, 0, 1, 0, 0, true, 0, "torchao CEIL"},
    {ScaleRuleType::Even, 0, 2, 0, 1, false, 0, "torchao EVEN, AMD Quark"},
    {ScaleRuleType::Rceil, 0, 0, 4, 0, true, 0, "cuBLAS and Transformer Engine MXFP8, torchao RCEIL"},
    {ScaleRuleType::Nearest, -1, 0, 3, 0, false, 0, "PyTorch float8_e8m0fnu cast of amax / max_normal"},
    {ScaleRuleType::FloorPlusOne, 1, 2, 0, 0, false, 0, "AWS Trainium3 quantize_mx"},
    {ScaleRuleType::Rfloor, -1, 0, 4, 0, false, 0, "Triton downcast_to_mxfp ROUND_DOWN, as it was"},
    {ScaleRuleType::RceilNormal, 0, 0, 4, 0, true, 1, "Triton downcast_to_mxfp ROUND_UP"},
};

constexpr const ScaleRule& rule_of(ScaleRuleType type) {
  return scale_rules[static_cast<int>(type)];
}

/// Thresholds are multiples of 2^-threshold_bits.
inline constexpr int threshold_bits = 10;

/// The threshold on the significand of amax, in units of 2^-threshold_bits.
constexpr int significand_threshold(const ScaleRule& rule, const ElementFormat& element) {
  const int one = 1 << threshold_bits;
  const int max_significand =
      one + (element.max_normal_mantissa() << (threshold_bits - element.mantissa_bits));
  const int half_ulp = one >> (element.mantissa_bits + 1);
  return rule.ones * one + rule.max_quarters * max_significand / 4 - rule.half_ulps * half_ulp;
}

static_assert(rows_are_in_order(scale_rules), "scale_rules is indexed by ScaleRuleType");

}  // namespace mxemu::spec
