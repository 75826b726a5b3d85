#include "conformance/report/bar_chart.hpp"

#include <algorithm>
#include <stdexcept>

#include "conformance/report/figure.hpp"
#include "conformance/report/number_text.hpp"
#include "conformance/report/plot_frame.hpp"
#include "conformance/report/series_style.hpp"
#include "conformance/report/text.hpp"

namespace mxemu::report {
namespace {

constexpr std::size_t longest_label = 48;
constexpr double label_character = 6.05;  // width of one at the size of a name
constexpr double value_room = 52;         // beside the axis, for the text at the end of a bar
constexpr double tall = 500;              // from here on the axis is labelled above, too

std::vector<double> placed_values(const BarChart& chart) {
  std::vector<double> values;
  for (const BarSeries& series : chart.series) {
    for (const Datum& datum : series.values) {
      if (datum) values.push_back(*datum);
    }
  }
  return values;
}

void check_sizes(const BarChart& chart) {
  for (const BarSeries& series : chart.series) {
    if (series.values.size() == chart.labels.size()) continue;
    throw std::invalid_argument("bar chart \"" + chart.title + "\": series \"" + series.name + "\" has " +
                                std::to_string(series.values.size()) + " values for " +
                                std::to_string(chart.labels.size()) + " labels");
  }
}

/// Sizes that follow from the number of series and the longest label.
struct Layout {
  double bar = 14;
  double gap = 6;
  double row = 0;
  PlotFrame frame{};
  bool on_top = false;
  bool small = false;

  Layout(const BarChart& chart, bool below_zero) {
    const std::size_t count = std::max<std::size_t>(chart.series.size(), 1);
    bar = count == 1 ? 13 : count <= 3 ? 11 : 9;
    small = count > 3;
    gap = count == 1 ? 4 : 9;
    row = bar * static_cast<double>(count) + gap;
    std::size_t widest = 0;
    for (const std::string& label : chart.labels)
      widest = std::max(widest, columns(shortened(label, longest_label)));
    const double left = 12 + label_character * static_cast<double>(widest) + (below_zero ? value_room : 0);
    const double height = std::max(row * static_cast<double>(chart.labels.size()), 40.0);
    on_top = height > tall;
    frame.area = {left, on_top ? 40.0 : 6.0, plot_width - left - value_room, height};
  }

  double drawing_height() const { return frame.area.bottom() + 44; }
};

class BarDrawing {
 public:
  BarDrawing(const BarChart& chart, const Axis& axis, const Layout& layout, Svg& svg)
      : chart_(chart), axis_(axis), layout_(layout), svg_(svg) {}

  void draw_row(std::size_t row) {
    const Rectangle& area = layout_.frame.area;
    const double top = area.y + layout_.row * static_cast<double>(row);
    const std::string& label = chart_.labels[row];
    const std::string shown = shortened(label, longest_label);
    const Position end{label_edge(), top + layout_.row / 2 + 3.5};
    const std::string_view tooltip = shown == label ? std::string_view{} : std::string_view(label);
    svg_.text(end, shown, {.css_class = "name", .anchor = Anchor::End, .tooltip = tooltip});
    for (std::size_t s = 0; s < chart_.series.size(); ++s) {
      draw_bar(row, s, top + layout_.gap / 2 + layout_.bar * static_cast<double>(s));
    }
  }

  const Omissions& omissions() const { return omissions_; }

  double label_edge() const { return layout_.frame.area.x - 6 - (axis_.baseline() > 0 ? value_room : 0); }

 private:
  std::string name(std::size_t row, std::size_t s) const {
    const std::string& series = chart_.series[s].name;
    return chart_.labels[row] + (chart_.series.size() > 1 && !series.empty() ? ", " + series : "");
  }

  void draw_bar(std::size_t row, std::size_t s, double top) {
    const Datum& datum = chart_.series[s].values[row];
    const double base = layout_.frame.x(axis_.baseline());
    const double text_y = top + layout_.bar / 2 + (layout_.small ? 3 : 3.5);
    const std::string value_class = layout_.small ? "value small" : "value";
    if (!can_place(datum, axis_)) {
      const std::string text = absence_text(datum, axis_);
      const std::string absent_class = layout_.small ? "absent small" : "absent";
      svg_.text({base + 4, text_y}, text, {.css_class = absent_class, .tooltip = name(row, s)});
      omissions_.add(name(row, s) + ": " + text);
      return;
    }
    const double tip = layout_.frame.x(axis_.position(*datum));
    const Rectangle bar{std::min(base, tip), top, std::max(base, tip) - std::min(base, tip), layout_.bar - 1};
    svg_.rectangle(bar, "bar " + series_class(s), name(row, s) + ": " + number_text(*datum, 6));
    const bool leftward = tip < base;
    const Anchor anchor = leftward ? Anchor::End : Anchor::Start;
    svg_.text({tip + (leftward ? -4 : 4), text_y}, number_text(*datum),
              {.css_class = value_class, .anchor = anchor});
  }

  const BarChart& chart_;
  const Axis& axis_;
  const Layout& layout_;
  Svg& svg_;
  Omissions omissions_;
};

std::string summary(const BarChart& chart) {
  std::string text = "Bar chart of " + chart.value_label + ": " + count_text(chart.labels.size()) +
                     " labels, " + count_text(chart.series.size()) + " series. " + chart.description;
  return text;
}

/// Every other row on a shade, so that the eye finds its way from the label to the bar.
void draw_stripes(Svg& svg, const Layout& layout, std::size_t rows) {
  const Rectangle& area = layout.frame.area;
  for (std::size_t row = 0; row < rows; row += 2) {
    svg.rectangle({0, area.y + layout.row * static_cast<double>(row), plot_width, layout.row}, "stripe");
  }
}

}  // namespace

std::string BarChart::html() const {
  check_sizes(*this);
  const std::vector<double> values = placed_values(*this);
  const Axis axis(values, {.scale = scale, .from_zero = true});
  const Layout layout(*this, axis.baseline() > 0);
  Svg svg(plot_width, layout.drawing_height(), title, summary(*this));
  draw_stripes(svg, layout, labels.size());
  draw_x_axis(svg, layout.frame, axis, value_label, layout.on_top);
  BarDrawing drawing(*this, axis, layout, svg);
  for (std::size_t row = 0; row < labels.size(); ++row) drawing.draw_row(row);
  if (labels.empty() || series.empty()) draw_no_data(svg, layout.frame);
  const double base = layout.frame.x(axis.baseline());
  svg.line({base, layout.frame.area.y}, {base, layout.frame.area.bottom()}, "base");
  Figure figure{
      .title = title,
      .description = description,
  };
  for (const BarSeries& one : series) figure.legend.push_back(one.name);
  if (!drawing.omissions().empty()) figure.notes.push_back(drawing.omissions().note());
  return figure_html(figure, svg);
}

}  // namespace mxemu::report
