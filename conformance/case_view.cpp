#include "conformance/case_view.hpp"

namespace mxemu::conformance {
namespace {

template <class T>
std::vector<T> cut(const std::vector<T>& items, std::size_t first, std::size_t count) {
  if (items.empty()) return {};
  const auto begin = items.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

Numbers cut(const Numbers& numbers, std::size_t first, std::size_t count) {
  Numbers result(numbers.type());
  const auto width = static_cast<std::size_t>(spec::format_of(numbers.type()).bytes());
  result.bytes() = cut(numbers.bytes(), first * width, count * width);
  return result;
}

template <class T>
void add(std::vector<T>& items, const std::vector<T>& more) {
  items.insert(items.end(), more.begin(), more.end());
}

}  // namespace

reference::Value number_at(const Cases& cases, std::size_t index) {
  const spec::FloatFormat& format = spec::format_of(cases.type());
  reference::Value value = reference::decode_float(format, cases.numbers.at(index));
  if (cases.request.policy.subnormal_input == spec::SubnormalInput::FlushToZero &&
      reference::is_subnormal(format, value))
    value.magnitude = {};
  return value;
}

std::vector<reference::Value> numbers_of(const Cases& cases, std::size_t case_index) {
  std::vector<reference::Value> values(cases.elements);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = number_at(cases, case_index * cases.elements + i);
  return values;
}

std::uint8_t scale_of(const Cases& cases, const Answers& answers, std::size_t case_index) {
  if (takes_scale(cases.operation)) return cases.scales[case_index];
  if (gives_scale(cases.operation)) return answers.scales[case_index];
  return static_cast<std::uint8_t>(cases.request.scale_format().bias);
}

Cases part_of(const Cases& cases, std::size_t first, std::size_t count) {
  const ArraySizes sizes = cases.taken();
  return {.operation = cases.operation,
          .request = cases.request,
          .elements = cases.elements,
          .numbers = cut(cases.numbers, first * sizes.numbers, count * sizes.numbers),
          .codes = cut(cases.codes, first * sizes.codes, count * sizes.codes),
          .scales = cut(cases.scales, first * sizes.scales, count * sizes.scales),
          .random_words = cut(cases.random_words, first * cases.elements, count * cases.elements),
          .storage = cases.storage};
}

Answers part_of(const Answers& answers, const Cases& cases, std::size_t first, std::size_t count) {
  const ArraySizes sizes = cases.given();
  return {.numbers = cut(answers.numbers, first * sizes.numbers, count * sizes.numbers),
          .codes = cut(answers.codes, first * sizes.codes, count * sizes.codes),
          .scales = cut(answers.scales, first * sizes.scales, count * sizes.scales),
          .unsupported = cut(answers.unsupported, first, count)};
}

void append(Cases& cases, const Cases& more) {
  add(cases.numbers.bytes(), more.numbers.bytes());
  add(cases.codes, more.codes);
  add(cases.scales, more.scales);
  add(cases.random_words, more.random_words);
}

void append(Answers& answers, const Answers& more) {
  add(answers.numbers.bytes(), more.numbers.bytes());
  add(answers.codes, more.codes);
  add(answers.scales, more.scales);
  add(answers.unsupported, more.unsupported);
}

}  // namespace mxemu::conformance
