#include "conformance/report/plot_frame.hpp"

#include <algorithm>
#include <string>

#include "conformance/report/text.hpp"

namespace mxemu::report {
namespace {

std::string with_scale(std::string_view label, const Axis& axis) {
  return std::string(label) + (axis.scale() == AxisScale::Logarithmic ? " (log scale)" : "");
}

void draw_x_label(Svg& svg, const PlotFrame& frame, std::string_view label, double y) {
  if (!label.empty())
    svg.text({frame.x(0.5), y}, label, {.css_class = "axis-name", .anchor = Anchor::Middle});
}

}  // namespace

void draw_x_axis(Svg& svg, const PlotFrame& frame, const Axis& axis, std::string_view label, bool on_top) {
  const double top = frame.area.y;
  const double bottom = frame.area.bottom();
  for (const Tick& tick : axis.ticks()) {
    const double x = frame.x(tick.position);
    svg.line({x, top}, {x, bottom}, "grid");
    svg.text({x, bottom + 15}, tick.text, {.css_class = "tick", .anchor = Anchor::Middle});
    if (on_top) svg.text({x, top - 6}, tick.text, {.css_class = "tick", .anchor = Anchor::Middle});
  }
  draw_x_label(svg, frame, with_scale(label, axis), bottom + 34);
  if (on_top) draw_x_label(svg, frame, with_scale(label, axis), top - 22);
}

void draw_x_ticks(Svg& svg, const PlotFrame& frame, const Axis& axis, std::string_view label) {
  const double bottom = frame.area.bottom();
  svg.line({frame.area.x, bottom}, {frame.area.right(), bottom}, "base");
  for (const Tick& tick : axis.ticks()) {
    const double x = frame.x(tick.position);
    svg.line({x, bottom}, {x, bottom + 4}, "base");
    svg.text({x, bottom + 17}, tick.text, {.css_class = "tick", .anchor = Anchor::Middle});
  }
  draw_x_label(svg, frame, with_scale(label, axis), bottom + 36);
}

void draw_y_grid(Svg& svg, const PlotFrame& frame, const Axis& axis) {
  for (const Tick& tick : axis.ticks()) {
    const double y = frame.y(tick.position);
    svg.line({frame.area.x, y}, {frame.area.right(), y}, "grid");
    svg.text({frame.area.x - 7, y + 4}, tick.text, {.css_class = "tick", .anchor = Anchor::End});
  }
}

void draw_y_name(Svg& svg, const PlotFrame& frame, const Axis& axis, std::string_view label) {
  if (label.empty()) return;
  std::size_t widest = 0;
  for (const Tick& tick : axis.ticks()) widest = std::max(widest, columns(tick.text));
  const double x = std::max(12.0, frame.area.x - 18 - 6.5 * static_cast<double>(widest));
  const Lettering upright{.css_class = "axis-name", .anchor = Anchor::Middle, .rotation = -90};
  svg.text({x, frame.y(0.5)}, with_scale(label, axis), upright);
}

void draw_no_data(Svg& svg, const PlotFrame& frame) {
  svg.text({frame.x(0.5), frame.y(0.5) + 4}, "no data", {.css_class = "absent", .anchor = Anchor::Middle});
}

}  // namespace mxemu::report
