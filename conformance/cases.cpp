#include "conformance/cases.hpp"

#include <cstring>

namespace mxemu::conformance {

std::uint64_t Numbers::at(std::size_t index) const {
  std::uint64_t bits = 0;
  for (std::size_t byte = width(); byte-- > 0;)
    bits = bits << 8 | std::to_integer<std::uint64_t>(bytes_[index * width() + byte]);
  return bits;
}

void Numbers::set(std::size_t index, std::uint64_t bits) {
  for (std::size_t byte = 0; byte < width(); ++byte)
    bytes_[index * width() + byte] = static_cast<std::byte>(bits >> (8 * byte));
}

void Numbers::push_back(std::uint64_t bits) {
  bytes_.resize(bytes_.size() + width());
  set(size() - 1, bits);
}

std::size_t Cases::count() const {
  if (takes_scale(operation)) return scales.size();
  return (takes_numbers(operation) ? numbers.size() : codes.size()) / elements;
}

Answers make_answers(const Cases& cases) {
  const std::size_t count = cases.count();
  const std::size_t elements = count * cases.elements;
  Answers answers;
  if (gives_numbers(cases.operation)) answers.numbers = Numbers(cases.type(), elements);
  if (gives_codes(cases.operation)) answers.codes.resize(elements);
  if (gives_scale(cases.operation)) answers.scales.resize(count);
  return answers;
}

}  // namespace mxemu::conformance
