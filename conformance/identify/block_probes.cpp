// Probes of whole blocks: rounding, overflow and zeros under a scale that the device chooses, subnormal
// numbers, and a short block.
#include <algorithm>

#include "conformance/identify/probe_list.hpp"

namespace mxemu::conformance {
namespace {

using reference::Exact;
using reference::power_of_two;

/// a plus `quarters` quarters of the way to b.
Exact between(const Exact& a, const Exact& b, int quarters) {
  const int unit = std::min(a.exponent, b.exponent) - 2;
  const reference::Integer from = reference::in_units(a, unit);
  return {from + (reference::in_units(b, unit) - from) * quarters / 4, unit};
}

/// The largest power of two of the element format: amax of the probes that are not about the scale.
ProbeList::Placed anchor(const ProbeList& list) {
  return {main_lane, list.bits({false, power_of_two(list.element().emax)})};
}

/// Numbers between codes, of both signs, small enough to stay in range under half the scale. `exponent` is by
/// how much the scale of the rule differs from that of `floor` for which they stand there.
void add_between_codes(ProbeList& list, int quarters, int exponent) {
  Probe probe = list.about("rounding", "rounding scale_rule zero_sign", Operation::Quantize);
  std::vector<ProbeList::Placed> numbers = {anchor(list)};
  std::size_t lane = main_lane;
  for (int code = 0; code < std::min<int>(8, list.element().max_normal_code); ++code) {
    const Exact number = reference::multiply(
        between(list.magnitude(code), list.magnitude(code + 1), quarters), power_of_two(exponent));
    if (list.magnitude(list.element().max_normal_code) < reference::multiply(number, {2, 0})) break;
    for (const bool negative : {false, true}) {
      numbers.push_back({++lane, list.bits({negative, number})});
      probe.lanes.push_back(lane);
    }
  }
  list.add(std::move(probe), numbers);
}

/// Under a rule that doubles or halves the scale, what was a tie is none.
void add_ties(ProbeList& list) {
  for (const int quarters : {1, 2, 3}) add_between_codes(list, quarters, 0);
  for (const int exponent : {1, -1}) add_between_codes(list, 2, exponent);
}

/// One ulp of the source beside each tie.
void add_tie_edges(ProbeList& list) {
  for (const int direction : {-1, 1}) {
    Probe probe = list.about("rounding_edges", "rounding scale_rule zero_sign", Operation::Quantize);
    std::vector<ProbeList::Placed> numbers = {anchor(list)};
    for (int code = 0; code < 8; ++code) {
      const Exact tie = between(list.magnitude(code), list.magnitude(code + 1), 2);
      if (list.magnitude(list.element().max_normal_code) < reference::multiply(tie, {2, 0})) break;
      const int ulp = reference::floor_log2(tie) - list.type().mantissa_bits;
      probe.lanes.push_back(main_lane + numbers.size());
      numbers.push_back(
          {probe.lanes.back(), list.bits({false, {reference::in_units(tie, ulp) + direction, ulp}})});
    }
    list.add(std::move(probe), numbers);
  }
}

/// Beyond the largest number by three quarters of its distance to the next.
void add_overflow(ProbeList& list) {
  const int code = list.element().max_normal_code;
  const Exact largest = list.magnitude(code);
  const Exact before = list.magnitude(code - 1);
  const Exact beyond = {7 * reference::in_units(largest, before.exponent - 2) -
                            3 * reference::in_units(before, before.exponent - 2),
                        before.exponent - 4};
  for (const bool negative : {false, true}) {
    const bool minimum = negative && list.element().encoding == spec::Encoding::TwosComplement;
    Probe probe =
        list.about(minimum ? "int8_minimum" : "overflow",
                   list.element().has_infinity() ? "overflow rounding scale_rule"
                                                 : "overflow rounding scale_rule nan_code int8_minimum",
                   Operation::Quantize);
    probe.lanes = {main_lane};
    list.add(std::move(probe), {{main_lane, list.bits({negative, beyond})}});
  }
}

void add_zeros(ProbeList& list) {
  if (!list.element().has_negative_zero()) return;
  Probe zero = list.about("zero_sign", "zero_sign", Operation::Quantize);
  zero.lanes = {second_lane};
  list.add(std::move(zero), {anchor(list), {second_lane, list.type().sign_mask()}});
  Probe tiny = list.about("zero_sign", "zero_sign rounding", Operation::Quantize);
  tiny.lanes = {second_lane};
  const Exact smallest = list.magnitude(1);
  list.add(std::move(tiny),
           {anchor(list), {second_lane, list.bits({true, {smallest.significand, smallest.exponent - 6}})}});
}

/// Subnormal numbers of the type that the format would hold: binary64 has none.
void add_subnormals(ProbeList& list) {
  if (list.type().type == spec::FloatType::Float64) return;
  const int first = list.type().emin - 1;
  // Beside a subnormal amax that divides to emax, a smaller number stays in range under any rule.
  const int below = list.type().type == spec::FloatType::Float16 ? 2 : 0;
  Probe alone = list.about("subnormal_input", "subnormal_input scale_rule zero_block_scale rounding",
                           Operation::Quantize);
  alone.compares_scale = true;
  alone.lanes = {second_lane};
  list.add(std::move(alone), {{main_lane, list.any_bits({false, power_of_two(first)})},
                              {second_lane, list.any_bits({false, power_of_two(first - below)})}});
  Probe beside = list.about("subnormal_input", "subnormal_input scale_rule", Operation::Quantize);
  beside.lanes = {second_lane};
  list.add(std::move(beside), {{main_lane, list.bits({false, power_of_two(first + 1)})},
                               {second_lane, list.any_bits({false, power_of_two(first)})}});
}

void add_tail(ProbeList& list) {
  for (const Operation operation : {Operation::Scale, Operation::Quantize}) {
    Probe probe = list.about("tail", "tail scale_rule", operation);
    probe.compares_scale = true;
    probe.numbers.assign(main_lane, 0);
    probe.numbers[1] = *anchor(list).bits;
    list.add(std::move(probe));
  }
}

}  // namespace

void add_block_probes(ProbeList& list) {
  add_ties(list);
  add_tie_edges(list);
  add_overflow(list);
  add_zeros(list);
  add_subnormals(list);
  add_tail(list);
}

}  // namespace mxemu::conformance
