// Coverage: which of the interesting cells the cases of a check hit, judged by the reference's exact
// arithmetic. A check that did not hit the cells it promises is not trusted.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <string>

#include "conformance/cases.hpp"
#include "spec/words.hpp"

namespace mxemu::conformance {

enum class Bin : std::uint8_t {
  TieEvenBelow,
  TieEvenAbove,
  StickyOnly,
  CarryToNextBinade,
  Saturation,
  OverflowToNonFinite,
  SubnormalElement,
  SubnormalBoundary,
  UnderflowToZero,
  ScaleClampLow,
  ScaleClampHigh,
  LowestScale,
  HighestScale,
  NanScale,
  ZeroBlock,
  NegativeZero,
  Nan,
  Infinity,
  SubnormalSource,
  Tail,
  DecodeOverflow,
  DecodeSubnormal,
};

}  // namespace mxemu::conformance

template <>
inline constexpr mxemu::spec::Word<mxemu::conformance::Bin> mxemu::spec::words<mxemu::conformance::Bin>[] = {
    {mxemu::conformance::Bin::TieEvenBelow, "tie_even_below", "halfway, the even code is the lower one"},
    {mxemu::conformance::Bin::TieEvenAbove, "tie_even_above", "halfway, the even code is the upper one"},
    {mxemu::conformance::Bin::StickyOnly, "sticky_only", "above halfway by less than 1/64 of the distance"},
    {mxemu::conformance::Bin::CarryToNextBinade, "carry_to_next_binade", "rounded up to a power of two"},
    {mxemu::conformance::Bin::Saturation, "saturation", "beyond the largest number, which is the result"},
    {mxemu::conformance::Bin::OverflowToNonFinite, "overflow_to_nonfinite",
     "beyond the largest number, an Inf or a NaN is the result"},
    {mxemu::conformance::Bin::SubnormalElement, "subnormal_element", "the result is a subnormal element"},
    {mxemu::conformance::Bin::SubnormalBoundary, "subnormal_boundary",
     "rounded between the largest subnormal and the smallest normal element"},
    {mxemu::conformance::Bin::UnderflowToZero, "underflow_to_zero", "not zero, the result is"},
    {mxemu::conformance::Bin::ScaleClampLow, "scale_clamp_low", "the rule's scale lies below 2^-127"},
    {mxemu::conformance::Bin::ScaleClampHigh, "scale_clamp_high", "the rule's scale lies above 2^127"},
    {mxemu::conformance::Bin::LowestScale, "lowest_scale", "scale 0x00"},
    {mxemu::conformance::Bin::HighestScale, "highest_scale", "scale 0xfe"},
    {mxemu::conformance::Bin::NanScale, "nan_scale", "scale 0xff"},
    {mxemu::conformance::Bin::ZeroBlock, "zero_block", "every number of the block is a zero"},
    {mxemu::conformance::Bin::NegativeZero, "negative_zero", "-0, as a number or as a code"},
    {mxemu::conformance::Bin::Nan, "nan", "a NaN, as a number or as a code"},
    {mxemu::conformance::Bin::Infinity, "infinity", "an Inf, as a number or as a code"},
    {mxemu::conformance::Bin::SubnormalSource, "subnormal_source", "a subnormal number of the source type"},
    {mxemu::conformance::Bin::Tail, "tail", "a block shorter than the block size"},
    {mxemu::conformance::Bin::DecodeOverflow, "decode_overflow", "a product beyond the output's largest"},
    {mxemu::conformance::Bin::DecodeSubnormal, "decode_subnormal", "a product that is subnormal there"},
};
static_assert(mxemu::spec::words_are_in_order<mxemu::conformance::Bin>());

namespace mxemu::conformance {

/// How often each cell of a kind was hit: elements, for scales and tails blocks, for dot products cases.
template <class Cell>
struct CoverageOf {
  std::array<std::uint64_t, std::size(spec::words<Cell>)> counts = {};

  std::uint64_t& operator[](Cell cell) { return counts[static_cast<std::size_t>(cell)]; }
  std::uint64_t operator[](Cell cell) const { return counts[static_cast<std::size_t>(cell)]; }
  void merge(const CoverageOf& other) {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
  }
};
using Coverage = CoverageOf<Bin>;

/// A set of cells: what a check promises to hit.
template <class Cell>
class CellSet {
 public:
  CellSet() = default;
  CellSet(std::initializer_list<Cell> cells) {
    for (const Cell cell : cells) add(cell);
  }
  void add(Cell cell, bool wanted = true) {
    if (wanted) set_.set(static_cast<std::size_t>(cell));
  }
  bool has(Cell cell) const { return set_.test(static_cast<std::size_t>(cell)); }

 private:
  std::bitset<std::size(spec::words<Cell>)> set_;
};
using Bins = CellSet<Bin>;

/// "not hit: tie_even_below, tail", or "" where every promise was kept.
template <class Cell>
std::string missing_cells(const CellSet<Cell>& promised, const CoverageOf<Cell>& coverage) {
  std::string text;
  for (const auto& word : spec::words<Cell>)
    if (promised.has(word.value) && coverage[word.value] == 0)
      text += (text.empty() ? "not hit: " : ", ") + std::string(word.name);
  return text;
}

/// What the cases hit; `expected` are the reference's answers to them.
Coverage examine(const Cases& cases, const Answers& expected);

}  // namespace mxemu::conformance
