// Fused adders (spec/fused_adder.hpp) in integers: terms are cut to multiples of a quantum that all share,
// and summed in 64 bits.
#pragma once

#include "cuda/exact_sums.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// Whether terms and sums fit in 64 bits, and the rows ask for no more than is done here.
consteval bool integers_are_wide_enough() {
  for (const auto& row : spec::accumulators) {
    const spec::FusedAdder& adder = row.fused;
    if (row.kind != spec::AccumulatorKind::Fused) continue;
    // Up to 64 products and c below 2^(F + 2); a group of 16 products of E2M1 is below 2^10.
    const bool overflows =
        adder.fraction_bits + 10 + 7 > 62 || adder.sum_fraction_bits + 2 + 7 > 62 || adder.split > 2;
    const bool unknown = adder.term_rounding != spec::TermRounding::TowardZero || adder.normalizes_products ||
                         adder.zero_exponent != spec::ZeroExponent::OperandMinus126 ||
                         adder.join_rounding != spec::TermRounding::Floor ||
                         (adder.exact_group > 1 && !(row.operands == spec::fp4_operands)) ||
                         (adder.products_overflow && adder.join == spec::AccumulatorJoin::Aligned);
    if (overflows || unknown) return false;
  }
  return true;
}
static_assert(integers_are_wide_enough(), "a fused adder needs more than this one knows");

/// integer 2^shift, toward zero.
inline __device__ std::int64_t cut(std::int64_t integer, int shift) {
  if (shift >= 0) return integer << shift;
  const int right = -shift < 63 ? -shift : 63;
  const std::int64_t magnitude = (integer < 0 ? -integer : integer) >> right;
  return integer < 0 ? -magnitude : magnitude;
}

/// integer 2^shift, toward minus infinity.
inline __device__ std::int64_t floored(std::int64_t integer, int shift) {
  return shift >= 0 ? integer << shift : integer >> (-shift < 63 ? -shift : 63);
}

/// Step 7: sum 2^exponent as a code of the output. A sum of zero is +0.
inline __device__ std::uint32_t rounded_code(const SumWords& words, std::int64_t sum, int exponent) {
  const bool negative = sum < 0;
  const auto bits = static_cast<std::uint64_t>(sum);
  const auto number = number_of_integer(0, negative ? 0 - bits : bits, exponent);
  if (number.significand == 0) return 0;
  const std::uint64_t ordinal =
      fast::ordinal_of<std::uint64_t>(number, words.result_mantissa_bits, words.output.emin,
                                      words.result_rounding, std::uint64_t{0}, std::uint64_t{0});
  const std::uint64_t kept = ordinal << (words.output.mantissa_bits - words.result_mantissa_bits);
  const auto infinity = fast::infinity_bits<std::uint64_t>(words.output);
  const auto magnitude = static_cast<std::uint32_t>(kept < infinity ? kept : infinity);
  const bool minus = negative && (magnitude != 0 || words.keeps_sign_of_underflow);
  return magnitude | (minus ? fast::sign_bit<std::uint32_t>(words.output) : 0);
}

/// The operands of one step.
template <class A, class B>
struct StepProducts {
  const A& a;
  const B& b;
  unsigned first;
  unsigned count;

  __device__ int exponent(unsigned k) const { return a(first + k).exponent + b(first + k).exponent; }
  __device__ std::int64_t product(unsigned k) const {
    return std::int64_t{a(first + k).significand} * b(first + k).significand;
  }

  /// Step 4: the largest exponent of the products from, from + stride, …
  __device__ int largest_exponent(unsigned from, unsigned stride) const {
    int largest = exponent(from);
    for (unsigned k = from + stride; k < count; k += stride) {
      const int own = exponent(k);
      largest = own > largest ? own : largest;
    }
    return largest;
  }

  __device__ std::uint32_t specials(const SumWords& words) const {
    std::uint32_t specials = 0;
    for (unsigned k = 0; k < count; ++k) {
      specials |= specials_of(a(first + k), b(first + k));
      if (words.adder.products_overflow) specials |= overflow(words, k);
    }
    return specials;
  }

 private:
  /// A product of 2^128 or more is infinite.
  __device__ std::uint32_t overflow(const SumWords& words, unsigned k) const {
    constexpr int beyond = 128;
    const std::int64_t integer = product(k);
    if (integer == 0 || a(first + k).kind != FactorClass::Finite || b(first + k).kind != FactorClass::Finite)
      return 0;
    const auto magnitude = static_cast<std::uint64_t>(integer < 0 ? -integer : integer);
    const int log2 = 63 - fast::leading_zeros(magnitude) + exponent(k) - words.product_mantissa_bits;
    using fast::Superaccumulator;
    return log2 < beyond ? 0
           : integer < 0 ? Superaccumulator::negative_infinity
                         : Superaccumulator::positive_infinity;
  }
};

/// c in a step: a code of the output format.
struct StepAccumulator {
  std::int64_t significand;
  int exponent;
  int unit;  ///< exponent of the significand's last place
  std::uint32_t specials;

  __device__ StepAccumulator(const SumWords& words, std::uint32_t code) {
    const Factor factor = decode_factor(words_of_number(words.output), code);
    significand = factor.significand;
    exponent = factor.exponent;
    unit = exponent - words.output.mantissa_bits;
    specials = factor.kind == FactorClass::Finite ? 0 : specials_of(factor, {1, 0, FactorClass::Finite});
  }
};

/// Steps 4 and 7, c among the terms.
struct AlignedStep {
  template <class A, class B>
  __device__ static std::uint32_t sum(const SumWords& words, const StepProducts<A, B>& step,
                                      const StepAccumulator& c) {
    const int largest = step.largest_exponent(0, 1);
    const int top = largest > c.exponent ? largest : c.exponent;
    const int quantum = top - words.adder.fraction_bits;
    std::int64_t total = cut(c.significand, c.unit - quantum);
    for (unsigned k = 0; k < step.count; ++k)
      total += cut(step.product(k), step.exponent(k) - words.product_mantissa_bits - quantum);
    return rounded_code(words, total, quantum);
  }
};

/// The same on exact groups, whose exponents are those of their scales.
struct GroupedStep {
  template <class A, class B>
  __device__ static std::uint32_t sum(const SumWords& words, const StepProducts<A, B>& step,
                                      const StepAccumulator& c) {
    const auto group = static_cast<unsigned>(words.adder.exact_group);
    const int largest = step.largest_exponent(0, group);
    const int top = largest > c.exponent ? largest : c.exponent;
    const int quantum = top - words.adder.fraction_bits;
    const int unit = words.product_emin - words.product_mantissa_bits;
    std::int64_t total = cut(c.significand, c.unit - quantum);
    for (unsigned first = 0; first < step.count; first += group) {
      std::int64_t exact = 0;
      for (unsigned k = first; k < first + group && k < step.count; ++k) exact += step.product(k);
      total += cut(exact, step.exponent(first) + unit - quantum);
    }
    return rounded_code(words, total, quantum);
  }
};

/// Steps 3 to 7, c after the sum.
struct AfterSumStep {
  template <class A, class B>
  __device__ static std::uint32_t sum(const SumWords& words, const StepProducts<A, B>& step,
                                      const StepAccumulator& c) {
    const spec::FusedAdder& adder = words.adder;
    const auto split = static_cast<unsigned>(adder.split);
    const int largest = step.largest_exponent(0, 1);
    std::int64_t products = 0;  // in units of 2^(largest - F)
    for (unsigned part = 0; part < split && part < step.count; ++part) {
      const int own = step.largest_exponent(part, split);
      std::int64_t sum = 0;
      for (unsigned k = part; k < step.count; k += split)
        sum += cut(step.product(k),
                   step.exponent(k) - words.product_mantissa_bits - (own - adder.fraction_bits));
      products += floored(sum, own - largest);
    }
    const int top = largest > c.exponent ? largest : c.exponent;
    const int finer = adder.sum_fraction_bits - adder.fraction_bits;
    const bool drops = adder.drop_distance > 0 && c.exponent < top - adder.drop_distance;
    const std::int64_t joining = drops ? 0 : floored(c.significand, c.unit - (top - adder.fraction_bits));
    const std::int64_t total = floored(products, largest - top + finer) + (joining << finer);
    return rounded_code(words, total, top - adder.sum_fraction_bits);
  }
};

/// One step on the products first … first + count - 1 of a stretch, from c.
template <class Step, class A, class B>
__device__ std::uint32_t fused_step(const SumWords& words, const StretchOperands<A, B>& operands,
                                    unsigned first, unsigned count, std::uint32_t code) {
  const StepProducts<A, B> step = {operands.a, operands.b, first, count};
  const StepAccumulator c(words, code);
  const std::uint32_t specials = c.specials | step.specials(words);
  if (specials != 0) return special_code(words.output, words.nan, specials);
  return Step::sum(words, step, c);
}

/// Every step goes on from the last.
template <class Step>
struct FusedChain {
  using Staged = Factor;

  __device__ void start(const SumWords& words, std::uint32_t c) { c_ = without_payload(words, c); }

  template <class A, class B>
  __device__ void add(const SumWords& words, const Stretch& stretch, const StretchOperands<A, B>& operands) {
    const auto products = static_cast<unsigned>(words.adder.products);
    for (unsigned first = 0; first < stretch.count; first += products) {
      const unsigned left = stretch.count - first;
      c_ = fused_step<Step>(words, operands, first, left < products ? left : products, c_);
    }
  }

  __device__ std::uint32_t finish(const SumWords& /*words*/, std::size_t /*index*/) { return c_; }

 private:
  /// Where there is nothing to add, a NaN still has the code of the row.
  __device__ static std::uint32_t without_payload(const SumWords& words, std::uint32_t code) {
    const std::uint32_t magnitude = code & (fast::sign_bit<std::uint32_t>(words.output) - 1);
    return magnitude > fast::infinity_bits<std::uint32_t>(words.output) ? words.nan : code;
  }

  std::uint32_t c_;
};

/// Every block is summed from 0, its sum scaled and added in float32 (ScaleEntry::AfterRounding).
struct FusedBlocks {
  using Staged = Factor;

  __device__ void start(const SumWords& words, std::uint32_t c) {
    nan_ = words.nan;
    total_ = __uint_as_float(c);
  }

  template <class A, class B>
  __device__ void add(const SumWords& words, const Stretch& stretch, const StretchOperands<A, B>& operands) {
    const auto products = static_cast<unsigned>(words.adder.products);
    for (unsigned first = 0; first < stretch.count; first += products) {
      const unsigned left = stretch.count - first;
      block_ = fused_step<AlignedStep>(words, operands, first, left < products ? left : products, block_);
    }
    if (!stretch.ends_block) return;
    // One rounding: a double holds block and scales exactly. Where its sum with c is not exact, the smaller
    // of the two is below 2^-28 of the larger, which is a float32 or rounds to one as it does alone.
    const double scaled = static_cast<double>(__uint_as_float(block_)) * scale_value(operands.a_scale) *
                          scale_value(operands.b_scale);
    total_ = static_cast<float>(static_cast<double>(total_) + scaled);
    block_ = 0;
  }

  __device__ std::uint32_t finish(const SumWords& /*words*/, std::size_t /*index*/) {
    return total_ == total_ ? __float_as_uint(total_) : nan_;
  }

 private:
  /// The double of a code of E8M0.
  __device__ static double scale_value(std::uint32_t code) {
    constexpr spec::ScaleFormat e8m0 = spec::scale_formats[0];
    const bool nan = code == e8m0.nan_code;
    const std::uint32_t field = nan ? 0x7ff : code + 1023 - static_cast<std::uint32_t>(e8m0.bias);
    return __builtin_bit_cast(
        double, static_cast<std::uint64_t>(field) << 52 | static_cast<std::uint64_t>(nan) << 51);
  }

  float total_;
  std::uint32_t block_ = 0;
  std::uint32_t nan_;
};

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
