#include "conformance/describe.hpp"

#include <cmath>
#include <cstdio>

#include "reference/element.hpp"

namespace mxemu::conformance {
namespace {

using reference::Exact;
using reference::Integer;
using reference::Value;

constexpr int longest_plain_number = 20;  // characters; longer numbers read better as n * 2^e
constexpr int longest_plain_integer_bits = 64;

/// The same number with an odd significand, or 0 * 2^0.
Exact normalized(Exact number) {
  if (number.is_zero()) return {};
  const auto zeros = boost::multiprecision::lsb(number.significand);
  return {number.significand >> zeros, number.exponent + static_cast<int>(zeros)};
}

/// A fraction with denominator 2^places in decimal: n / 2^p = n * 5^p / 10^p.
std::string decimal_fraction(const Integer& numerator, int places) {
  std::string digits = Integer(numerator * pow(Integer(5), static_cast<unsigned>(places))).str();
  const auto width = static_cast<std::size_t>(places);
  if (digits.size() <= width) digits.insert(0, width + 1 - digits.size(), '0');
  return digits.insert(digits.size() - width, ".");
}

/// " (about 1.9999)", or nothing where a double cannot hold the number.
std::string approximation(const Exact& number) {
  const double about = std::ldexp(static_cast<double>(number.significand), number.exponent);
  if (about == 0 || std::isinf(about)) return "";
  char text[48];
  std::snprintf(text, sizeof text, " (about %.6g)", about);
  return text;
}

std::string quotient(const Exact& magnitude, const Exact& scale) {
  // Power-of-two scales divide exactly; others are left as a quotient.
  const Exact divisor = normalized(scale);
  if (divisor.significand == 1)
    return describe(Exact{magnitude.significand, magnitude.exponent - divisor.exponent});
  return describe(magnitude) + " / " + describe(scale);
}

std::string code_and_value(const spec::ElementFormat& format, std::uint8_t code) {
  return hex_code(format, code) + " (" + describe(reference::decode_element(format, code)) + ")";
}

/// A neighbour on the grid: its code and value, or its value alone when it lies beyond the format's numbers.
std::string describe_neighbour(const spec::Request& request, const Integer& multiple, int quantum_exponent,
                               bool negative) {
  const spec::ElementFormat& format = request.element_format();
  const Value value{.negative = negative, .magnitude = {multiple, quantum_exponent}};
  const std::uint8_t code = reference::encode_element(format, value, {}, request.policy);
  const Value represented = reference::decode_element(format, code);
  const bool is_number = represented.is_finite() && represented.magnitude == value.magnitude;
  return is_number ? code_and_value(format, code) : describe(value) + " (beyond the largest number)";
}

/// Which neighbour the rounding takes when the nearer one does not say.
std::string describe_rounding(const spec::Request& request, const reference::GridPosition& position,
                              std::uint32_t random_word, bool up) {
  const std::string taken = up ? "the second" : "the first";
  switch (request.rounding.mode) {
    case spec::RoundingMode::NearestEven: return position.is_tie() ? "; even is " + taken : "";
    case spec::RoundingMode::NearestAway:
    case spec::RoundingMode::NearestTowardZero:
      return position.is_tie() ? std::string("; ") + spec::name_of(request.rounding.mode) + " takes " + taken
                               : "";
    case spec::RoundingMode::TowardZero:
    case spec::RoundingMode::Up:
    case spec::RoundingMode::Down:
      return std::string("; ") + spec::name_of(request.rounding.mode) + " takes " + taken;
    case spec::RoundingMode::Stochastic: {
      const int bits = request.rounding.random_bits;
      const std::uint64_t random = random_word & (~std::uint32_t{0} >> (32 - bits));
      return "; a fraction of " + position.remainder.str() + "/" + position.whole.str() + " and " +
             std::to_string(random) + "/2^" + std::to_string(bits) + (up ? " reach" : " do not reach") +
             " 1: " + taken;
    }
  }
  return "";
}

std::string describe_place(const spec::Request& request, const reference::GridPosition& position,
                           bool negative, std::uint32_t random_word, bool up) {
  const std::string below = describe_neighbour(request, position.below, position.quantum_exponent, negative);
  if (position.is_exact()) return "exactly " + below;
  const std::string above =
      describe_neighbour(request, position.below + 1, position.quantum_exponent, negative);
  const bool nearer_below = 2 * position.remainder < position.whole;
  const std::string between = "between " + below + " and " + above;
  const std::string rounding = describe_rounding(request, position, random_word, up);
  if (position.is_tie()) return "exactly halfway " + between + rounding;
  return between + ", nearer to the " + (nearer_below ? "first" : "second") + rounding;
}

}  // namespace

std::string hex(std::uint64_t bits, int digits) {
  std::string text = "0x";
  for (int digit = digits - 1; digit >= 0; --digit) text += "0123456789abcdef"[bits >> 4 * digit & 0xf];
  return text;
}

std::string hex_code(const spec::ElementFormat& format, std::uint8_t code) {
  return hex(code, (format.bits + 3) / 4);
}

std::string describe(const Exact& number) {
  const Exact n = normalized(number);
  if (n.exponent >= 0 && (n.is_zero() || reference::floor_log2(n) < longest_plain_integer_bits))
    return reference::in_units(n, 0).str();
  if (n.exponent < 0 && -n.exponent <= longest_plain_number) {
    const std::string text = decimal_fraction(n.significand, -n.exponent);
    if (text.size() <= static_cast<std::size_t>(longest_plain_number)) return text;
  }
  if (n.significand == 1) return "2^" + std::to_string(n.exponent);
  return n.significand.str() + "*2^" + std::to_string(n.exponent) + approximation(n);
}

std::string describe(const Value& value) {
  const std::string sign = value.negative ? "-" : "";
  if (value.is_nan()) return "NaN";
  return sign + (value.is_infinite() ? "Inf" : describe(value.magnitude));
}

std::string describe_power(const Exact& power) {
  return "2^" + std::to_string(reference::floor_log2(power));
}

std::string hex_float(const spec::FloatFormat& format, std::uint64_t bits) {
  const Value value = reference::decode_float(format, bits);
  if (!value.is_finite()) return describe(value);
  const std::string sign = value.negative ? "-" : "";
  if (value.is_zero()) return sign + "0x0p+0";
  const int exponent = reference::floor_log2(value.magnitude);
  // The fraction in whole hexadecimal digits: 52 bits hold that of every source format.
  const Integer significand = reference::in_units(value.magnitude, exponent - 52);
  std::string digits = hex(static_cast<std::uint64_t>(significand), 14).substr(3);
  digits.erase(digits.find_last_not_of('0') + 1);
  return sign + "0x1" + (digits.empty() ? "" : "." + digits) + "p" + (exponent < 0 ? "" : "+") +
         std::to_string(exponent);
}

std::string describe_fields(const spec::ElementFormat& format, std::uint8_t code) {
  if (format.encoding == spec::Encoding::TwosComplement)
    return "two's complement " + std::to_string(static_cast<std::int8_t>(code));
  const auto field = [&](int first, int count) {
    std::string text;
    for (int bit = first + count - 1; bit >= first; --bit) text += code >> bit & 1 ? '1' : '0';
    return text;
  };
  return "S" + field(format.bits - 1, 1) + " E" + field(format.mantissa_bits, format.exponent_bits) + " M" +
         field(0, format.mantissa_bits);
}

std::string describe_decision(const spec::Request& request, const Value& value, const Exact& scale,
                              std::uint8_t code, std::uint32_t random_word) {
  const spec::ElementFormat& format = request.element_format();
  if (value.is_nan()) return "NaN becomes " + code_and_value(format, code);
  if (value.is_infinite()) return "Inf becomes " + code_and_value(format, code);
  const auto position = reference::locate_element(format, value.magnitude, scale);
  const bool up = reference::rounds_up(position, request.rounding, value.negative, random_word);
  const Exact rounded{position.below + (up ? 1 : 0), position.quantum_exponent};
  const Value chosen = reference::decode_element(format, code);
  std::string text = value.negative ? "-" : "";
  text += quotient(value.magnitude, scale) + ": " +
          describe_place(request, position, value.negative, random_word, up);
  if (!chosen.is_finite()) return text + "; overflow gives " + describe(chosen);
  return text + (chosen.magnitude == rounded ? "" : "; saturates");
}

}  // namespace mxemu::conformance
