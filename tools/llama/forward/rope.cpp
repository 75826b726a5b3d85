#include "tools/llama/forward/rope.hpp"

#include <stdexcept>
#include <string>

#include "tools/llama/forward/math.hpp"
#include "tools/llama/forward/rows.hpp"

namespace mxemu::llama {
namespace {

/// Long waves are stretched by the factor, short ones are kept, and those between are mixed.
float llama3_frequency(const Rope& rope, float frequency) {
  constexpr auto two_pi = 6.2831853071795864F;
  const float wavelength = two_pi / frequency;
  if (wavelength < rope.original_positions / rope.high_freq_factor) return frequency;
  if (wavelength > rope.original_positions / rope.low_freq_factor) return frequency / rope.factor;
  const float smooth = (rope.original_positions / wavelength - rope.low_freq_factor) /
                       (rope.high_freq_factor - rope.low_freq_factor);
  return (1 - smooth) * frequency / rope.factor + smooth * frequency;
}

}  // namespace

std::vector<float> rope_frequencies(const Config& config) {
  const Rope& rope = config.rope;
  std::vector<float> frequencies;
  for (std::size_t i = 0; i < config.head_dim; i += 2) {
    const float exponent = static_cast<float>(i) / static_cast<float>(config.head_dim);
    const auto slowness =
        static_cast<float>(power(static_cast<double>(rope.theta), static_cast<double>(exponent)));
    float frequency = 1.0F / slowness;
    switch (rope.scaling) {
      case RopeScaling::None: break;
      case RopeScaling::Linear: frequency /= rope.factor; break;
      case RopeScaling::Llama3: frequency = llama3_frequency(rope, frequency); break;
    }
    frequencies.push_back(frequency);
  }
  return frequencies;
}

void fill_rope_table(Compute compute, std::span<const float> frequencies,
                     std::span<const std::size_t> positions, RopeTable& table) {
  const MutableMatrix cosines = table.cosines.resize(positions.size(), frequencies.size());
  const MutableMatrix sines = table.sines.resize(positions.size(), frequencies.size());
  for (std::size_t row = 0; row < positions.size(); ++row) {
    if (positions[row] > last_position)
      throw std::invalid_argument("position " + std::to_string(positions[row]) +
                                  " is beyond the last that can be embedded, 2^20");
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
      const SinCos at = sin_cos(static_cast<float>(positions[row]) * frequencies[i]);
      cosines.row(row)[i] = at.cos;
      sines.row(row)[i] = at.sin;
    }
  }
  round_rows(compute, cosines);
  round_rows(compute, sines);
}

}  // namespace mxemu::llama
