// Values over two dimensions, as colours.
#pragma once

#include <string>
#include <vector>

#include "conformance/report/axis.hpp"

namespace mxemu::report {

/// Dark is low and light is high, in a palette (viridis) whose order survives colour blindness and grey
/// printing. A cell without a place on the scale (missing, NaN, infinite, not positive on a logarithmic
/// scale) is hatched. Cells that are large enough show their value; all of them do on hover.
struct HeatMap {
  std::string title{};
  std::string description{};
  std::string value_label{};  ///< what the colours measure, with its unit
  std::vector<std::string> rows{};
  std::vector<std::string> columns{};
  std::vector<Datum> values{};  ///< row by row
  AxisScale scale = AxisScale::Linear;
  std::string missing_means{};  ///< what a missing value says, where it is no omission: "no difference"

  /// Throws std::invalid_argument when there are not rows × columns values.
  std::string html() const;
};

}  // namespace mxemu::report
