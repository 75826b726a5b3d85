// Rounding by GNU MPFR, whose authors have nothing to do with us.
#pragma once

#include <mpfr.h>

#include "spec/element_format.hpp"
#include "spec/float_format.hpp"
#include "spec/rounding.hpp"

namespace mxemu::conformance {

/// Rounds doubles to the numbers of a format whose exponent range has no upper end. Not for sharing between
/// threads.
class MpfrRounder {
 public:
  /// Numbers of at most `precision` bits that are multiples of 2^quantum_exponent.
  static MpfrRounder floating_point(int precision, int quantum_exponent) {
    return {precision, quantum_exponent};
  }
  /// All multiples of 2^quantum_exponent.
  static MpfrRounder fixed_point(int quantum_exponent) { return {0, quantum_exponent}; }
  static MpfrRounder of(const spec::ElementFormat& format);
  static MpfrRounder of(const spec::FloatFormat& format);

  MpfrRounder(const MpfrRounder&) = delete;
  MpfrRounder& operator=(const MpfrRounder&) = delete;
  ~MpfrRounder();

  /// MPFR has roundTiesToEven, ties away, toward zero, up and down: std::invalid_argument for another mode.
  double round(double value, spec::RoundingMode mode);

 private:
  MpfrRounder(int precision, int quantum_exponent);
  void round_to_multiple(spec::RoundingMode mode);
  void round_with_subnormals(mpfr_rnd_t direction);

  int precision_;
  int quantum_exponent_;
  mpfr_t exact_;
  mpfr_t rounded_;
};

}  // namespace mxemu::conformance
