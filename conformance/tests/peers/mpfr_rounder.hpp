// Rounding by GNU MPFR, whose authors have nothing to do with us.
#pragma once

#include <mpfr.h>

#include "spec/element_format.hpp"
#include "spec/float_format.hpp"
#include "spec/rounding.hpp"
#include "spec/scale_format.hpp"

namespace mxemu::conformance {

/// The roundings that MPFR has.
inline constexpr spec::RoundingMode mpfr_modes[] = {
    spec::RoundingMode::NearestEven, spec::RoundingMode::NearestAway, spec::RoundingMode::TowardZero,
    spec::RoundingMode::Up, spec::RoundingMode::Down};

/// Rounds doubles to the numbers of a format whose exponent range has no upper end. Not for sharing between
/// threads.
class MpfrRounder {
 public:
  /// For INT8 the numbers are all multiples of 2^-6; for the others those of at most mantissa_bits + 1 bits
  /// that are multiples of the smallest subnormal.
  explicit MpfrRounder(const spec::ElementFormat& format);
  explicit MpfrRounder(const spec::FloatFormat& format);
  explicit MpfrRounder(const spec::ScaleFormat& format);
  MpfrRounder(const MpfrRounder&) = delete;
  MpfrRounder& operator=(const MpfrRounder&) = delete;
  ~MpfrRounder();

  /// Throws std::invalid_argument for a mode that is not among mpfr_modes.
  double round(double value, spec::RoundingMode mode);

 private:
  MpfrRounder(int precision, int quantum_exponent);
  void round_to_multiple(spec::RoundingMode mode);
  void round_with_subnormals(mpfr_rnd_t direction);

  int precision_;  ///< 0: no limit
  int quantum_exponent_;
  mpfr_t exact_;
  mpfr_t rounded_;
};

}  // namespace mxemu::conformance
