#include "tools/llama/measure/divergence.hpp"

#include <cmath>

#include "tools/llama/measure/log_softmax.hpp"

namespace mxemu::llama {
namespace {

constexpr double least_log_probability = -16;

}  // namespace

void Divergence::add(std::span<const float> logits, std::span<const float> baseline_logits,
                     std::size_t token) {
  const LogSoftmax own(logits), base(baseline_logits);
  double divergence = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double log_base = base.of(baseline_logits[i]);
    if (log_base > least_log_probability) divergence += std::exp(log_base) * (log_base - own.of(logits[i]));
  }
  scores_.push_back(-own.of(logits[token]));
  baseline_scores_.push_back(-base.of(baseline_logits[token]));
  divergences_.push_back(divergence);
  probability_changes_.push_back(std::exp(-scores_.back()) - std::exp(-baseline_scores_.back()));
  same_top_ += own.top() == base.top();
}

MeanEstimate Divergence::log_ratio() const {
  std::vector<double> differences(scores_);
  for (std::size_t i = 0; i < differences.size(); ++i) differences[i] -= baseline_scores_[i];
  return mean_of(differences);
}

double Divergence::correlation() const {
  const double own = mean_of(scores_).mean, base = mean_of(baseline_scores_).mean;
  double both = 0, own_squares = 0, base_squares = 0;
  for (std::size_t i = 0; i < scores_.size(); ++i) {
    const double x = scores_[i] - own, y = baseline_scores_[i] - base;
    both += x * y, own_squares += x * x, base_squares += y * y;
  }
  const double spread = std::sqrt(own_squares * base_squares);
  return spread == 0 ? 1 : both / spread;
}

}  // namespace mxemu::llama
