#include "tools/mxemu/text_table.hpp"

#include <cmath>
#include <cstdio>

namespace mxemu::cli {
namespace {

std::string format_number(const char* pattern, int precision, double value) {
  if (std::isnan(value)) return "-";
  char buffer[400];
  std::snprintf(buffer, sizeof buffer, pattern, precision, value);
  return buffer;
}

}  // namespace

std::string fixed(double value, int places) {
  return format_number("%.*f", places, value);
}

std::string significant(double value, int digits) {
  return format_number("%.*g", digits, value);
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  if (part == 0) return "0";
  const double share = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  return share < 0.01 ? "<0.01%" : fixed(share, 2) + "%";
}

}  // namespace mxemu::cli
