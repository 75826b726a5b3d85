// Checks of the sum: where bits fall off, in which order, what rounds.
#include <algorithm>
#include <array>

#include "conformance/dot/dot_check.hpp"
#include "conformance/dot/dot_numbers.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t k = 32;
constexpr std::size_t length = 2 * k;
constexpr const char* sum_clauses = "MX-6.1-c, MX-6.2-c";

bool everywhere(const DotTarget&) {
  return true;
}
bool with_scales(const DotTarget& target) {
  return target.has_scales();
}

std::uint8_t scale_near_one(Random& random, int spread) {
  const auto range = static_cast<std::uint64_t>(2 * spread + 1);
  return static_cast<std::uint8_t>(scale_one - spread + static_cast<int>(random.below(range)));
}

/// Distances between the largest term and a small one, in powers of two: all that the pair has, up to 60.
std::vector<int> distances(const DotBuilder& builder) {
  std::vector<int> all;
  const int reach = std::min(builder.highest() - builder.lowest(), 60);
  for (int distance = 1; distance <= reach; ++distance) all.push_back(distance);
  return all;
}

/// The largest term of sums that reach over many binades: such that all of them lie within float32.
int top_power(const DotBuilder& builder) {
  constexpr int half_reach = 30;
  return std::min(builder.highest(), std::max(builder.lowest() + 2 * half_reach, half_reach));
}

/// 2^e - 2^e + a small term, in every order, within a group and across.
DotBatches cancellation(const DotTarget& target, Random&) {
  constexpr std::array<std::array<std::size_t, 3>, 8> places = {
      {{0, 1, 2}, {0, 2, 1}, {1, 2, 0}, {0, 2, 3}, {0, 7, 8}, {0, 15, 16}, {0, 31, 32}, {0, 33, 34}}};
  DotCases cases = empty_dots(target.pair, length);
  const DotBuilder blank(target.pair, length);
  for (const auto& place : places)
    for (const int distance : distances(blank)) {
      if (target.is_quick() && distance % 3 != 0 && (distance < 10 || distance > 28)) continue;
      DotBuilder builder(target.pair, length);
      const int top = top_power(builder);
      builder.power(place[0], top)
          .power(place[1], top, true)
          .power(place[2], top - distance, distance % 2 == 0);
      builder.append_to(cases);
    }
  return {cases};
}

/// The small term under scales of its own: it lies as far away as scales reach.
DotBatches scaled_cancellation(const DotTarget& target, Random&) {
  DotCases cases = empty_dots(target.pair, length);
  for (int distance = 1; distance <= 48; ++distance)
    for (const bool small_first : {false, true}) {
      DotBuilder builder(target.pair, length);
      const std::size_t large = small_first ? 1 : 0;
      const auto scale = [&](int of) { return static_cast<std::uint8_t>(scale_one - of); };
      builder.power(large * k, 0)
          .power(large * k + 1, 0, true)
          .power((1 - large) * k + 2, 0, distance % 2 == 0);
      const int a = target.pair.b.scaled ? distance / 2 : distance;
      builder.scales(1 - large, scale(a), scale(distance - a));
      if (distance % 2 == 0) builder.power((1 - large) * k + 3, -1, distance % 4 == 0);  // more than a tie
      builder.c_power(distance % 3 == 0 ? -distance : 0, distance % 4 == 1);
      builder.append_to(cases);
    }
  return {cases};
}

/// 1, 1/2, 1/4, … and the last of them twice: a carry runs through the whole window.
DotBatches carry(const DotTarget& target, Random&) {
  DotCases cases = empty_dots(target.pair, length);
  const DotBuilder blank(target.pair, length);
  const int reach = std::min(blank.highest() - blank.lowest(), 60);
  for (int terms = 2; terms <= reach; terms += target.is_quick() ? 3 : 1)
    for (const bool negative : {false, true})
      for (const bool ascending : {false, true}) {
        DotBuilder builder(target.pair, length);
        const int top = top_power(builder);
        for (int i = 0; i < terms; ++i)
          builder.power(static_cast<std::size_t>(ascending ? terms - i : i + 1), top - i, negative);
        builder.power(0, top - terms + 1, negative);
        builder.append_to(cases);
      }
  for (const bool negative : {false, true}) {  // all the bits of the largest products
    DotBuilder builder(target.pair, length);
    for (std::size_t i = 0; i < length; ++i)
      if (spec::is_element(target.pair.a.type) && spec::is_element(target.pair.b.type))
        builder.codes(i, largest_code(target.pair.a.type, negative), largest_code(target.pair.b.type));
      else
        builder.power(i, 3, negative);
    builder.append_to(cases);
  }
  return {cases};
}

/// One large term, and everything else in its block tiny.
DotBatches large_and_tiny(const DotTarget& target, Random& random) {
  DotCases cases = empty_dots(target.pair, length);
  const DotBuilder blank(target.pair, length);
  for (const std::size_t place : {0U, 1U, 15U, 16U, 31U, 40U})
    for (const int distance : distances(blank)) {
      if (target.is_quick() && distance % 4 != static_cast<int>(place % 4) &&
          (distance < 12 || distance > 26))
        continue;
      DotBuilder builder(target.pair, length);
      const int top = top_power(builder);
      const bool negative = random.coin();
      for (std::size_t i = 0; i < length; ++i) builder.power(i, top - distance, negative);
      builder.power(place, top, random.coin());
      builder.append_to(cases);
    }
  return {cases};
}

/// Random blocks under scales near each other, far from each other, and with c.
DotBatches random_products(const DotTarget& target, Random& random) {
  DotBatches batches;
  const int count = target.is_quick() ? 48 : 2000;
  for (const std::size_t elements : {k, length, 4 * k}) {
    DotCases cases = empty_dots(target.pair, elements);
    for (int i = 0; i < count; ++i) {
      DotBuilder builder(target.pair, elements);
      builder.random(random);
      for (std::size_t block = 0; block < builder.blocks(); ++block) {
        const int spread = i % 3 == 0 ? 1 : i % 3 == 1 ? 6 : 20;
        const std::uint8_t a = scale_near_one(random, spread);
        builder.scales(block, a, scale_near_one(random, spread));
      }
      if (i % 2 == 0) {
        const bool negative = random.coin();  // a statement a draw: compilers order arguments as they like
        builder.c_power(static_cast<int>(random.below(24)) - 12, negative);
      }
      builder.append_to(cases);
    }
    batches.push_back(cases);
  }
  return batches;
}

/// The same terms in several orders: exact sums do not change, others may.
DotBatches permutation(const DotTarget& target, Random& random) {
  DotCases cases = empty_dots(target.pair, 4 * k);
  const int count = target.is_quick() ? 8 : 200;
  for (int i = 0; i < count; ++i) {
    DotBuilder builder(target.pair, 4 * k);
    builder.random(random);
    for (std::size_t block = 0; block < builder.blocks(); ++block) {
      const std::uint8_t a = scale_near_one(random, 12);
      builder.scales(block, a, scale_near_one(random, 12));
    }
    builder.append_to(cases);
    builder.swap_blocks(0, 3);
    builder.append_to(cases);
    builder.swap_blocks(1, 2);
    builder.swap_blocks(0, 1);
    builder.append_to(cases);
    for (std::size_t element = k; element > 1; --element)
      builder.swap_elements(element - 1, random.below(element));
    builder.append_to(cases);
  }
  return {cases};
}

/// A sum halfway between two results, and a little more or less.
DotBatches rounding(const DotTarget& target, Random&) {
  DotCases cases = empty_dots(target.pair, length);
  const int digits = spec::format_of(target.pair.output).mantissa_bits;
  for (const int low : {-1, 0, 1})        // where the sticky bit stands, from the tie down
    for (const bool odd : {false, true})  // the last digit kept
      for (const bool negative : {false, true})
        for (const bool less : {false, true})
          for (const int below : {0, 1, 2, 8}) {
            DotBuilder builder(target.pair, length);
            builder.c_power(digits + 1 + low, negative);
            builder.power(3, 0, negative);
            if (odd) builder.power(1, 1 + low, negative);
            if (below != 0) builder.power(2, -below, less != negative);
            builder.append_to(cases);
          }
  for (const bool negative : {false, true}) {  // twice halfway: once rounded up, or never
    DotBuilder builder(target.pair, length);
    builder.c_power(digits + 1, negative).power(3, 0, negative).power(k + 3, 0, negative);
    builder.append_to(cases);
  }
  return {cases};
}

constexpr DotCheck checks[] = {
    {"dot/cancellation", "2^e - 2^e + 2^(e-d): all distances, orders and places",
     Requirement::ImplementationDefined, sum_clauses, everywhere, cancellation,
     [] {
       return DotBins{DotBin::Cancellation, DotBin::TermCut, DotBin::NegativeTermCut};
     }},
    {"dot/scaled_cancellation", "the same across blocks, the distance in the scales",
     Requirement::ImplementationDefined, sum_clauses, with_scales, scaled_cancellation,
     [] {
       return DotBins{DotBin::Cancellation, DotBin::ScaledTermCut};
     }},
    {"dot/carry", "sums that carry through the whole window, and the largest products",
     Requirement::ImplementationDefined, sum_clauses, everywhere, carry,
     [] { return DotBins{DotBin::Carry}; }},
    {"dot/large_and_tiny", "one large term among tiny ones", Requirement::ImplementationDefined, sum_clauses,
     everywhere, large_and_tiny,
     [] {
       return DotBins{DotBin::TermCut, DotBin::NegativeTermCut};
     }},
    {"dot/rounding", "results halfway between two numbers, and beside", Requirement::ImplementationDefined,
     "MX-6.1-c, MX-6.2-b, MX-6.2-c", everywhere, rounding,
     [] {
       return DotBins{DotBin::Inexact, DotBin::TieEvenBelow, DotBin::TieEvenAbove, DotBin::DiffersFromExact};
     }},
    {"dot/permutation", "the same terms in several orders", Requirement::ImplementationDefined, sum_clauses,
     everywhere, permutation, [] { return DotBins{DotBin::ManySteps}; }},
    {"dot/random", "random codes and scales, with and without c", Requirement::ImplementationDefined,
     "MX-6.1-b, MX-6.1-c, MX-6.2-c", everywhere, random_products,
     [] {
       return DotBins{DotBin::SumCut, DotBin::CJoined};
     }},
};

}  // namespace

std::span<const DotCheck> dot_sum_checks() {
  return checks;
}

}  // namespace mxemu::conformance
