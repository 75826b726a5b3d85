#include "conformance/report/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "conformance/report/bins.hpp"
#include "conformance/report/figure.hpp"
#include "conformance/report/number_text.hpp"
#include "conformance/report/plot_frame.hpp"
#include "conformance/report/series_style.hpp"

namespace mxemu::report {
namespace {

constexpr double left_margin = 76;
constexpr double right_margin = 14;
constexpr double open_bin_room = 46;
constexpr double single_height = 240;
constexpr double multiple_height = 84;
constexpr double multiple_gap = 30;

void check_sizes(const Histogram& histogram) {
  const bool categories = histogram.edges.empty();
  for (const HistogramSeries& one : histogram.series) {
    const std::size_t wanted =
        categories ? histogram.series.front().counts.size() : histogram.edges.size() - 1;
    if (one.counts.size() == wanted) continue;
    throw std::invalid_argument("histogram \"" + histogram.title + "\": series \"" + one.name + "\" has " +
                                std::to_string(one.counts.size()) + " counts for " + std::to_string(wanted) +
                                " bins");
  }
}

/// Bins [first, last) that stay, and what to say about the others.
struct Window {
  std::size_t first = 0;
  std::size_t last = 0;
  std::string note{};
};

Window window_of(const Histogram& histogram) {
  const std::size_t size = histogram.series.empty() ? 0 : histogram.series.front().counts.size();
  Window window{0, size, {}};
  if (!histogram.trim_empty_ends) return window;
  const auto empty = [&](std::size_t bin) {
    return std::all_of(histogram.series.begin(), histogram.series.end(),
                       [bin](const HistogramSeries& one) { return one.counts[bin] == 0; });
  };
  while (window.last > window.first && empty(window.last - 1)) --window.last;
  while (window.first < window.last && empty(window.first)) ++window.first;
  if (window.first == window.last) return {0, size, {}};  // nothing anywhere: show the whole, empty axis
  const std::size_t below = window.first;
  const std::size_t above = size - window.last;
  if (below + above > 0) {
    window.note = "Not shown: " + count_text(below) + " empty bins below and " + count_text(above) +
                  " above, of " + count_text(size) + ".";
  }
  return window;
}

/// `histogram` without the bins outside `window`.
Histogram trimmed(Histogram histogram, const Window& window) {
  const auto first = static_cast<std::ptrdiff_t>(window.first);
  const auto last = static_cast<std::ptrdiff_t>(window.last);
  for (HistogramSeries& one : histogram.series) {
    one.counts = std::vector<std::uint64_t>(one.counts.begin() + first, one.counts.begin() + last);
  }
  if (histogram.edges.empty()) {
    histogram.first_category += first;
  } else {
    histogram.edges =
        std::vector<double>(histogram.edges.begin() + first, histogram.edges.begin() + last + 1);
  }
  return histogram;
}

Axis count_axis(const Histogram& histogram, int target_ticks) {
  std::uint64_t most = 0;
  for (const HistogramSeries& one : histogram.series) {
    for (const std::uint64_t count : one.counts) most = std::max(most, count);
  }
  const double top = std::max(static_cast<double>(most), 1.0);
  if (histogram.count_scale == AxisScale::Linear) {
    return Axis(std::vector<double>{top},
                {.from_zero = true, .integers = true, .target_ticks = target_ticks});
  }
  // Half a count at the foot, so that a single one is a bar that can be seen.
  const std::vector<double> ends{0.5, std::pow(10, std::max(1.0, std::ceil(std::log10(top))))};
  return Axis(
      ends, {.scale = AxisScale::Logarithmic, .integers = true, .tight = true, .target_ticks = target_ticks});
}

double total_of(const HistogramSeries& one) {
  double total = 0;
  for (const std::uint64_t count : one.counts) total += static_cast<double>(count);
  return total;
}

/// Draws series of a histogram into a frame.
class HistogramDrawing {
 public:
  HistogramDrawing(const Histogram& histogram, const Bins& bins, const Axis& counts, Svg& svg)
      : histogram_(histogram), bins_(bins), counts_(counts), svg_(svg) {}

  /// One bar per bin that is not empty, and each of them tall enough to be seen.
  void draw_bars(const PlotFrame& frame, std::size_t s) {
    constexpr double least_height = 1.5;
    const double bottom = frame.area.bottom();
    for (std::size_t i = 0; i < bins_.bins.size(); ++i) {
      const std::uint64_t count = histogram_.series[s].counts[i];
      if (count == 0) continue;
      const double x = frame.x(bins_.bins[i].left);
      const double width = frame.x(bins_.bins[i].right) - x;
      const double top = std::min(height_at(frame, count), bottom - least_height);
      const double gap = width > 5 ? 1 : 0;
      svg_.rectangle({x, top, std::max(width - gap, 0.75), bottom - top}, "bar " + series_class(s));
    }
  }

  /// The outline of a series, washed with its colour, so that several can lie over one another.
  void draw_outline(const PlotFrame& frame, std::size_t s) {
    const double bottom = frame.area.bottom();
    std::string path;
    for (std::size_t i = 0; i < bins_.bins.size(); ++i) {
      const Bin& bin = bins_.bins[i];
      const double top = height_at(frame, histogram_.series[s].counts[i]);
      const bool joins = i > 0 && bins_.bins[i - 1].right == bin.left;
      if (!joins && i > 0) path += draw({frame.x(bins_.bins[i - 1].right), bottom});
      if (!joins) path += move({frame.x(bin.left), bottom});
      path += draw({frame.x(bin.left), top}) + draw({frame.x(bin.right), top});
    }
    if (!path.empty()) path += draw({frame.x(bins_.bins.back().right), bottom});
    svg_.path(path, "wash " + series_class(s));
  }

  /// An invisible column per bin that names the counts of the series from `first` up to `last`.
  void draw_hover(const PlotFrame& frame, std::size_t first, std::size_t last) {
    std::vector<double> totals;
    for (const HistogramSeries& one : histogram_.series) totals.push_back(total_of(one));
    for (std::size_t i = 0; i < bins_.bins.size(); ++i) {
      std::string text = bins_.bins[i].text;
      for (std::size_t s = first; s < last; ++s) text += "\n" + count_line(s, i, totals[s]);
      const double x = frame.x(bins_.bins[i].left);
      svg_.rectangle({x, frame.area.y, frame.x(bins_.bins[i].right) - x, frame.area.height}, "hover", text);
    }
  }

 private:
  std::string count_line(std::size_t s, std::size_t bin, double total) const {
    const HistogramSeries& one = histogram_.series[s];
    const double share = total > 0 ? static_cast<double>(one.counts[bin]) / total : 0;
    const std::string name = one.name.empty() ? "" : one.name + ": ";
    return name + count_text(one.counts[bin]) + " (" + number_text(100 * share, 3) + " %)";
  }

  double height_at(const PlotFrame& frame, std::uint64_t count) const {
    const double value = static_cast<double>(count);
    return counts_.can_place(value) ? frame.y(counts_.position(value)) : frame.area.bottom();
  }

  const Histogram& histogram_;
  const Bins& bins_;
  const Axis& counts_;
  Svg& svg_;
};

/// The frame of the axis, and the wider one that open bins stand in.
struct Frames {
  PlotFrame axis{};
  PlotFrame outer{};

  Frames(const Bins& bins, double top, double height) {
    const double below = bins.open_below ? open_bin_room : 0;
    const double above = bins.open_above ? open_bin_room : 0;
    const double width = plot_width - left_margin - right_margin;
    outer.area = {left_margin, top, width, height};
    axis.area = {left_margin + below, top, width - below - above, height};
  }
};

void name_open_bins(Svg& svg, const PlotFrame& frame, const Bins& bins) {
  const double y = frame.area.bottom() + 17;
  const auto name = [&](const Bin& bin, std::string_view text) {
    svg.text({frame.x((bin.left + bin.right) / 2), y}, text, {.css_class = "tick", .anchor = Anchor::Middle});
  };
  if (bins.open_below) name(bins.bins.front(), "below");
  if (bins.open_above) name(bins.bins.back(), "above");
}

/// One plot of the series from `first` up to `last`.
void draw_plot(Svg& svg, const Histogram& histogram, const Bins& bins, const Axis& counts,
               const Frames& frames, std::size_t first, std::size_t last) {
  const Rectangle& outer = frames.outer.area;
  draw_y_grid(svg, frames.outer, counts);
  HistogramDrawing drawing(histogram, bins, counts, svg);
  if (first == last || bins.bins.empty()) draw_no_data(svg, frames.axis);
  if (first + 1 == last) {
    drawing.draw_bars(frames.axis, first);
  } else {
    for (std::size_t s = first; s < last; ++s) drawing.draw_outline(frames.axis, s);
  }
  svg.line({outer.x, outer.bottom()}, {outer.right(), outer.bottom()}, "base");
  drawing.draw_hover(frames.axis, first, last);
}

Svg drawing_of(const Histogram& histogram, const Bins& bins) {
  const std::size_t series = histogram.series.size();
  const bool stacked = histogram.layout == HistogramLayout::SmallMultiples && series > 1;
  const double plots = stacked ? static_cast<double>(series) : 1;
  const double height = stacked ? multiple_height : single_height;
  const double pitch = height + multiple_gap;
  const double top = stacked ? 20 : 10;
  const Frames whole(bins, top, pitch * plots - multiple_gap);
  const Axis counts = count_axis(histogram, stacked ? 3 : 6);
  Svg svg(plot_width, whole.outer.area.bottom() + 46, histogram.title,
          "Histogram over " + histogram.bin_label + ": " + count_text(bins.bins.size()) + " bins, " +
              count_text(series) + " series. " + histogram.description);
  draw_y_name(svg, whole.outer, counts, histogram.count_label);
  if (!stacked) draw_plot(svg, histogram, bins, counts, whole, 0, series);
  for (std::size_t s = 0; stacked && s < series; ++s) {
    const Frames frames(bins, top + pitch * static_cast<double>(s), height);
    draw_plot(svg, histogram, bins, counts, frames, s, s + 1);
    const Position above{frames.outer.area.x, frames.outer.area.y - 5};
    svg.text(above, histogram.series[s].name, {.css_class = "panel"});
  }
  if (!bins.bins.empty()) draw_x_ticks(svg, whole.axis, bins.axis, histogram.bin_label);
  name_open_bins(svg, whole.axis, bins);
  return svg;
}

}  // namespace

std::string Histogram::html() const {
  check_sizes(*this);
  const Window window = window_of(*this);
  const Histogram shown = trimmed(*this, window);
  const std::size_t count = shown.series.empty() ? 0 : shown.series.front().counts.size();
  const Bins bins =
      edges.empty() ? category_bins(shown.first_category, count) : edge_bins(shown.edges, bin_scale);
  Figure figure{
      .title = title,
      .description = description,
  };
  if (layout == HistogramLayout::Overlaid) {
    for (const HistogramSeries& one : series) figure.legend.push_back(one.name);
  }
  if (!window.note.empty()) figure.notes.push_back(window.note);
  return figure_html(figure, drawing_of(shown, bins));
}

}  // namespace mxemu::report
