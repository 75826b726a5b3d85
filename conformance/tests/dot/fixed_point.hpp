// Dot products of one block pair in 128-bit fixed point: nothing of the reference's arithmetic, nor of the
// rows of the specification, takes part.
#pragma once

#include <cstdint>
#include <span>

#include "spec/operand.hpp"

namespace mxemu::dot_test {

__extension__ typedef __int128 Wide;
__extension__ typedef unsigned __int128 UnsignedWide;

/// An element in units of 2^-16, or what it is instead.
struct FixedElement {
  std::int64_t units = 0;
  bool nan = false;
  int infinity = 0;  ///< its sign
};

FixedElement fixed_element(spec::OperandType type, std::uint8_t code);

/// n * 2^exponent as float32 bits, roundTiesToEven; zero is +0, underflow keeps the sign.
std::uint32_t float32_of(Wide n, int exponent);

/// X_A X_B times the sum of P_A P_B rounded once to float32.
std::uint32_t fixed_point_dot(spec::OperandType type_a, std::uint8_t scale_a, std::span<const std::uint8_t> a,
                              spec::OperandType type_b, std::uint8_t scale_b,
                              std::span<const std::uint8_t> b);

}  // namespace mxemu::dot_test
