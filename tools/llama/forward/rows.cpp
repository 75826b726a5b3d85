#include "tools/llama/forward/rows.hpp"

#include <algorithm>

#include "fast/parallel.hpp"
#include "tools/llama/forward/row_math.hpp"

// One text, compiled for the vectors of several machines: nothing is contracted or reordered, so that the
// bits are the same. Sanitizers and ifuncs do not go together.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define MXEMU_ROW_KERNEL __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define MXEMU_ROW_KERNEL
#endif

namespace mxemu::llama {
namespace {

template <Compute compute>
MXEMU_ROW_KERNEL void norm_row(const float* x, const float* weight, float* output, std::size_t count,
                               float epsilon) {
  LaneSums lanes;
  std::size_t i = 0;
  for (; i + sum_lanes <= count; i += sum_lanes)
    for (std::size_t lane = 0; lane < sum_lanes; ++lane) lanes.of[lane] += square_of(x[i + lane]);
  for (std::size_t lane = 0; i + lane < count; ++lane) lanes.of[lane] += square_of(x[i + lane]);
  const float factor = norm_factor(total_of(lanes), count, epsilon);
  for (std::size_t n = 0; n < count; ++n) output[n] = normed<compute>(x[n], factor, weight[n]);
}

template <Compute compute>
MXEMU_ROW_KERNEL void silu_row(float* gate, const float* up, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) gate[i] = gated<compute>(gate[i], up[i]);
}

/// Scores times `scale`; their maximum.
template <Compute compute>
MXEMU_ROW_KERNEL float scale_row(float* scores, std::size_t count, float scale) {
  for (std::size_t i = 0; i < count; ++i) scores[i] = scaled_score<compute>(scores[i], scale);
  float lanes[sum_lanes];
  std::fill_n(lanes, sum_lanes, scores[0]);
  std::size_t i = 0;
  for (; i + sum_lanes <= count; i += sum_lanes)
    for (std::size_t lane = 0; lane < sum_lanes; ++lane)
      lanes[lane] = scores[i + lane] > lanes[lane] ? scores[i + lane] : lanes[lane];
  float largest = lanes[0];
  for (const float lane : lanes) largest = lane > largest ? lane : largest;
  for (; i < count; ++i) largest = scores[i] > largest ? scores[i] : largest;
  return largest;
}

/// Scores to e^(score - largest); their sum.
MXEMU_ROW_KERNEL float exp_row(float* scores, std::size_t count, float largest) {
  for (std::size_t i = 0; i < count; ++i) scores[i] = exponential(scores[i], largest);
  LaneSums lanes;
  std::size_t i = 0;
  for (; i + sum_lanes <= count; i += sum_lanes)
    for (std::size_t lane = 0; lane < sum_lanes; ++lane)
      lanes.of[lane] += static_cast<double>(scores[i + lane]);
  for (std::size_t lane = 0; i + lane < count; ++lane)
    lanes.of[lane] += static_cast<double>(scores[i + lane]);
  return static_cast<float>(total_of(lanes));
}

template <Compute compute>
MXEMU_ROW_KERNEL void divide_row(float* x, std::size_t count, float divisor) {
  for (std::size_t i = 0; i < count; ++i) x[i] = probability<compute>(x[i], divisor);
}

template <Compute compute>
MXEMU_ROW_KERNEL void rotate_head(float* x, std::size_t half, const float* cosines, const float* sines) {
  for (std::size_t i = 0; i < half; ++i) {
    const RotatedPair pair = rotated<compute>(x[i], x[i + half], cosines[i], sines[i]);
    x[i] = pair.low;
    x[i + half] = pair.high;
  }
}

template <Compute compute>
MXEMU_ROW_KERNEL void add_row(float* sum, const float* x, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) sum[i] = rounded<compute>(sum[i] + x[i]);
}

template <Compute compute>
MXEMU_ROW_KERNEL void round_row(float* x, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) x[i] = rounded<compute>(x[i]);
}

MXEMU_ROW_KERNEL void narrow_row(const float* x, std::uint16_t* output, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) output[i] = to_bfloat16(x[i]);
}

/// Calls work(std::integral_constant<Compute>, row) for every row. `cost`: of an element, in additions.
template <class Work>
void for_rows(Compute compute, MatrixView<const float> x, std::size_t cost, const fast::Execution& execution,
              const Work& work) {
  fast::in_parallel(x.rows, 1, x.rows * x.columns * cost, execution,
                    [&](std::size_t first, std::size_t last) {
                      for (std::size_t row = first; row < last; ++row) switch (compute) {
                          case Compute::Float32:
                            work(std::integral_constant<Compute, Compute::Float32>{}, row);
                            break;
                          case Compute::BFloat16:
                            work(std::integral_constant<Compute, Compute::BFloat16>{}, row);
                            break;
                        }
                    });
}

}  // namespace

void round_rows(Compute compute, MutableMatrix x, const fast::Execution& execution) {
  if (compute == Compute::Float32) return;
  for_rows(compute, x, 1, execution, [&](auto mode, std::size_t row) {
    round_row<decltype(mode)::value>(x.row(row).data(), x.columns);
  });
}

void narrow_rows(Matrix x, std::span<std::uint16_t> output, const fast::Execution& execution) {
  fast::in_parallel(x.rows, 1, x.rows * x.columns, execution, [&](std::size_t first, std::size_t last) {
    for (std::size_t row = first; row < last; ++row)
      narrow_row(x.row(row).data(), output.data() + row * x.columns, x.columns);
  });
}

void add_bias(Compute compute, MutableMatrix x, std::span<const float> bias,
              const fast::Execution& execution) {
  if (bias.empty()) return round_rows(compute, x, execution);
  for_rows(compute, x, 1, execution, [&](auto mode, std::size_t row) {
    add_row<decltype(mode)::value>(x.row(row).data(), bias.data(), x.columns);
  });
}

void add_rows(Compute compute, MutableMatrix sum, Matrix x, const fast::Execution& execution) {
  for_rows(compute, sum, 1, execution, [&](auto mode, std::size_t row) {
    add_row<decltype(mode)::value>(sum.row(row).data(), x.row(row).data(), sum.columns);
  });
}

void rms_norm(Compute compute, Matrix x, std::span<const float> weight, float epsilon, MutableMatrix output,
              const fast::Execution& execution) {
  for_rows(compute, x, 2, execution, [&](auto mode, std::size_t row) {
    norm_row<decltype(mode)::value>(x.row(row).data(), weight.data(), output.row(row).data(), x.columns,
                                    epsilon);
  });
}

void silu_times(Compute compute, MutableMatrix gate, Matrix up, const fast::Execution& execution) {
  for_rows(compute, gate, 8, execution, [&](auto mode, std::size_t row) {
    silu_row<decltype(mode)::value>(gate.row(row).data(), up.row(row).data(), gate.columns);
  });
}

void softmax_rows(Compute compute, MutableMatrix scores, float scale, std::span<const Visible> visible,
                  std::size_t rows_per_range, const fast::Execution& execution) {
  for_rows(compute, scores, 8, execution, [&](auto mode, std::size_t row) {
    const Visible range = visible[row / rows_per_range];
    const std::span<float> all = scores.row(row);
    const std::span<float> seen = all.subspan(range.first, range.last - range.first);
    const float largest = scale_row<decltype(mode)::value>(seen.data(), seen.size(), scale);
    const float sum = exp_row(seen.data(), seen.size(), largest);
    divide_row<decltype(mode)::value>(seen.data(), seen.size(), sum);
    std::fill(all.begin(), seen.begin(), 0.0F);
    std::fill(seen.end(), all.end(), 0.0F);
  });
}

void rotate_heads(Compute compute, MutableMatrix x, std::size_t head_dim, Matrix cosines, Matrix sines,
                  const fast::Execution& execution) {
  for_rows(compute, x, 2, execution, [&](auto mode, std::size_t row) {
    for (std::size_t head = 0; head < x.columns; head += head_dim)
      rotate_head<decltype(mode)::value>(x.row(row).data() + head, head_dim / 2, cosines.row(row).data(),
                                         sines.row(row).data());
  });
}

}  // namespace mxemu::llama
