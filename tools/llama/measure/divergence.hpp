// How far a model's predictions are from a baseline's: the statistics that llama.cpp's --kl-divergence
// prints.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "tools/llama/measure/estimate.hpp"

namespace mxemu::llama {

/// Numbers of every scored token.
class Divergence {
 public:
  /// One token: the logits for it, the baseline's, and which token it was. Probabilities are double. Of the
  /// divergence, terms whose baseline probability is at most e^-16 are left out, as llama.cpp does.
  void add(std::span<const float> logits, std::span<const float> baseline_logits, std::size_t token);

  std::size_t count() const { return divergences_.size(); }
  /// -ln of the probability of each token.
  const std::vector<double>& scores() const { return scores_; }
  const std::vector<double>& baseline_scores() const { return baseline_scores_; }
  /// Kullback-Leibler: sum of p_base (ln p_base - ln p).
  const std::vector<double>& divergences() const { return divergences_; }
  /// p - p_base of the token.
  const std::vector<double>& probability_changes() const { return probability_changes_; }
  /// Tokens for which both hold the same one for the most probable.
  std::size_t same_top() const { return same_top_; }

  /// Mean ln(PPL / PPL base), with the error that follows from the covariance.
  MeanEstimate log_ratio() const;
  /// Correlation of the two scores.
  double correlation() const;

 private:
  std::vector<double> scores_, baseline_scores_, divergences_, probability_changes_;
  std::size_t same_top_ = 0;
};

}  // namespace mxemu::llama
