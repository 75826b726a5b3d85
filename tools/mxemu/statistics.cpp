#include "tools/mxemu/statistics.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "fast/mxemu.hpp"
#include "reference/scale.hpp"

namespace mxemu::cli {
double Statistics::bits_per_element() const {
  return elements ? static_cast<double>(storage_bits) / static_cast<double>(elements) : std::nan("");
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
  ErrorStatistics::add(other);
  blocks += other.blocks;
  nan_blocks += other.nan_blocks;
  storage_bits += other.storage_bits;
  for (std::size_t i = 0; i < scales.size(); ++i) scales[i] += other.scales[i];
}

Statistics measure(const spec::Request& request, const conformance::TensorGeometry& geometry,
                   spec::FloatType input_type, std::span<const std::byte> input,
                   std::span<const std::uint8_t> scales, spec::FloatType output_type,
                   std::span<const std::byte> output) {
  const auto grid = fast::make_block_grid(geometry.shape, geometry.axis, request);
  Statistics statistics = {
      fast::error_statistics(request, grid, {input_type, input}, scales, {output_type, output})};
  statistics.blocks = scales.size();
  for (const std::uint8_t scale : scales) ++statistics.scales[scale];
  for (std::size_t code = 0; code < statistics.scales.size(); ++code)
    if (reference::decode_scale(request.scale_format(), static_cast<std::uint8_t>(code), request.policy)
            .is_nan())
      statistics.nan_blocks += statistics.scales[code];
  statistics.storage_bits = statistics.elements * static_cast<std::uint64_t>(request.element_format().bits) +
                            statistics.blocks * static_cast<std::uint64_t>(request.scale_format().bits);
  return statistics;
}

nlohmann::json to_json(const Statistics& statistics) {
  const auto scale = [](int code) { return code < 0 ? nlohmann::json(nullptr) : nlohmann::json(code); };
  const auto number = [](const fast::SumOfSquares& sum) { return std::ldexp(sum.value, sum.exponent); };
  nlohmann::json scales = nlohmann::json::object();
  for (std::size_t code = 0; code < statistics.scales.size(); ++code)
    if (statistics.scales[code]) scales[std::to_string(code)] = statistics.scales[code];
  return {{"elements", statistics.elements},
          {"bits_per_element", statistics.bits_per_element()},
          {"compared", statistics.compared},
          {"sqnr_db", statistics.sqnr_decibels()},
          {"signal", number(statistics.signal)},
          {"noise", number(statistics.noise)},
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
