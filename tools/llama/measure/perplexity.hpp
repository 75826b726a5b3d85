// How well a model predicts the tokens of windows, alone or beside a baseline.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "tools/llama/forward/session.hpp"
#include "tools/llama/measure/divergence.hpp"
#include "tools/llama/measure/window.hpp"

namespace mxemu::llama {

/// -ln of the probability that softmax gives to `token`, in double.
double negative_log_likelihood(std::span<const float> logits, std::size_t token);

/// Called after every window with its scored tokens.
using MeasureTick = std::function<void(std::size_t scored)>;

/// -ln of the probability of every scored token, in order. Each window begins with an empty cache. Throws
/// std::invalid_argument where a window is longer than the model's context.
std::vector<double> score(Session& session, std::span<const Window> windows, const MeasureTick& tick = {});

/// Both on the same windows, in one pass, which holds no logits longer than it must. Both sessions are of the
/// same vocabulary.
Divergence compare(Session& session, Session& baseline, std::span<const Window> windows,
                   const MeasureTick& tick = {});

}  // namespace mxemu::llama
