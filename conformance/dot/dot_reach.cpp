// Which cells a pair of operands can reach at all under an accumulator.
#include "conformance/dot/dot_check.hpp"
#include "conformance/dot/dot_emulation.hpp"
#include "conformance/dot/dot_numbers.hpp"

namespace mxemu::conformance {
namespace {

/// Powers of two from the smallest product to the largest, with scales of 1.
int product_reach(const DotBuilder& builder) {
  return builder.highest() - builder.lowest();
}

bool scales_move_the_window(const spec::Accumulator& row, const DotTarget& target) {
  return target.has_scales() &&
         (row.scale == spec::ScaleEntry::Exponent || row.scale == spec::ScaleEntry::GroupSum);
}

/// Whether a product can lie below the window that another one opens. A group of products that are summed
/// exactly is one term.
bool products_leave_window(const spec::Accumulator& row, const DotBuilder& builder) {
  return row.kind == spec::AccumulatorKind::Fused && row.fused.exact_group == 1 &&
         product_reach(builder) > row.fused.fraction_bits + 1;
}

bool rounds_to_nearest(const spec::Accumulator& row, const DotTarget& target) {
  return target.pair.output != spec::FloatType::Float32 ||
         row.float32_rounding == spec::RoundingMode::NearestEven;
}

/// The exponent of the smallest product that the pair has, scales included.
int lowest_term(const DotTarget& target, const DotBuilder& builder) {
  constexpr int lowest_scale = -127;
  return builder.lowest() + (target.pair.a.scaled ? lowest_scale : 0) +
         (target.pair.b.scaled ? lowest_scale : 0);
}

bool has_subnormals(spec::OperandType type) {
  return type != spec::OperandType::INT8;
}

}  // namespace

bool can_hit(DotBin cell, const spec::Accumulator& row, const DotTarget& target) {
  const DotCapability& pair = target.pair;
  const DotBuilder builder(pair, 1);
  const spec::FloatFormat& output = spec::format_of(pair.output);
  const bool both_scaled = pair.a.scaled && pair.b.scaled;
  const bool is_fused = row.kind == spec::AccumulatorKind::Fused;
  switch (cell) {
    case DotBin::Cancellation:
    case DotBin::ExactCancellation:
    case DotBin::NegativeZero:
    case DotBin::CJoined:
    case DotBin::CNotFinite: return true;
    case DotBin::Inexact:
      return rounds_to_nearest(row, target) || row.fused.fraction_bits > row.float32_mantissa_bits;
    case DotBin::Carry: return product_reach(builder) >= 5;
    case DotBin::TermCut:
    case DotBin::NegativeTermCut: return products_leave_window(row, builder);
    case DotBin::ScaledTermCut: return is_fused && scales_move_the_window(row, target);
    case DotBin::CCut:  // by a product of 1
      return is_fused && row.scale != spec::ScaleEntry::AfterRounding &&
             output.emin < -row.fused.fraction_bits;
    case DotBin::SumCut: return is_fused && row.fused.join == spec::AccumulatorJoin::AfterSum;
    case DotBin::TieEvenBelow:
    case DotBin::TieEvenAbove: return rounds_to_nearest(row, target);
    // A tree before c shows itself in long random sums alone.
    case DotBin::DiffersFromExact:
      return row.kind != spec::AccumulatorKind::Exact && row.kind != spec::AccumulatorKind::Pairwise;
    case DotBin::Overflow: return both_scaled || builder.highest() > output.emax;
    case DotBin::SubnormalResult: return lowest_term(target, builder) < output.emin && !row.tree.flushes;
    case DotBin::UnderflowToZero:
      return lowest_term(target, builder) < output.emin - output.mantissa_bits - 1;
    case DotBin::SubnormalOperand: return has_subnormals(pair.a.type) || has_subnormals(pair.b.type);
    case DotBin::NanScale:
    case DotBin::ZeroBlock: return target.has_scales();
    case DotBin::ScaleProductHigh:
    case DotBin::ScaleProductLow: return both_scaled;
    case DotBin::NanElement: return nan_code(pair.a.type) || nan_code(pair.b.type);
    case DotBin::InfElement:
    case DotBin::InfMinusInf:
    case DotBin::InfTimesZero: return infinity_code(pair.a.type) || infinity_code(pair.b.type);
    case DotBin::Tail: return target.is_of_elements() || spec::step_products(row) > 1;
    case DotBin::ManySteps:
      return row.kind != spec::AccumulatorKind::Exact && row.kind != spec::AccumulatorKind::Pairwise;
  }
  return false;
}

DotBins DotCheck::promises(const spec::Accumulator& row, const DotTarget& target) const {
  const DotBins all = cells();
  DotBins reachable;
  for (const auto& word : spec::words<DotBin>)
    reachable.add(word.value, all.has(word.value) && can_hit(word.value, row, target));
  return reachable;
}

}  // namespace mxemu::conformance
