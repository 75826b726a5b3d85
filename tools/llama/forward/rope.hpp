// Rotary position embedding: the angle of each pair of a head at each position.
#pragma once

#include <span>
#include <vector>

#include "tools/llama/forward/compute.hpp"
#include "tools/llama/forward/matrix.hpp"
#include "tools/llama/model/config.hpp"

namespace mxemu::llama {

/// Sine and cosine are computed for angles, and so for positions, up to this.
inline constexpr std::size_t last_position = std::size_t{1} << 20;

/// Radians per position of the head_dim / 2 pairs, computed as transformers does, in float32: theta^(-2i/d),
/// linearly stretched or by Llama 3's rule where the configuration says so.
std::vector<float> rope_frequencies(const Config& config);

/// Cosines and sines of position times frequency, one row per position, rounded to the precision.
struct RopeTable {
  MatrixBuffer cosines;
  MatrixBuffer sines;
};
void fill_rope_table(Compute compute, std::span<const float> frequencies,
                     std::span<const std::size_t> positions, RopeTable& table);

}  // namespace mxemu::llama
