#include "conformance/report/number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace mxemu::report {
namespace {

std::string non_finite_text(double value) {
  if (std::isnan(value)) return "NaN";
  return value < 0 ? "-Inf" : "Inf";
}

std::string formatted(double value, std::chars_format format, int precision) {
  std::array<char, 400> buffer{};  // the largest double has 309 digits before the point; 17 may follow it
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, precision);
  return {buffer.data(), result.ptr};
}

std::string without_trailing_zeros(std::string digits) {
  if (digits.find('.') == std::string::npos) return digits;
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

int parsed_exponent(std::string_view text) {
  if (text.front() == '+') text.remove_prefix(1);
  int exponent = 0;
  std::from_chars(text.data(), text.data() + text.size(), exponent);
  return exponent;
}

}  // namespace

std::string number_text(double value, int significant) {
  if (!std::isfinite(value)) return non_finite_text(value);
  if (value == 0) return std::signbit(value) ? "-0" : "0";
  significant = std::clamp(significant, 1, 17);
  const std::string scientific = formatted(value, std::chars_format::scientific, significant - 1);
  const std::size_t e = scientific.find('e');
  const int exponent = parsed_exponent(std::string_view(scientific).substr(e + 1));
  if (exponent >= -4 && exponent < 7) {
    const int decimals = std::max(0, significant - 1 - exponent);
    return without_trailing_zeros(formatted(value, std::chars_format::fixed, decimals));
  }
  return without_trailing_zeros(scientific.substr(0, e)) + "e" + std::to_string(exponent);
}

std::string fixed_text(double value, int decimals) {
  if (!std::isfinite(value)) return non_finite_text(value);
  return formatted(value, std::chars_format::fixed, std::clamp(decimals, 0, 17));
}

std::string count_text(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, 1, ',');
  return digits;
}

std::string hex_text(std::uint64_t code, int bits) {
  std::array<char, 16> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), code, 16);
  std::string digits(buffer.data(), result.ptr);
  const auto wanted = static_cast<std::size_t>(std::clamp(bits + 3, 4, 67)) / 4;
  if (digits.size() < wanted) digits.insert(0, wanted - digits.size(), '0');
  return "0x" + digits;
}

}  // namespace mxemu::report
