// Choosing the next token.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace mxemu::llama {

struct SamplerOptions {
  float temperature = 1;  ///< 0: the token of the largest logit, of equals the first
  float top_p = 1;  ///< the most probable tokens that together have at least this probability are drawn from
  std::uint64_t seed = 1;
};

/// The same tokens for the same logits and seed on every machine.
class Sampler {
 public:
  explicit Sampler(const SamplerOptions& options);
  /// Throws std::invalid_argument where the logits are NaN or infinite.
  int sample(std::span<const float> logits);

 private:
  void keep_top(std::vector<int>& order, double& total) const;

  SamplerOptions options_;
  std::uint64_t drawn_ = 0;
  std::vector<double> weights_;
};

}  // namespace mxemu::llama
