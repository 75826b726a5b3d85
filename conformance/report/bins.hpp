// The horizontal side of a histogram: where its bins lie and what they are called.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "conformance/report/axis.hpp"

namespace mxemu::report {

/// A bin between two fractions of the axis. An end outside [0, 1] belongs to a bin that is open on that side:
/// its bar stands in the margin beside the axis.
struct Bin {
  double left = 0;
  double right = 0;
  std::string text{};
};

struct Bins {
  Axis axis;
  std::vector<Bin> bins;
  bool open_below = false;
  bool open_above = false;
};

/// `count` bins around the integers from `first` on.
Bins category_bins(std::int64_t first, std::size_t count);

/// Bins between neighbours of `edges`. An outermost edge that the axis cannot place (infinite, or not
/// positive on a logarithmic axis) makes an open bin. Throws std::invalid_argument unless the edges increase.
Bins edge_bins(const std::vector<double>& edges, AxisScale scale);

}  // namespace mxemu::report
