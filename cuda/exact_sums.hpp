// Sums without rounding: of a block (AccumulatorKind::BlockExact), and of everything (Exact).
#pragma once

#include "cuda/factor.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

__extension__ typedef __int128 Int128;

/// What a sum is told of the products of a stretch, all in one place: `a(k)` and `b(k)` are operands k of the
/// stretch, the scales those of its block.
template <class A, class B>
struct StretchOperands {
  const A& a;
  const B& b;
  std::uint32_t a_scale;
  std::uint32_t b_scale;
};

/// The code of +Inf, -Inf or NaN that `specials` (not 0) say.
inline __device__ std::uint32_t special_code(const spec::FloatFormat& format, std::uint32_t nan,
                                             std::uint32_t specials) {
  using fast::Superaccumulator;
  const auto infinity = fast::infinity_bits<std::uint32_t>(format);
  return specials == Superaccumulator::positive_infinity   ? infinity
         : specials == Superaccumulator::negative_infinity ? infinity | fast::sign_bit<std::uint32_t>(format)
                                                           : nan;
}

/// fl(integer 2^exponent); 0 is +0.
inline __device__ float float32_of(std::uint64_t high, std::uint64_t low, bool negative, int exponent) {
  constexpr spec::FloatFormat float32 = spec::float_formats[0];
  constexpr fast::RoundingWords<std::uint64_t> nearest =
      fast::make_rounding_words<std::uint64_t>({}, float32.mantissa_bits);
  constexpr std::uint64_t infinity = 0x7f800000;
  const auto number = number_of_integer(high, low, exponent);
  if (number.significand == 0) return 0.0f;
  const std::uint64_t ordinal = fast::ordinal_of<std::uint64_t>(number, float32.mantissa_bits, float32.emin,
                                                                nearest, std::uint64_t{0}, std::uint64_t{0});
  const auto magnitude = static_cast<std::uint32_t>(ordinal < infinity ? ordinal : infinity);
  return __uint_as_float(magnitude | (negative ? 0x80000000u : 0));
}

inline __device__ float float32_of(std::int64_t integer, int exponent) {
  const bool negative = integer < 0;
  const auto bits = static_cast<std::uint64_t>(integer);
  return float32_of(0, negative ? 0 - bits : bits, negative, exponent);
}
inline __device__ float float32_of(Int128 integer, int exponent) {
  const bool negative = integer < 0;
  const Int128 magnitude = negative ? -integer : integer;
  return float32_of(static_cast<std::uint64_t>(magnitude >> 64), static_cast<std::uint64_t>(magnitude),
                    negative, exponent);
}

/// c = fl(c + fl(d)) over the blocks, d the exact dot product. `Integer` holds d in units of the smallest
/// product.
template <class Integer>
struct BlockSums {
  using Staged = Factor;

  __device__ void start(const SumWords& /*words*/, std::uint32_t c) { total_ = __uint_as_float(c); }

  template <class A, class B>
  __device__ void add(const SumWords& words, const Stretch& stretch, const StretchOperands<A, B>& operands) {
    for (unsigned k = 0; k < stretch.count; ++k) {
      const Factor a = operands.a(k);
      const Factor b = operands.b(k);
      specials_ |= specials_of(a, b);
      const int product = a.significand * b.significand;
      if (product != 0)
        block_ += static_cast<Integer>(product) << (a.exponent + b.exponent - words.product_emin);
    }
    if (stretch.ends_block) end_block(words, operands.a_scale, operands.b_scale);
  }

  __device__ std::uint32_t finish(const SumWords& /*words*/, std::size_t /*index*/) {
    return float32_code(total_);
  }

 private:
  __device__ void end_block(const SumWords& words, std::uint32_t a_scale, std::uint32_t b_scale) {
    constexpr spec::ScaleFormat e8m0 = spec::scale_formats[0];
    if (a_scale == e8m0.nan_code || b_scale == e8m0.nan_code) specials_ = fast::Superaccumulator::nan;
    const int unit = static_cast<int>(a_scale + b_scale) - 2 * e8m0.bias + words.product_emin -
                     words.product_mantissa_bits;
    const float sum = specials_ == 0 ? float32_of(block_, unit)
                                     : __uint_as_float(special_code(words.output, words.nan, specials_));
    total_ = __fadd_rn(total_, sum);
    block_ = 0;
    specials_ = 0;
  }

  float total_;
  Integer block_ = 0;
  std::uint32_t specials_ = 0;
};

/// alpha times everything exact, beta c added, and rounded once. `Scaled`: alpha is not 1.
template <bool Scaled>
struct WholeSum {
  using Staged = Factor;

  __device__ void start(const SumWords& /*words*/, std::uint32_t c) { c_ = c; }

  template <class A, class B>
  __device__ void add(const SumWords& words, const Stretch& stretch, const StretchOperands<A, B>& operands) {
    for (unsigned k = 0; k < stretch.count; ++k)
      add_product(operands.a(k), operands.b(k), words.product_mantissa_bits, sum_);
  }

  __device__ std::uint32_t finish(const SumWords& words, std::size_t index) {
    const bool stochastic = words.rounding.mode == spec::RoundingMode::Stochastic;
    const std::uint32_t word = stochastic ? RandomWords{true, nullptr, words.rounding.seed}.at(index) : 0;
    if constexpr (Scaled) {
      const Factor alpha = float32_factor(words.alpha);
      const bool negative = alpha.significand < 0;
      auto scaled = sum_.times(static_cast<std::uint32_t>(negative ? -alpha.significand : alpha.significand),
                               alpha.exponent - float32_mantissa_bits, negative);
      return rounded(words, word, scaled);
    } else {
      return rounded(words, word, sum_);
    }
  }

 private:
  static constexpr int float32_mantissa_bits = spec::float_formats[0].mantissa_bits;

  __device__ static Factor float32_factor(float number) {
    constexpr spec::FloatFormat float32 = spec::float_formats[0];
    return decode_factor(words_of_number(float32), __float_as_uint(number));
  }

  /// a b, both numbers with as many mantissa bits together.
  template <class Total>
  __device__ static void add_product(const Factor& a, const Factor& b, int mantissa_bits, Total& sum) {
    const std::uint32_t specials = specials_of(a, b);
    const std::int64_t product = std::int64_t{a.significand} * b.significand;
    const auto bits = static_cast<std::uint64_t>(product);
    if (specials != 0)
      sum.add_special(specials);
    else if (product != 0)
      sum.add(product < 0 ? 0 - bits : bits, a.exponent + b.exponent - mantissa_bits, product < 0);
  }

  template <class Total>
  __device__ std::uint32_t rounded(const SumWords& words, std::uint32_t random_word, Total& sum) const {
    // c is a code of the output format: decoded as an operand would be.
    const OperandWords format = words_of_number(words.output);
    add_product(decode_factor(format, c_), float32_factor(words.beta),
                format.mantissa_bits + float32_mantissa_bits, sum);
    return static_cast<std::uint32_t>(sum.round(words.output, words.rounding, random_word));
  }

  std::uint32_t c_;
  fast::Superaccumulator sum_;
};

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
