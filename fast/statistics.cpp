// Error statistics over tensors: chunks that depend on the tensor alone are measured by any number of
// threads, and combined in their order.
#include "fast/statistics.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include "fast/parallel.hpp"
#include "fast/require.hpp"

#define MXEMU_TIER combination
#include "fast/control_word.hpp"

namespace mxemu::fast {
namespace {

constexpr std::size_t most_chunks = 256;
constexpr std::size_t smallest_chunk = 4096;  ///< elements; a shorter one is not worth its panel

/// Units per chunk.
std::size_t chunk_units(const BlockGrid& grid) {
  const std::size_t units = unit_count(grid);
  const std::size_t columns = grid.inner < unit_columns ? grid.inner : unit_columns;
  const std::size_t rows = grid.length < grid.block_size ? grid.length : grid.block_size;
  const std::size_t least = smallest_chunk / rows / columns + 1;
  const std::size_t share = units / most_chunks + (units % most_chunks != 0);
  return share > least ? share : least;
}

/// The largest magnitudes under a scale code are the decoded largest codes: float64 has room for all of them.
ScaleReach make_scale_reach(const spec::Request& request) {
  using Word = std::uint64_t;
  const spec::ElementFormat& element = request.element_format();
  const spec::ScaleFormat& scale = request.scale_format();
  const spec::FloatFormat& float64 = spec::format_of(spec::FloatType::Float64);
  const bool uses_minimum = element.encoding == spec::Encoding::TwosComplement &&
                            request.policy.int8_minimum == spec::Int8Minimum::Used;
  const std::uint32_t largest[2] = {element.max_normal_code,
                                    uses_minimum ? element.sign_mask : element.max_normal_code};
  const auto words = make_decode_words<Word>(scale, float64, request.policy);
  ScaleReach reach;
  for (int negative = 0; negative < 2; ++negative)
    for (std::uint32_t code = 0; code < 256; ++code) {
      const Word bits = decode_element<Word>(element, scale, float64, words, largest[negative], code);
      const Word magnitude = bits & ~float64.sign_mask();
      const bool is_nan = magnitude > float64.infinity_bits();
      reach.largest[negative][code] = std::bit_cast<double>(is_nan ? float64.infinity_bits() : magnitude);
    }
  return reach;
}

void add(CompensatedSum& sum, const CompensatedSum& other) {
  const double before = sum.sum;
  sum.sum = before + other.sum;
  const double added = sum.sum - before;
  sum.rest += (before - (sum.sum - added)) + (other.sum - added) + other.rest;
}

/// An infinite sum has no rest.
double value_of(const CompensatedSum& sum) {
  return std::isinf(sum.sum) ? sum.sum : sum.sum + sum.rest;
}

/// The three ranges as one number. What is too small to be seen beside a larger range falls away.
SumOfSquares sum_of(const CompensatedSum (&ranges)[error_ranges]) {
  constexpr int exponent = 2 * scaling_exponent;
  SumOfSquares sum = {value_of(ranges[Large]), value_of(ranges[Large]) != 0 ? exponent : 0};
  sum.add({value_of(ranges[Plain]), 0});
  const double small = value_of(ranges[Small]);
  sum.add({small, small != 0 ? -exponent : 0});
  return sum;
}

void add_counts(ErrorStatistics& sum, const ErrorStatistics& other) {
  sum.elements += other.elements;
  sum.compared += other.compared;
  sum.not_finite += other.not_finite;
  sum.lost += other.lost;
  sum.saturated += other.saturated;
  sum.flushed += other.flushed;
  sum.max_absolute = other.max_absolute > sum.max_absolute ? other.max_absolute : sum.max_absolute;
  sum.max_relative = other.max_relative > sum.max_relative ? other.max_relative : sum.max_relative;
  for (std::size_t bin = 0; bin < sum.relative_errors.size(); ++bin)
    sum.relative_errors[bin] += other.relative_errors[bin];
}

ErrorStatistics combine(const ErrorTotals* chunks, std::size_t count) {
  const combination::ControlWord control_word(combination::Subnormals::Kept);
  ErrorTotals total;
  for (std::size_t chunk = 0; chunk < count; ++chunk) {
    add_counts(total.counts, chunks[chunk].counts);
    for (int range = 0; range < error_ranges; ++range) {
      add(total.signal[range], chunks[chunk].signal[range]);
      add(total.noise[range], chunks[chunk].noise[range]);
    }
  }
  total.counts.signal = sum_of(total.signal);
  total.counts.noise = sum_of(total.noise);
  return total.counts;
}

/// work(first_unit, last_unit, panel) on every chunk.
template <class Work>
ErrorStatistics over_chunks(const spec::Request& request, const BlockGrid& grid, bool wide,
                            const Execution& execution, const Work& work) {
  if (grid.element_count() == 0) return {};
  const ScaleReach reach = make_scale_reach(request);
  const std::size_t units = unit_count(grid);
  const std::size_t each = chunk_units(grid);
  const std::size_t count = units / each + (units % each != 0);
  ErrorTotals totals[most_chunks];
  in_parallel(count, 1, grid.element_count(), execution, [&](std::size_t first, std::size_t last) {
    for (std::size_t chunk = first; chunk < last; ++chunk) {
      ErrorPanel panel;
      panel.reach = &reach;
      panel.wide = wide;
      work(chunk * each, chunk + 1 < count ? (chunk + 1) * each : units, panel);
      totals[chunk] = panel.totals;
    }
  });
  return combine(totals, count);
}

bool is_wide(spec::FloatType source, spec::FloatType output) {
  return source == spec::FloatType::Float64 || output == spec::FloatType::Float64;
}

}  // namespace

void SumOfSquares::add(const SumOfSquares& other) {
  if (other.value == 0) return;
  if (value == 0 || exponent == other.exponent) {
    value += other.value;
    exponent = other.exponent;
    return;
  }
  const bool exceeds = exponent > other.exponent;
  const SumOfSquares larger = exceeds ? *this : other;
  const SumOfSquares smaller = exceeds ? other : *this;
  value = larger.value + std::ldexp(smaller.value, smaller.exponent - larger.exponent);
  exponent = larger.exponent;
}

double ErrorStatistics::sqnr_decibels() const {
  if (signal.value == 0) return std::numeric_limits<double>::quiet_NaN();
  if (noise.value == 0) return std::numeric_limits<double>::infinity();
  const double ratio = signal.value / noise.value;
  if (signal.exponent == noise.exponent && std::isnormal(ratio)) return 10 * std::log10(ratio);
  return 10 * (std::log10(signal.value) - std::log10(noise.value)) +
         10 * std::log10(2.0) * (signal.exponent - noise.exponent);
}

void ErrorStatistics::add(const ErrorStatistics& other) {
  add_counts(*this, other);
  signal.add(other.signal);
  noise.add(other.noise);
}

ErrorStatistics error_statistics(const spec::Request& request, const BlockGrid& grid,
                                 const FloatArray& source, std::span<const std::uint8_t> scales,
                                 const FloatArray& output, const Execution& execution) {
  const std::size_t count = grid.element_count();
  require_grid(request, grid);
  require_floats("source bytes", source.type, source.bytes.size(), count);
  require_count("scales", scales.size(), grid.block_count());
  require_floats("output bytes", output.type, output.bytes.size(), count);
  const Tier& tier = tier_of(execution);
  return over_chunks(request, grid, is_wide(source.type, output.type), execution,
                     [&](std::size_t first, std::size_t last, ErrorPanel& panel) {
                       tier.measure({.grid = grid,
                                     .source_type = source.type,
                                     .source = source.bytes.data(),
                                     .scales = scales.data(),
                                     .output_type = output.type,
                                     .output = output.bytes.data(),
                                     .errors = &panel},
                                    first, last);
                     });
}

void roundtrip_tensor(const spec::Request& request, const BlockGrid& grid, const FloatArray& source,
                      const MutableFloatArray& output, ErrorStatistics& statistics,
                      std::span<const std::uint32_t> random_words, const Execution& execution) {
  const std::size_t count = grid.element_count();
  require_grid(request, grid);
  require_floats("source bytes", source.type, source.bytes.size(), count);
  require_floats("output bytes", output.type, output.bytes.size(), count);
  require_random(request, random_words, count);
  const Tier& tier = tier_of(execution);
  statistics =
      over_chunks(request, grid, is_wide(source.type, output.type), execution,
                  [&](std::size_t first, std::size_t last, ErrorPanel& panel) {
                    tier.quantize({.request = request,
                                   .grid = grid,
                                   .source_type = source.type,
                                   .source = source.bytes.data(),
                                   .random_words = random_words.empty() ? nullptr : random_words.data(),
                                   .codes = nullptr,
                                   .packed = false,
                                   .scales = nullptr,
                                   .output_type = output.type,
                                   .output = output.bytes.data(),
                                   .stream = false,
                                   .errors = &panel},
                                  first, last);
                  });
}

}  // namespace mxemu::fast
