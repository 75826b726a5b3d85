// The inputs on which code bases are compared: every boundary of a format, and many random numbers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "spec/element_format.hpp"
#include "spec/float_format.hpp"

namespace mxemu::conformance {

/// The bits of floating-point numbers of one type.
struct Inputs {
  spec::FloatType type;
  std::vector<std::uint64_t> bits;

  void append(const Inputs& more) { bits.insert(bits.end(), more.bits.begin(), more.bits.end()); }
};

/// The seed of random inputs: the environment's MXEMU_SEED, or 1. Printed once, before anything else.
std::uint64_t random_seed();

/// All bit patterns, without or with Inf and NaN. For types of at most 16 bits.
Inputs all_finite(spec::FloatType type);
Inputs all_patterns(spec::FloatType type);

/// Zero, every value of the element format, every midpoint, and what would come above the largest number;
/// each one with its neighbours in the source type, in both signs.
Inputs boundaries(const spec::ElementFormat& element, spec::FloatType type);

/// Every power of two that the type has, 1.5 times it, and their neighbours, in both signs.
Inputs powers_of_two(spec::FloatType type);

/// Inf and NaNs of both signs: quiet, signalling, and with each payload bit alone.
Inputs non_finite(spec::FloatType type);

/// Random bits; every second number has its exponent near the range of the element format. No Inf, no NaN.
Inputs random_finite(const spec::ElementFormat& element, spec::FloatType type, std::size_t count,
                     std::uint64_t seed);

}  // namespace mxemu::conformance
