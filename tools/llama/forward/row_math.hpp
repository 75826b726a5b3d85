// The formulas of a forward pass besides products, element by element, for hosts and devices: rows.cpp and a
// kernel are loops around them. The order of sums is that of LaneSums.
#pragma once

#include <cmath>

#include "tools/llama/forward/compute.hpp"
#include "tools/llama/forward/math.hpp"

namespace mxemu::llama {

/// What a number adds to its lane in the sum of a norm.
MXEMU_HOST_DEVICE constexpr double square_of(float x) noexcept {
  return static_cast<double>(x) * static_cast<double>(x);
}

/// What a row is multiplied by: 1 / sqrt(mean + epsilon), the mean of the squares rounded to float32.
MXEMU_HOST_DEVICE float norm_factor(double sum_of_squares, std::size_t count, float epsilon) noexcept {
  const auto mean = static_cast<float>(sum_of_squares / static_cast<double>(count));
  return 1.0F / std::sqrt(mean + epsilon);  // the square root is rounded correctly on both sides
}

template <Compute compute>
MXEMU_HOST_DEVICE constexpr float normed(float x, float factor, float weight) noexcept {
  return rounded<compute>(weight * rounded<compute>(x * factor));
}

template <Compute compute>
MXEMU_HOST_DEVICE constexpr float gated(float gate, float up) noexcept {
  return rounded<compute>(rounded<compute>(silu(gate)) * up);
}

template <Compute compute>
MXEMU_HOST_DEVICE constexpr float scaled_score(float score, float scale) noexcept {
  return rounded<compute>(score * scale);
}

/// Of softmax: what is summed, and divided by the sum.
MXEMU_HOST_DEVICE constexpr float exponential(float score, float largest) noexcept {
  return exp_float(score - largest);
}

template <Compute compute>
MXEMU_HOST_DEVICE constexpr float probability(float exponential, float sum) noexcept {
  return rounded<compute>(exponential / sum);
}

struct RotatedPair {
  float low;
  float high;
};

/// A pair turned by an angle.
template <Compute compute>
MXEMU_HOST_DEVICE constexpr RotatedPair rotated(float low, float high, float cosine, float sine) noexcept {
  return {rounded<compute>(rounded<compute>(low * cosine) + rounded<compute>(-high * sine)),
          rounded<compute>(rounded<compute>(high * cosine) + rounded<compute>(low * sine))};
}

}  // namespace mxemu::llama
