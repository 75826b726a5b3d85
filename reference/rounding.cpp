#include "reference/rounding.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace mxemu::reference {
namespace {

bool is_odd(const Integer& n) {
  return boost::multiprecision::bit_test(n, 0);
}

/// Up when the fraction, in units of 2^-bits, reaches 2^bits with the random number added: facts of the PTX
/// .rs conversions, with `bits` = 16 there. An exact value never moves.
bool stochastic_rounds_up(const GridPosition& position, int bits, std::uint32_t random_word) {
  if (bits < 1 || bits > 32)
    throw std::invalid_argument("stochastic rounding takes 1 to 32 random bits, not " + std::to_string(bits));
  const Integer one = Integer(1) << static_cast<unsigned>(bits);
  const Integer random = Integer(random_word) % one;
  return position.remainder * one + random * position.whole >= one * position.whole;
}

}  // namespace

GridPosition locate_on_quantum(const Exact& a, const Exact& b, int quantum_exponent) {
  const int step_exponent = b.exponent + quantum_exponent;
  const int unit = std::min(a.exponent, step_exponent);
  GridPosition position;
  position.quantum_exponent = quantum_exponent;
  position.whole = in_units({b.significand, step_exponent}, unit);
  boost::multiprecision::divide_qr(in_units(a, unit), position.whole, position.below, position.remainder);
  return position;
}

GridPosition locate(const Exact& a, const Exact& b, int emin, int mantissa_bits) {
  const int exponent = a.is_zero() ? emin : std::max(emin, floor_log2_of_ratio(a, b));
  return locate_on_quantum(a, b, exponent - mantissa_bits);
}

bool rounds_up(const GridPosition& position, const spec::Rounding& rounding, bool negative,
               std::uint32_t random_word) {
  const int against_half = (2 * position.remainder).compare(position.whole);
  switch (rounding.mode) {
    case spec::RoundingMode::NearestEven:
      return against_half > 0 || (against_half == 0 && is_odd(position.below));
    case spec::RoundingMode::NearestAway: return against_half >= 0;
    case spec::RoundingMode::NearestTowardZero: return against_half > 0;
    case spec::RoundingMode::TowardZero: return false;
    case spec::RoundingMode::Up: return !position.is_exact() && !negative;
    case spec::RoundingMode::Down: return !position.is_exact() && negative;
    case spec::RoundingMode::Stochastic:
      return stochastic_rounds_up(position, rounding.random_bits, random_word);
  }
  throw std::invalid_argument("no such rounding mode");
}

}  // namespace mxemu::reference
