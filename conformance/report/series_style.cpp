#include "conformance/report/series_style.hpp"

#include <initializer_list>

namespace mxemu::report {
namespace {

std::string polygon(Position centre, double radius, std::initializer_list<Position> corners) {
  std::string path;
  for (const Position corner : corners) {
    const Position at{centre.x + corner.x * radius, centre.y + corner.y * radius};
    path += path.empty() ? move(at) : draw(at);
  }
  return path + "Z";
}

std::string circle(Position centre, double radius) {
  const std::string r = coordinate_text(radius);
  const std::string arc = "A" + r + " " + r + " 0 1 1 ";
  const std::string y = coordinate_text(centre.y);
  const std::string left = coordinate_text(centre.x - radius) + " " + y;
  const std::string right = coordinate_text(centre.x + radius) + " " + y;
  return "M" + left + arc + right + arc + left + "Z";
}

}  // namespace

std::string series_class(std::size_t index) {
  return "series-" + std::to_string(index % series_colours + 1);
}

std::string marker_path(std::size_t index, Position centre, double radius) {
  constexpr double a = 0.35;  // half the width of a cross's arm, over the radius
  switch (index % series_colours) {
    case 0: return circle(centre, radius);
    case 1: return polygon(centre, 0.9 * radius, {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}});
    case 2: return polygon(centre, 1.3 * radius, {{0, -1}, {1, 0}, {0, 1}, {-1, 0}});
    case 3: return polygon(centre, 1.2 * radius, {{0, -1}, {1, 0.8}, {-1, 0.8}});
    case 4: return polygon(centre, 1.2 * radius, {{0, 1}, {1, -0.8}, {-1, -0.8}});
    case 5:
      return polygon(centre, 1.1 * radius,
                     {{-a, -1},
                      {a, -1},
                      {a, -a},
                      {1, -a},
                      {1, a},
                      {a, a},
                      {a, 1},
                      {-a, 1},
                      {-a, a},
                      {-1, a},
                      {-1, -a},
                      {-a, -a}});
    case 6: return polygon(centre, 1.2 * radius, {{-0.8, 0}, {0.8, -1}, {0.8, 1}});
    default: return polygon(centre, 1.1 * radius, {{-1, -a}, {1, -a}, {1, a}, {-1, a}});
  }
}

}  // namespace mxemu::report
