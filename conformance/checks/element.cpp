// Rounding to element codes: around every code boundary and every tie, and on weighted random numbers.
#include <algorithm>

#include "conformance/checks/fill.hpp"
#include "conformance/checks/numbers.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t quick_elements = 12000;
constexpr std::size_t quick_random_blocks = 256;
constexpr std::size_t full_random_blocks = 8192;

/// A scale that is given may be one under which the source never reaches the largest element: those count
/// too.
void add_given_scales(const Target& target, std::vector<int>& scales) {
  const int step = target.is_quick() ? 40 : 1;
  for (int code = target.scale().max_code; code >= target.scale().min_code; code -= step)
    if (std::find(scales.begin(), scales.end(), code) == scales.end()) scales.push_back(code);
}

/// Around every boundary, under many scales where the operation has one.
Batches generate_rounding(const Target& target, Random& random) {
  const std::size_t per_scale = 2 * boundaries(target.element(), target.source(), 0).size();
  std::vector<int> scales = {target.scale().bias};
  if (target.operation != Operation::Encode)
    scales = useful_scales(target, std::max<std::size_t>(12, quick_elements / per_scale), random);
  if (takes_scale(target.operation)) add_given_scales(target, scales);
  Cases cases = empty_cases(target);
  for (const int scale : scales) {
    std::vector<std::uint64_t> numbers = with_both_signs(
        target.source(), boundaries(target.element(), target.source(), scale - target.scale().bias));
    random.shuffle(numbers);
    add_numbers_under(cases, target, scale, numbers);
  }
  return {cases};
}

/// Exponents at which numbers of a block under `scale` reach the element's codes, and a little beyond.
Batches generate_random(const Target& target, Random& random) {
  const std::size_t blocks = target.is_quick() ? quick_random_blocks : full_random_blocks;
  const std::vector<int> scales = target.operation == Operation::Encode
                                      ? std::vector<int>{target.scale().bias}
                                      : useful_scales(target, 64, random);
  const int element_binades = target.element().emax - target.element().emin + target.element().mantissa_bits;
  Cases cases = empty_cases(target);
  for (std::size_t i = 0; i < blocks; ++i) {
    const int scale = scales[random.below(scales.size())];
    const int top = scale - target.scale().bias + target.element().emax;
    const int excess = gives_scale(target.operation) ? 0 : static_cast<int>(random.below(2));
    std::vector<std::uint64_t> block(cases.elements);
    for (std::uint64_t& bits : block)
      bits = weighted_number(target.source(), top + excess, element_binades + 3, random);
    add_case(cases, block, scale);
  }
  return {cases};
}

Bins promise_rounding(const Target& target) {
  Bins bins = {Bin::TieEvenBelow, Bin::TieEvenAbove, Bin::StickyOnly, Bin::CarryToNextBinade,
               Bin::UnderflowToZero};
  const bool has_subnormals = target.element().encoding == spec::Encoding::SignMagnitude;
  bins.add(Bin::SubnormalElement, has_subnormals);
  bins.add(Bin::SubnormalBoundary, has_subnormals);
  return bins;
}

std::string clauses(const spec::ElementFormat& element) {
  return conversion_clause(element) + ", MX-6.3-c, MX-6.3-e";
}

const std::vector<Operation> conversions = {Operation::Encode, Operation::EncodeScaled, Operation::Quantize};

const Check checks[] = {
    {"element/rounding", "around every code and every tie, one ulp to each side", always<Requirement::Must>,
     clauses, conversions, everywhere, generate_rounding, promise_rounding},
    {"element/random", "weighted random numbers", always<Requirement::Must>, clauses, conversions, everywhere,
     generate_random, [](const Target&) { return Bins{}; }},
};

}  // namespace

std::span<const Check> element_checks() {
  return checks;
}

}  // namespace mxemu::conformance
