#include "golden_errors.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "reference/element.hpp"
#include "reference/scale.hpp"

namespace mxemu::fast_tests {
namespace {

using reference::Exact;
using reference::Value;

constexpr const spec::FloatFormat& float64 = spec::float_formats[static_cast<int>(spec::FloatType::Float64)];

/// Sums are kept in units that divide every square of a double.
constexpr int unit = -2 * (1074 + 52);

std::size_t block_of(const fast::BlockGrid& grid, std::size_t element) {
  const std::size_t line = element / grid.inner / grid.length;
  const std::size_t block = element / grid.inner % grid.length / grid.block_size;
  return (line * grid.blocks_per_line() + block) * grid.inner + element % grid.inner;
}

double nearest_double(const Exact& magnitude) {
  return std::bit_cast<double>(reference::encode_float(float64, {.magnitude = magnitude}));
}

/// |a - b|.
Exact distance(const Value& a, const Value& b) {
  const int exponent = std::min(a.magnitude.exponent, b.magnitude.exponent);
  const auto signed_units = [&](const Value& value) {
    const reference::Integer units = reference::in_units(value.magnitude, exponent);
    return value.negative ? reference::Integer(-units) : units;
  };
  return {abs(signed_units(a) - signed_units(b)), exponent};
}

void add_square(Exact& sum, const Exact& number) {
  sum.significand += reference::in_units(reference::multiply(number, number), unit);
}

bool is_beyond(const Compared& compared, const Value& input, std::uint8_t scale_code) {
  const spec::Request& request = compared.request;
  const Value scale = reference::decode_scale(request.scale_format(), scale_code, request.policy);
  if (scale.is_nan()) return false;
  const spec::ElementFormat& element = request.element_format();
  const bool to_minimum = input.negative && element.encoding == spec::Encoding::TwosComplement &&
                          request.policy.int8_minimum == spec::Int8Minimum::Used;
  const Exact largest = to_minimum ? reference::decode_element(element, element.sign_mask).magnitude
                                   : reference::max_normal(element);
  return input.magnitude > reference::multiply(scale.magnitude, largest);
}

std::size_t bin_of(double relative) {
  constexpr int first = fast::ErrorStatistics::first_error_binade;
  constexpr int last = fast::ErrorStatistics::last_error_binade;
  if (relative == 0) return 0;
  const int binade = std::isinf(relative) ? last : std::clamp(std::ilogb(relative), first, last);
  return static_cast<std::size_t>(1 + binade - first);
}

void compare_element(GoldenErrors& errors, const Value& input, const Value& output) {
  const Exact exact_error = distance(input, output);
  const double error = nearest_double(exact_error);
  const double magnitude = nearest_double(input.magnitude);
  const double relative = error == 0 ? 0 : error / magnitude;
  errors.infinite |= std::isinf(error);
  add_square(errors.signal, input.magnitude);
  add_square(errors.noise, exact_error);
  fast::ErrorStatistics& counts = errors.counts;
  ++counts.compared;
  counts.max_absolute = std::max(counts.max_absolute, error);
  if (!input.is_zero()) counts.max_relative = std::max(counts.max_relative, relative);
  ++counts.relative_errors[bin_of(relative)];
}

/// |got - expected| <= 2^-48 * expected.
bool is_within_bound(const Exact& expected, const fast::SumOfSquares& got) {
  if (!std::isfinite(got.value) || got.value < 0) return false;
  Value value = reference::decode_float(float64, std::bit_cast<std::uint64_t>(got.value));
  value.magnitude.exponent += got.exponent;
  const Exact difference = distance({.magnitude = expected}, value);
  return reference::multiply(difference, reference::power_of_two(48)) <= expected;
}

}  // namespace

GoldenErrors golden_errors(const Compared& compared) {
  GoldenErrors errors = {.counts = {}, .signal = {0, unit}, .noise = {0, unit}};
  const std::size_t count = compared.grid.element_count();
  for (std::size_t i = 0; i < count; ++i) {
    const Value input =
        reference::decode_float(spec::format_of(compared.source.type), compared.source.bits_at(i));
    const Value output =
        reference::decode_float(spec::format_of(compared.output.type), compared.output.bits_at(i));
    fast::ErrorStatistics& counts = errors.counts;
    ++counts.elements;
    counts.not_finite += !input.is_finite();
    counts.lost += input.is_finite() && !output.is_finite();
    counts.flushed += !input.is_zero() && output.is_zero();
    if (!input.is_finite() || !output.is_finite()) continue;
    counts.saturated += is_beyond(compared, input, compared.scales[block_of(compared.grid, i)]);
    compare_element(errors, input, output);
  }
  return errors;
}

testing::AssertionResult same_errors(const GoldenErrors& expected, const fast::ErrorStatistics& got) {
  fast::ErrorStatistics with_sums = expected.counts;
  with_sums.signal = got.signal;
  with_sums.noise = got.noise;
  if (const auto counts = same_statistics(with_sums, got); !counts) return counts;
  if (!is_within_bound(expected.signal, got.signal))
    return testing::AssertionFailure() << "signal " << got.signal.value << " * 2^" << got.signal.exponent
                                       << " is not within 2^-48 of the exact sum";
  const bool right =
      expected.infinite ? std::isinf(got.noise.value) : is_within_bound(expected.noise, got.noise);
  if (!right)
    return testing::AssertionFailure() << "noise " << got.noise.value << " * 2^" << got.noise.exponent
                                       << " is not within 2^-48 of the exact sum";
  return testing::AssertionSuccess();
}

testing::AssertionResult same_statistics(const fast::ErrorStatistics& expected,
                                         const fast::ErrorStatistics& got) {
  const auto figures = [](const fast::ErrorStatistics& s) {
    std::vector<std::uint64_t> all = {s.elements, s.compared, s.not_finite, s.lost, s.saturated, s.flushed};
    for (const double number : {s.signal.value, s.noise.value, s.max_absolute, s.max_relative})
      all.push_back(std::bit_cast<std::uint64_t>(number));
    for (const int exponent : {s.signal.exponent, s.noise.exponent})
      all.push_back(static_cast<std::uint64_t>(static_cast<std::int64_t>(exponent)));
    all.insert(all.end(), s.relative_errors.begin(), s.relative_errors.end());
    return all;
  };
  const char* names[] = {"elements",     "compared",     "not_finite",      "lost",
                         "saturated",    "flushed",      "signal",          "noise",
                         "max_absolute", "max_relative", "signal.exponent", "noise.exponent"};
  const auto a = figures(expected), b = figures(got);
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i]) continue;
    const std::string name =
        i < std::size(names) ? names[i] : "bin " + std::to_string(i - std::size(names)) + " of errors";
    return testing::AssertionFailure() << name << " is " << b[i] << " where " << a[i] << " is right";
  }
  return testing::AssertionSuccess();
}

}  // namespace mxemu::fast_tests
