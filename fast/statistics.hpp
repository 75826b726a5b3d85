// What a conversion did to a tensor: counts, errors, and the sums behind a signal-to-noise ratio.
#pragma once

#include <array>
#include <cstdint>

namespace mxemu::fast {

/// value * 2^exponent. The exponent is 0 but for float64 numbers whose squares leave the range of a double.
struct SumOfSquares {
  double value = 0;
  int exponent = 0;

  /// One addition in double arithmetic, as the caller's floating-point environment has it.
  void add(const SumOfSquares& other);
};

/// Numbers are compared as doubles: a source and an output of any type are doubles exactly, an error is
/// |output - input| rounded to a double, a relative error is that divided by |input| and rounded again.
/// Every figure is the same for any tier, number of threads and floating-point environment.
struct ErrorStatistics {
  std::uint64_t elements = 0;
  std::uint64_t compared = 0;    ///< elements whose input and output are both finite
  std::uint64_t not_finite = 0;  ///< inputs that are NaN or Inf
  std::uint64_t lost = 0;        ///< finite inputs that became NaN or Inf
  std::uint64_t saturated = 0;   ///< compared inputs beyond the largest number of their sign at their scale
  std::uint64_t flushed = 0;     ///< inputs other than zero, NaN and Inf among them, that became zero
  /// Sums over compared elements of the squared inputs and of the squared errors. Each is within 2^-48 of
  /// the exact sum, relatively, whatever the number of elements; infinite where an error is.
  SumOfSquares signal = {};
  SumOfSquares noise = {};
  double max_absolute = 0;  ///< largest error
  double max_relative = 0;  ///< largest relative error of inputs other than zero

  /// Compared elements by relative error: bin 0 is exact, bin i is 2^(i + first_error_binade - 1) up to twice
  /// that, the first and last binade open-ended. A zero that did not stay one is in the last.
  static constexpr int first_error_binade = -16;
  static constexpr int last_error_binade = 0;
  static constexpr int error_bins = last_error_binade - first_error_binade + 2;
  std::array<std::uint64_t, error_bins> relative_errors = {};

  /// 10 log10(signal / noise): infinite when nothing changed, NaN without signal.
  double sqnr_decibels() const;

  /// Statistics of several tensors add up.
  void add(const ErrorStatistics& other);
};

}  // namespace mxemu::fast
