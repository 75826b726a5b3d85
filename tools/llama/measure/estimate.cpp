#include "tools/llama/measure/estimate.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace mxemu::llama {

MeanEstimate mean_of(std::span<const double> numbers) {
  double sum = 0, squares = 0;
  for (const double number : numbers) sum += number, squares += number * number;
  const auto count = static_cast<double>(numbers.size());
  const double mean = sum / count;
  const double variance = std::max(0.0, squares / count - mean * mean);
  return {mean, numbers.size() < 2 ? 0 : std::sqrt(variance / (count - 1))};
}

double quantile(std::span<const double> sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

}  // namespace mxemu::llama
