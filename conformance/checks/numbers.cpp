#include "conformance/checks/numbers.hpp"

#include <algorithm>

#include "reference/element.hpp"
#include "reference/scale.hpp"
#include "reference/value.hpp"

namespace mxemu::conformance {
namespace {

using reference::Exact;
using reference::Value;

void sort_and_drop_repeats(std::vector<std::uint64_t>& bits) {
  std::sort(bits.begin(), bits.end());
  bits.erase(std::unique(bits.begin(), bits.end()), bits.end());
}

/// The magnitudes of the format in units of its smallest step, and one step beyond the largest.
std::vector<std::uint64_t> element_magnitudes(const spec::ElementFormat& element, int unit_exponent) {
  std::vector<std::uint64_t> units;
  for (int code = 0; code <= element.max_normal_code; ++code) {
    const Value value = reference::decode_element(element, static_cast<std::uint8_t>(code));
    units.push_back(static_cast<std::uint64_t>(reference::in_units(value.magnitude, unit_exponent)));
  }
  units.push_back(2 * units.back() - units[units.size() - 2]);
  return units;
}

}  // namespace

std::uint64_t nearest_bits(const spec::FloatFormat& format, const Exact& magnitude) {
  return reference::encode_float(format, {.magnitude = magnitude});
}

std::vector<std::uint64_t> around(const spec::FloatFormat& format, const Exact& magnitude) {
  const std::uint64_t nearest = nearest_bits(format, magnitude);
  std::vector<std::uint64_t> bits;
  for (const std::uint64_t candidate : {nearest - 1, nearest, nearest + 1})
    if (candidate < format.infinity_bits()) bits.push_back(candidate);  // 0 - 1 is dropped too
  return bits;
}

std::vector<std::uint64_t> boundaries(const spec::ElementFormat& element, const spec::FloatFormat& source,
                                      int scale_exponent) {
  const int unit_exponent = element.emin - element.mantissa_bits;
  const std::vector<std::uint64_t> units = element_magnitudes(element, unit_exponent);
  std::vector<std::uint64_t> all;
  for (std::size_t i = 0; i + 1 < units.size(); ++i)
    for (const std::uint64_t doubled : {2 * units[i], units[i] + units[i + 1]})
      for (const std::uint64_t bits : around(source, {doubled, unit_exponent - 1 + scale_exponent}))
        all.push_back(bits);
  for (const std::uint64_t bits : around(source, {units.back(), unit_exponent + scale_exponent}))
    all.push_back(bits);
  sort_and_drop_repeats(all);
  return all;
}

std::vector<std::uint64_t> with_both_signs(const spec::FloatFormat& format,
                                           const std::vector<std::uint64_t>& magnitudes) {
  std::vector<std::uint64_t> all = magnitudes;
  for (const std::uint64_t bits : magnitudes) all.push_back(bits | format.sign_mask());
  return all;
}

std::uint64_t weighted_number(const spec::FloatFormat& format, int exponent, int span, Random& random) {
  const std::uint64_t mantissa_mask = (std::uint64_t{1} << format.mantissa_bits) - 1;
  const auto one_bit = [&] {
    return std::uint64_t{1} << random.below(static_cast<std::uint64_t>(format.mantissa_bits));
  };
  std::uint64_t mantissa = 0;
  switch (random.below(4)) {
    case 0: mantissa = one_bit() | one_bit(); break;
    case 1: mantissa = ~(one_bit() | one_bit()); break;
    case 2: mantissa = ~(one_bit() - 1); break;
    default: mantissa = random.word(); break;
  }
  const int low = exponent - static_cast<int>(random.below(static_cast<std::uint64_t>(span) + 1));
  const int field = std::clamp(low + format.bias, 0, 2 * format.bias);
  const std::uint64_t sign = random.coin() ? format.sign_mask() : 0;
  return sign | static_cast<std::uint64_t>(field) << format.mantissa_bits | (mantissa & mantissa_mask);
}

std::uint64_t number_up_to(const spec::FloatFormat& format, std::uint64_t limit, Random& random) {
  // Bits of one sign stand in the order of magnitude; 2^mantissa_bits of them are one binade.
  const std::uint64_t binade = std::uint64_t{1} << format.mantissa_bits;
  const std::uint64_t depth = random.below(random.coin() ? binade : 8 * binade);
  const std::uint64_t sign = random.coin() ? format.sign_mask() : 0;
  return sign | (limit - std::min(limit, depth));
}

std::optional<std::uint64_t> anchor_of(const Target& target, int code) {
  const spec::ElementFormat& element = target.element();
  const int exponent = code - target.scale().bias;
  const Exact largest = reference::max_normal(element);
  const Exact candidates[] = {reference::power_of_two(exponent + element.emax + 1),
                              reference::power_of_two(exponent + element.emax),
                              reference::power_of_two(exponent + element.emax - 1),
                              {largest.significand, largest.exponent + exponent}};
  for (const Exact& candidate : candidates) {
    const std::uint64_t bits = nearest_bits(target.source(), candidate);
    const Value value = reference::decode_float(target.source(), bits);
    if (!value.is_finite() || !(value.magnitude == candidate)) continue;
    const bool flushes = target.request.policy.subnormal_input == spec::SubnormalInput::FlushToZero &&
                         reference::is_subnormal(target.source(), value);
    if (!flushes && reference::shared_scale(target.request, candidate) == code) return bits;
  }
  return std::nullopt;
}

std::vector<int> useful_scales(const Target& target, std::size_t count, Random& random) {
  const spec::FloatFormat& source = target.source();
  const int top = target.element().emax;
  std::vector<int> useful;
  for (int code = target.scale().min_code; code <= target.scale().max_code; ++code) {
    const int exponent = code - target.scale().bias + top;
    if (exponent >= source.emin - source.mantissa_bits && exponent <= source.emax) useful.push_back(code);
  }
  if (!target.is_quick() || useful.size() <= count) return useful;
  std::vector<int> chosen;
  for (const int code : {useful.front(), useful.front() + 1, target.scale().bias - 1, target.scale().bias,
                         target.scale().bias + 1, useful.back() - 1, useful.back()})
    if (std::find(useful.begin(), useful.end(), code) != useful.end()) chosen.push_back(code);
  random.shuffle(useful);
  for (const int code : useful)
    if (chosen.size() < count && std::find(chosen.begin(), chosen.end(), code) == chosen.end())
      chosen.push_back(code);
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace mxemu::conformance
