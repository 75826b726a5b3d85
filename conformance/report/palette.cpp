#include "conformance/report/palette.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mxemu::report {
namespace {

constexpr std::array<Colour, 10> anchors{{{0x44, 0x01, 0x54},
                                          {0x48, 0x28, 0x78},
                                          {0x3e, 0x49, 0x89},
                                          {0x31, 0x68, 0x8e},
                                          {0x26, 0x82, 0x8e},
                                          {0x1f, 0x9e, 0x89},
                                          {0x35, 0xb7, 0x79},
                                          {0x6e, 0xce, 0x58},
                                          {0xb5, 0xde, 0x2b},
                                          {0xfd, 0xe7, 0x25}}};

int between(int low, int high, double share) {
  return static_cast<int>(std::lround(low + (high - low) * share));
}

/// Linear light of an sRGB component (IEC 61966-2-1).
double linear_light(int component) {
  const double c = component / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

}  // namespace

std::string Colour::text() const {
  constexpr char digits[] = "0123456789abcdef";
  std::string out = "#";
  for (const int component : {red, green, blue}) {
    out += digits[component / 16];
    out += digits[component % 16];
  }
  return out;
}

bool Colour::is_dark() const {
  const double luminance =
      0.2126 * linear_light(red) + 0.7152 * linear_light(green) + 0.0722 * linear_light(blue);
  return 1.05 / (luminance + 0.05) >
         (luminance + 0.05) / 0.05;  // contrast ratios of WCAG 2 with white and with black
}

Colour palette_colour(double fraction) {
  const double place = std::clamp(fraction, 0.0, 1.0) * static_cast<double>(anchors.size() - 1);
  const std::size_t index = std::min(static_cast<std::size_t>(place), anchors.size() - 2);
  const double share = place - static_cast<double>(index);
  const Colour& low = anchors[index];
  const Colour& high = anchors[index + 1];
  return {between(low.red, high.red, share), between(low.green, high.green, share),
          between(low.blue, high.blue, share)};
}

}  // namespace mxemu::report
