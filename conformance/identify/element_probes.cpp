// Probes of elements by themselves and under a scale that is given.
#include <algorithm>

#include "conformance/identify/probe_list.hpp"

namespace mxemu::conformance {
namespace {

using reference::Exact;
using reference::power_of_two;

/// The scale of the probes that are given one: 2^4.
constexpr int given_exponent = 4;

/// Where `quarters` quarters of the step above a code end; above the largest too.
Exact above(const ProbeList& list, int code, int quarters) {
  const int lower = code == list.element().max_normal_code ? code - 1 : code;
  const Exact a = list.magnitude(lower);
  const Exact b = list.magnitude(lower + 1);
  const int unit = std::min(a.exponent, b.exponent) - 2;
  const reference::Integer step = (reference::in_units(b, unit) - reference::in_units(a, unit)) / 4;
  return {reference::in_units(list.magnitude(code), unit) + step * quarters, unit};
}

std::uint8_t given_scale(const ProbeList& list) {
  return static_cast<std::uint8_t>(list.request().scale_format().bias + given_exponent);
}

void add_bits(ProbeList& list, std::string_view freedom, std::string_view scope, std::uint64_t bits) {
  for (const Operation operation : {Operation::Encode, Operation::EncodeScaled}) {
    Probe probe = list.about(freedom, scope, operation);
    probe.scale = given_scale(list);
    probe.lanes = {main_lane};
    list.add(std::move(probe), {{main_lane, bits}});
  }
}

/// The number by itself, and 2^4 times it under the scale 2^4.
void add_number(ProbeList& list, std::string_view freedom, std::string_view scope, const Signed& number) {
  Probe plain = list.about(freedom, scope, Operation::Encode);
  plain.lanes = {main_lane};
  Probe scaled = list.about(freedom, scope, Operation::EncodeScaled);
  scaled.scale = given_scale(list);
  scaled.lanes = {main_lane};
  const Exact& m = number.magnitude;
  list.add(std::move(plain), {{main_lane, list.bits(number)}});
  list.add(std::move(scaled),
           {{main_lane, list.bits({number.negative, {m.significand, m.exponent + given_exponent}})}});
}

/// Codes whose step upward is asked about: both ends, the subnormals, the middle.
std::vector<int> asked_codes(const spec::ElementFormat& element) {
  std::vector<int> codes;
  for (const int code :
       {0, 1, 2, element.min_normal_code - 1, static_cast<int>(element.min_normal_code),
        element.max_normal_code / 2, element.max_normal_code - 2, element.max_normal_code - 1})
    if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(code);
  return codes;
}

void add_rounding(ProbeList& list) {
  for (const int code : asked_codes(list.element()))
    for (const int quarters : {1, 2, 3})
      for (const bool negative : {false, true})
        add_number(list, "rounding", code == 0 && negative ? "rounding zero_sign" : "rounding",
                   {negative, above(list, code, quarters)});
}

/// One ulp of the source beside a tie: lost sticky bits, rounding twice, adding a half in floating point.
void add_rounding_edges(ProbeList& list) {
  for (const int code : {0, 1, list.element().max_normal_code / 2}) {
    const Exact tie = above(list, code, 2);
    const int ulp = reference::floor_log2(tie) - list.type().mantissa_bits;
    for (const int direction : {-1, 1}) {
      // Just below a power of two the ulp is half as large; two of those are one of these.
      const Exact beside = {reference::in_units(tie, ulp) + direction, ulp};
      add_number(list, "rounding_edges", "rounding", {false, beside});
    }
  }
}

void add_overflow(ProbeList& list) {
  const spec::ElementFormat& element = list.element();
  const bool two_complement = element.encoding == spec::Encoding::TwosComplement;
  const std::string_view finite =
      element.has_infinity() ? "overflow rounding" : "overflow rounding nan_code int8_minimum";
  const std::string_view infinite = element.has_infinity() ? "overflow" : "overflow nan_code int8_minimum";
  for (const bool negative : {false, true}) {
    const std::string_view freedom = two_complement && negative ? "int8_minimum" : "overflow";
    for (const int quarters : {1, 2, 3, 8})
      add_number(list, freedom, finite, {negative, above(list, element.max_normal_code, quarters)});
    add_bits(list, freedom, infinite, list.infinity(negative));
  }
}

void add_special(ProbeList& list) {
  for (const bool negative : {false, true})
    add_bits(list, list.element().has_nan() ? "nan_code" : "nan_to_finite", "nan_code nan_to_finite",
             list.nan(negative));
  if (!list.element().has_negative_zero()) return;
  add_bits(list, "zero_sign", "zero_sign", list.type().sign_mask());
  const Exact smallest = list.magnitude(1);
  add_number(list, "zero_sign", "zero_sign rounding", {true, {smallest.significand, smallest.exponent - 6}});
}

/// A subnormal number of the type over a scale that makes it 1: binary64 has none, for lack of such a scale.
void add_subnormal(ProbeList& list) {
  const int exponent = list.type().emin - 1;
  const spec::ScaleFormat& scale = list.request().scale_format();
  if (exponent < scale.emin) return;
  Probe probe = list.about("subnormal_input", "subnormal_input", Operation::EncodeScaled);
  probe.scale = static_cast<std::uint8_t>(exponent + scale.bias);
  probe.lanes = {main_lane};
  list.add(std::move(probe), {{main_lane, list.any_bits({false, power_of_two(exponent)})}});
}

}  // namespace

void add_element_probes(ProbeList& list) {
  add_rounding(list);
  add_rounding_edges(list);
  add_overflow(list);
  add_special(list);
  add_subnormal(list);
}

}  // namespace mxemu::conformance
