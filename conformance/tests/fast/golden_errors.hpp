// Error statistics in exact arithmetic, element by element.
#pragma once

#include <string>

#include "golden_tensor.hpp"
#include "reference/exact.hpp"

namespace mxemu::fast_tests {

/// Arrays to compare, wherever they are from.
struct Compared {
  spec::Request request;
  fast::BlockGrid grid;
  reference::FloatArray source;
  std::span<const std::uint8_t> scales;
  reference::FloatArray output;
};

struct GoldenErrors {
  fast::ErrorStatistics counts;  ///< its sums are not used
  reference::Exact signal;       ///< exact sums of exact squares
  reference::Exact noise;
  bool infinite = false;  ///< an error is beyond the largest double, and then the noise is infinite
};

GoldenErrors golden_errors(const Compared& compared);

/// Counts and maxima are equal, sums within the bound that fast/statistics.hpp states.
testing::AssertionResult same_errors(const GoldenErrors& expected, const fast::ErrorStatistics& got);

/// Every bit is the same.
testing::AssertionResult same_statistics(const fast::ErrorStatistics& expected,
                                         const fast::ErrorStatistics& got);

}  // namespace mxemu::fast_tests
