// A sequential palette: viridis, by its published anchor colours.
#pragma once

#include <string>

namespace mxemu::report {

struct Colour {
  int red = 0;
  int green = 0;
  int blue = 0;

  /// "#rrggbb"
  std::string text() const;
  /// Whether white text reads better on it than black.
  bool is_dark() const;
};

/// The colour at `fraction` of the palette, dark violet at 0 to yellow at 1; kept within the ends.
Colour palette_colour(double fraction);

}  // namespace mxemu::report
