// The state of an error measurement: plain data that every tier fills and statistics.cpp combines.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fast/statistics.hpp"

namespace mxemu::fast {

/// Largest magnitude that is a number under each scale code, by sign; infinite under a NaN scale.
struct ScaleReach {
  double largest[2][256];
};

/// sum + rest, where rest is what roundings took from sum.
struct CompensatedSum {
  double sum = 0;
  double rest = 0;
};

/// Squares are summed in three ranges of magnitude, so that none leaves the range of a double: those below
/// 2^-range_exponent scaled up, those from 2^range_exponent on scaled down, both by 2^scaling_exponent.
enum ErrorRange : int { Small, Plain, Large };
inline constexpr int error_ranges = 3;
inline constexpr int range_exponent = 470;
inline constexpr int scaling_exponent = 600;

/// What one chunk of a tensor adds to the whole. The sums inside `counts` are not used.
struct ErrorTotals {
  ErrorStatistics counts;
  CompensatedSum signal[error_ranges];
  CompensatedSum noise[error_ranges];
};

inline constexpr std::size_t error_panel_elements = 256;
inline constexpr std::size_t error_run_elements = 128;  ///< most that is appended at once
inline constexpr std::size_t bin_copies = 4;            ///< neighbours count in different copies of the bins

/// Elements of a chunk that wait until a panel is full, as doubles, and the chunk's totals.
struct ErrorPanel {
  static constexpr std::size_t room = error_panel_elements + error_run_elements;

  const ScaleReach* reach = nullptr;
  bool wide = false;  ///< a float64 is among them: all three ranges are needed
  std::size_t count = 0;
  double input[room];
  double output[room];
  double limit[room];  ///< largest magnitude that is no saturation
  std::uint64_t bins[bin_copies][ErrorStatistics::error_bins] = {};
  ErrorTotals totals = {};
};

}  // namespace mxemu::fast
