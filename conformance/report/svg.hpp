// A drawing, built shape by shape. Looks come from the page's style sheet by class name.
#pragma once

#include <string>
#include <string_view>

namespace mxemu::report {

struct Position {
  double x = 0;
  double y = 0;
};

struct Rectangle {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;

  double right() const { return x + width; }
  double bottom() const { return y + height; }
};

enum class Anchor { Start, Middle, End };

struct Lettering {
  std::string_view css_class{};
  Anchor anchor = Anchor::Start;
  double rotation = 0;         ///< degrees, clockwise about the text's position
  std::string_view tooltip{};  ///< for example the full text of a shortened label
};

class Svg {
 public:
  /// A drawing of `width` × `height` units; `title` and `description` are what a screen reader says of it.
  Svg(double width, double height, std::string_view title, std::string_view description);

  Svg& rectangle(const Rectangle& r, std::string_view css_class, std::string_view tooltip = {});
  /// A rectangle with a colour of its own ("#rrggbb"), for data that is encoded as colour.
  Svg& tile(const Rectangle& r, std::string_view colour, std::string_view tooltip = {});
  Svg& line(Position from, Position to, std::string_view css_class);
  Svg& text(Position at, std::string_view text, const Lettering& lettering = {});
  /// A path; `data` is composed by `move`, `draw` and `marker_path`, never taken from outside.
  Svg& path(std::string_view data, std::string_view css_class, std::string_view tooltip = {});

  std::string html() const { return markup_ + "</svg>\n"; }

 private:
  void close(std::string_view element, std::string_view tooltip);

  std::string markup_;
};

/// A coordinate to a hundredth of a unit, without trailing zeros.
std::string coordinate_text(double coordinate);

/// Path commands: move the pen to `to`, draw a straight line to `to`.
std::string move(Position to);
std::string draw(Position to);

}  // namespace mxemu::report
