#include "conformance/checks/fill.hpp"

#include "conformance/checks/numbers.hpp"
#include "reference/scale.hpp"
#include "reference/value.hpp"

namespace mxemu::conformance {
namespace {

/// The numbers that leave the scale of a block with this anchor as it is.
std::vector<std::uint64_t> numbers_beside(const Target& target, std::uint64_t anchor, int scale,
                                          const std::vector<std::uint64_t>& numbers) {
  const std::uint64_t magnitude_mask = target.source().sign_mask() - 1;
  std::vector<std::uint64_t> kept;
  for (const std::uint64_t bits : numbers) {
    const std::uint64_t magnitude = bits & magnitude_mask;
    const bool keeps =
        magnitude <= anchor ||
        reference::shared_scale(target.request,
                                reference::decode_float(target.source(), magnitude).magnitude) == scale;
    if (keeps) kept.push_back(bits);
  }
  return kept;
}

void add_padded(Cases& cases, int scale, const std::vector<std::uint64_t>& numbers) {
  for (std::size_t first = 0; first < numbers.size(); first += cases.elements) {
    std::vector<std::uint64_t> block(cases.elements);
    for (std::size_t i = 0; i < block.size() && first + i < numbers.size(); ++i)
      block[i] = numbers[first + i];
    add_case(cases, block, scale);
  }
}

}  // namespace

Cases empty_cases(const Target& target, std::size_t elements) {
  return {.operation = target.operation,
          .request = target.request,
          .elements = elements == 0 ? target.block_size() : elements,
          .numbers = Numbers(target.type)};
}

void add_case(Cases& cases, std::span<const std::uint64_t> numbers, int scale) {
  for (const std::uint64_t bits : numbers) cases.numbers.push_back(bits);
  if (takes_scale(cases.operation)) cases.scales.push_back(static_cast<std::uint8_t>(scale));
}

void add_numbers_under(Cases& cases, const Target& target, int scale,
                       const std::vector<std::uint64_t>& numbers) {
  if (!gives_scale(target.operation)) return add_padded(cases, scale, numbers);
  const auto anchor = anchor_of(target, scale);
  if (!anchor) return;
  const std::vector<std::uint64_t> kept = numbers_beside(target, *anchor, scale, numbers);
  std::size_t next = 0;
  for (std::size_t block_index = 0; next < kept.size(); ++block_index) {
    std::vector<std::uint64_t> block(cases.elements);
    const std::size_t lane = block_index * 7 % cases.elements;
    for (std::size_t i = 0; i < block.size(); ++i)
      block[i] = i == lane ? *anchor : next < kept.size() ? kept[next++] : 0;
    add_case(cases, block, scale);
  }
}

}  // namespace mxemu::conformance
