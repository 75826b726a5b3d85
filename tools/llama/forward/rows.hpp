// What a forward pass does besides products, row by row, in a fixed order: the same bits on every machine
// and for every number of threads.
#pragma once

#include <span>

#include "fast/mxemu.hpp"
#include "tools/llama/forward/compute.hpp"
#include "tools/llama/forward/matrix.hpp"

namespace mxemu::llama {

/// Rounds every number to the precision.
void round_rows(Compute compute, MutableMatrix x, const fast::Execution& execution = {});

/// The numbers as bfloat16, row by row.
void narrow_rows(Matrix x, std::span<std::uint16_t> output, const fast::Execution& execution = {});

/// x + bias, which is one row or none, rounded once.
void add_bias(Compute compute, MutableMatrix x, std::span<const float> bias,
              const fast::Execution& execution = {});

/// sum = sum + x.
void add_rows(Compute compute, MutableMatrix sum, Matrix x, const fast::Execution& execution = {});

/// Root mean square norm of each row: x / sqrt(mean(x^2) + epsilon) is rounded, times `weight` is rounded.
/// `output` may be `x`.
void rms_norm(Compute compute, Matrix x, std::span<const float> weight, float epsilon, MutableMatrix output,
              const fast::Execution& execution = {});

/// gate = silu(gate) * up, both rounded.
void silu_times(Compute compute, MutableMatrix gate, Matrix up, const fast::Execution& execution = {});

/// The keys that a query sees: first … last - 1.
struct Visible {
  std::size_t first;
  std::size_t last;
};

/// Softmax of each row of scores times `scale` (rounded) over the visible columns, in float32, then rounded;
/// the other columns become 0. `visible` has one range for every `rows_per_range` rows.
void softmax_rows(Compute compute, MutableMatrix scores, float scale, std::span<const Visible> visible,
                  std::size_t rows_per_range, const fast::Execution& execution = {});

/// Turns each pair (x[i], x[i + d/2]) of every head of `head_dim` numbers by its row's angle:
/// x cos + rotated sin, products and sum rounded. `cosines` and `sines` have head_dim / 2 columns.
void rotate_heads(Compute compute, MutableMatrix x, std::size_t head_dim, Matrix cosines, Matrix sines,
                  const fast::Execution& execution = {});

}  // namespace mxemu::llama
