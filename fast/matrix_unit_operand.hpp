// Operands of matrix units, decoded: the value as a double, and the exponent that it brings to an alignment.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

#include "fast/host_device.hpp"
#include "spec/dot_request.hpp"

namespace mxemu::fast {

/// Of Inf and NaN: larger than any sum of two exponents and two scales.
inline constexpr int special_exponent = 4096;

struct UnitOperand {
  double value;
  int exponent;  ///< e(x) of spec/fused_adder.hpp, or special_exponent
};

/// 2^exponent, for exponents of normal doubles.
MXEMU_HOST constexpr double power_of_two(int exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(1023 + exponent) << 52);
}

/// A number of sign, exponent field and mantissa whose top field is Inf and NaN if `has_special`.
MXEMU_HOST constexpr UnitOperand decode_fields(int exponent_bits, int mantissa_bits, int bias,
                                               bool has_special, std::uint32_t bits) {
  const std::uint32_t mantissa = bits & ((1u << mantissa_bits) - 1);
  const std::uint32_t top = (1u << exponent_bits) - 1;
  const std::uint32_t field = bits >> mantissa_bits & top;
  const std::uint32_t significand = mantissa | (field != 0 ? 1u << mantissa_bits : 0);
  const int exponent = static_cast<int>(field != 0 ? field : 1) - bias;
  const double magnitude =
      static_cast<double>(static_cast<std::int32_t>(significand)) * power_of_two(exponent - mantissa_bits);
  const bool special = has_special && field == top;
  const double unsigned_value = !special        ? magnitude
                                : mantissa == 0 ? std::numeric_limits<double>::infinity()
                                                : std::numeric_limits<double>::quiet_NaN();
  const bool negative = (bits >> (exponent_bits + mantissa_bits) & 1) != 0;
  return {negative ? -unsigned_value : unsigned_value, special            ? special_exponent
                                                       : significand == 0 ? spec::zero_exponent_value
                                                                          : exponent};
}

/// A floating-point number. `tf32`: without its 13 low bits.
MXEMU_HOST constexpr UnitOperand decode_float(const spec::FloatFormat& format, bool tf32,
                                              std::uint32_t bits) {
  return decode_fields(format.exponent_bits, format.mantissa_bits, format.bias, true,
                       tf32 ? bits & ~0x1fffu : bits);
}

/// One operand per byte: bits beyond the width of a code are ignored.
struct UnitOperands {
  UnitOperand at[256];
};

/// Indexed by ElementType, up to INT8, which no accumulator takes that sums as a matrix unit.
extern const UnitOperands unit_operands[5];

}  // namespace mxemu::fast
