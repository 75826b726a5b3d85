// Codes of operands, chosen: powers of two, ends of ranges, what is no number.
#pragma once

#include <cstdint>
#include <optional>

#include "conformance/checks/check.hpp"
#include "spec/operand.hpp"

namespace mxemu::conformance {

/// The powers of two that a type has: with the subnormal ones of elements, without those of floats, which
/// some units flush.
int lowest_power(spec::OperandType type);
int highest_power(spec::OperandType type);

/// Requires lowest_power(type) <= exponent <= highest_power(type).
std::uint32_t power_code(spec::OperandType type, int exponent, bool negative = false);

/// The largest finite number, +0 or -0 (INT8: 0), 1.
std::uint32_t largest_code(spec::OperandType type, bool negative = false);
std::uint32_t zero_code(spec::OperandType type, bool negative = false);
std::uint32_t one_code(spec::OperandType type);

/// Inf, NaN, where the type has one.
std::optional<std::uint32_t> infinity_code(spec::OperandType type, bool negative = false);
std::optional<std::uint32_t> nan_code(spec::OperandType type);

/// Any finite code; floats within 2^-20 to 2^20, so that they meet.
std::uint32_t random_code(spec::OperandType type, Random& random);

/// The code of the number with the other sign. Requires that it has one: INT8 has no 2.
std::uint32_t negated(spec::OperandType type, std::uint32_t code);

}  // namespace mxemu::conformance
