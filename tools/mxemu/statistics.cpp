#include "tools/mxemu/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "reference/element.hpp"
#include "reference/scale.hpp"
#include "tools/mxemu/numbers.hpp"

namespace mxemu::cli {
namespace {

int relative_error_bin(double relative) {
  if (relative == 0) return 0;
  const int binade = std::isinf(relative) ? Statistics::last_error_binade : std::ilogb(relative);
  return 1 + std::clamp(binade, Statistics::first_error_binade, Statistics::last_error_binade) -
         Statistics::first_error_binade;
}

/// What one scale code makes of the format's range.
struct ScaleReach {
  double positive = std::numeric_limits<double>::infinity();  ///< largest number of each sign
  double negative = std::numeric_limits<double>::infinity();
  bool is_nan = false;
};

double to_double(const reference::Exact& number) {
  return std::ldexp(static_cast<double>(number.significand), number.exponent);
}

std::array<ScaleReach, 256> reach_by_scale(const spec::Request& request) {
  const spec::ElementFormat& element = request.element_format();
  const bool uses_minimum = element.encoding == spec::Encoding::TwosComplement &&
                            request.policy.int8_minimum == spec::Int8Minimum::Used;
  const reference::Exact positive = reference::max_normal(element);
  const reference::Exact negative =
      uses_minimum ? reference::decode_element(element, element.sign_mask).magnitude : positive;
  std::array<ScaleReach, 256> reach;
  for (std::size_t code = 0; code < reach.size(); ++code) {
    const reference::Value scale =
        reference::decode_scale(request.scale_format(), static_cast<std::uint8_t>(code), request.policy);
    reach[code].is_nan = scale.is_nan();
    if (scale.is_nan()) continue;
    reach[code].positive = to_double(reference::multiply(scale.magnitude, positive));
    reach[code].negative = to_double(reference::multiply(scale.magnitude, negative));
  }
  return reach;
}

void count_element(Statistics& statistics, double input, double output, const ScaleReach& reach) {
  ++statistics.elements;
  if (!std::isfinite(input)) ++statistics.not_finite;
  if (std::isfinite(input) && !std::isfinite(output)) ++statistics.lost;
  const bool beyond = std::fabs(input) > (input < 0 ? reach.negative : reach.positive);
  if (std::isfinite(input) && std::isfinite(output) && beyond) ++statistics.saturated;
  if (input != 0 && output == 0) ++statistics.flushed;
  if (!std::isfinite(input) || !std::isfinite(output)) return;
  ++statistics.compared;
  const double error = std::fabs(output - input);
  const double relative = error == 0 ? 0 : error / std::fabs(input);
  statistics.signal += static_cast<long double>(input) * input;
  statistics.noise += static_cast<long double>(error) * error;
  statistics.max_absolute = std::max(statistics.max_absolute, error);
  if (input != 0) statistics.max_relative = std::max(statistics.max_relative, relative);
  ++statistics.relative_errors[static_cast<std::size_t>(relative_error_bin(relative))];
}

}  // namespace

double Statistics::bits_per_element() const {
  return elements ? static_cast<double>(storage_bits) / static_cast<double>(elements) : std::nan("");
}

double Statistics::sqnr_decibels() const {
  if (signal == 0) return std::nan("");
  return noise == 0 ? std::numeric_limits<double>::infinity()
                    : static_cast<double>(10 * std::log10(signal / noise));
}

int Statistics::smallest_scale() const {
  for (int code = 0; code < 255; ++code)
    if (scales[static_cast<std::size_t>(code)]) return code;
  return -1;
}

int Statistics::largest_scale() const {
  for (int code = 254; code >= 0; --code)
    if (scales[static_cast<std::size_t>(code)]) return code;
  return -1;
}

void Statistics::add(const Statistics& other) {
  elements += other.elements;
  compared += other.compared;
  not_finite += other.not_finite;
  lost += other.lost;
  saturated += other.saturated;
  flushed += other.flushed;
  blocks += other.blocks;
  nan_blocks += other.nan_blocks;
  storage_bits += other.storage_bits;
  signal += other.signal;
  noise += other.noise;
  max_absolute = std::max(max_absolute, other.max_absolute);
  max_relative = std::max(max_relative, other.max_relative);
  for (std::size_t i = 0; i < scales.size(); ++i) scales[i] += other.scales[i];
  for (std::size_t i = 0; i < relative_errors.size(); ++i) relative_errors[i] += other.relative_errors[i];
}

Statistics measure(const spec::Request& request, const conformance::TensorGeometry& geometry,
                   spec::FloatType input_type, std::span<const std::byte> input,
                   std::span<const std::uint8_t> scales, spec::FloatType output_type,
                   std::span<const std::byte> output) {
  const auto grid = reference::make_block_grid(geometry.shape, geometry.axis, request);
  const auto reach = reach_by_scale(request);
  Statistics statistics;
  if (grid.element_count() == 0) return statistics;  // an extent of zero leaves the others unbounded
  for (std::size_t o = 0; o < grid.outer; ++o)
    for (std::size_t j = 0; j < grid.length; ++j)
      for (std::size_t i = 0; i < grid.inner; ++i) {
        const std::size_t element = (o * grid.length + j) * grid.inner + i;
        const std::size_t block = (o * grid.blocks_per_line() + j / grid.block_size) * grid.inner + i;
        count_element(statistics, number_at(input_type, input, element),
                      number_at(output_type, output, element), reach[scales[block]]);
      }
  statistics.blocks = scales.size();
  for (const std::uint8_t scale : scales) {
    ++statistics.scales[scale];
    statistics.nan_blocks += reach[scale].is_nan;
  }
  statistics.storage_bits = statistics.elements * static_cast<std::uint64_t>(request.element_format().bits) +
                            statistics.blocks * static_cast<std::uint64_t>(request.scale_format().bits);
  return statistics;
}

nlohmann::json to_json(const Statistics& statistics) {
  const auto scale = [](int code) { return code < 0 ? nlohmann::json(nullptr) : nlohmann::json(code); };
  nlohmann::json scales = nlohmann::json::object();
  for (std::size_t code = 0; code < statistics.scales.size(); ++code)
    if (statistics.scales[code]) scales[std::to_string(code)] = statistics.scales[code];
  return {{"elements", statistics.elements},
          {"bits_per_element", statistics.bits_per_element()},
          {"compared", statistics.compared},
          {"sqnr_db", statistics.sqnr_decibels()},
          {"signal", static_cast<double>(statistics.signal)},
          {"noise", static_cast<double>(statistics.noise)},
          {"max_absolute_error", statistics.compared ? nlohmann::json(statistics.max_absolute) : nullptr},
          {"max_relative_error", statistics.compared ? nlohmann::json(statistics.max_relative) : nullptr},
          {"saturated", statistics.saturated},
          {"flushed_to_zero", statistics.flushed},
          {"not_finite", statistics.not_finite},
          {"lost", statistics.lost},
          {"blocks", statistics.blocks},
          {"nan_blocks", statistics.nan_blocks},
          {"scale_min", scale(statistics.smallest_scale())},
          {"scale_max", scale(statistics.largest_scale())},
          {"scale_histogram", scales},
          {"relative_error_histogram", statistics.relative_errors}};
}

}  // namespace mxemu::cli
