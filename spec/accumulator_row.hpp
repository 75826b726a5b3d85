// How a dot product is summed: precision and order are implementation-defined (MX 6.1, 6.2), so each way is
// a row. A row is a kind and its parameters, what operands it takes, and how sure it is.
//
// For all kinds: terms are taken in ascending k; c is what is added to, +0 where there is none; a NaN scale
// makes its block NaN (MX 5.1); Inf times 0, and Inf with -Inf in a sum, are NaN; results beyond the largest
// number are infinite, except under a directed rounding of `exact` (IEEE 754-2019, 7.4). The result is the
// code of the output format; every NaN has the one code of the row.
#pragma once

#include <cstdint>

#include "spec/evidence.hpp"
#include "spec/float_format.hpp"
#include "spec/fused_adder.hpp"
#include "spec/operand.hpp"
#include "spec/rounding.hpp"
#include "spec/words.hpp"

namespace mxemu::spec {

/// What is done with the products of a dot product. `fl` is rounding to float32, roundTiesToEven.
enum class AccumulatorKind : std::uint8_t {
  Exact,
  BlockExact,
  Sequential,
  Pairwise,
  FmaChain,
  Fused,
  FlushedTree
};
template <>
inline constexpr Word<AccumulatorKind> words<AccumulatorKind>[] = {
    {AccumulatorKind::Exact, "exact", "the exact sum, rounded once; a sum of 0 is +0"},
    {AccumulatorKind::BlockExact, "block_exact",
     "c = fl(c + fl(d)) over the blocks, d the exact dot product of a block pair; d = 0 is +0"},
    {AccumulatorKind::Sequential, "sequential", "c = fl(c + fl(a b)) over the elements"},
    {AccumulatorKind::Pairwise, "pairwise",
     "fl(a b) added two by two, neighbours first, level by level (an odd last one moves up as it is), then "
     "c"},
    {AccumulatorKind::FmaChain, "fma_chain", "c = fl(c + a b) over the elements"},
    {AccumulatorKind::Fused, "fused", "groups of products and c aligned, cut and summed: see FusedAdder"},
    {AccumulatorKind::FlushedTree, "flushed_tree",
     "fl(a b + 0) of a small group added two by two, halves first, then to c, subnormals flushed"},
};
static_assert(words_are_in_order<AccumulatorKind>());

/// The parameters of FlushedTree.
struct FlushedTree {
  int products = 0;      ///< of one group; its lower half has floor(n / 2) of its n products
  bool flushes = false;  ///< operands and c below the smallest normal number become +0, sums keep their sign

  constexpr bool operator==(const FlushedTree&) const = default;
};

/// The code of every NaN result.
enum class NanBits : std::uint8_t { Quiet, AllOnes };
template <>
inline constexpr Word<NanBits> words<NanBits>[] = {
    {NanBits::Quiet, "quiet", "positive quiet NaN, payload empty: 0x7fc00000, 0x7fc0, 0x7e00"},
    {NanBits::AllOnes, "all_ones", "every bit below the sign: 0x7fffffff, 0x7fff"},
};
static_assert(words_are_in_order<NanBits>());

enum class AccumulatorType : std::uint8_t {
  BlockExact,
  Exact,
  Float32Sequential,
  Float32Pairwise,
  Float32Fma,
  Volta,
  Turing,
  Ampere,
  AmpereTf32,
  AdaFp8,
  Hopper,
  HopperTf32,
  HopperFp8,
  HopperFp8BlockScaled,
  Blackwell,
  BlackwellTf32,
  BlackwellF8f6f4,
  BlackwellMxf8f6f4,
  BlackwellMxf4,
  Cdna1,
  Cdna1Bf16,
  Cdna2,
  Cdna2Bf16,
  Cdna3,
  Cdna3Xf32,
  Cdna3Fp8,
};

struct Accumulator {
  AccumulatorType type;
  const char* name;
  const char* summary;
  const char* source;
  Evidence evidence = Evidence::Standard;
  AccumulatorKind kind = AccumulatorKind::Exact;

  // What it takes.
  OperandTypes operands = all_operands;
  bool mixes = true;               ///< the types of a and b may differ (MX 6.1)
  OperandTypes unverified = {};    ///< taken, but nobody has compared the row with a device on these
  bool truncates_to_tf32 = false;  ///< float32 operands keep 10 mantissa bits, the rest is dropped
  ScaleEntry scale = ScaleEntry::Operand;

  // What it gives. c has the type of the output and is rounded to it in every step.
  FloatTypes outputs = float_types(FloatType::Float32);
  OperandTypes operands_to_float16 = all_operands;  ///< of which a float16 output is offered, if at all
  bool takes_rounding = false;                      ///< the caller chooses the rounding
  RoundingMode float32_rounding = RoundingMode::NearestEven;  ///< the others are always NearestEven
  int float32_mantissa_bits = 23;                             ///< kept in a float32 output
  bool keeps_sign_of_underflow = true;                        ///< else what rounds to zero is +0
  NanBits nan_bits = NanBits::Quiet;
  /// The source states the code of NaN: a unit of this name gives that one. Elsewhere it is the library's own
  /// choice, and any NaN conforms (MX 5.1, OFP8 and IEEE 754 leave the code open).
  bool states_nan_bits = false;

  FusedAdder fused = {};  ///< of kind Fused
  FlushedTree tree = {};  ///< of kind FlushedTree
  const char* quirks = "";
};

}  // namespace mxemu::spec
