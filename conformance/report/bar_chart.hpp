// Horizontal bars: one row per label, one bar per series in each row.
#pragma once

#include <string>
#include <vector>

#include "conformance/report/axis.hpp"

namespace mxemu::report {

struct BarSeries {
  std::string name{};
  std::vector<Datum> values{};  ///< one per label
};

/// The chart grows downwards with its labels; a long label is shortened in the middle and shown whole on
/// hover. A value that has no place on the axis (missing, NaN, infinite, not positive on a logarithmic axis)
/// is written where its bar would start. Bars start at zero, or at the low end of a logarithmic axis.
struct BarChart {
  std::string title{};
  std::string description{};
  std::string value_label{};  ///< what the bars measure, with its unit
  std::vector<std::string> labels{};
  std::vector<BarSeries> series{};
  AxisScale scale = AxisScale::Linear;

  /// Throws std::invalid_argument when a series has not as many values as there are labels.
  std::string html() const;
};

}  // namespace mxemu::report
