#include "tools/llama/forward/sampler.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "fast/random.hpp"
#include "tools/llama/forward/math.hpp"

namespace mxemu::llama {

Sampler::Sampler(const SamplerOptions& options) : options_(options) {
  if (!(options.temperature >= 0 && options.temperature <= 1000))
    throw std::invalid_argument("a temperature is from 0 to 1000");
  if (!(options.top_p > 0 && options.top_p <= 1))
    throw std::invalid_argument("top-p is above 0 and at most 1");
}

int Sampler::sample(std::span<const float> logits) {
  const auto largest = std::ranges::max_element(logits);
  const auto best = static_cast<int>(largest - logits.begin());
  if (!std::isfinite(*largest)) throw std::invalid_argument("the model's logits are no numbers");
  if (options_.temperature == 0) return best;
  weights_.resize(logits.size());
  std::ranges::transform(logits, weights_.begin(), [&](float logit) {
    return static_cast<double>(exp_float((logit - *largest) / options_.temperature));
  });
  std::vector<int> order(logits.size());
  std::iota(order.begin(), order.end(), 0);
  double total = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  if (options_.top_p < 1) keep_top(order, total);
  const std::uint32_t word = fast::random_word(options_.seed, drawn_++);
  const double target = (static_cast<double>(word) + 0.5) * 0x1p-32 * total;
  double sum = 0;
  for (const int token : order) {
    sum += weights_[static_cast<std::size_t>(token)];
    if (sum >= target) return token;
  }
  return best;
}

void Sampler::keep_top(std::vector<int>& order, double& total) const {
  const auto weight = [&](int token) { return weights_[static_cast<std::size_t>(token)]; };
  std::ranges::stable_sort(order, [&](int a, int b) { return weight(a) > weight(b); });
  const double wanted = static_cast<double>(options_.top_p) * total;
  std::size_t kept = 0;
  for (total = 0; kept < order.size() && total < wanted; ++kept) total += weight(order[kept]);
  order.resize(kept);
}

}  // namespace mxemu::llama
