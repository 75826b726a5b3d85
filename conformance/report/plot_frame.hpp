// The ground a plot is drawn on: its rectangle, grid lines and axis labels.
#pragma once

#include <string_view>
#include <vector>

#include "conformance/report/axis.hpp"
#include "conformance/report/svg.hpp"

namespace mxemu::report {

struct PlotFrame {
  Rectangle area{};

  /// Where a fraction of the horizontal or vertical axis lies; the vertical one grows upwards.
  double x(double fraction) const { return area.x + fraction * area.width; }
  double y(double fraction) const { return area.bottom() - fraction * area.height; }
};

/// Vertical grid lines with labels below, and above as well when `on_top`; `label` names the axis.
void draw_x_axis(Svg& svg, const PlotFrame& frame, const Axis& axis, std::string_view label,
                 bool on_top = false);

/// Ticks without grid lines below the frame, for bins; `label` names the axis.
void draw_x_ticks(Svg& svg, const PlotFrame& frame, const Axis& axis, std::string_view label);

/// Horizontal grid lines with labels to the left.
void draw_y_grid(Svg& svg, const PlotFrame& frame, const Axis& axis);

/// The name of the vertical axis, upright to the left of its labels and in the middle of `frame`.
void draw_y_name(Svg& svg, const PlotFrame& frame, const Axis& axis, std::string_view label);

/// The words in the middle of a plot that has nothing to show.
void draw_no_data(Svg& svg, const PlotFrame& frame);

}  // namespace mxemu::report
