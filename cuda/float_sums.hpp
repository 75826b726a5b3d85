// Sums that are rounded to float32 at every step: loops, chains, trees.
#pragma once

#include "cuda/exact_sums.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// c = fl(c + fl(a b)), or c = fl(c + a b).
template <bool Fused>
struct FloatLoop {
  using Staged = float;

  __device__ void start(const SumWords& /*words*/, std::uint32_t c) { c_ = __uint_as_float(c); }

  template <class A, class B>
  __device__ void add(const SumWords& /*words*/, const Stretch& stretch,
                      const StretchOperands<A, B>& operands) {
    for (unsigned k = 0; k < stretch.count; ++k) {
      const float a = operands.a(k);
      const float b = operands.b(k);
      c_ = Fused ? __fmaf_rn(a, b, c_) : __fadd_rn(c_, __fmul_rn(a, b));
    }
  }

  __device__ std::uint32_t finish(const SumWords& /*words*/, std::size_t /*index*/) {
    return float32_code(c_);
  }

 private:
  float c_;
};

/// fl(a b) added two by two, level by level, then c.
struct PairwiseSum {
  using Staged = float;

  __device__ void start(const SumWords& /*words*/, std::uint32_t c) { c_ = __uint_as_float(c); }

  template <class A, class B>
  __device__ void add(const SumWords& /*words*/, const Stretch& stretch,
                      const StretchOperands<A, B>& operands) {
    for (unsigned k = 0; k < stretch.count; ++k) {
      float sum = __fmul_rn(operands.a(k), operands.b(k));
      // As many trees wait as the count has ones at its end, each of the size of what is joined to it.
      int level = 0;
      for (std::size_t ones = count_; (ones & 1) != 0; ones >>= 1) sum = __fadd_rn(waiting_[level++], sum);
      waiting_[level] = sum;
      ++count_;
    }
  }

  __device__ std::uint32_t finish(const SumWords& /*words*/, std::size_t /*index*/) {
    if (count_ == 0) return float32_code(c_);
    // What waits, from the smallest tree up.
    float sum = 0;
    bool is_first = true;
    int level = 0;
    for (std::size_t rest = count_; rest != 0; rest >>= 1, ++level) {
      if ((rest & 1) == 0) continue;
      sum = is_first ? waiting_[level] : __fadd_rn(waiting_[level], sum);
      is_first = false;
    }
    return float32_code(__fadd_rn(c_, sum));
  }

 private:
  float c_;
  std::size_t count_ = 0;
  float waiting_[8 * sizeof(std::size_t)];
};

/// fl(a b + 0) of a small group added two by two, halves first, then to c, subnormals flushed
/// (spec::FlushedTree).
struct TreeSums {
  using Staged = float;

  __device__ void start(const SumWords& words, std::uint32_t c) {
    flushes_ = words.tree.flushes;
    const float given = __uint_as_float(c);
    c_ = flushes_ && is_subnormal(given) ? 0.0f : given;
  }

  template <class A, class B>
  __device__ void add(const SumWords& words, const Stretch& stretch, const StretchOperands<A, B>& operands) {
    const auto products = static_cast<unsigned>(words.tree.products);
    for (unsigned first = 0; first < stretch.count; first += products) {
      const unsigned left = stretch.count - first;
      c_ = flushed(__fadd_rn(c_, tree(operands, first, left < products ? left : products)));
    }
  }

  __device__ std::uint32_t finish(const SumWords& /*words*/, std::size_t /*index*/) {
    return float32_code(c_);
  }

 private:
  /// Zeros among them.
  __device__ static bool is_subnormal(float value) {
    return (__float_as_uint(value) & 0x7fffffffu) < 0x00800000u;
  }
  /// Subnormal numbers become zero and keep their sign.
  __device__ float flushed(float value) const {
    return flushes_ && is_subnormal(value) ? __uint_as_float(__float_as_uint(value) & 0x80000000u) : value;
  }

  template <class A, class B>
  __device__ float product(const StretchOperands<A, B>& operands, unsigned k) const {
    return flushed(__fadd_rn(__fmul_rn(operands.a(k), operands.b(k)), 0.0f));
  }

  /// Of one to four products; the lower half has floor(n / 2) of n.
  template <class A, class B>
  __device__ float tree(const StretchOperands<A, B>& operands, unsigned first, unsigned count) const {
    const unsigned half = count / 2;
    const float high = half_tree(operands, first + half, count - half);
    return half == 0 ? high : flushed(__fadd_rn(half_tree(operands, first, half), high));
  }
  template <class A, class B>
  __device__ float half_tree(const StretchOperands<A, B>& operands, unsigned first, unsigned count) const {
    const float low = product(operands, first);
    return count == 1 ? low : flushed(__fadd_rn(low, product(operands, first + 1)));
  }

  float c_;
  bool flushes_;
};

consteval bool trees_are_small() {
  for (const auto& row : spec::accumulators)
    if (row.kind == spec::AccumulatorKind::FlushedTree && row.tree.products > 4) return false;
  return true;
}
static_assert(trees_are_small());

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
