#include "conformance/vectors/expectation.hpp"

#include <algorithm>

#include "conformance/describe.hpp"
#include "conformance/device/hex_words.hpp"
#include "reference/element.hpp"
#include "reference/scale.hpp"

namespace mxemu::conformance::vectors {
namespace {

using Kind = Expectation::Kind;

reference::Value number_at(const Cases& cases, std::size_t element) {
  return reference::decode_float(spec::format_of(cases.type()), cases.numbers.at(element));
}

/// The scale that an element of a case stands under: given, chosen, or 1.
std::uint8_t scale_of(const Cases& cases, const Answers& answers, std::size_t element) {
  const std::size_t index = element / cases.elements;
  if (takes_scale(cases.operation)) return cases.scales[index];
  if (gives_scale(cases.operation)) return answers.scales[index];
  return static_cast<std::uint8_t>(cases.request.scale_format().bias);
}

bool counts_as_zero(const Cases& cases, std::size_t element) {
  const reference::Value value = number_at(cases, element);
  const bool flushed = cases.request.policy.subnormal_input == spec::SubnormalInput::FlushToZero &&
                       reference::is_subnormal(spec::format_of(cases.type()), value);
  return value.is_zero() || flushed;
}

/// MX 5.3.4: the code of -2 may be left unused; then the number next to it stands for all below.
bool is_below_int8_range(const Cases& cases, std::uint8_t scale, std::size_t element) {
  const spec::ElementFormat& format = cases.request.element_format();
  const reference::Value value = number_at(cases, element);
  if (format.encoding != spec::Encoding::TwosComplement || !value.negative || value.is_nan()) return false;
  spec::Policy policy = cases.request.policy;
  policy.int8_minimum = spec::Int8Minimum::Used;
  const reference::Value divisor = reference::decode_scale(cases.request.scale_format(), scale);
  const std::uint32_t word = cases.random_words.empty() ? 0 : cases.random_words[element];
  return reference::encode_element(format, value, divisor.magnitude, cases.request.rounding, policy, word) ==
         format.sign_mask;
}

bool is_nan_number(const spec::FloatFormat& format, std::uint64_t bits) {
  return (bits & (format.sign_mask() - 1)) > format.infinity_bits();
}

bool is_one_of(const Expectation& expectation, std::uint64_t got) {
  return std::find(expectation.allowed.begin(), expectation.allowed.end(), got) != expectation.allowed.end();
}

/// All kinds but a NaN, which each kind of word spells in its own way.
bool accepts(const Expectation& expectation, std::uint64_t got, bool got_is_nan) {
  switch (expectation.kind) {
    case Kind::Exactly: return got == expectation.bits;
    case Kind::AnyNan: return got_is_nan;
    case Kind::AnyScale: return !got_is_nan;
    case Kind::OneOf: return is_one_of(expectation, got);
    case Kind::Anything: return true;
  }
  return false;
}

}  // namespace

Expectation expected_scale(const Cases& cases, const Answers& answers, std::size_t index) {
  const std::uint8_t scale = answers.scales[index];
  if (scale == cases.request.scale_format().nan_code) return {Kind::Exactly, scale, {}};
  for (std::size_t i = 0; i < cases.elements; ++i)
    if (!counts_as_zero(cases, index * cases.elements + i)) return {Kind::Exactly, scale, {}};
  return {Kind::AnyScale, scale, {}};
}

Expectation expected_code(const Cases& cases, const Answers& answers, std::size_t element) {
  const spec::ElementFormat& format = cases.request.element_format();
  const std::uint8_t code = answers.codes[element];
  const std::uint8_t scale = scale_of(cases, answers, element);
  if (scale == cases.request.scale_format().nan_code) return {Kind::Anything, code, {}};
  if (reference::decode_element(format, code).is_nan()) return {Kind::AnyNan, code, {}};
  if (!format.has_nan() && number_at(cases, element).is_nan()) return {Kind::Anything, code, {}};
  if (is_below_int8_range(cases, scale, element)) {
    const std::uint64_t lowest = format.sign_mask;
    return {Kind::OneOf, code, {lowest, lowest + 1}};
  }
  return {Kind::Exactly, code, {}};
}

Expectation expected_number(const Cases& cases, const Answers& answers, std::size_t element) {
  const spec::FloatFormat& type = spec::format_of(cases.type());
  const std::uint64_t bits = answers.numbers.at(element);
  if (is_nan_number(type, bits)) return {Kind::AnyNan, bits, {}};
  const auto value = reference::decode_element(cases.request.element_format(), cases.codes[element]);
  const auto scale = reference::decode_scale(cases.request.scale_format(), scale_of(cases, answers, element),
                                             cases.request.policy);
  if (!value.is_finite() || !scale.is_finite()) return {Kind::Exactly, bits, {}};
  // MX 5.1: what a product beyond the output type becomes is the implementation's choice.
  const reference::Value product = {.negative = value.negative,
                                    .magnitude = reference::multiply(value.magnitude, scale.magnitude)};
  const bool overflows =
      (reference::encode_float(type, product) & (type.sign_mask() - 1)) == type.infinity_bits();
  return {overflows ? Kind::Anything : Kind::Exactly, bits, {}};
}

bool accepts_scale(const spec::ScaleFormat& format, const Expectation& expectation, std::uint64_t got) {
  return accepts(expectation, got, got == format.nan_code);
}

bool accepts_code(const spec::ElementFormat& format, const Expectation& expectation, std::uint64_t got) {
  return accepts(expectation, got,
                 reference::decode_element(format, static_cast<std::uint8_t>(got)).is_nan());
}

bool accepts_number(const spec::FloatFormat& format, const Expectation& expectation, std::uint64_t got) {
  return accepts(expectation, got, is_nan_number(format, got));
}

std::string spell_bits(std::uint64_t bits, int digits) {
  return hex(bits, digits).substr(2);
}

std::optional<std::uint64_t> parse_bits(std::string_view word, int digits) {
  if (word.size() != static_cast<std::size_t>(digits)) return std::nullopt;
  std::uint64_t bits = 0;
  for (const char digit : word) {
    if (hex_value(digit) == not_hexadecimal) return std::nullopt;
    bits = bits << 4 | hex_value(digit);
  }
  return bits;
}

std::string spell(const Expectation& expectation, int digits) {
  switch (expectation.kind) {
    case Kind::Exactly: return spell_bits(expectation.bits, digits);
    case Kind::AnyNan: return "nan";
    case Kind::AnyScale: return "number";
    case Kind::Anything: return "*";
    case Kind::OneOf: break;
  }
  std::string text;
  for (const std::uint64_t bits : expectation.allowed)
    text += (text.empty() ? "" : "|") + spell_bits(bits, digits);
  return text;
}

std::optional<Expectation> parse_expectation(std::string_view word, int digits) {
  if (word == "nan") return Expectation{Kind::AnyNan, 0, {}};
  if (word == "number") return Expectation{Kind::AnyScale, 0, {}};
  if (word == "*") return Expectation{Kind::Anything, 0, {}};
  Expectation expectation;
  for (std::size_t start = 0; start <= word.size();) {
    const std::size_t end = std::min(word.find('|', start), word.size());
    const auto bits = parse_bits(word.substr(start, end - start), digits);
    if (!bits) return std::nullopt;
    expectation.allowed.push_back(*bits);
    start = end + 1;
  }
  expectation.bits = expectation.allowed.front();
  if (expectation.allowed.size() == 1)
    expectation.allowed.clear();
  else
    expectation.kind = Kind::OneOf;
  return expectation;
}

}  // namespace mxemu::conformance::vectors
