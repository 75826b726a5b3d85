// How the series of a chart are told apart: by a colour and, where points are drawn, by a marker's shape.
#pragma once

#include <cstddef>
#include <string>

#include "conformance/report/svg.hpp"

namespace mxemu::report {

/// Colours before they repeat. Chosen to differ for the colour-blind too, on light and on dark paper.
inline constexpr std::size_t series_colours = 8;

/// The style-sheet class of series `index`: "series-1" to "series-8", then again.
std::string series_class(std::size_t index);

/// Path of the marker of series `index`, about `radius` around `centre`: circle, square, diamond, triangles,
/// crosses.
std::string marker_path(std::size_t index, Position centre, double radius);

}  // namespace mxemu::report
