// What surrounds every drawing: caption, legend, a box that scrolls when the window is narrow, and notes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/report/svg.hpp"

namespace mxemu::report {

/// Width in units of every plot; a page shows it at this many pixels where there is room.
inline constexpr double plot_width = 940;

struct Figure {
  std::string title{};
  std::string description{};
  std::vector<std::string> legend{};  ///< names of the series, in order; shown when there are at least two
  bool markers = false;               ///< whether the legend shows markers, as points have, or plain squares
  std::vector<std::string> notes{};   ///< what the drawing leaves out, and why
};

/// `figure` around `drawing`.
std::string figure_html(const Figure& figure, const Svg& drawing);

/// Gathers values that a plot cannot draw, to say so below it: the first few by name, and how many in all.
class Omissions {
 public:
  void add(std::string what);
  bool empty() const { return count_ == 0; }
  std::size_t count() const { return count_; }
  /// "Not drawn: 3 values (a: NaN; b: missing; …).", or with other first words.
  std::string note(std::string_view first_words = "Not drawn") const;

 private:
  std::size_t count_ = 0;
  std::vector<std::string> first_;
};

}  // namespace mxemu::report
