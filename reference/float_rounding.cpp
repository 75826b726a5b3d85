#include "reference/float_rounding.hpp"

#include "reference/rounding.hpp"

namespace mxemu::reference {
namespace {

/// IEEE 754-2019, 7.4: whether a number beyond the largest one becomes the largest one.
bool stays_finite(spec::RoundingMode mode, bool negative) {
  switch (mode) {
    case spec::RoundingMode::TowardZero: return true;
    case spec::RoundingMode::Up: return negative;
    case spec::RoundingMode::Down: return !negative;
    case spec::RoundingMode::NearestEven:
    case spec::RoundingMode::NearestAway:
    case spec::RoundingMode::NearestTowardZero:
    case spec::RoundingMode::Stochastic: return false;
  }
  return false;
}

}  // namespace

Value round_to_float(const spec::FloatFormat& format, const Value& value, const FloatRounding& how,
                     const Exact& denominator) {
  if (!value.is_finite()) return value;
  const GridPosition position =
      locate(value.magnitude, denominator, format.emin, how.mantissa_bits.value_or(format.mantissa_bits));
  const bool up = rounds_up(position, how.rounding, value.negative, how.random_word);
  const Exact rounded = {position.below + (up ? 1 : 0), position.quantum_exponent};
  if (rounded < power_of_two(format.emax + 1)) return {.negative = value.negative, .magnitude = rounded};
  if (how.overflows_to_infinity || !stays_finite(how.rounding.mode, value.negative))
    return {.kind = ValueClass::Infinity, .negative = value.negative};
  return {.negative = value.negative,
          .magnitude = decode_float(format, format.infinity_bits() - 1).magnitude};
}

Value round_to_float32(const Value& value) {
  return round_to_float(spec::format_of(spec::FloatType::Float32), value);
}

}  // namespace mxemu::reference
