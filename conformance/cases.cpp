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
  if (takes_scale(operation) && !is_tensor(operation)) return scales.size();
  return takes_numbers(operation) ? numbers.size() / elements : codes.size() / taken().codes;
}

ArraySizes Cases::taken() const {
  if (!is_tensor(operation))
    return {takes_numbers(operation) ? elements : 0, takes_codes(operation) ? elements : 0,
            takes_scale(operation) ? std::size_t{1} : 0};
  if (operation == Operation::QuantizeTensor) return {elements, 0, 0};
  if (operation == Operation::Pack) return {0, elements, block_count(storage, request)};
  return {0, stored_code_bytes(storage, request), stored_scale_bytes(storage, request)};
}

ArraySizes Cases::given() const {
  if (!is_tensor(operation))
    return {gives_numbers(operation) ? elements : 0, gives_codes(operation) ? elements : 0,
            gives_scale(operation) ? std::size_t{1} : 0};
  if (operation == Operation::DequantizeTensor) return {elements, 0, 0};
  if (operation == Operation::Unpack) return {0, elements, block_count(storage, request)};
  return {0, stored_code_bytes(storage, request), stored_scale_bytes(storage, request)};
}

std::size_t Cases::shortest_block() const {
  if (!is_tensor(operation)) return elements;
  const auto block = static_cast<std::size_t>(request.block_size);
  const auto length =
      static_cast<std::size_t>(storage.geometry.shape[static_cast<std::size_t>(storage.axis())]);
  return length % block == 0 ? block : length % block;
}

Answers make_answers(const Cases& cases) {
  const std::size_t count = cases.count();
  const ArraySizes given = cases.given();
  Answers answers;
  if (gives_numbers(cases.operation)) answers.numbers = Numbers(cases.type(), count * given.numbers);
  answers.codes.resize(count * given.codes);
  answers.scales.resize(count * given.scales);
  return answers;
}

}  // namespace mxemu::conformance
