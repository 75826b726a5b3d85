// Coverage of dot products: which of the interesting cells the cases of a check hit, as the steps of the
// reference's sum tell. A check that did not hit the cells it promises is not trusted.
#pragma once

#include <cstddef>

#include "conformance/coverage.hpp"
#include "conformance/dot/dot_cases.hpp"
#include "spec/accumulator.hpp"

namespace mxemu::conformance {

enum class DotBin : std::uint8_t {
  Cancellation,
  ExactCancellation,
  Carry,
  TermCut,
  NegativeTermCut,
  ScaledTermCut,
  CCut,
  SumCut,
  Inexact,
  TieEvenBelow,
  TieEvenAbove,
  DiffersFromExact,
  Overflow,
  SubnormalResult,
  UnderflowToZero,
  NegativeZero,
  SubnormalOperand,
  NanScale,
  NanElement,
  InfElement,
  InfMinusInf,
  InfTimesZero,
  ZeroBlock,
  ScaleProductHigh,
  ScaleProductLow,
  Tail,
  CJoined,
  CNotFinite,
  ManySteps,
};

}  // namespace mxemu::conformance

template <>
inline constexpr mxemu::spec::Word<mxemu::conformance::DotBin>
    mxemu::spec::words<mxemu::conformance::DotBin>[] = {
        {mxemu::conformance::DotBin::Cancellation, "cancellation",
         "the exact sum is not zero and at most 1/16 of the largest term"},
        {mxemu::conformance::DotBin::ExactCancellation, "exact_cancellation",
         "terms that are not zero sum to zero"},
        {mxemu::conformance::DotBin::Carry, "carry",
         "terms of one sign sum to a power of two above all of them, through 5 bits or more"},
        {mxemu::conformance::DotBin::TermCut, "term_cut",
         "a product loses bits below the window of a fused adder"},
        {mxemu::conformance::DotBin::NegativeTermCut, "negative_term_cut", "a negative one does"},
        {mxemu::conformance::DotBin::ScaledTermCut, "scaled_term_cut",
         "one does whose scales are not 1 and enter before the window"},
        {mxemu::conformance::DotBin::CCut, "c_cut", "c loses bits below that window"},
        {mxemu::conformance::DotBin::SumCut, "sum_cut",
         "a sum of products loses bits where c, or another part, joins it"},
        {mxemu::conformance::DotBin::Inexact, "inexact", "a sum is rounded to the result's digits"},
        {mxemu::conformance::DotBin::TieEvenBelow, "tie_even_below",
         "such a sum is halfway, the even number is the smaller one"},
        {mxemu::conformance::DotBin::TieEvenAbove, "tie_even_above",
         "such a sum is halfway, the even number is the larger one"},
        {mxemu::conformance::DotBin::DiffersFromExact, "differs_from_exact",
         "the result is not the exact sum rounded once"},
        {mxemu::conformance::DotBin::Overflow, "overflow", "the terms are finite, the result is not"},
        {mxemu::conformance::DotBin::SubnormalResult, "subnormal_result", "the result is subnormal"},
        {mxemu::conformance::DotBin::UnderflowToZero, "underflow_to_zero",
         "the exact sum is not zero, the result is"},
        {mxemu::conformance::DotBin::NegativeZero, "negative_zero", "a product or c is -0"},
        {mxemu::conformance::DotBin::SubnormalOperand, "subnormal_operand",
         "an element or number is subnormal in its format"},
        {mxemu::conformance::DotBin::NanScale, "nan_scale", "a scale is 0xff"},
        {mxemu::conformance::DotBin::NanElement, "nan_element", "an element or number is NaN"},
        {mxemu::conformance::DotBin::InfElement, "inf_element", "an element or number is Inf"},
        {mxemu::conformance::DotBin::InfMinusInf, "inf_minus_inf", "infinities of both signs are added"},
        {mxemu::conformance::DotBin::InfTimesZero, "inf_times_zero", "Inf meets zero"},
        {mxemu::conformance::DotBin::ZeroBlock, "zero_block",
         "a block of zeros under scales whose product exceeds the largest term"},
        {mxemu::conformance::DotBin::ScaleProductHigh, "scale_product_high",
         "X_A X_B is 2^128 or more, over a block that is not all zero"},
        {mxemu::conformance::DotBin::ScaleProductLow, "scale_product_low",
         "X_A X_B is below 2^-149, over a block that is not all zero"},
        {mxemu::conformance::DotBin::Tail, "tail", "a length that is no whole number of blocks or of steps"},
        {mxemu::conformance::DotBin::CJoined, "c_joined", "c and the products are finite and not zero"},
        {mxemu::conformance::DotBin::CNotFinite, "c_not_finite", "c is an Inf or a NaN"},
        {mxemu::conformance::DotBin::ManySteps, "many_steps", "the accumulator is updated more than once"},
};
static_assert(mxemu::spec::words_are_in_order<mxemu::conformance::DotBin>());

namespace mxemu::conformance {

using DotCoverage = CoverageOf<DotBin>;
using DotBins = CellSet<DotBin>;

/// What case `index` hits when `row` sums it. Requires accepts(row, ...).
DotBins dot_cells(const spec::Accumulator& row, const DotCases& cases, std::size_t index);

/// What the answered ones of the cases hit.
DotCoverage examine(const spec::Accumulator& row, const DotCases& cases, const DotAnswers& got);

}  // namespace mxemu::conformance
