#include "tools/mxemu/rational.hpp"

#include <algorithm>
#include <regex>

#include "tools/mxemu/options.hpp"

namespace mxemu::cli {
namespace {

/// Digits and exponents that are beyond any float32 number, and would take long.
constexpr std::size_t most_characters = 200;

reference::Integer decimal(std::string digits) {
  // Integers with a leading 0 would be octal.
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  return digits.empty() ? reference::Integer(0) : reference::Integer(digits);
}

reference::Integer power_of_ten(int exponent) {
  return pow(reference::Integer(10), static_cast<unsigned>(exponent));
}

}  // namespace

reference::Rational parse_rational(const std::string& flag, const std::string& text) {
  static const std::regex fraction("([+-]?)([0-9]+)/([0-9]+)");
  static const std::regex number("([+-]?)([0-9]*)\\.?([0-9]*)(?:[eE]([+-]?[0-9]{1,3}))?");
  std::smatch part;
  if (text.size() > most_characters)
    throw BadInput(flag + ": more than " + std::to_string(most_characters) + " characters");
  if (std::regex_match(text, part, fraction) && decimal(part[3]) != 0)
    return {.negative = part[1] == "-", .numerator = decimal(part[2]), .denominator = decimal(part[3])};
  if (!std::regex_match(text, part, number) || part[2].length() + part[3].length() == 0)
    throw BadInput(flag + ": \"" + text + "\" is neither a decimal number nor a fraction such as 1/3");
  const int exponent = (part[4].matched ? std::stoi(part[4]) : 0) - static_cast<int>(part[3].length());
  return {.negative = part[1] == "-",
          .numerator = decimal(part[2].str() + part[3].str()) * power_of_ten(std::max(exponent, 0)),
          .denominator = power_of_ten(std::max(-exponent, 0))};
}

}  // namespace mxemu::cli
