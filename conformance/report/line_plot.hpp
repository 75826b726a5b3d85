// Points and lines over two axes, for example accuracy against bits per element.
#pragma once

#include <string>
#include <vector>

#include "conformance/report/axis.hpp"

namespace mxemu::report {

struct LinePoint {
  double x = 0;
  Datum y{};
  std::string label{};  ///< written beside the point where there is room; always shown on hover
};

struct LineSeries {
  std::string name{};
  std::vector<LinePoint> points{};
};

enum class LineMarks { LinesAndPoints, Lines, Points };

/// A point that has no place on the axes interrupts its line and is named below the plot.
struct LinePlot {
  std::string title{};
  std::string description{};
  std::string x_label{};
  std::string y_label{};
  std::vector<LineSeries> series{};
  AxisScale x_scale = AxisScale::Linear;
  AxisScale y_scale = AxisScale::Linear;
  LineMarks marks = LineMarks::LinesAndPoints;

  std::string html() const;
};

}  // namespace mxemu::report
