#include "conformance/identify/probe_list.hpp"

#include <algorithm>
#include <stdexcept>

#include "reference/element.hpp"
#include "reference/value.hpp"

namespace mxemu::conformance {
namespace {

/// Formats without NaN have no NaN code, those with one no NaN to give away, and so on.
bool format_has(const spec::ElementFormat& element, std::string_view freedom) {
  if (freedom == "nan_code") return element.has_nan();
  if (freedom == "nan_to_finite") return !element.has_nan();
  if (freedom == "overflow") return element.has_nan();
  if (freedom == "zero_sign") return element.has_negative_zero();
  if (freedom == "int8_minimum") return element.encoding == spec::Encoding::TwosComplement;
  return true;
}

}  // namespace

reference::Exact ProbeList::magnitude(int code) const {
  return reference::decode_element(element(), static_cast<std::uint8_t>(code)).magnitude;
}

std::optional<std::uint64_t> ProbeList::any_bits(const Signed& number) const {
  const reference::Value value = {.negative = number.negative, .magnitude = number.magnitude};
  const std::uint64_t bits = reference::encode_float(type(), value);
  const reference::Value rounded = reference::decode_float(type(), bits);
  if (!rounded.is_finite() || !(rounded.magnitude == value.magnitude)) return {};
  return bits;
}

std::optional<std::uint64_t> ProbeList::bits(const Signed& number) const {
  const auto bits = any_bits(number);
  if (bits && reference::is_subnormal(type(), reference::decode_float(type(), *bits))) return {};
  return bits;
}

Probe ProbeList::about(std::string_view freedom, std::string_view scope, Operation operation) const {
  Probe probe = {.freedom = spec::freedom_index(freedom), .operation = operation, .type = type_};
  while (!scope.empty()) {
    const std::string_view name = scope.substr(0, scope.find(' '));
    scope.remove_prefix(std::min(scope.size(), name.size() + 1));
    if (!format_has(element(), name)) continue;
    const int index = spec::freedom_index(name);
    if (index == spec::freedom_count) throw std::logic_error("no freedom " + std::string(name));
    probe.scope.push_back(index);
  }
  std::sort(probe.scope.begin(), probe.scope.end());
  return probe;
}

void ProbeList::add(Probe probe, std::span<const Placed> numbers) {
  probe.numbers.assign(block_size(), 0);
  for (const auto& [lane, bits] : numbers) {
    if (!bits) return;
    probe.numbers[lane] = *bits;
  }
  probes_.push_back(std::move(probe));
}

void ProbeList::append(std::vector<Probe> probes) {
  for (Probe& probe : probes) probes_.push_back(std::move(probe));
}

void ProbeList::add(Probe probe, std::initializer_list<Placed> numbers) {
  add(std::move(probe), std::span(numbers.begin(), numbers.size()));
}

std::vector<Probe> make_probes(spec::BlockType format, spec::FloatType type) {
  ProbeList list(format, type);
  add_scale_probes(list);
  add_block_probes(list);
  add_element_probes(list);
  add_decode_probes(list);
  if (type != spec::FloatType::Float64) {
    ProbeList wide(format, spec::FloatType::Float64);
    add_range_probes(wide);
    list.append(wide.take());
  }
  std::vector<Probe> probes = list.take();
  // What lies next to a threshold is asked once the rule is known.
  std::stable_partition(probes.begin(), probes.end(), [](const Probe& probe) {
    return !spec::freedoms("scale_edges", "rounding_edges").has(probe.freedom);
  });
  return probes;
}

}  // namespace mxemu::conformance
