#include "tools/llama/measure/perplexity.hpp"

#include <algorithm>
#include <stdexcept>

#include "tools/llama/measure/log_softmax.hpp"

namespace mxemu::llama {
namespace {

/// Rows whose logits are held at a time.
constexpr std::size_t rows_at_once = 64;

/// The states of a window's tokens that predict a scored one.
class WindowStates {
 public:
  WindowStates(Session& session, const Window& window) : session_(session) {
    session.cache().truncate(0);
    const std::size_t longest = session.transformer().longest_text();
    if (window.tokens.size() > longest)
      throw std::invalid_argument("a window of " + std::to_string(window.tokens.size()) +
                                  " tokens is longer than the model's context of " + std::to_string(longest));
    const std::span<const int> tokens(window.tokens);
    const std::size_t skipped = window.first_scored - 1;
    const std::size_t width = session.transformer().config().hidden_size;
    states_ = buffer_.resize(window.scored(), width);
    for (std::size_t first = 0; first < tokens.size(); first += session.prefill_chunk()) {
      const std::size_t count = std::min(session.prefill_chunk(), tokens.size() - first);
      const NextTokens next{&session.cache(), tokens.subspan(first, count)};
      const Matrix states = session.transformer().forward({&next, 1});
      for (std::size_t row = 0; row < count; ++row)
        if (first + row >= skipped && first + row - skipped < states_.rows)
          std::ranges::copy(states.row(row), states_.row(first + row - skipped).begin());
    }
  }

  Matrix logits(std::size_t first, std::size_t count, MatrixBuffer& buffer) {
    const MutableMatrix output = buffer.resize(count, session_.transformer().config().vocab_size);
    session_.transformer().logits(states_.rows_from(first, count), output);
    return output;
  }

 private:
  Session& session_;
  MatrixBuffer buffer_;
  MutableMatrix states_;
};

std::size_t target_of(const Window& window, std::size_t index) {
  return static_cast<std::size_t>(window.tokens[window.first_scored + index]);
}

/// Calls visit(first, count) for the scored tokens of a window, some at a time.
template <class Visit>
void in_parts(const Window& window, const Visit& visit) {
  for (std::size_t first = 0; first < window.scored(); first += rows_at_once)
    visit(first, std::min(rows_at_once, window.scored() - first));
}

void require_scored(const Window& window) {
  if (window.first_scored == 0 || window.first_scored >= window.tokens.size())
    throw std::invalid_argument("a window scores tokens behind its first one, and at least one");
}

}  // namespace

double negative_log_likelihood(std::span<const float> logits, std::size_t token) {
  return -LogSoftmax(logits).of(logits[token]);
}

std::vector<double> score(Session& session, std::span<const Window> windows, const MeasureTick& tick) {
  std::vector<double> scores;
  MatrixBuffer buffer;
  for (const Window& window : windows) {
    require_scored(window);
    WindowStates states(session, window);
    in_parts(window, [&](std::size_t first, std::size_t count) {
      const Matrix logits = states.logits(first, count, buffer);
      for (std::size_t row = 0; row < count; ++row)
        scores.push_back(negative_log_likelihood(logits.row(row), target_of(window, first + row)));
    });
    if (tick) tick(window.scored());
  }
  return scores;
}

Divergence compare(Session& session, Session& baseline, std::span<const Window> windows,
                   const MeasureTick& tick) {
  Divergence divergence;
  MatrixBuffer buffer, baseline_buffer;
  for (const Window& window : windows) {
    require_scored(window);
    WindowStates states(session, window), baseline_states(baseline, window);
    in_parts(window, [&](std::size_t first, std::size_t count) {
      const Matrix logits = states.logits(first, count, buffer);
      const Matrix baseline_logits = baseline_states.logits(first, count, baseline_buffer);
      for (std::size_t row = 0; row < count; ++row)
        divergence.add(logits.row(row), baseline_logits.row(row), target_of(window, first + row));
    });
    if (tick) tick(window.scored());
  }
  return divergence;
}

}  // namespace mxemu::llama
