// Probes of the scale: the rule and its thresholds, the ends of its range, zero, NaN and Inf in the block.
#include <algorithm>
#include <string>

#include "conformance/identify/probe_list.hpp"
#include "reference/element.hpp"
#include "spec/scale_rule.hpp"

namespace mxemu::conformance {
namespace {

using reference::Exact;
using reference::power_of_two;

constexpr Operation scale_operations[] = {Operation::Scale, Operation::Quantize};

Exact times_power(const Exact& a, int exponent) {
  return {a.significand, a.exponent + exponent};
}

/// The number next to a power-of-two multiple of 2^-mantissa_bits, one ulp of its binade away.
Exact next(const Exact& a, int ulp_exponent, int direction) {
  const int unit = std::min(a.exponent, ulp_exponent);
  const reference::Integer step =
      direction * (reference::Integer(1) << static_cast<unsigned>(ulp_exponent - unit));
  return {reference::in_units(a, unit) + step, unit};
}

void add_amax(ProbeList& list, std::string_view freedom, std::string_view scope, const Signed& amax) {
  for (const Operation operation : scale_operations) {
    Probe probe = list.about(freedom, scope, operation);
    probe.compares_scale = true;
    list.add(std::move(probe), {{main_lane, list.bits(amax)}});
  }
}

/// Every threshold that a rule of the table has in the format, and the middles between them: where to ask,
/// not what to expect.
std::vector<Exact> significands(const spec::ElementFormat& element) {
  const int one = 1 << spec::threshold_bits;
  std::vector<int> thresholds = {one, 2 * one};
  for (const auto& rule : spec::scale_rules) thresholds.push_back(spec::significand_threshold(rule, element));
  std::sort(thresholds.begin(), thresholds.end());
  thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
  std::vector<Exact> significands;
  for (std::size_t i = 0; i + 1 < thresholds.size(); ++i) {
    significands.push_back({thresholds[i], -spec::threshold_bits});
    significands.push_back({thresholds[i] + thresholds[i + 1], -spec::threshold_bits - 1});
  }
  return significands;
}

void add_rule_probes(ProbeList& list) {
  bool negative = false;
  for (const int exponent : {0, 9, -5})
    for (const Exact& significand : significands(list.element())) {
      add_amax(list, "scale_rule", "scale_rule", {negative, times_power(significand, exponent)});
      negative = !negative;
    }
  // The bottom of the range: max_normal * 2^-127, and 2^-126, the smallest normal binary32.
  const Exact largest = reference::max_normal(list.element());
  add_amax(list, "scale_rule", "scale_rule", {false, times_power(largest, -127)});
  add_amax(list, "scale_rule", "scale_rule", {false, power_of_two(-126)});
}

/// amax in the first lanes, in the middle and in the last, the others of the other sign and far below it: a
/// rule is of the magnitude alone, whichever lane it stands in.
void add_lane_probes(ProbeList& list) {
  const int emax = list.element().emax;
  for (const std::size_t lane :
       {std::size_t{0}, std::size_t{1}, list.block_size() / 2, list.block_size() - 1})
    for (const bool negative : {false, true}) {
      std::vector<ProbeList::Placed> numbers(list.block_size());
      for (std::size_t i = 0; i < numbers.size(); ++i)
        numbers[i] = {i, list.bits(i == lane ? Signed{negative, power_of_two(emax)}
                                             : Signed{!negative, power_of_two(emax - 5)})};
      for (const Operation operation : scale_operations) {
        Probe probe = list.about("scale_rule", "scale_rule", operation);
        probe.compares_scale = true;
        list.add(std::move(probe), numbers);
      }
    }
}

/// Where a logarithm or a quotient in floating point goes wrong first.
void add_edge_probes(ProbeList& list) {
  const int bits = list.type().mantissa_bits;
  const Exact largest = reference::max_normal(list.element());
  const int emax = list.element().emax;
  for (const int e : {3, 8, 14, 64, 127})
    add_amax(list, "scale_edges", "scale_rule", {false, next(power_of_two(e), e - 1 - bits, -1)});
  for (const int e : {0, 5, -100}) {
    const Exact at = times_power(largest, e - emax);
    add_amax(list, "scale_edges", "scale_rule", {false, next(at, e - bits, -1)});
    add_amax(list, "scale_edges", "scale_rule", {true, next(at, e - bits, 1)});
  }
  add_amax(list, "scale_edges", "scale_rule",
           {false, next(times_power(largest, -127), -127 + emax - bits, 1)});
}

/// The largest number of the type: only under INT8 do some rules take it beyond the largest scale.
void add_overflow_probes(ProbeList& list) {
  const int emax = list.type().emax;
  const Exact largest = next(power_of_two(emax + 1), emax - list.type().mantissa_bits, -1);
  add_amax(list, list.element().emax == 0 ? "scale_overflow" : "scale_edges", "scale_rule scale_overflow",
           {false, largest});
}

void add_zero_probes(ProbeList& list) {
  for (const Operation operation : scale_operations) {
    Probe probe = list.about("zero_block_scale", "zero_block_scale scale_rule", operation);
    probe.compares_scale = true;
    list.add(std::move(probe), {});
  }
}

/// A NaN or an Inf beside the largest power of two of the element format.
void add_non_finite(ProbeList& list, const std::string& freedom, std::uint64_t bits,
                    const std::string& element_scope) {
  const auto anchor = list.bits({false, power_of_two(list.element().emax)});
  for (const Operation operation : scale_operations) {
    Probe probe = list.about(freedom, freedom + " scale_overflow scale_rule", operation);
    probe.compares_scale = true;
    list.add(std::move(probe), {{main_lane, anchor}, {second_lane, bits}});
  }
  Probe element = list.about(freedom, freedom + " scale_overflow " + element_scope, Operation::Quantize);
  element.lanes = {second_lane};
  list.add(std::move(element), {{main_lane, anchor}, {second_lane, bits}});
}

void add_all_nan(ProbeList& list) {
  const std::vector<ProbeList::Placed> numbers = [&] {
    std::vector<ProbeList::Placed> all;
    for (std::size_t lane = 0; lane < list.block_size(); ++lane) all.push_back({lane, list.nan(false)});
    return all;
  }();
  for (const Operation operation : scale_operations) {
    Probe probe =
        list.about("nan_in_block", "nan_in_block zero_block_scale scale_overflow scale_rule", operation);
    probe.compares_scale = true;
    list.add(std::move(probe), numbers);
  }
}

}  // namespace

void add_range_probes(ProbeList& list) {
  add_amax(list, "scale_overflow", "scale_overflow", {true, power_of_two(200)});
}

void add_scale_probes(ProbeList& list) {
  add_rule_probes(list);
  add_lane_probes(list);
  add_edge_probes(list);
  add_overflow_probes(list);
  add_range_probes(list);
  add_zero_probes(list);
  for (const bool negative : {false, true}) {
    add_non_finite(list, "nan_in_block", list.nan(negative), "nan_code nan_to_finite");
    add_non_finite(list, "inf_in_block", list.infinity(negative),
                   list.element().has_infinity() ? "overflow" : "overflow nan_code int8_minimum");
  }
  add_all_nan(list);
}

}  // namespace mxemu::conformance
