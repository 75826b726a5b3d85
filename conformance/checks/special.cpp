// Zeros, infinities, NaNs, subnormals and the INT8 code -128: each in every lane, one freedom per check.
#include <algorithm>

#include "conformance/checks/fill.hpp"
#include "conformance/checks/numbers.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t quick_scales = 4;

/// A block whose scale is `scale` where `marked` does not change it: `marked` in one lane, a number that
/// makes the scale in the next, random numbers no larger in the rest.
void add_special(Cases& cases, const Target& target, int scale, std::uint64_t marked, std::size_t lane,
                 Random& random) {
  const auto anchor = anchor_of(target, scale);
  if (!anchor) return;
  std::vector<std::uint64_t> block(cases.elements);
  for (std::uint64_t& bits : block) bits = number_up_to(target.source(), *anchor, random);
  block[(lane + 1) % block.size()] = *anchor;
  block[lane % block.size()] = marked;
  add_case(cases, block, scale);
}

/// Every one of `specials` in every lane, the scales taken in turn.
Batches specials_in_every_lane(const Target& target, const std::vector<std::uint64_t>& specials,
                               Random& random) {
  Cases cases = empty_cases(target);
  const std::vector<int> scales = useful_scales(target, quick_scales, random);
  std::size_t turn = 0;
  const std::size_t rounds = target.is_quick() ? 1 : scales.size();
  for (std::size_t round = 0; round < rounds; ++round)
    for (const std::uint64_t special : specials)
      for (std::size_t lane = 0; lane < cases.elements; ++lane)
        add_special(cases, target, scales[turn++ % scales.size()], special, lane, random);
  return {cases};
}

/// Quiet and signalling NaNs of both signs: smallest, largest and random payloads.
std::vector<std::uint64_t> nans(const spec::FloatFormat& source, Random& random) {
  const std::uint64_t infinity = source.infinity_bits();
  const std::uint64_t quiet = source.nan_bits();
  const std::uint64_t payload = (quiet ^ infinity) - 1;
  return {quiet,
          quiet | source.sign_mask(),
          infinity + 1,
          source.sign_mask() | (infinity + 1),
          infinity | payload,
          quiet | payload,
          source.sign_mask() | quiet | payload,
          infinity | (1 + random.below(payload))};
}

Batches generate_nan(const Target& target, Random& random) {
  Batches batches = specials_in_every_lane(target, nans(target.source(), random), random);
  for (const std::uint64_t nan : nans(target.source(), random))
    add_marked(batches.front(), nan, random.below(target.block_size()), target.scale().bias,
               [] { return std::uint64_t{0}; });
  return batches;
}

Batches generate_infinity(const Target& target, Random& random) {
  const std::uint64_t infinity = target.source().infinity_bits();
  return specials_in_every_lane(target, {infinity, infinity | target.source().sign_mask()}, random);
}

/// -0 and negative numbers less than half of the smallest element, some of them hardly less.
Batches generate_negative_zero(const Target& target, Random& random) {
  Cases cases = empty_cases(target);
  const std::uint64_t sign = target.source().sign_mask();
  const int half = target.element().emin - target.element().mantissa_bits - 1;
  for (const int scale : useful_scales(target, quick_scales, random)) {
    const std::uint64_t half_bits =
        nearest_bits(target.source(), reference::power_of_two(half + scale - target.scale().bias));
    const std::uint64_t limit = half_bits == 0 ? 0 : half_bits - 1;
    for (std::size_t lane = 0; lane < cases.elements; ++lane)
      for (const std::uint64_t bits : {std::uint64_t{0}, limit, random.below(limit + 1)})
        add_special(cases, target, scale, bits | sign, lane, random);
  }
  return {cases};
}

std::uint64_t subnormal(const spec::FloatFormat& source, Random& random) {
  return weighted_number(source, source.emin - 1, 0, random);
}

/// Blocks of subnormals alone, and of subnormals among the smallest normal numbers, under the lowest scales
/// and under those that make them visible.
Batches generate_subnormal(const Target& target, Random& random) {
  const spec::FloatFormat& source = target.source();
  const std::size_t rounds = target.is_quick() ? 4 : 32;
  Cases cases = empty_cases(target);
  std::vector<std::uint64_t> block(cases.elements);
  const int visible = source.emin - target.element().emax + target.scale().bias;
  for (int offset = -12; offset <= 24; ++offset) {
    const int scale = std::clamp<int>(visible + offset, target.scale().min_code, target.scale().max_code);
    for (std::size_t round = 0; round < rounds; ++round) {
      const bool alone = round % 2 == 0;
      for (std::uint64_t& bits : block)
        bits = alone || random.coin() ? subnormal(source, random)
                                      : weighted_number(source, source.emin + 1, 1, random);
      add_case(cases, block, scale);
    }
  }
  return {cases};
}

/// All +0, all -0, one of either sign in every lane.
Batches generate_zero_block(const Target& target, Random&) {
  Cases cases = empty_cases(target);
  const std::uint64_t sign = target.source().sign_mask();
  for (const std::uint64_t zero : {std::uint64_t{0}, sign})
    for (std::size_t lane = 0; lane <= cases.elements; ++lane)
      add_marked(cases, lane == cases.elements ? zero : zero ^ sign, lane, 0, [zero] { return zero; });
  return {cases};
}

/// Around -127.5 and -128 of the 64ths that INT8 counts, and beyond.
Batches generate_int8_minimum(const Target& target, Random& random) {
  Cases cases = empty_cases(target);
  std::size_t lane = 0;
  for (const int scale : useful_scales(target, 16, random))
    for (const int halves : {253, 254, 255, 256, 300})
      for (const std::uint64_t bits : around(
               target.source(), {halves, scale - target.scale().bias - target.element().mantissa_bits - 1}))
        add_special(cases, target, scale, bits | target.source().sign_mask(), lane++, random);
  return {cases};
}

bool has_negative_zero(const Target& target) {
  return target.element().has_negative_zero();
}
bool is_int8(const Target& target) {
  return target.element().encoding == spec::Encoding::TwosComplement;
}

Bins promise_nan(const Target& target) {
  Bins bins = {Bin::Nan};
  bins.add(Bin::NanScale, gives_scale(target.operation) &&
                              target.request.policy.nan_in_block == spec::NonFiniteInBlock::PoisonBlock);
  return bins;
}

Requirement nan_requirement(const spec::ElementFormat& element) {
  return is_fp8(element) ? Requirement::Must : Requirement::ImplementationDefined;
}
std::string nan_clauses(const spec::ElementFormat& element) {
  if (is_fp8(element)) return "OFP8-f";
  if (element.type == spec::ElementType::INT8) return "MX-6.3-f";
  return element.type == spec::ElementType::E2M1 ? "MX-5.3.3-e" : "MX-5.3.2-e";
}
Requirement zero_requirement(const spec::ElementFormat& element) {
  return is_fp8(element) ? Requirement::Must : Requirement::May;
}
std::string zero_clauses(const spec::ElementFormat& element) {
  if (is_fp8(element)) return "OFP8-h";
  return element.type == spec::ElementType::E2M1 ? "MX-5.3.3-d" : "MX-5.3.2-d";
}

std::string silence(const spec::ElementFormat&) {
  return "MX-6.3-f";
}
std::string silence_on_nan(const spec::ElementFormat&) {
  return "MX-6.3-f, MX-4-b, MX-5.4.1-a";
}
std::string int8_clause(const spec::ElementFormat&) {
  return "MX-5.3.4-c";
}

const std::vector<Operation> elementwise = {Operation::Encode, Operation::EncodeScaled};
const std::vector<Operation> choosers = {Operation::Scale, Operation::Quantize};
const std::vector<Operation> encoders = {Operation::Encode, Operation::EncodeScaled, Operation::Quantize};
const std::vector<Operation> takers = {Operation::Encode, Operation::EncodeScaled, Operation::Scale,
                                       Operation::Quantize};

const Check checks[] = {
    {"special/nan_element", "NaN to an element, in every lane", nan_requirement, nan_clauses, elementwise,
     everywhere, generate_nan, promise_nan},
    {"special/zero_block", "blocks of zeros", always<Requirement::May>, silence, choosers, everywhere,
     generate_zero_block,
     [](const Target&) {
       return Bins{Bin::ZeroBlock, Bin::NegativeZero};
     }},
    {"special/negative_zero", "-0 and what underflows to it, in every lane", zero_requirement, zero_clauses,
     encoders, has_negative_zero, generate_negative_zero,
     [](const Target&) {
       return Bins{Bin::NegativeZero, Bin::UnderflowToZero};
     }},
    {"special/nan_in_block", "a NaN in every lane of a block", always<Requirement::May>, silence_on_nan,
     choosers, everywhere, generate_nan, promise_nan},
    {"special/inf_in_block", "an Inf in every lane of a block", always<Requirement::May>, silence_on_nan,
     choosers, everywhere, generate_infinity, [](const Target&) { return Bins{Bin::Infinity}; }},
    {"special/subnormal_input", "subnormal numbers of the source type", always<Requirement::May>, silence,
     takers, everywhere, generate_subnormal, [](const Target&) { return Bins{Bin::SubnormalSource}; }},
    {"special/int8_minimum", "around -128 of INT8", always<Requirement::May>, int8_clause, encoders, is_int8,
     generate_int8_minimum, [](const Target&) { return Bins{Bin::Saturation}; }},
};

}  // namespace

std::span<const Check> special_checks() {
  return checks;
}

}  // namespace mxemu::conformance
