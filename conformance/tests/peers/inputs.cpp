#include "conformance/tests/peers/inputs.hpp"

#include <bit>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <random>
#include <stdexcept>

#include "conformance/tests/peers/host_number.hpp"

namespace mxemu::conformance {
namespace {

/// The bits of a positive number that float32 and float64 hold exactly.
std::uint64_t bits_of(spec::FloatType type, double value) {
  if (type == spec::FloatType::Float64) return std::bit_cast<std::uint64_t>(value);
  if (type == spec::FloatType::Float32) return std::bit_cast<std::uint32_t>(static_cast<float>(value));
  throw std::invalid_argument("boundaries are made for f32 and f64");
}

void add_with_neighbours(Inputs& inputs, double value) {
  const spec::FloatFormat format = spec::format_of(inputs.type);
  const std::uint64_t bits = bits_of(inputs.type, value);
  for (const std::uint64_t sign : {std::uint64_t{0}, format.sign_mask()}) {
    if (bits > 0) inputs.bits.push_back(sign | (bits - 1));
    inputs.bits.push_back(sign | bits);
    if (bits + 1 < format.infinity_bits()) inputs.bits.push_back(sign | (bits + 1));
  }
}

}  // namespace

std::uint64_t random_seed() {
  static const std::uint64_t seed = [] {
    const char* given = std::getenv("MXEMU_SEED");
    const std::uint64_t chosen = given ? std::strtoull(given, nullptr, 0) : 1;
    std::cout << "seed " << chosen << " (MXEMU_SEED)" << std::endl;
    return chosen;
  }();
  return seed;
}

Inputs all_finite(spec::FloatType type) {
  const spec::FloatFormat format = spec::format_of(type);
  Inputs inputs{type, {}};
  for (std::uint64_t magnitude = 0; magnitude < format.infinity_bits(); ++magnitude) {
    inputs.bits.push_back(magnitude);
    inputs.bits.push_back(format.sign_mask() | magnitude);
  }
  return inputs;
}

Inputs all_patterns(spec::FloatType type) {
  Inputs inputs{type, {}};
  for (std::uint64_t bits = 0; bits >> spec::format_of(type).bits == 0; ++bits) inputs.bits.push_back(bits);
  return inputs;
}

Inputs boundaries(const spec::ElementFormat& element, spec::FloatType type) {
  Inputs inputs{type, {}};
  for (int code = 0; code <= element.magnitude_mask + 1; ++code) {
    const double value = magnitude_of(element, code);
    add_with_neighbours(inputs, value);
    add_with_neighbours(inputs, (value + magnitude_of(element, code + 1)) / 2);
  }
  return inputs;
}

Inputs powers_of_two(spec::FloatType type) {
  const spec::FloatFormat format = spec::format_of(type);
  Inputs inputs{type, {}};
  for (int exponent = format.emin - format.mantissa_bits; exponent <= format.emax; ++exponent) {
    add_with_neighbours(inputs, std::ldexp(1.0, exponent));
    if (exponent > format.emin - format.mantissa_bits) add_with_neighbours(inputs, std::ldexp(1.5, exponent));
  }
  return inputs;
}

Inputs non_finite(spec::FloatType type) {
  const spec::FloatFormat format = spec::format_of(type);
  Inputs inputs{type, {}};
  for (const std::uint64_t sign : {std::uint64_t{0}, format.sign_mask()}) {
    inputs.bits.push_back(sign | format.infinity_bits());
    inputs.bits.push_back(sign | (format.sign_mask() - 1));
    for (int bit = 0; bit < format.mantissa_bits; ++bit)
      inputs.bits.push_back(sign | format.infinity_bits() | std::uint64_t{1} << bit);
  }
  return inputs;
}

Inputs random_finite(const spec::ElementFormat& element, spec::FloatType type, std::size_t count,
                     std::uint64_t seed) {
  const spec::FloatFormat format = spec::format_of(type);
  // From well below half the smallest number of the format to well above the largest.
  const int lowest = std::max(element.emin - element.mantissa_bits - 4, format.emin);
  const int highest = std::min(element.emax + 4, format.emax);
  std::mt19937_64 random(seed);
  Inputs inputs{type, {}};
  inputs.bits.reserve(count);
  while (inputs.bits.size() < count) {
    std::uint64_t bits = random() >> (64 - format.bits);
    if (inputs.bits.size() % 2 == 1) {
      const auto field = static_cast<std::uint64_t>(format.bias + lowest) +
                         random() % static_cast<std::uint64_t>(highest - lowest + 1);
      bits = (bits & ~format.infinity_bits()) | field << format.mantissa_bits;
    }
    if ((bits & format.infinity_bits()) != format.infinity_bits()) inputs.bits.push_back(bits);
  }
  return inputs;
}

}  // namespace mxemu::conformance
