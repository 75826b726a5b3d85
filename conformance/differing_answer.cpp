#include "conformance/differing_answer.hpp"

#include <algorithm>
#include <vector>

#include "conformance/case_view.hpp"
#include "reference/block.hpp"
#include "reference/element.hpp"
#include "reference/scale.hpp"

namespace mxemu::conformance {
namespace {

using reference::Exact;
using reference::Value;

std::uint64_t word_at(const Cases& cases, const Answers& answers, std::size_t index) {
  return gives_numbers(cases.operation) ? answers.numbers.at(index) : answers.codes[index];
}

struct Quotient {
  Value number;
  Value scale;
};

Quotient quotient_of(const DifferingAnswer& d) {
  return {number_at(d.cases, d.index()),
          reference::decode_scale(d.cases.request.scale_format(),
                                  scale_of(d.cases, d.expected, d.at.case_index))};
}

}  // namespace

bool is_tie(const DifferingAnswer& d) {
  if (!d.is_code()) return false;
  const auto [value, scale] = quotient_of(d);
  return value.is_finite() && scale.is_finite() &&
         reference::locate_element(d.format(), value.magnitude, scale.magnitude).is_tie();
}

bool is_just_below_a_power_of_two(const DifferingAnswer& d) {
  const Exact amax =
      reference::block_maximum(d.cases.request.policy, numbers_of(d.cases, d.at.case_index)).magnitude;
  if (amax.is_zero()) return false;
  const Exact power = reference::power_of_two(reference::floor_log2(amax) + 1);
  const reference::Integer gap =
      reference::in_units(power, amax.exponent) - reference::in_units(amax, amax.exponent);
  return reference::multiply({gap, amax.exponent}, reference::power_of_two(16)) < power;
}

bool is_below_normal(const DifferingAnswer& d) {
  const auto [value, scale] = quotient_of(d);
  return d.format().has_negative_zero() && value.is_finite() && !value.is_zero() && scale.is_finite() &&
         value.magnitude < reference::multiply(reference::power_of_two(d.format().emin), scale.magnitude);
}

bool is_beyond_largest(const DifferingAnswer& d) {
  const auto [value, scale] = quotient_of(d);
  if (value.is_nan() || !scale.is_finite()) return false;
  return value.is_infinite() ||
         value.magnitude > reference::multiply(reference::max_normal(d.format()), scale.magnitude);
}

Value decoded(const DifferingAnswer& d, std::uint8_t code) {
  return reference::decode_element(d.format(), code);
}

bool is_subnormal_element(const DifferingAnswer& d) {
  const Value value = decoded(d, d.expected_code());
  return value.is_finite() && !value.is_zero() && value.magnitude < reference::power_of_two(d.format().emin);
}

bool is_arranged(const DifferingAnswer& d, const Arrangement& arrangement) {
  const std::size_t n = d.cases.elements;
  const std::size_t first = d.at.case_index * n;
  for (std::size_t i = 0; i < n; ++i)
    if (word_at(d.cases, d.got, first + i) != word_at(d.cases, d.expected, first + arrangement.place(i, n)))
      return false;
  return true;
}

bool is_permuted(const DifferingAnswer& d) {
  const std::size_t n = d.cases.elements;
  std::vector<std::uint64_t> expected(n), got(n);
  for (std::size_t i = 0; i < n; ++i) {
    expected[i] = word_at(d.cases, d.expected, d.at.case_index * n + i);
    got[i] = word_at(d.cases, d.got, d.at.case_index * n + i);
  }
  return std::is_permutation(got.begin(), got.end(), expected.begin());
}

}  // namespace mxemu::conformance
