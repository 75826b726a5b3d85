#include "conformance/report/heat_map.hpp"

#include <algorithm>
#include <stdexcept>

#include "conformance/report/figure.hpp"
#include "conformance/report/number_text.hpp"
#include "conformance/report/palette.hpp"
#include "conformance/report/plot_frame.hpp"
#include "conformance/report/text.hpp"

namespace mxemu::report {
namespace {

constexpr std::size_t longest_row_label = 48;
constexpr std::size_t longest_column_label = 22;
constexpr double label_character = 6.05;
constexpr double legend_room = 46;
constexpr double text_needs_width = 40;
constexpr double text_needs_height = 13;
constexpr int legend_steps = 60;

std::size_t widest(const std::vector<std::string>& labels, std::size_t limit) {
  std::size_t most = 0;
  for (const std::string& label : labels) most = std::max(most, columns(shortened(label, limit)));
  return most;
}

/// Sizes that follow from the labels and from how many rows and columns there are.
struct Layout {
  PlotFrame frame{};
  double cell_width = 0;
  double cell_height = 0;
  bool upright = false;  ///< column labels stand on end

  explicit Layout(const HeatMap& map) {
    const double left = 12 + label_character * static_cast<double>(widest(map.rows, longest_row_label));
    const double label_width =
        label_character * static_cast<double>(widest(map.columns, longest_column_label));
    const double count = static_cast<double>(std::max<std::size_t>(map.columns.size(), 1));
    cell_width = std::min((plot_width - 10 - left) / count, 110.0);
    cell_height = map.rows.size() <= 60 ? 16 : map.rows.size() <= 200 ? 10 : 4;
    upright = label_width > cell_width - 4;
    const double top = legend_room + (upright ? label_width + 10 : 18);
    const double height = std::max(cell_height * static_cast<double>(map.rows.size()), 40.0);
    frame.area = {left, top, cell_width * count, height};
  }

  Rectangle cell(std::size_t row, std::size_t column) const {
    return {frame.area.x + cell_width * static_cast<double>(column),
            frame.area.y + cell_height * static_cast<double>(row), cell_width, cell_height};
  }
};

/// A label every so many, where they would not all fit.
std::size_t label_stride(double pitch) {
  constexpr double line = 10;
  return pitch >= line ? 1 : static_cast<std::size_t>(line / pitch) + 1;
}

void draw_label(Svg& svg, Position at, const std::string& label, std::size_t limit, Lettering lettering) {
  const std::string shown = shortened(label, limit);
  if (shown != label) lettering.tooltip = label;
  svg.text(at, shown, lettering);
}

void draw_labels(Svg& svg, const HeatMap& map, const Layout& layout) {
  for (std::size_t row = 0; row < map.rows.size(); row += label_stride(layout.cell_height)) {
    const Rectangle cell = layout.cell(row, 0);
    draw_label(svg, {cell.x - 6, cell.y + cell.height / 2 + 3.5}, map.rows[row], longest_row_label,
               {.css_class = "name", .anchor = Anchor::End});
  }
  const std::size_t stride = layout.upright ? label_stride(layout.cell_width) : 1;
  for (std::size_t column = 0; column < map.columns.size(); column += stride) {
    const Rectangle cell = layout.cell(0, column);
    const double middle = cell.x + cell.width / 2;
    const Lettering flat{.css_class = "name", .anchor = Anchor::Middle};
    const Lettering upright{.css_class = "name", .rotation = -90};
    const Position at{layout.upright ? middle + 3.5 : middle, cell.y - 6};
    draw_label(svg, at, map.columns[column], longest_column_label, layout.upright ? upright : flat);
  }
}

/// Diagonal strokes across `cell`.
std::string hatching(const Rectangle& cell) {
  constexpr double pitch = 5;
  std::string path;
  for (double offset = pitch / 2; offset < cell.width + cell.height; offset += pitch) {
    const double over = std::max(0.0, offset - cell.width);
    const double down = std::max(0.0, offset - cell.height);
    path += move({cell.x + offset - over, cell.y + over}) + draw({cell.x + down, cell.y + offset - down});
  }
  return path;
}

class CellDrawing {
 public:
  CellDrawing(const HeatMap& map, const Layout& layout, const Axis& axis, Svg& svg)
      : map_(map), layout_(layout), axis_(axis), svg_(svg) {}

  void draw_cell(std::size_t row, std::size_t column) {
    const Datum& datum = map_.values[row * map_.columns.size() + column];
    const Rectangle cell = layout_.cell(row, column);
    const std::string name = map_.rows[row] + ", " + map_.columns[column] + ": ";
    if (!can_place(datum, axis_)) {
      const bool explained = !datum && !map_.missing_means.empty();
      const std::string text = explained ? map_.missing_means : absence_text(datum, axis_);
      svg_.rectangle(cell, "absent-tile", name + text);
      hatching_ += hatching(cell);
      if (!explained) omissions_.add(name + text);
      return;
    }
    const Colour colour = palette_colour(axis_.position(*datum));
    svg_.tile(cell, colour.text(), name + number_text(*datum, 6));
    if (cell.width < text_needs_width || cell.height < text_needs_height) return;
    const std::string_view text_class = colour.is_dark() ? "on-dark" : "on-light";
    svg_.text({cell.x + cell.width / 2, cell.y + cell.height / 2 + 3.5}, number_text(*datum),
              {.css_class = text_class, .anchor = Anchor::Middle});
  }

  void finish() { svg_.path(hatching_, "hatch"); }
  const Omissions& omissions() const { return omissions_; }

 private:
  const HeatMap& map_;
  const Layout& layout_;
  const Axis& axis_;
  Svg& svg_;
  std::string hatching_;  // one path for all, over the cells
  Omissions omissions_;
};

void draw_legend(Svg& svg, const HeatMap& map, const Axis& axis, double left) {
  const PlotFrame bar{{left, 4, 260, 12}};
  const double step = bar.area.width / legend_steps;
  for (int i = 0; i < legend_steps; ++i) {
    // Half a unit of overlap, or seams would show through.
    const double overlap = i + 1 < legend_steps ? 0.5 : 0;
    const Rectangle tile{bar.area.x + step * i, bar.area.y, step + overlap, bar.area.height};
    svg.tile(tile, palette_colour((i + 0.5) / legend_steps).text());
  }
  for (const Tick& tick : axis.ticks()) {
    const double x = bar.x(tick.position);
    svg.line({x, bar.area.bottom()}, {x, bar.area.bottom() + 3}, "base");
    svg.text({x, bar.area.bottom() + 14}, tick.text, {.css_class = "tick", .anchor = Anchor::Middle});
  }
  const std::string suffix = map.scale == AxisScale::Logarithmic ? " (log scale)" : "";
  svg.text({bar.area.right() + 16, bar.area.bottom() - 2}, map.value_label + suffix,
           {.css_class = "axis-name"});
}

}  // namespace

std::string HeatMap::html() const {
  if (values.size() != rows.size() * columns.size()) {
    throw std::invalid_argument("heat map \"" + title + "\": " + std::to_string(values.size()) +
                                " values for " + std::to_string(rows.size()) + " rows of " +
                                std::to_string(columns.size()));
  }
  std::vector<double> present;
  for (const Datum& datum : values) {
    if (datum) present.push_back(*datum);
  }
  const Axis axis(present, {.scale = scale, .tight = true, .target_ticks = 5});
  const Layout layout(*this);
  Svg svg(plot_width, layout.frame.area.bottom() + 6, title,
          "Heat map of " + value_label + ": " + count_text(rows.size()) + " rows, " +
              count_text(columns.size()) + " columns. " + description);
  draw_legend(svg, *this, axis, layout.frame.area.x);
  draw_labels(svg, *this, layout);
  CellDrawing drawing(*this, layout, axis, svg);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t column = 0; column < columns.size(); ++column) drawing.draw_cell(row, column);
  }
  if (values.empty()) draw_no_data(svg, layout.frame);
  drawing.finish();
  Figure figure{
      .title = title,
      .description = description,
  };
  const bool any_missing =
      std::any_of(values.begin(), values.end(), [](const Datum& datum) { return !datum; });
  if (any_missing && !missing_means.empty()) figure.notes.push_back("Hatched: " + missing_means + ".");
  if (!drawing.omissions().empty())
    figure.notes.push_back(drawing.omissions().note("Hatched, without a place on the scale"));
  return figure_html(figure, svg);
}

}  // namespace mxemu::report
