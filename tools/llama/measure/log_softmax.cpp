#include "tools/llama/measure/log_softmax.hpp"

#include <algorithm>
#include <cmath>

namespace mxemu::llama {

LogSoftmax::LogSoftmax(std::span<const float> logits) {
  const auto greatest = std::ranges::max_element(logits);
  greatest_ = *greatest;
  top_ = static_cast<std::size_t>(greatest - logits.begin());
  double sum = 0;
  for (const float logit : logits) sum += std::exp(logit - greatest_);
  log_sum_ = std::log(sum);
}

}  // namespace mxemu::llama
