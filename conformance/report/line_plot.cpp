#include "conformance/report/line_plot.hpp"

#include <algorithm>

#include "conformance/report/figure.hpp"
#include "conformance/report/number_text.hpp"
#include "conformance/report/plot_frame.hpp"
#include "conformance/report/series_style.hpp"
#include "conformance/report/text.hpp"

namespace mxemu::report {
namespace {

constexpr double marker_radius = 4;
constexpr double label_character = 6.05;
constexpr double label_height = 11;
constexpr PlotFrame frame{{76, 14, plot_width - 76 - 24, 350}};

bool overlap(const Rectangle& a, const Rectangle& b) {
  return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

/// Finds room for labels beside points, without covering a point or another label.
class LabelPlacer {
 public:
  void keep_clear(Position point) {
    constexpr double r = marker_radius + 1;
    taken_.push_back({point.x - r, point.y - r, 2 * r, 2 * r});
  }

  /// Whether there was room for `label` beside `point`.
  bool place(Svg& svg, Position point, const std::string& label) {
    const double width = label_character * static_cast<double>(columns(label));
    const double right = point.x + 8;
    const double left = point.x - 8 - width;
    const double middle = point.x - width / 2;
    const Position corners[] = {{right, point.y - 6},  {left, point.y - 6},   {middle, point.y - 19},
                                {middle, point.y + 8}, {right, point.y - 17}, {left, point.y - 17},
                                {right, point.y + 6},  {left, point.y + 6}};
    for (const Position corner : corners) {
      const Rectangle box{corner.x, corner.y, width, label_height};
      if (!is_free(box)) continue;
      taken_.push_back(box);
      svg.text({box.x, box.y + 9}, label, {.css_class = "name beside"});
      return true;
    }
    return false;
  }

 private:
  bool is_free(const Rectangle& box) const {
    if (box.x < frame.area.x || box.right() > plot_width - 2 || box.y < 0) return false;
    if (box.bottom() > frame.area.bottom()) return false;
    return std::none_of(taken_.begin(), taken_.end(),
                        [&](const Rectangle& other) { return overlap(box, other); });
  }

  std::vector<Rectangle> taken_;
};

class LineDrawing {
 public:
  LineDrawing(const LinePlot& plot, const Axis& x, const Axis& y, Svg& svg)
      : plot_(plot), x_(x), y_(y), svg_(svg) {}

  void draw_line(std::size_t s) {
    std::string path;
    bool pen_down = false;
    for (const LinePoint& point : plot_.series[s].points) {
      if (is_placed(point)) path += pen_down ? draw(at(point)) : move(at(point));
      pen_down = is_placed(point);
    }
    if (!path.empty()) svg_.path(path, "curve " + series_class(s));
  }

  void draw_points(std::size_t s) {
    for (const LinePoint& point : plot_.series[s].points) {
      if (!is_placed(point)) continue;
      svg_.path(marker_path(s, at(point), marker_radius), "mark " + series_class(s), name(s, point));
      labels_.keep_clear(at(point));
    }
  }

  void draw_labels(std::size_t s) {
    for (const LinePoint& point : plot_.series[s].points) {
      if (!is_placed(point) || point.label.empty()) continue;
      if (!labels_.place(svg_, at(point), point.label)) ++crowded_out_;
    }
  }

  /// What the drawing leaves out.
  std::vector<std::string> notes() const {
    std::vector<std::string> notes;
    const Omissions omitted = omissions();
    if (!omitted.empty()) notes.push_back(omitted.note());
    if (crowded_out_ > 0) {
      notes.push_back("Labels without room, shown on hover: " + count_text(crowded_out_) + ".");
    }
    return notes;
  }

 private:
  Omissions omissions() const {
    Omissions omissions;
    for (std::size_t s = 0; s < plot_.series.size(); ++s) {
      for (const LinePoint& point : plot_.series[s].points) {
        if (!is_placed(point)) omissions.add(name(s, point));
      }
    }
    return omissions;
  }

  bool is_placed(const LinePoint& point) const { return x_.can_place(point.x) && can_place(point.y, y_); }

  Position at(const LinePoint& point) const {
    return {frame.x(x_.position(point.x)), frame.y(y_.position(*point.y))};
  }

  std::string name(std::size_t s, const LinePoint& point) const {
    const std::string& series = plot_.series[s].name;
    std::string text = series;
    if (!point.label.empty() && point.label != series) text += (text.empty() ? "" : ", ") + point.label;
    text += (text.empty() ? "(" : " (") + number_text(point.x, 6) + ", ";
    return text + (point.y ? number_text(*point.y, 6) : "missing") + ")";
  }

  const LinePlot& plot_;
  const Axis& x_;
  const Axis& y_;
  Svg& svg_;
  LabelPlacer labels_;
  std::size_t crowded_out_ = 0;
};

/// The values of both axes, of points that have any place at all.
struct Coordinates {
  std::vector<double> x;
  std::vector<double> y;

  explicit Coordinates(const LinePlot& plot) {
    for (const LineSeries& series : plot.series) {
      for (const LinePoint& point : series.points) {
        x.push_back(point.x);
        if (point.y) y.push_back(*point.y);
      }
    }
  }
};

}  // namespace

std::string LinePlot::html() const {
  const Coordinates coordinates(*this);
  const Axis x(coordinates.x, {.scale = x_scale, .target_ticks = 9});
  const Axis y(coordinates.y, {.scale = y_scale});
  Svg svg(plot_width, frame.area.bottom() + 46, title,
          "Plot of " + y_label + " against " + x_label + ": " + count_text(series.size()) + " series. " +
              description);
  draw_x_axis(svg, frame, x, x_label);
  draw_y_grid(svg, frame, y);
  draw_y_name(svg, frame, y, y_label);
  LineDrawing drawing(*this, x, y, svg);
  for (std::size_t s = 0; s < series.size(); ++s) {
    if (marks != LineMarks::Points) drawing.draw_line(s);
  }
  for (std::size_t s = 0; s < series.size(); ++s) {
    if (marks != LineMarks::Lines) drawing.draw_points(s);
  }
  for (std::size_t s = 0; s < series.size(); ++s) drawing.draw_labels(s);
  if (coordinates.x.empty()) draw_no_data(svg, frame);
  Figure figure{
      .title = title, .description = description, .legend = {}, .markers = true, .notes = drawing.notes()};
  for (const LineSeries& one : series) figure.legend.push_back(one.name);
  return figure_html(figure, svg);
}

}  // namespace mxemu::report
