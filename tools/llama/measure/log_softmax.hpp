// Logarithms of the probabilities that softmax gives.
#pragma once

#include <cstddef>
#include <span>

namespace mxemu::llama {

/// Of the logits of one token, in double.
class LogSoftmax {
 public:
  explicit LogSoftmax(std::span<const float> logits);

  double of(float logit) const { return (logit - greatest_) - log_sum_; }
  /// Index of the greatest logit, the first of equal ones.
  std::size_t top() const { return top_; }

 private:
  double greatest_;
  double log_sum_;  // ln of the sum of exp(logit - greatest)
  std::size_t top_;
};

}  // namespace mxemu::llama
