// What many numbers say together.
#pragma once

#include <span>

namespace mxemu::llama {

/// A mean and its standard error, sqrt((E[x^2] - E[x]^2) / (n - 1)); 0 where n is 1.
struct MeanEstimate {
  double mean = 0;
  double error = 0;
};

/// Of at least one number.
MeanEstimate mean_of(std::span<const double> numbers);

/// Of sorted numbers, at least one: interpolated linearly, `share` from 0 to 1.
double quantile(std::span<const double> sorted, double share);

}  // namespace mxemu::llama
