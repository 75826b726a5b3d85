// What a check of dot products is: cases made for one pair of operands. Answers and verdicts are the suite's.
#pragma once

#include <span>
#include <vector>

#include "conformance/checks/check.hpp"
#include "conformance/dot/dot_cases.hpp"
#include "conformance/dot/dot_coverage.hpp"

namespace mxemu::conformance {

/// What cases are made for.
struct DotTarget {
  DotCapability pair = {};
  Level level = Level::Quick;

  bool is_quick() const { return level == Level::Quick; }
  bool has_scales() const { return pair.a.scaled || pair.b.scaled; }
  bool is_of_elements() const { return spec::is_element(pair.a.type) || spec::is_element(pair.b.type); }
};

/// Batches of cases, numbered on from one to the next.
using DotBatches = std::vector<DotCases>;

struct DotCheck {
  const char* id;
  const char* summary;
  Requirement requirement;
  const char* clauses;
  bool (*applies)(const DotTarget&);
  DotBatches (*generate)(const DotTarget&, Random&);
  DotBins (*cells)();  ///< that the cases are there for

  /// Those of the cells that the pair can reach under the accumulator: they must be hit.
  DotBins promises(const spec::Accumulator& row, const DotTarget& target) const;
};

/// Whether the products of a pair, its scales and c can bring about a cell when `row` sums them. False
/// where the row has nothing of the kind (a window, ties), and where the numbers do not reach that far.
bool can_hit(DotBin cell, const spec::Accumulator& row, const DotTarget& target);

/// Sums: what cancels, carries, vanishes, and in which order.
std::span<const DotCheck> dot_sum_checks();
/// NaN, infinities, the ends of the scales, zeros.
std::span<const DotCheck> dot_special_checks();
/// Subnormal numbers, tails, c.
std::span<const DotCheck> dot_edge_checks();

/// All of them, those that must hold first.
std::vector<const DotCheck*> every_dot_check();

/// A case as it is being made: zeros under scales of 1, c = +0.
class DotBuilder {
 public:
  DotBuilder(const DotCapability& pair, std::size_t elements);

  /// Sets product `index` to 2^exponent under scales of 1, with its sign; an exponent out of reach is
  /// clamped.
  DotBuilder& power(std::size_t index, int exponent, bool negative = false);
  DotBuilder& codes(std::size_t index, std::uint32_t a, std::uint32_t b);
  /// Gives all products random finite codes.
  DotBuilder& random(Random& random);
  /// Scales of block `block`, where the operand has any.
  DotBuilder& scales(std::size_t block, std::uint8_t a, std::uint8_t b);
  DotBuilder& c(std::uint32_t code);
  /// c = 2^exponent; clamped to the output's normal numbers.
  DotBuilder& c_power(int exponent, bool negative = false);
  void swap_elements(std::size_t i, std::size_t j);
  void swap_blocks(std::size_t i, std::size_t j);  ///< whole ones
  void append_to(DotCases& cases) const;

  /// Powers of two that a product can be.
  int lowest() const;
  int highest() const;
  std::size_t elements() const { return a_.codes.size(); }
  std::size_t blocks() const { return a_scales_.size(); }

 private:
  DotCapability pair_;
  DotLine a_, b_;
  std::vector<std::uint8_t> a_scales_, b_scales_;
  std::uint32_t c_ = 0;
};

/// An empty batch for cases of so many elements.
DotCases empty_dots(const DotCapability& pair, std::size_t elements);

/// The scale byte of 1.
inline constexpr std::uint8_t scale_one = 0x7f;

}  // namespace mxemu::conformance
