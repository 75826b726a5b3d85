#include "conformance/dot/dot_check.hpp"

#include <algorithm>

#include "conformance/dot/dot_numbers.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t block_size = 32;

}  // namespace

std::vector<const DotCheck*> every_dot_check() {
  std::vector<const DotCheck*> all;
  for (const auto& group : {dot_special_checks(), dot_edge_checks(), dot_sum_checks()})
    for (const DotCheck& check : group) all.push_back(&check);
  std::stable_sort(all.begin(), all.end(),
                   [](const DotCheck* x, const DotCheck* y) { return x->requirement < y->requirement; });
  return all;
}

DotCases empty_dots(const DotCapability& pair, std::size_t elements) {
  return {.a_operand = pair.a, .b_operand = pair.b, .output = pair.output, .elements = elements};
}

DotBuilder::DotBuilder(const DotCapability& pair, std::size_t elements)
    : pair_(pair),
      a_{std::vector<std::uint32_t>(elements), {}},
      b_{std::vector<std::uint32_t>(elements), {}},
      a_scales_((elements + block_size - 1) / block_size, scale_one),
      b_scales_(a_scales_) {}

int DotBuilder::lowest() const {
  return lowest_power(pair_.a.type) + lowest_power(pair_.b.type);
}
int DotBuilder::highest() const {
  return highest_power(pair_.a.type) + highest_power(pair_.b.type);
}

DotBuilder& DotBuilder::power(std::size_t index, int exponent, bool negative) {
  exponent = std::clamp(exponent, lowest(), highest());
  const int wanted = exponent / 2;
  int a = std::clamp(wanted, lowest_power(pair_.a.type), highest_power(pair_.a.type));
  const int b = std::clamp(exponent - a, lowest_power(pair_.b.type), highest_power(pair_.b.type));
  a = exponent - b;
  return codes(index, power_code(pair_.a.type, a, negative), power_code(pair_.b.type, b));
}

DotBuilder& DotBuilder::codes(std::size_t index, std::uint32_t a, std::uint32_t b) {
  a_.codes[index] = a;
  b_.codes[index] = b;
  return *this;
}

DotBuilder& DotBuilder::random(Random& random) {
  for (std::size_t i = 0; i < elements(); ++i) {
    const std::uint32_t a = random_code(pair_.a.type, random);
    codes(i, a, random_code(pair_.b.type, random));
  }
  return *this;
}

DotBuilder& DotBuilder::scales(std::size_t block, std::uint8_t a, std::uint8_t b) {
  a_scales_[block] = a;
  b_scales_[block] = b;
  return *this;
}

DotBuilder& DotBuilder::c(std::uint32_t code) {
  c_ = code;
  return *this;
}

DotBuilder& DotBuilder::c_power(int exponent, bool negative) {
  const spec::FloatFormat& format = spec::format_of(pair_.output);
  const int clamped = std::clamp(exponent, format.emin, format.emax);
  c_ = static_cast<std::uint32_t>(clamped + format.bias) << format.mantissa_bits;
  if (negative) c_ |= static_cast<std::uint32_t>(format.sign_mask());
  return *this;
}

void DotBuilder::swap_elements(std::size_t i, std::size_t j) {
  std::swap(a_.codes[i], a_.codes[j]);
  std::swap(b_.codes[i], b_.codes[j]);
}

void DotBuilder::swap_blocks(std::size_t i, std::size_t j) {
  for (std::size_t k = 0; k < block_size; ++k) swap_elements(i * block_size + k, j * block_size + k);
  std::swap(a_scales_[i], a_scales_[j]);
  std::swap(b_scales_[i], b_scales_[j]);
}

void DotBuilder::append_to(DotCases& cases) const {
  append(cases, {a_.codes, pair_.a.scaled ? a_scales_ : std::vector<std::uint8_t>()},
         {b_.codes, pair_.b.scaled ? b_scales_ : std::vector<std::uint8_t>()}, c_);
}

}  // namespace mxemu::conformance
