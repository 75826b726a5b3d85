// Block sums in floating point, a vector of columns at a time: every product and every sum of a block is
// exact, in float32 for small formats under plain scales, in float64 (in parts, for wide ones) always. One
// text for every tier, which gives the width of a vector and a fused or unfused multiply_add.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "fast/matmul_panel.hpp"

#if defined(__clang__)
#define MXEMU_UNROLL _Pragma("unroll")
#else
#define MXEMU_UNROLL _Pragma("GCC unroll 16")
#endif

namespace mxemu::fast::MXEMU_TIER {

template <class T, std::size_t Bytes = vector_bytes>
struct Lanes {
  typedef T Vector __attribute__((vector_size(Bytes), aligned(alignof(T)), may_alias));
  static constexpr std::size_t count = Bytes / sizeof(T);
};
template <class T>
using Vector = typename Lanes<T>::Vector;

template <class T>
MXEMU_HOST Vector<T> load(const T* from) {
  return *reinterpret_cast<const Vector<T>*>(from);
}

/// a + b, and what rounding took from it.
struct SumAndRest {
  Vector<double> sum;
  Vector<double> rest;
};

MXEMU_HOST SumAndRest exact_sum(Vector<double> a, Vector<double> b) {
  const Vector<double> sum = a + b;
  const Vector<double> b_as_added = sum - a;
  return {sum, (a - (sum - b_as_added)) + (b - b_as_added)};
}

/// Rounded to odd: a double whose last bit is set unless it is exact, so that it rounds to a float32 as the
/// exact sum does. NaN and Inf, whose rest is NaN, stay.
MXEMU_HOST Vector<double> rounded_to_odd(SumAndRest exact) {
  using Words = Vector<std::int64_t>;
  const auto bits = reinterpret_cast<Words>(exact.sum);
  const auto positive = reinterpret_cast<Words>(exact.rest > 0);
  const auto negative = reinterpret_cast<Words>(exact.rest < 0);
  const Words is_even = (bits & 1) - 1;
  // Away from zero where the rest has the sign of the sum, else toward it.
  const Words toward = (bits >> 63) ^ negative;
  return reinterpret_cast<Vector<double>>(bits + ((toward | 1) & is_even & (positive | negative)));
}

/// The sum of the parts of a block, fit to be rounded to float32.
template <int Parts>
MXEMU_HOST Vector<double> sum_of_parts(const Vector<double>* parts) {
  if constexpr (Parts == 1) {
    return parts[0];
  } else {
    const SumAndRest low = exact_sum(parts[0], parts[1]);
    if constexpr (Parts == 2) return rounded_to_odd(low);
    // All are multiples of one unit and below 2^106 of it: what is left over is below 2^53 units.
    const SumAndRest high = exact_sum(parts[Parts - 1], low.sum);
    const Vector<double> odd = rounded_to_odd(exact_sum(high.sum, high.rest + low.rest));
    return high.sum - high.sum == 0 ? odd : high.sum;  // not of an Inf, whose rest is NaN
  }
}

template <class T>
struct LanesTraits {
  static constexpr std::size_t vectors = 2;  ///< of columns
  static constexpr std::size_t columns = vectors * Lanes<T>::count;
};

/// One block: sums[row][vector of columns][part].
template <class T, int Rows, int Parts>
struct BlockSums {
  Vector<T> at[Rows][LanesTraits<T>::vectors][Parts];
};

template <class T, int Rows, int Parts>
MXEMU_HOST BlockSums<T, Rows, Parts> sums_of_block(const T* a, std::size_t a_stride, const T* b,
                                                   std::size_t depth) {
  constexpr std::size_t vectors = LanesTraits<T>::vectors;
  BlockSums<T, Rows, Parts> sums = {};
  for (std::size_t k = 0; k < depth; ++k, b += Parts * LanesTraits<T>::columns) {
    Vector<T> column[vectors][Parts];
    MXEMU_UNROLL
    for (std::size_t part = 0; part < Parts; ++part) MXEMU_UNROLL
    for (std::size_t v = 0; v < vectors; ++v)
      column[v][part] = load(b + (part * vectors + v) * Lanes<T>::count);
    MXEMU_UNROLL
    for (int row = 0; row < Rows; ++row) {
      const Vector<T> element = a[static_cast<std::size_t>(row) * a_stride + k] - Vector<T>{};
      MXEMU_UNROLL
      for (std::size_t v = 0; v < vectors; ++v) MXEMU_UNROLL
      for (std::size_t part = 0; part < Parts; ++part)
        sums.at[row][v][part] = multiply_add(element, column[v][part], sums.at[row][v][part]);
    }
  }
  return sums;
}

/// Where an Inf in A meets B in parts it meets zeros that B does not have. Adds up the block with B in one
/// piece: where that is NaN or Inf it is the sum, and replaces the parts.
template <int Rows, int Parts>
[[gnu::noinline]] void mend_infinities(const double* a, std::size_t a_stride, const double* b,
                                       std::size_t depth, BlockSums<double, Rows, Parts>& sums) {
  constexpr std::size_t columns = LanesTraits<double>::columns;
  constexpr std::size_t count = Lanes<double>::count;
  for (std::size_t row = 0; row < Rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      double sum = 0;
      for (std::size_t k = 0; k < depth; ++k) {
        double whole = 0;
        for (std::size_t part = 0; part < Parts; ++part) whole += b[(k * Parts + part) * columns + column];
        sum += a[row * a_stride + k] * whole;
      }
      if (sum - sum == 0) continue;
      for (std::size_t part = 0; part < Parts; ++part)
        sums.at[row][column / count][part][column % count] = part == 0 ? sum : 0;
    }
}

/// sums += block sums, each rounded to float32, over the blocks of a panel: Rows lines of A, a group of B.
template <class T, int Rows, int Parts>
[[gnu::noinline]] void add_blocks(const T* a, std::size_t a_stride, const T* b, std::size_t blocks,
                                  std::size_t depth, bool a_has_infinities, float* sums,
                                  std::size_t sums_stride) {
  constexpr std::size_t vectors = LanesTraits<T>::vectors;
  constexpr std::size_t count = Lanes<T>::count;
  using Floats = typename Lanes<float, count * sizeof(float)>::Vector;
  for (std::size_t block = 0; block < blocks; ++block) {
    BlockSums<T, Rows, Parts> block_sums = sums_of_block<T, Rows, Parts>(a, a_stride, b, depth);
    if constexpr (Parts > 1)
      if (a_has_infinities) [[unlikely]]
        mend_infinities<Rows, Parts>(a, a_stride, b, depth, block_sums);
    MXEMU_UNROLL
    for (int row = 0; row < Rows; ++row) MXEMU_UNROLL
    for (std::size_t v = 0; v < vectors; ++v) {
      auto* to = reinterpret_cast<Floats*>(sums + static_cast<std::size_t>(row) * sums_stride + v * count);
      if constexpr (std::is_same_v<T, float>)
        *to += block_sums.at[row][v][0];
      else
        *to += __builtin_convertvector(sum_of_parts<Parts>(block_sums.at[row][v]), Floats);
    }
    a += depth;
    b += Parts * LanesTraits<T>::columns * depth;
  }
}

}  // namespace mxemu::fast::MXEMU_TIER
