#include "conformance/describe.hpp"

#include <algorithm>

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

/// The code of a magnitude that is a multiple of the quantum at `position`; -1 beyond the largest number.
int code_of_multiple(const spec::ElementFormat& format, const Integer& multiple, int quantum_exponent,
                     bool negative) {
  const Value value{.negative = negative, .magnitude = {multiple, quantum_exponent}};
  if (value.magnitude > reference::max_normal(format)) return -1;
  return reference::encode_element(format, value);
}

std::string describe_place(const spec::Request& request, const reference::GridPosition& position,
                           bool negative) {
  const spec::ElementFormat& format = request.element_format();
  const int below = code_of_multiple(format, position.below, position.quantum_exponent, negative);
  const int above = code_of_multiple(format, position.below + 1, position.quantum_exponent, negative);
  if (below < 0) return "beyond the largest number " + describe(reference::max_normal(format));
  if (position.is_exact()) return "exactly " + code_and_value(format, static_cast<std::uint8_t>(below));
  const std::string upper =
      above < 0 ? "the next step beyond the largest number, " +
                      describe(Value{.negative = negative,
                                     .magnitude = {position.below + 1, position.quantum_exponent}})
                : code_and_value(format, static_cast<std::uint8_t>(above));
  const std::string between =
      "between " + code_and_value(format, static_cast<std::uint8_t>(below)) + " and " + upper;
  if (!position.is_tie()) {
    const bool nearer_below = 2 * position.remainder < position.whole;
    return between + ", nearer to the " + (nearer_below ? "first" : "second");
  }
  const bool below_is_even = !boost::multiprecision::bit_test(position.below, 0);
  return "exactly halfway " + between + "; even is the " + (below_is_even ? "first" : "second");
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
  return n.significand.str() + "*2^" + std::to_string(n.exponent);
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
                              std::uint8_t code) {
  const spec::ElementFormat& format = request.element_format();
  const Value chosen = reference::decode_element(format, code);
  if (value.is_nan()) return "NaN becomes " + code_and_value(format, code);
  if (value.is_infinite()) return "Inf becomes " + code_and_value(format, code);
  const auto position = reference::locate_element(format, value.magnitude, scale);
  std::string text = value.negative && !value.is_zero() ? "-" : "";
  text += quotient(value.magnitude, scale) + ": " + describe_place(request, position, value.negative);
  if (!chosen.is_finite())
    text += "; overflow gives " + describe(chosen);
  else if (Exact{position.below, position.quantum_exponent} >= reference::max_normal(format) &&
           !position.is_exact())
    text += "; saturates";
  return text;
}

}  // namespace mxemu::conformance
