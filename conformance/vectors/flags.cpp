#include "conformance/vectors/flags.hpp"

#include <bitset>

#include "conformance/vectors/expectation.hpp"
#include "reference/block.hpp"
#include "reference/element.hpp"
#include "reference/rounding.hpp"
#include "reference/scale.hpp"

namespace mxemu::conformance::vectors {
namespace {

using reference::Value;

constexpr int sticky_places = 9;

class FlagFinder {
 public:
  FlagFinder(const Cases& cases, const Answers& answers, std::size_t index)
      : cases_(cases),
        answers_(answers),
        index_(index),
        element_(cases.request.element_format()),
        type_(spec::format_of(cases.type())) {}

  std::vector<Flag> find() {
    find_in_shape();
    for (std::size_t i = 0; i < cases_.elements; ++i) {
      const std::size_t element = index_ * cases_.elements + i;
      if (takes_numbers(cases_.operation)) find_in_number(element);
      if (takes_codes(cases_.operation)) find_in_code(element);
    }
    if (gives_scale(cases_.operation)) find_in_scale();
    std::vector<Flag> flags;
    for (const auto& word : spec::words<Flag>)
      if (set_[static_cast<std::size_t>(word.value)]) flags.push_back(word.value);
    return flags;
  }

 private:
  void set(Flag flag, bool condition = true) {
    if (condition) set_.set(static_cast<std::size_t>(flag));
  }

  std::uint8_t scale_code() const {
    if (takes_scale(cases_.operation)) return cases_.scales[index_];
    if (gives_scale(cases_.operation)) return answers_.scales[index_];
    return static_cast<std::uint8_t>(cases_.request.scale_format().bias);
  }
  bool scale_is_nan() const { return scale_code() == cases_.request.scale_format().nan_code; }

  void find_in_shape() {
    const bool is_block = gives_scale(cases_.operation) || takes_scale(cases_.operation);
    set(Flag::Tail, is_block && cases_.elements < static_cast<std::size_t>(cases_.request.block_size));
    set(Flag::NanScale, takes_scale(cases_.operation) && scale_is_nan());
    set(Flag::NanBlock, gives_scale(cases_.operation) && scale_is_nan());
  }

  void find_in_value(const Value& value) {
    set(Flag::NanInput, value.is_nan());
    set(Flag::InfInput, value.is_infinite());
    set(Flag::NegativeZero, value.is_zero() && value.negative);
  }

  void find_in_number(std::size_t element) {
    const Value value = reference::decode_float(type_, cases_.numbers.at(element));
    find_in_value(value);
    set(Flag::SubnormalInput, reference::is_subnormal(type_, value));
    set(Flag::Silent, gives_scale(cases_.operation) && !value.is_finite());
    if (!gives_codes(cases_.operation)) return;
    set(Flag::Free, expected_code(cases_, answers_, element).kind != Expectation::Kind::Exactly);
    if (value.is_finite() && !scale_is_nan()) find_in_rounding(value, element);
  }

  void find_in_rounding(const Value& value, std::size_t element) {
    const Value scale = reference::decode_scale(cases_.request.scale_format(), scale_code());
    const auto position = reference::locate_element(element_, value.magnitude, scale.magnitude);
    const Value chosen = reference::decode_element(element_, answers_.codes[element]);
    const std::uint32_t word = cases_.random_words.empty() ? 0 : cases_.random_words[element];
    const bool up = reference::rounds_up(position, cases_.request.rounding, value.negative, word);
    const reference::Exact rounded = {position.below + (up ? 1 : 0), position.quantum_exponent};
    set(Flag::Tie, position.is_tie());
    set(Flag::Sticky, is_sticky(position));
    set(Flag::RoundsUp, up);
    set(Flag::Carry, up && is_power_of_two(rounded));
    set(Flag::Saturates, chosen.is_finite() && rounded > chosen.magnitude &&
                             chosen.magnitude >= reference::max_normal(element_));
    set(Flag::Overflows, !chosen.is_finite());
    set(Flag::Underflows, chosen.is_zero() && !value.is_zero());
    set(Flag::SubnormalCode, is_subnormal_code(answers_.codes[element]));
  }

  static bool is_power_of_two(const reference::Exact& number) {
    return !number.is_zero() && number == reference::power_of_two(reference::floor_log2(number));
  }

  static bool is_sticky(const reference::GridPosition& position) {
    if (position.is_exact() || position.is_tie()) return false;
    // The distance to the nearest half of a step, in units of the step's 2 * whole parts.
    const reference::Integer parts = 2 * position.remainder % position.whole;
    const reference::Integer rest = position.whole - parts;
    return (parts < rest ? parts : rest) << sticky_places < 2 * position.whole;
  }

  bool is_subnormal_code(std::uint8_t code) const {
    const int magnitude = code & element_.magnitude_mask;
    return element_.encoding == spec::Encoding::SignMagnitude && magnitude > 0 &&
           magnitude < element_.min_normal_code;
  }

  void find_in_code(std::size_t element) {
    const std::uint8_t code = cases_.codes[element];
    find_in_value(reference::decode_element(element_, code));
    set(Flag::SubnormalCode, is_subnormal_code(code));
    const Value number = reference::decode_float(type_, answers_.numbers.at(element));
    set(Flag::SubnormalOutput, reference::is_subnormal(type_, number));
    const Expectation expectation = expected_number(cases_, answers_, element);
    set(Flag::Free, expectation.kind != Expectation::Kind::Exactly);
    set(Flag::Overflows, expectation.kind == Expectation::Kind::Anything);
  }

  void find_in_scale() {
    const bool is_zero = expected_scale(cases_, answers_, index_).kind == Expectation::Kind::AnyScale;
    set(Flag::ZeroBlock, is_zero);
    set(Flag::Free, is_zero);
    std::vector<Value> values;
    for (std::size_t i = 0; i < cases_.elements; ++i)
      values.push_back(reference::decode_float(type_, cases_.numbers.at(index_ * cases_.elements + i)));
    const auto maximum = reference::block_maximum(cases_.request.policy, values);
    if (is_zero || maximum.poisoned || maximum.infinite || maximum.magnitude.is_zero()) return;
    const int exponent = reference::scale_exponent(cases_.request.scale_rule, element_, maximum.magnitude);
    set(Flag::ScaleClampedLow, exponent < cases_.request.scale_format().emin);
    set(Flag::ScaleClampedHigh, exponent > cases_.request.scale_format().emax);
  }

  const Cases& cases_;
  const Answers& answers_;
  std::size_t index_;
  const spec::ElementFormat& element_;
  const spec::FloatFormat& type_;
  std::bitset<std::size(spec::words<Flag>)> set_;
};

}  // namespace

std::vector<Flag> flags_of(const Cases& cases, const Answers& answers, std::size_t index) {
  return FlagFinder(cases, answers, index).find();
}

}  // namespace mxemu::conformance::vectors
