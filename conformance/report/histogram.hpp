// Counts over bins of numbers or over consecutive integers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/report/axis.hpp"

namespace mxemu::report {

struct HistogramSeries {
  std::string name{};
  std::vector<std::uint64_t> counts{};
};

/// Overlaid shares one plot; SmallMultiples stacks one plot per series on the same axes.
enum class HistogramLayout { Overlaid, SmallMultiples };

/// Heights are counts per bin, also where bins are of unequal width.
struct Histogram {
  std::string title{};
  std::string description{};
  std::string bin_label{};  ///< what is counted over, with its unit
  std::string count_label = "count";
  /// Bin i holds what lies in [edges[i], edges[i + 1]). Increasing; the first and the last may be infinite.
  /// Empty: bin i counts the integer first_category + i, for example a scale byte.
  std::vector<double> edges{};
  std::int64_t first_category = 0;
  std::vector<HistogramSeries> series{};
  AxisScale bin_scale = AxisScale::Linear;  ///< of the edges
  AxisScale count_scale = AxisScale::Linear;
  HistogramLayout layout = HistogramLayout::Overlaid;
  bool trim_empty_ends = false;  ///< leave out bins at both ends that are empty in every series, and say so

  /// Throws std::invalid_argument when series differ in length, do not fit the edges, or edges do not
  /// increase.
  std::string html() const;
};

}  // namespace mxemu::report
