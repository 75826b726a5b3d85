#include "conformance/report/bins.hpp"

#include <stdexcept>

#include "conformance/report/number_text.hpp"

namespace mxemu::report {
namespace {

constexpr int edge_digits = 6;
constexpr double open_width = 0.04;  // of the axis, for a bin without an end
constexpr double open_gap = 0.01;    // between such a bin and the axis

std::string range_text(double low, double high) {
  return "[" + number_text(low, edge_digits) + ", " + number_text(high, edge_digits) + ")";
}

void check_order(const std::vector<double>& edges) {
  for (std::size_t i = 1; i < edges.size(); ++i) {
    if (edges[i - 1] < edges[i]) continue;
    throw std::invalid_argument("histogram edges must increase: edge " + std::to_string(i) + " is " +
                                number_text(edges[i], 17) + " after " + number_text(edges[i - 1], 17));
  }
}

}  // namespace

Bins category_bins(std::int64_t first, std::size_t count) {
  const double low = static_cast<double>(first) - 0.5;
  const double high = low + static_cast<double>(count);
  Bins result{Axis(std::vector<double>{low, high}, {.integers = true, .tight = true, .target_ticks = 12}),
              {}};
  for (std::size_t i = 0; i < count; ++i) {
    const double left = low + static_cast<double>(i);
    const std::string text = std::to_string(first + static_cast<std::int64_t>(i));
    result.bins.push_back({result.axis.position(left), result.axis.position(left + 1), text});
  }
  return result;
}

Bins edge_bins(const std::vector<double>& edges, AxisScale scale) {
  check_order(edges);
  Bins result{Axis(edges, {.scale = scale, .tight = true, .target_ticks = 9}), {}};
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    const bool below = !result.axis.can_place(edges[i]);
    const bool above = !result.axis.can_place(edges[i + 1]);
    if ((below && i != 0) || (above && i + 2 != edges.size())) {
      throw std::invalid_argument("histogram edge " + number_text(below ? edges[i] : edges[i + 1], 17) +
                                  " has no place on the axis and is not an outermost one");
    }
    result.open_below = result.open_below || below;
    result.open_above = result.open_above || above;
    const double left = below   ? -open_gap - open_width
                        : above ? 1 + open_gap
                                : result.axis.position(edges[i]);
    const double right = above   ? 1 + open_gap + open_width
                         : below ? -open_gap
                                 : result.axis.position(edges[i + 1]);
    result.bins.push_back({left, right, range_text(edges[i], edges[i + 1])});
  }
  return result;
}

}  // namespace mxemu::report
