// The choice of the shared scale: around every threshold of every rule, in every binade of the source type,
// and where the scale leaves its format.
#include <algorithm>

#include "conformance/checks/fill.hpp"
#include "conformance/checks/numbers.hpp"
#include "reference/scale.hpp"
#include "spec/scale_rule.hpp"

namespace mxemu::conformance {
namespace {

using reference::Exact;

constexpr std::size_t quick_points = 2;  // beside the ends of the binade
constexpr int quick_binades = 256;

/// The lowest exponent of a number that counts: a subnormal's, unless the policy flushes them.
int lowest_exponent(const Target& target) {
  const bool flushes = target.request.policy.subnormal_input == spec::SubnormalInput::FlushToZero;
  return target.source().emin - (flushes ? 0 : target.source().mantissa_bits);
}

/// Significands in [1, 2) at which some rule changes its mind, in units of 2^-threshold_bits.
std::vector<int> thresholds(const spec::ElementFormat& element) {
  const int one = 1 << spec::threshold_bits;
  std::vector<int> all = {one + one / 2};
  for (const spec::ScaleRule& rule : spec::scale_rules) {
    const int threshold = spec::significand_threshold(rule, element);
    if (threshold > one && threshold < 2 * one) all.push_back(threshold);
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

/// Magnitudes of the binade 2^exponent to be amax: its first number, its last, and points around thresholds.
std::vector<std::uint64_t> amax_points(const Target& target, int exponent, Random& random) {
  const spec::FloatFormat& source = target.source();
  std::vector<std::uint64_t> ends = {nearest_bits(source, reference::power_of_two(exponent)),
                                     nearest_bits(source, reference::power_of_two(exponent + 1)) - 1};
  std::vector<std::uint64_t> points = {ends[0] + 1, ends[1] - 1};
  for (const int threshold : thresholds(target.element()))
    for (const std::uint64_t bits : around(source, {threshold, exponent - spec::threshold_bits}))
      points.push_back(bits);
  random.shuffle(points);
  if (target.is_quick()) points.resize(std::min(points.size(), quick_points));
  ends.insert(ends.end(), points.begin(), points.end());
  return ends;
}

void add_block_of(Cases& cases, const Target& target, std::uint64_t amax, Random& random) {
  const spec::FloatFormat& source = target.source();
  const std::uint64_t sign = random.coin() ? source.sign_mask() : 0;
  add_marked(cases, amax | sign, random.below(cases.elements), 0,
             [&] { return number_up_to(source, amax, random); });
}

/// Blocks of every binade from `first` to `last`, or of quick_binades of them spread evenly.
Batches blocks_of_binades(const Target& target, int first, int last, Random& random) {
  Cases cases = empty_cases(target);
  const int step = target.is_quick() ? std::max(1, (last - first + 1) / quick_binades) : 1;
  for (int exponent = first; exponent <= last; exponent += step)
    for (const std::uint64_t amax : amax_points(target, exponent, random))
      if (amax > 0 && amax < target.source().infinity_bits()) add_block_of(cases, target, amax, random);
  return {cases};
}

/// The binades [first, last] whose scale is in range, under every rule.
int first_in_range(const Target& target) {
  return std::max(lowest_exponent(target), target.scale().emin + target.element().emax + 1);
}
int last_in_range(const Target& target) {
  return std::min(target.source().emax, target.scale().emax + target.element().emax - 2);
}

Batches generate_rule(const Target& target, Random& random) {
  return blocks_of_binades(target, first_in_range(target), last_in_range(target), random);
}

bool has_small_scales(const Target& target) {
  return lowest_exponent(target) < first_in_range(target) - 1;
}
Batches generate_clamp_low(const Target& target, Random& random) {
  const int last = first_in_range(target);
  Batches batches = blocks_of_binades(target, lowest_exponent(target), last - 5, random);
  Batches edge = blocks_of_binades(target, std::max(lowest_exponent(target), last - 4), last, random);
  batches.insert(batches.end(), edge.begin(), edge.end());
  return batches;
}

bool has_large_scales(const Target& target) {
  const int exponent = reference::scale_exponent(target.request.scale_rule, target.element(),
                                                 reference::power_of_two(target.source().emax));
  return exponent > target.scale().emax;
}
Batches generate_clamp_high(const Target& target, Random& random) {
  const int first = last_in_range(target);
  Batches batches = blocks_of_binades(target, first, std::min(target.source().emax, first + 4), random);
  if (first + 5 <= target.source().emax) {
    Batches rest = blocks_of_binades(target, first + 5, target.source().emax, random);
    batches.insert(batches.end(), rest.begin(), rest.end());
  }
  return batches;
}

const std::vector<Operation> choosers = {Operation::Scale, Operation::Quantize};

const Check checks[] = {
    {"scale/rule", "amax around every threshold of every rule", always<Requirement::Should>,
     [](const spec::ElementFormat&) { return std::string("MX-6.3-b, MX-6.3-d"); }, choosers, everywhere,
     generate_rule, [](const Target&) { return Bins{}; }},
    {"scale/clamp_low", "amax so small that the scale is 0x00", always<Requirement::May>,
     [](const spec::ElementFormat&) { return std::string("MX-6.3-f, MX-5.4.1-a"); }, choosers,
     has_small_scales, generate_clamp_low,
     [](const Target&) {
       return Bins{Bin::ScaleClampLow, Bin::LowestScale};
     }},
    {"scale/clamp_high", "amax so large that the scale leaves its format", always<Requirement::May>,
     [](const spec::ElementFormat&) { return std::string("MX-6.3-f, MX-5.4.1-a"); }, choosers,
     has_large_scales, generate_clamp_high,
     [](const Target&) {
       return Bins{Bin::ScaleClampHigh, Bin::HighestScale};
     }},
};

}  // namespace

std::span<const Check> scale_checks() {
  return checks;
}

}  // namespace mxemu::conformance
