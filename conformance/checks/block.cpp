// Positions: patterns in which every lane, and every block beside its neighbours, is told apart, and blocks
// whose largest element stands in one lane after the other.
#include <algorithm>

#include "conformance/checks/codes.hpp"
#include "conformance/checks/fill.hpp"
#include "conformance/checks/numbers.hpp"
#include "reference/element.hpp"

namespace mxemu::conformance {

std::uint64_t number_of_code(const Target& target, std::uint8_t code, int scale) {
  reference::Value value = reference::decode_element(target.element(), code);
  value.magnitude.exponent += scale - target.scale().bias;
  return reference::encode_float(target.source(), value);
}

namespace {

constexpr int amax_gap = 5;   ///< binades from amax to the largest of the others: they are below 2^-4 of it
constexpr int amax_span = 3;  ///< and binades that the others are spread over
constexpr std::size_t negative_blocks = 8;

using Pattern = std::vector<std::uint8_t>;

/// The code of 1, and its negative counterpart of half the size.
std::uint8_t one_code(const spec::ElementFormat& element) {
  return reference::encode_element(element, {.magnitude = reference::power_of_two(0)});
}
std::uint8_t minus_half_code(const spec::ElementFormat& element) {
  return reference::encode_element(element, {.negative = true, .magnitude = reference::power_of_two(-1)});
}

/// Lane i of plane b shows bit b of i: no two lanes agree on all planes, so no swap goes unseen.
std::vector<Pattern> bit_planes(const spec::ElementFormat& element, std::size_t lanes) {
  std::vector<Pattern> planes;
  for (std::size_t bit = 0; std::size_t{1} << bit < lanes; ++bit)
    for (const bool inverted : {false, true}) {
      Pattern plane(lanes);
      for (std::size_t lane = 0; lane < lanes; ++lane)
        plane[lane] = ((lane >> bit & 1) != 0) != inverted ? one_code(element) : minus_half_code(element);
      planes.push_back(plane);
    }
  return planes;
}

/// One lane of the largest number at a time.
std::vector<Pattern> single_lanes(const spec::ElementFormat& element, std::size_t lanes) {
  std::vector<Pattern> patterns;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    patterns.emplace_back(lanes);
    patterns.back()[lane] = element.max_normal_code;
  }
  return patterns;
}

/// Neighbouring lanes hold neighbouring codes of finite numbers, from every start.
std::vector<Pattern> ladders(const spec::ElementFormat& element, std::size_t lanes) {
  std::vector<Pattern> patterns;
  const std::size_t codes = std::size_t{element.max_normal_code} + 1;
  for (std::size_t start = 0; start < codes; start += lanes / 2 + 1) {
    Pattern pattern(lanes);
    for (std::size_t lane = 0; lane < lanes; ++lane)
      pattern[lane] = static_cast<std::uint8_t>((start + lane) % codes);
    patterns.push_back(pattern);
  }
  return patterns;
}

void add_pattern(Cases& cases, const Target& target, const Pattern& pattern, int scale) {
  if (takes_codes(target.operation)) return add_codes(cases, pattern, scale);
  std::vector<std::uint64_t> numbers;
  for (const std::uint8_t code : pattern) numbers.push_back(number_of_code(target, code, scale));
  add_case(cases, numbers, scale);
}

/// Each pattern under scales that jump from block to block, so that a neighbour's scale is seen too.
Batches generate_positions(const Target& target, Random& random) {
  std::vector<Pattern> patterns = bit_planes(target.element(), target.block_size());
  for (const auto& more :
       {single_lanes(target.element(), target.block_size()), ladders(target.element(), target.block_size())})
    patterns.insert(patterns.end(), more.begin(), more.end());
  const bool is_scaled = target.operation != Operation::Encode && target.operation != Operation::Decode;
  std::vector<int> scales = {target.scale().bias};
  if (is_scaled) scales = useful_scales(target, 12, random);
  random.shuffle(scales);
  Cases cases = empty_cases(target);
  std::size_t turn = 0;
  for (int round = 0; round < (is_scaled ? 2 : 1); ++round)
    for (const Pattern& pattern : patterns)
      add_pattern(cases, target, pattern, scales[turn++ % scales.size()]);
  return {cases};
}

/// Exponents of amax whose small neighbours are normal numbers of the type; none needs a scale out of range.
std::vector<int> amax_exponents(const Target& target) {
  const int top = target.element().emax;
  std::vector<int> exponents = {top};
  if (!target.is_quick()) exponents.insert(exponents.end(), {top - 4, top + 4, top - 40, top + 40});
  std::erase_if(exponents, [&](int exponent) {
    return exponent - amax_gap - amax_span < target.source().emin || exponent > target.source().emax;
  });
  return exponents;
}

/// The largest element in every lane with either sign, the others far below it, then blocks of negative
/// numbers alone. A power of two, on which almost all rules agree.
Batches generate_amax(const Target& target, Random& random) {
  const spec::FloatFormat& source = target.source();
  Cases cases = empty_cases(target);
  for (const int exponent : amax_exponents(target)) {
    const std::uint64_t amax = nearest_bits(source, reference::power_of_two(exponent));
    const auto small = [&] { return weighted_number(source, exponent - amax_gap, amax_span, random); };
    const auto negative = [&] { return small() | source.sign_mask(); };
    for (std::size_t lane = 0; lane < cases.elements; ++lane)
      for (const std::uint64_t sign : {std::uint64_t{0}, source.sign_mask()})
        add_marked(cases, amax | sign, lane, 0, small);
    for (std::size_t i = 0; i < negative_blocks; ++i)
      add_marked(cases, amax | source.sign_mask(), random.below(cases.elements), 0, negative);
  }
  return {cases};
}

const Check checks[] = {
    {"block/amax",
     "the largest element in every lane, of either sign",
     always<Requirement::Must>,
     [](const spec::ElementFormat&) { return std::string("MX-5.1-a, MX-5.2.1-a"); },
     {Operation::Scale, Operation::Quantize},
     everywhere,
     generate_amax,
     [](const Target&) { return Bins{}; }},
    {"block/positions",
     "patterns that tell every lane and every block apart",
     always<Requirement::Must>,
     [](const spec::ElementFormat&) { return std::string("MX-5.1-a, MX-5.2.1-a"); },
     {Operation::Encode, Operation::Decode, Operation::EncodeScaled, Operation::Quantize,
      Operation::Dequantize},
     everywhere,
     generate_positions,
     [](const Target&) { return Bins{}; }},
};

}  // namespace

std::span<const Check> block_checks() {
  return checks;
}

}  // namespace mxemu::conformance
