#include "conformance/vectors/explanation.hpp"

#include "conformance/describe.hpp"
#include "conformance/device/answer_text.hpp"
#include "conformance/device/request_text.hpp"
#include "reference/block.hpp"
#include "reference/element.hpp"
#include "reference/scale.hpp"

namespace mxemu::conformance::vectors {
namespace {

using reference::Value;

constexpr std::size_t longest_question = 400;

std::string describe_scale(const Cases& one, std::uint8_t code) {
  const Value scale = reference::decode_scale(one.request.scale_format(), code, one.request.policy);
  if (scale.is_nan() || scale.is_zero()) return hex(code, 2) + " = " + describe(scale);
  return hex(code, 2) + " = " + describe_power(scale.magnitude);
}

std::string describe_code(const Cases& one, std::uint64_t bits) {
  const spec::ElementFormat& format = one.request.element_format();
  const auto code = static_cast<std::uint8_t>(bits);
  return hex_code(format, code) + "  " + describe_fields(format, code) + "  " +
         describe(reference::decode_element(format, code));
}

std::string describe_number(const Cases& one, std::uint64_t bits) {
  const spec::FloatFormat& type = spec::format_of(one.type());
  return hex(bits, type.bits / 4) + "  " + hex_float(type, bits) + "  " +
         describe(reference::decode_float(type, bits));
}

std::string describe_word(const Cases& one, const Difference& difference, std::uint64_t bits) {
  if (!difference.lane) return describe_scale(one, static_cast<std::uint8_t>(bits));
  return gives_codes(one.operation) ? describe_code(one, bits) : describe_number(one, bits);
}

std::string describe_expected(const Cases& one, const Difference& difference) {
  switch (difference.expected.kind) {
    case Expectation::Kind::Exactly: return describe_word(one, difference, difference.expected.bits);
    case Expectation::Kind::AnyNan: return "any NaN";
    case Expectation::Kind::AnyScale: return "any scale but NaN, since every number is zero";
    case Expectation::Kind::Anything: return "anything";
    case Expectation::Kind::OneOf: break;
  }
  std::string text;
  for (const std::uint64_t bits : difference.expected.allowed)
    text += (text.empty() ? "" : ", or ") + describe_word(one, difference, bits);
  return text;
}

std::string describe_amax(const Cases& one) {
  std::vector<Value> values;
  for (std::size_t i = 0; i < one.elements; ++i)
    values.push_back(reference::decode_float(spec::format_of(one.type()), one.numbers.at(i)));
  const auto maximum = reference::block_maximum(one.request.policy, values);
  if (maximum.poisoned) return "a NaN or an Inf poisons the block";
  if (maximum.infinite) return "a NaN or an Inf counts as an infinite amax";
  return "amax is " + describe(maximum.magnitude);
}

std::uint8_t scale_of(const Cases& one, const Answers& exact) {
  if (takes_scale(one.operation)) return one.scales[0];
  if (gives_scale(one.operation)) return exact.scales[0];
  return static_cast<std::uint8_t>(one.request.scale_format().bias);
}

/// The lines between the question and the answer: input, scale, decision.
std::string describe_arithmetic(const Cases& one, const Answers& exact, const Difference& difference) {
  if (!difference.lane) return "  block     " + describe_amax(one) + "\n";
  const std::size_t lane = *difference.lane;
  const std::uint8_t scale_code = scale_of(one, exact);
  std::string text = "  input     " +
                     (takes_numbers(one.operation) ? describe_number(one, one.numbers.at(lane))
                                                   : describe_code(one, one.codes[lane])) +
                     "\n  scale     " + describe_scale(one, scale_code) + "\n";
  if (!gives_codes(one.operation)) return text;
  const Value scale = reference::decode_scale(one.request.scale_format(), scale_code);
  if (scale.is_nan()) return text;
  const auto value = reference::decode_float(spec::format_of(one.type()), one.numbers.at(lane));
  const std::uint32_t word = one.random_words.empty() ? 0 : one.random_words[lane];
  return text + "  scaled    " +
         describe_decision(one.request, value, scale.magnitude, exact.codes[lane], word) + "\n";
}

}  // namespace

std::string explain_differences(const std::string& label, const Cases& one, const Answers& exact,
                                const std::vector<Difference>& differences, bool silent) {
  const Difference& first = differences.front();
  std::string text = "FAILED " + label + "\n  request   " + request_text(one) + "\n  where     ";
  text += first.lane ? "element " + std::to_string(*first.lane) + " of " + std::to_string(one.elements)
                     : std::string("the scale");
  const std::size_t words =
      (gives_scale(one.operation) ? 1 : 0) + (one.operation == Operation::Scale ? 0 : one.elements);
  text += "   (" + std::to_string(differences.size()) + " of " + std::to_string(words) +
          (words == 1 ? " word differs)\n" : " words differ)\n");
  text += describe_arithmetic(one, exact, first);
  text += "  expected  " + describe_expected(one, first) + "\n";
  text += "  got       " + describe_word(one, first, first.got) + "\n";
  if (silent) text += "  standard  silent about NaN and Inf in a block; this is what the profile chooses\n";
  const std::string question = CaseWriter(one).line(0);
  return text + "  question  " + quoted(question, longest_question) + "\n";
}

}  // namespace mxemu::conformance::vectors
