// Errors of a chunk of a tensor, element after element in panels. Included once by the translation unit of
// each tier, after MXEMU_TIER is defined; to be run under a ControlWord with Subnormals::Kept.
//
// The order of every floating-point addition is part of the result: element i of a panel goes to lane i mod
// error_lanes, lanes close up pairwise, panels follow each other.
#pragma once

#include <bit>
#include <cstring>
#include <limits>

#include "fast/error_panel.hpp"
#include "fast/panel.hpp"

namespace mxemu::fast::MXEMU_TIER {

inline constexpr std::size_t error_lanes = 16;
static_assert(error_panel_elements % error_lanes == 0 && error_run_elements == panel_columns);

/// A float32, or what widens to one exactly.
template <spec::FloatType T>
MXEMU_HOST float float_of(typename Source<T>::Stored stored) {
  if constexpr (T == spec::FloatType::Float16) {
    // The exponent moves from one bias to the other in a product, which makes subnormals normal.
    const std::uint32_t magnitude = stored & 0x7fffu;
    const std::uint32_t not_finite = magnitude > 0x7bffu ? 0x7f800000u : 0u;
    const float number = std::bit_cast<float>(magnitude << 13) * 0x1p112f;
    const auto sign = static_cast<std::uint32_t>(stored & 0x8000u) << 16;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(number) | not_finite | sign);
  } else {
    return std::bit_cast<float>(static_cast<std::uint32_t>(stored) << Source<T>::shift);
  }
}

template <spec::FloatType T>
void load_doubles(const std::byte* from, std::size_t count, double* to) {
  using Stored = typename Source<T>::Stored;
  if constexpr (T == spec::FloatType::Float64) {
    std::memcpy(to, from, count * sizeof(double));
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      Stored stored;
      std::memcpy(&stored, from + i * sizeof stored, sizeof stored);
      to[i] = static_cast<double>(float_of<T>(stored));
    }
  }
}

inline void load_doubles(spec::FloatType type, const std::byte* array, std::size_t first, std::size_t count,
                         double* to) {
  using enum spec::FloatType;
  switch (type) {
    case Float32: return load_doubles<Float32>(array + first * 4, count, to);
    case BFloat16: return load_doubles<BFloat16>(array + first * 2, count, to);
    case Float16: return load_doubles<Float16>(array + first * 2, count, to);
    case Float64: return load_doubles<Float64>(array + first * 8, count, to);
  }
}

/// What the elements of a panel add to the sums, zero where input or output is not finite.
struct ErrorTerms {
  double input[error_panel_elements];
  double error[error_panel_elements];
  double relative[error_panel_elements];  ///< infinite where a zero did not stay one
  double counted[error_panel_elements];   ///< relative, but zero there
};

MXEMU_HOST std::int64_t mask_where(bool condition) {
  return -static_cast<std::int64_t>(condition);
}

MXEMU_HOST double kept_where(std::int64_t mask, double number) {
  return std::bit_cast<double>(std::bit_cast<std::int64_t>(number) & mask);
}

/// Counts elements 0 … count - 1 of a panel and takes their errors.
inline void compare_panel(const ErrorPanel& panel, std::size_t count, ErrorTerms& terms,
                          ErrorStatistics& counts) {
  constexpr double largest = std::numeric_limits<double>::max();
  std::int64_t compared = 0, not_finite = 0, lost = 0, saturated = 0, flushed = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = panel.input[i];
    const double y = panel.output[i];
    const double magnitude = __builtin_fabs(x);
    const std::int64_t finite_input = mask_where(magnitude <= largest);
    const std::int64_t finite_output = mask_where(__builtin_fabs(y) <= largest);
    const std::int64_t both = finite_input & finite_output;
    not_finite -= ~finite_input;
    lost -= finite_input & ~finite_output;
    saturated -= both & mask_where(magnitude > panel.limit[i]);
    flushed -= mask_where(x != 0) & mask_where(y == 0);
    compared -= both;
    const double error = kept_where(both, __builtin_fabs(y - x));
    const double relative = kept_where(mask_where(error > 0), error / magnitude);  // 0 / 0 is no error
    terms.input[i] = kept_where(both, magnitude);
    terms.error[i] = error;
    terms.relative[i] = relative;
    terms.counted[i] = kept_where(mask_where(magnitude > 0), relative);
  }
  counts.compared += static_cast<std::uint64_t>(compared);
  counts.not_finite += static_cast<std::uint64_t>(not_finite);
  counts.lost += static_cast<std::uint64_t>(lost);
  counts.saturated += static_cast<std::uint64_t>(saturated);
  counts.flushed += static_cast<std::uint64_t>(flushed);
}

/// Lanes to one number, pairwise.
MXEMU_HOST double lane_sum(double* lanes) {
  for (std::size_t half = error_lanes / 2; half > 0; half /= 2)
    for (std::size_t l = 0; l < half; ++l) lanes[l] += lanes[l + half];
  return lanes[0];
}

/// Knuth's two-sum: the rounding of the addition goes to `rest`.
MXEMU_HOST void add(CompensatedSum& sum, double number) {
  const double before = sum.sum;
  sum.sum = before + number;
  const double added = sum.sum - before;
  sum.rest += (before - (sum.sum - added)) + (number - added);
}

/// Squares of numbers that all lie in the plain range.
inline void add_squares(const double* numbers, std::size_t count, CompensatedSum* sums) {
  double lanes[error_lanes] = {};
  for (std::size_t i = 0; i < count; i += error_lanes)
    for (std::size_t l = 0; l < error_lanes; ++l) lanes[l] += numbers[i + l] * numbers[i + l];
  add(sums[Plain], lane_sum(lanes));
}

inline void add_squares_of_any_range(const double* numbers, std::size_t count, CompensatedSum* sums) {
  constexpr double large_from = 0x1p470, small_below = 0x1p-470, up = 0x1p600, down = 0x1p-600;
  static_assert(range_exponent == 470 && scaling_exponent == 600);
  double large[error_lanes] = {}, plain[error_lanes] = {}, small[error_lanes] = {};
  for (std::size_t i = 0; i < count; i += error_lanes)
    for (std::size_t l = 0; l < error_lanes; ++l) {
      const double number = numbers[i + l];
      const std::int64_t is_large = mask_where(number >= large_from);
      const std::int64_t is_small = mask_where(number < small_below);
      const double a = kept_where(is_large, number) * down;
      const double b = kept_where(~(is_large | is_small), number);
      const double c = kept_where(is_small, number) * up;
      large[l] += a * a;
      plain[l] += b * b;
      small[l] += c * c;
    }
  add(sums[Large], lane_sum(large));
  add(sums[Plain], lane_sum(plain));
  add(sums[Small], lane_sum(small));
}

inline double larger(double before, const double* numbers, std::size_t count) {
  double lanes[error_lanes] = {};
  for (std::size_t i = 0; i < count; i += error_lanes)
    for (std::size_t l = 0; l < error_lanes; ++l)
      lanes[l] = numbers[i + l] > lanes[l] ? numbers[i + l] : lanes[l];
  for (const double lane : lanes) before = lane > before ? lane : before;
  return before;
}

/// Counts relative errors by their exponent fields; zeros fall into bin 0.
inline void count_bins(const double* relative, std::size_t count, ErrorPanel& panel) {
  constexpr int bias = 1023;
  constexpr std::int32_t last = ErrorStatistics::error_bins - 1;
  std::uint8_t bins[error_panel_elements];
  for (std::size_t i = 0; i < count; ++i) {
    const auto field = static_cast<std::int32_t>(std::bit_cast<std::uint64_t>(relative[i]) >> 52);
    const std::int32_t lowest = field < 1 ? field : 1;
    const std::int32_t bin = field - (bias + ErrorStatistics::first_error_binade - 1);
    const std::int32_t at_least = bin > lowest ? bin : lowest;
    bins[i] = static_cast<std::uint8_t>(at_least < last ? at_least : last);
  }
  for (std::size_t i = 0; i < count; i += bin_copies)
    for (std::size_t copy = 0; copy < bin_copies; ++copy) ++panel.bins[copy][bins[i + copy]];
}

/// Takes the first `count` elements, a multiple of error_lanes, into the totals.
inline void measure_panel(ErrorPanel& panel, std::size_t count) {
  ErrorTotals& totals = panel.totals;
  ErrorTerms terms;
  compare_panel(panel, count, terms, totals.counts);
  if (panel.wide) {
    add_squares_of_any_range(terms.input, count, totals.signal);
    add_squares_of_any_range(terms.error, count, totals.noise);
  } else {
    add_squares(terms.input, count, totals.signal);
    add_squares(terms.error, count, totals.noise);
  }
  totals.counts.max_absolute = larger(totals.counts.max_absolute, terms.error, count);
  totals.counts.max_relative = larger(totals.counts.max_relative, terms.counted, count);
  count_bins(terms.relative, count, panel);
}

/// The inputs of the next `count` <= error_run_elements elements; their outputs follow in append_outputs.
inline void append_inputs(ErrorPanel& panel, spec::FloatType type, const std::byte* source, std::size_t first,
                          std::size_t count) {
  load_doubles(type, source, first, count, panel.input + panel.count);
}

inline void append_outputs(ErrorPanel& panel, spec::FloatType type, const std::byte* output,
                           std::size_t first, std::size_t count, const std::uint8_t* scales) {
  const double* input = panel.input + panel.count;
  double* limit = panel.limit + panel.count;
  load_doubles(type, output, first, count, panel.output + panel.count);
  for (std::size_t i = 0; i < count; ++i) limit[i] = panel.reach->largest[input[i] < 0][scales[i]];
  panel.count += count;
  panel.totals.counts.elements += count;
  if (panel.count < error_panel_elements) return;
  measure_panel(panel, error_panel_elements);
  panel.count -= error_panel_elements;
  for (double* numbers : {panel.input, panel.output, panel.limit})
    std::memmove(numbers, numbers + error_panel_elements, panel.count * sizeof(double));
}

/// The last panel, filled up with zeros that stayed zeros; bin 0 is what is in no other.
inline void finish_panel(ErrorPanel& panel) {
  ErrorStatistics& counts = panel.totals.counts;
  const std::size_t whole = (panel.count + error_lanes - 1) / error_lanes * error_lanes;
  for (std::size_t i = panel.count; i < whole; ++i) panel.input[i] = panel.output[i] = panel.limit[i] = 0;
  if (whole > 0) measure_panel(panel, whole);
  counts.compared -= whole - panel.count;
  counts.relative_errors[0] = counts.compared;
  for (std::size_t bin = 1; bin < counts.relative_errors.size(); ++bin) {
    for (std::size_t copy = 0; copy < bin_copies; ++copy)
      counts.relative_errors[bin] += panel.bins[copy][bin];
    counts.relative_errors[0] -= counts.relative_errors[bin];
  }
}

}  // namespace mxemu::fast::MXEMU_TIER
