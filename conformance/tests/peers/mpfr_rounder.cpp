#include "conformance/tests/peers/mpfr_rounder.hpp"

#include <cfloat>
#include <cmath>
#include <stdexcept>

namespace mxemu::conformance {
namespace {

mpfr_rnd_t direction_of(spec::RoundingMode mode) {
  switch (mode) {
    case spec::RoundingMode::NearestEven: return MPFR_RNDN;
    case spec::RoundingMode::TowardZero: return MPFR_RNDZ;
    case spec::RoundingMode::Up: return MPFR_RNDU;
    case spec::RoundingMode::Down: return MPFR_RNDD;
    case spec::RoundingMode::NearestAway:
    case spec::RoundingMode::NearestTowardZero:
    case spec::RoundingMode::Stochastic: break;
  }
  throw std::invalid_argument("MPFR has no such rounding mode");
}

}  // namespace

MpfrRounder::MpfrRounder(const spec::ElementFormat& format)
    : MpfrRounder(format.encoding == spec::Encoding::TwosComplement ? 0 : format.mantissa_bits + 1,
                  format.emin - format.mantissa_bits) {}

MpfrRounder::MpfrRounder(const spec::FloatFormat& format)
    : MpfrRounder(format.mantissa_bits + 1, format.emin - format.mantissa_bits) {}

MpfrRounder::MpfrRounder(const spec::ScaleFormat& format)
    : MpfrRounder(format.mantissa_bits + 1, format.emin - format.mantissa_bits) {}

MpfrRounder::MpfrRounder(int precision, int quantum_exponent)
    : precision_(precision), quantum_exponent_(quantum_exponent) {
  mpfr_init2(exact_, DBL_MANT_DIG);
  // A double rounded to a multiple of the quantum needs no more bits than the double.
  mpfr_init2(rounded_, precision > 0 ? precision : DBL_MANT_DIG);
}

MpfrRounder::~MpfrRounder() {
  mpfr_clear(exact_);
  mpfr_clear(rounded_);
}

/// Ties away among subnormal numbers, and all of fixed point: scaled so that the quantum is 1.
void MpfrRounder::round_to_multiple(spec::RoundingMode mode) {
  mpfr_mul_2si(exact_, exact_, -quantum_exponent_, MPFR_RNDN);  // exact
  if (mode == spec::RoundingMode::NearestAway)
    mpfr_round(rounded_, exact_);
  else
    mpfr_rint(rounded_, exact_, direction_of(mode));
  mpfr_mul_2si(rounded_, rounded_, quantum_exponent_, MPFR_RNDN);  // exact
}

/// The procedure of MPFR's manual for emulating IEEE 754 formats: round to the precision, then let the
/// smallest exponent make the number subnormal, the ternary value preventing a double rounding.
void MpfrRounder::round_with_subnormals(mpfr_rnd_t direction) {
  int ternary = mpfr_set(rounded_, exact_, direction);
  const mpfr_exp_t emin = mpfr_get_emin();
  mpfr_set_emin(quantum_exponent_ + 1);  // MPFR's significands lie in [1/2, 1)
  ternary = mpfr_check_range(rounded_, ternary, direction);
  mpfr_subnormalize(rounded_, ternary, direction);
  mpfr_set_emin(emin);
}

double MpfrRounder::round(double value, spec::RoundingMode mode) {
  mpfr_set_d(exact_, value, MPFR_RNDN);  // exact
  const double min_normal = std::ldexp(1.0, quantum_exponent_ + precision_ - 1);
  if (precision_ == 0 || (mode == spec::RoundingMode::NearestAway && std::fabs(value) < min_normal))
    round_to_multiple(mode);
  else if (mode == spec::RoundingMode::NearestAway)
    mpfr_round_nearest_away(mpfr_set, rounded_, exact_);
  else
    round_with_subnormals(direction_of(mode));
  return mpfr_get_d(rounded_, MPFR_RNDN);  // exact, or Inf for what was rounded up beyond every double
}

}  // namespace mxemu::conformance
