// Positions: patterns in which every lane, and every block beside its neighbours, is told apart.
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

const Check checks[] = {
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
