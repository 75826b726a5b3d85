// A row of A against the columns that stand side by side, along a chunk of K. A chain is how the steps of a
// row follow on each other.
#pragma once

#include "fast/matrix_unit_panel.hpp"
#include "fast/matrix_unit_step.hpp"

namespace mxemu::fast::MXEMU_TIER::unit {

/// Where a row finds what it needs.
template <class T>
struct RowOperands {
  const T* a;
  const std::int16_t* a_exponents;
  const std::uint8_t* a_scales;
  const T* b;
  const std::int16_t* b_exponents;
  const std::uint8_t* b_scales;

  MXEMU_HOST StepOperands<T> of_step(const ChunkStep& step) const {
    return {a + step.first, a_exponents + step.first, b + step.first * columns,
            b_exponents + step.first * columns, step.count};
  }
};

/// A row's sums from one chunk to the next.
struct RowSums {
  double* total;
  double* block;  ///< of the block that is summed from 0
};

/// Every step goes on from the last.
template <class Unit>
struct ChainOfSteps {
  using Value = typename Unit::Value;
  struct State {
    Wide c;
  };

  MXEMU_HOST static State start(const RowSums& sums) { return {load_wide(sums.total)}; }
  MXEMU_HOST static void add(const UnitWords& words, const ChunkStep& step, const RowOperands<Value>& row,
                             State& state) {
    state.c = Unit::step(words, row.of_step(step), state.c);
  }
  MXEMU_HOST static void finish(const State& state, const RowSums& sums) { store_wide(sums.total, state.c); }
};

/// Every block is summed from 0, its sum scaled and added in float32 (ScaleEntry::AfterRounding).
template <class Unit>
struct ChainOfBlocks {
  using Value = typename Unit::Value;
  struct State {
    Wide c;
    Wide block;
  };

  MXEMU_HOST static State start(const RowSums& sums) {
    return {load_wide(sums.total), load_wide(sums.block)};
  }
  MXEMU_HOST static void add(const UnitWords& words, const ChunkStep& step, const RowOperands<Value>& row,
                             State& state) {
    state.block = Unit::step(words, row.of_step(step), state.block);
    if (!step.ends_block) return;
    const std::uint8_t* scales = row.b_scales + step.first * columns;
    state.c = sum_in_float32(state.c, scaled(state.block, row.a_scales[step.first], scales));
    state.block = {};
  }
  MXEMU_HOST static void finish(const State& state, const RowSums& sums) {
    store_wide(sums.total, state.c);
    store_wide(sums.block, state.block);
  }

 private:
  MXEMU_HOST static double scale_value(std::uint8_t code) {
    return code == scale_format.nan_code ? std::numeric_limits<double>::quiet_NaN()
                                         : power_of_two(code - scale_format.bias);
  }

  /// Exact: at most 24 bits, between 2^-149 - 254 and 2^128 + 254.
  MXEMU_HOST static Wide scaled(const Wide& block, std::uint8_t a_scale, const std::uint8_t* b_scales) {
    alignas(64) double scales[columns];
    for (std::size_t column = 0; column < columns; ++column) scales[column] = scale_value(b_scales[column]);
    return block * scale_value(a_scale) * load_wide(scales);
  }

  /// fl(c + d), as if rounded once. Where the sum of doubles is not exact, the smaller of the two, of at most
  /// 24 bits, lies below 2^-28 of the larger, which is a float32 or rounds to one from there as it does
  /// alone.
  static Wide sum_in_float32(const Wide& c, const Wide& d) {
    constexpr OutputRounding float32 = {23, 0x1p-126, 0x1p128, false, true};
    const Wide sum = c + d;
    const Wide result = rounded(sum, float32);
    // Of an infinity or a NaN nothing is left to round.
    return for_each([&](std::size_t i) { return sum.at[i] - sum.at[i] == 0 ? result.at[i] : sum.at[i]; });
  }
};

/// fl(a b + 0) of a small group added two by two, then to c, in float32 (AccumulatorKind::FlushedTree).
template <bool Flushes>
struct ChainOfTrees {
  using Value = float;
  struct State {
    Floats::Vector c[float_vectors];
  };

  MXEMU_HOST static State start(const RowSums& sums) {
    State state;
    narrowed(load_wide(sums.total), state.c);
    return state;
  }
  MXEMU_HOST static void add(const UnitWords& /*words*/, const ChunkStep& step, const RowOperands<float>& row,
                             State& state) {
    const StepOperands<float> operands = row.of_step(step);
    MXEMU_UNROLL_ALL
    for (std::size_t v = 0; v < float_vectors; ++v)
      state.c[v] = flushed(state.c[v] + tree_of_step(operands, v));
  }
  MXEMU_HOST static void finish(const State& state, const RowSums& sums) {
    store_wide(sums.total, widened(state.c[0], state.c[1]));
  }

 private:
  /// Subnormal numbers become zero and keep their sign.
  MXEMU_HOST static Floats::Vector flushed(Floats::Vector x) {
    if constexpr (!Flushes) return x;
    constexpr std::int32_t magnitude = 0x7fffffff;
    constexpr std::int32_t smallest_normal = 0x00800000;
    const auto bits = reinterpret<Ints::Vector>(x);
    return reinterpret<Floats::Vector>((bits & magnitude) < smallest_normal ? bits & ~magnitude : bits);
  }

  template <std::size_t Count>
  MXEMU_HOST static Floats::Vector tree(const StepOperands<float>& operands, std::size_t first,
                                        std::size_t v) {
    if constexpr (Count == 1) {
      const auto b =
          *reinterpret_cast<const Floats::Vector*>(operands.b + first * columns + v * Floats::count);
      return flushed(operands.a[first] * b + 0.0f);
    } else {
      constexpr std::size_t half = Count / 2;
      return flushed(tree<half>(operands, first, v) + tree<Count - half>(operands, first + half, v));
    }
  }

  MXEMU_HOST static Floats::Vector tree_of_step(const StepOperands<float>& operands, std::size_t v) {
    switch (operands.count) {
      case 1: return tree<1>(operands, 0, v);
      case 2: return tree<2>(operands, 0, v);
      case 3: return tree<3>(operands, 0, v);
      default: return tree<4>(operands, 0, v);
    }
  }
};

/// Whether every tree is one of those.
consteval bool trees_are_small() {
  for (const auto& row : spec::accumulators)
    if (row.kind == spec::AccumulatorKind::FlushedTree && row.tree.products > 4) return false;
  return true;
}
static_assert(trees_are_small());

/// The steps of a chunk.
template <class Chain>
[[gnu::noinline]] void add_row(const UnitWords& words, const Chunk& chunk,
                               const RowOperands<typename Chain::Value>& operands, const RowSums& sums) {
  typename Chain::State state = Chain::start(sums);
  for (std::size_t i = 0; i < chunk.steps; ++i) Chain::add(words, chunk.step[i], operands, state);
  Chain::finish(state, sums);
}

}  // namespace mxemu::fast::MXEMU_TIER::unit
