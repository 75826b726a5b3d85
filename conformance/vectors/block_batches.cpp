#include "conformance/vectors/block_batches.hpp"

#include <algorithm>
#include <set>

#include "reference/element.hpp"

namespace mxemu::conformance::vectors {
namespace {

using Block = std::vector<std::uint64_t>;

/// Exponents of largest magnitudes: both ends of the type and of the scale's range, and some, or all,
/// between.
std::vector<int> exponents(const BatchBuilder& to, Level level) {
  const int lowest = to.type().emin - to.type().mantissa_bits;
  std::set<int> chosen;
  const auto add = [&](int exponent) { chosen.insert(std::clamp(exponent, lowest, to.type().emax)); };
  const int step = level == Level::Full ? 1 : 32;
  for (int exponent = lowest; exponent <= to.type().emax; exponent += step) add(exponent);
  for (int near = -1; near <= 1; ++near)
    for (const int edge : {lowest + 1, to.type().emin, to.scale().emin + to.element().emax, 0,
                           to.scale().emax + to.element().emax, to.type().emax})
      add(edge + near);
  return {chosen.begin(), chosen.end()};
}

/// A block with its largest magnitude in a lane that moves from case to case, small numbers elsewhere.
Block block_around(const BatchBuilder& to, std::uint64_t largest, std::size_t lane) {
  const std::uint64_t magnitude = largest & ~to.type().sign_mask();
  Block block(to.block_size());
  for (std::size_t i = 0; i < block.size(); ++i) {
    const std::uint64_t smaller = magnitude - std::min(magnitude, (i + 1) << (to.type().mantissa_bits - 2));
    block[i] = i % 2 == 0 ? smaller : smaller | to.type().sign_mask();
  }
  block[lane % block.size()] = largest;
  return block;
}

void add_largest_magnitudes(BatchBuilder& to, Level level) {
  std::size_t lane = 0;
  for (const int exponent : exponents(to, level)) {
    const auto power = nearest_number(to.type(), reference::power_of_two(0), exponent);
    const auto next = nearest_number(to.type(), reference::power_of_two(0), exponent + 1);
    to.numbers(block_around(to, power, lane++), "amax is a power of two");
    to.numbers(block_around(to, next - 1, lane++), "amax is just below a power of two");
  }
}

void add_rule_boundaries(BatchBuilder& to, Level level) {
  std::size_t lane = 0;
  const std::vector<int> chosen = level == Level::Full ? exponents(to, Level::Small) : std::vector{0};
  for (const int exponent : chosen)
    for (const std::uint64_t bits : rule_boundaries(to.element(), to.type(), exponent))
      to.numbers(block_around(to, bits, lane++), "amax at the edge of a scale rule");
}

/// One special number in an ordinary block, and in one of zeros; the lane moves.
void add_special_blocks(BatchBuilder& to) {
  const auto one = nearest_number(to.type(), reference::power_of_two(0), 0);
  std::size_t lane = 0;
  for (const auto& [bits, name] : special_numbers(to.type())) {
    Block block = block_around(to, one, lane + 7);
    block[lane % block.size()] = bits;
    to.numbers(block, std::string(name) + " in lane " + std::to_string(lane % block.size()));
    Block alone(to.block_size(), 0);
    alone[(lane * 5 + 3) % alone.size()] = bits;
    to.numbers(alone, std::string(name) + " among zeros");
    ++lane;
  }
  to.numbers(Block(to.block_size(), to.type().sign_mask()), "every number is -0");
  to.numbers(Block(to.block_size(), one), "every number is 1");
}

/// Magnitudes that rise from lane to lane: a position that is swapped shows.
void add_lane_patterns(BatchBuilder& to) {
  Block rising(to.block_size());
  for (std::size_t i = 0; i < rising.size(); ++i) {
    const reference::Exact value = {static_cast<unsigned>(i + 1), 0};
    rising[i] = nearest_number(to.type(), value, -static_cast<int>(i % 3), i % 5 == 2);
  }
  to.numbers(rising, "a different number in every lane");
  std::reverse(rising.begin(), rising.end());
  to.numbers(rising, "the same numbers in the other order");
}

void add_short_blocks(BatchBuilder& to) {
  const auto one = nearest_number(to.type(), reference::power_of_two(0), 0);
  const Block whole = block_around(to, one + 1, 0);
  for (std::size_t size = 1; size < whole.size(); size = 2 * size + 1)
    to.numbers(std::span(whole).first(size), "a short block");
}

/// The boundary numbers of one scale under the largest element at that scale, which pins the scale.
void add_code_boundaries(BatchBuilder& to, int exponent) {
  const auto largest = nearest_number(to.type(), reference::max_normal(to.element()), exponent);
  Block block = {largest};
  for (const std::uint64_t bits : boundary_numbers(to.element(), to.type(), exponent)) {
    // A larger number would choose another scale.
    if ((bits & ~to.type().sign_mask()) > largest) continue;
    block.push_back(bits);
    if (block.size() < to.block_size()) continue;
    to.numbers(block, "code boundaries");
    block = {largest};
  }
  block.resize(to.block_size());
  to.numbers(block, "code boundaries");
}

}  // namespace

void add_scale_cases(BatchBuilder& to, Level level) {
  add_largest_magnitudes(to, level);
  add_rule_boundaries(to, level);
  add_special_blocks(to);
  add_short_blocks(to);
}

void add_quantize_cases(BatchBuilder& to, Level level) {
  add_scale_cases(to, level);
  add_lane_patterns(to);
  if (level == Level::Small) return add_code_boundaries(to, 0);
  for (const int exponent : exponents(to, Level::Small)) add_code_boundaries(to, exponent);
}

}  // namespace mxemu::conformance::vectors
