// One step of a fused adder (spec/fused_adder.hpp) for a row of A and the columns that stand side by side.
//
// Everything is exact in these lanes. Products: of floats where both operands have at most 11 significant
// bits and lie within 2^-28 … 2^16 (binary16, elements), of doubles else. Cut terms: below 2^(F + 2), summed
// as 32-bit integers, sixteen at a time, or as doubles. Sums: below 2^52 quanta in doubles.
#pragma once

#include "fast/matrix_unit_operand.hpp"
#include "fast/matrix_unit_vector.hpp"

namespace mxemu::fast::MXEMU_TIER::unit {

/// The decoded operands of a step. Element k of a column stands at k * columns + column.
template <class T>
struct StepOperands {
  const T* a;
  const std::int16_t* a_exponents;
  const T* b;
  const std::int16_t* b_exponents;
  std::size_t count;
};

/// What a tile's requests say, as the steps need it.
struct UnitWords {
  spec::FusedAdder adder;
  OutputRounding rounding;
};

/// Finite operands and scales stay below: 2 (15 + 127) for products, 127 for c.
inline constexpr int largest_finite_exponent = 600;
inline constexpr int product_overflow_exponent = 128;
/// Terms of 32 bits that fit in their sum.
inline constexpr std::size_t terms_of_integers = 16;

/// Whether terms, their sums and what they are made of fit in the lanes.
consteval bool lanes_are_wide_enough() {
  for (const auto& row : spec::accumulators) {
    const spec::FusedAdder& adder = row.fused;
    if (row.kind != spec::AccumulatorKind::Fused) continue;
    const bool sums_integers = adder.exact_group == 1 && adder.fraction_bits + 2 + 4 > 31;
    // 64 products and c below 2^(F + 2); a group of 16 products of E2M1 is below 2^10.
    const bool overflows = adder.fraction_bits + 10 + 3 > 52 || adder.products > 64 ||
                           adder.sum_fraction_bits + 2 + 6 > 51 || adder.split > 2;
    const bool unknown = adder.term_rounding != spec::TermRounding::TowardZero || adder.normalizes_products ||
                         adder.zero_exponent != spec::ZeroExponent::OperandMinus126 ||
                         adder.join_rounding != spec::TermRounding::Floor ||
                         (adder.exact_group > 1 && !(row.operands == spec::fp4_operands)) ||
                         (adder.products_overflow && adder.join == spec::AccumulatorJoin::Aligned);
    if (sums_integers || overflows || unknown) return false;
  }
  return true;
}
static_assert(lanes_are_wide_enough(), "a fused adder needs more than these kernels know");

template <class T>
MXEMU_HOST Shorts::Vector exponents_of(const StepOperands<T>& operands, std::size_t k) {
  return *reinterpret_cast<const Shorts::Vector*>(operands.b_exponents + k * columns) +
         operands.a_exponents[k];
}

/// Step 4: the power of the largest exponent of the products first, first + stride, …
template <class T>
MXEMU_HOST Wide largest_power(const StepOperands<T>& operands, std::size_t first, std::size_t stride) {
  Shorts::Vector largest = exponents_of(operands, first);
  for (std::size_t k = first + stride; k < operands.count; k += stride)
    largest = larger(largest, exponents_of(operands, k));
  constexpr std::int16_t limit = 1000;
  return powers_of_two(largest < limit ? largest : limit - Shorts::Vector{});
}

/// e(c) as a power of two.
MXEMU_HOST Wide power_of_accumulator(const UnitWords& words, const Wide& c) {
  const Wide power = larger(power_below(c), splat(words.rounding.smallest_normal));
  constexpr double zero = power_of_two(spec::zero_exponent_value);
  return for_each([&](std::size_t i) { return c.at[i] == 0 ? zero - Doubles::Vector{} : power.at[i]; });
}

template <bool Special>
MXEMU_HOST Floats::Vector term_of(float a, Floats::Vector b, Floats::Vector factor) {
  const Floats::Vector term = a * b * factor;
  if constexpr (!Special) return term;
  // Infinities and NaNs, whose columns are mended, do not become integers.
  return ((term < 0x1p28f) & (term > -0x1p28f)) ? term : Floats::Vector{};
}

/// The products first, first + stride, … times `factor`, toward zero, summed.
template <bool Special>
MXEMU_HOST Wide cut_products(const StepOperands<float>& operands, std::size_t first, std::size_t stride,
                             const Wide& factor) {
  // Beyond 2^125 all products are zero; below 2^-60 all terms are cut to zero, and would be subnormal.
  const Wide clamped = for_each([&](std::size_t i) {
    const Doubles::Vector some = larger(factor.at[i], 0x1p-60 - Doubles::Vector{});
    return some < 0x1p125 ? some : 0x1p125 - Doubles::Vector{};
  });
  Floats::Vector factors[float_vectors];
  narrowed(clamped, factors);
  Wide total = {};
  const std::size_t reach = terms_of_integers * stride;
  for (std::size_t from = first; from < operands.count; from += reach) {
    const std::size_t to = operands.count - from < reach ? operands.count : from + reach;
    Ints::Vector sums[float_vectors] = {};
    for (std::size_t k = from; k < to; k += stride) {
      MXEMU_UNROLL_ALL
      for (std::size_t i = 0; i < float_vectors; ++i) {
        const auto b = *reinterpret_cast<const Floats::Vector*>(operands.b + k * columns + i * Floats::count);
        sums[i] += integers(term_of<Special>(operands.a[k], b, factors[i]));
      }
    }
    total = total + widened(sums[0], sums[1]);
  }
  return total;
}

template <bool Special>
MXEMU_HOST Wide cut_products(const StepOperands<double>& operands, std::size_t first, std::size_t stride,
                             const Wide& factor) {
  Wide total = {};
  for (std::size_t k = first; k < operands.count; k += stride) {
    const Wide b = load_wide(operands.b + k * columns);
    total = total + truncated(b * operands.a[k] * factor);
  }
  return total;
}

/// What infinities and NaNs make of a step: the sum in the order of k, where it is not finite, replaces the
/// result. No finite sum of these operands overflows a double.
template <class T>
[[gnu::noinline]] void mend_specials(const UnitWords& words, const StepOperands<T>& operands, const Wide& c,
                                     Wide& result) {
  alignas(64) double sums[columns];
  alignas(64) double results[columns];
  store_wide(sums, c);
  store_wide(results, result);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double overflow = words.adder.products_overflow ? power_of_two(product_overflow_exponent) : infinity;
  for (std::size_t k = 0; k < operands.count; ++k)
    for (std::size_t column = 0; column < columns; ++column) {
      const double product =
          static_cast<double>(operands.a[k]) * static_cast<double>(operands.b[k * columns + column]);
      sums[column] += product >= overflow ? infinity : product <= -overflow ? -infinity : product;
    }
  for (std::size_t column = 0; column < columns; ++column)
    if (!(sums[column] - sums[column] == 0)) results[column] = sums[column];
  result = load_wide(results);
}

/// sum(true), mended: out of the way of the others.
template <class T, class Sum>
[[gnu::noinline]] Wide special_sum(const UnitWords& words, const StepOperands<T>& operands, const Wide& c,
                                   const Sum& sum) {
  Wide result = sum(std::true_type{});
  mend_specials(words, operands, c, result);
  return result;
}

/// Calls sum(special or not) for the result of a step.
template <class T, class Sum>
MXEMU_HOST Wide with_specials(const UnitWords& words, const StepOperands<T>& operands, const Wide& c,
                              bool special, const Sum& sum) {
  if (special) [[unlikely]]
    return special_sum(words, operands, c, sum);
  return sum(std::false_type{});
}

/// Steps 4 and 7, c among the terms.
template <class T>
struct AlignedUnit {
  using Value = T;

  MXEMU_HOST static Wide step(const UnitWords& words, const StepOperands<T>& operands, const Wide& c) {
    const int fraction_bits = words.adder.fraction_bits;
    const Wide power = larger(largest_power(operands, 0, 1), power_of_accumulator(words, c));
    const bool special = any_above(power, power_of_two(largest_finite_exponent));
    return with_specials(words, operands, c, special, [&](auto is_special) MXEMU_INLINE_LAMBDA {
      const Wide factor = power_over(fraction_bits, power);
      const Wide sum = truncated(c * factor) + cut_products<is_special()>(operands, 0, 1, factor);
      // A sum of zero is +0.
      return rounded(sum * (power * power_of_two(-fraction_bits)) + splat(0.0), words.rounding);
    });
  }
};

/// The same on exact groups, whose exponents are those of their scales.
struct GroupedUnit {
  using Value = float;

  MXEMU_HOST static Wide step(const UnitWords& words, const StepOperands<float>& operands, const Wide& c) {
    const int fraction_bits = words.adder.fraction_bits;
    const auto group = static_cast<std::size_t>(words.adder.exact_group);
    const Wide power = larger(largest_power(operands, 0, group), power_of_accumulator(words, c));
    const bool special = any_above(power, power_of_two(largest_finite_exponent));
    return with_specials(words, operands, c, special, [&](auto) MXEMU_INLINE_LAMBDA {
      const Wide factor = power_over(fraction_bits, power);
      Wide sum = truncated(c * factor);
      for (std::size_t first = 0; first < operands.count; first += group) {
        const Wide scale = powers_of_two(exponents_of(operands, first));
        sum = sum + truncated(exact_sum(operands, first, group) * (scale * factor));
      }
      return rounded(sum * (power * power_of_two(-fraction_bits)) + splat(0.0), words.rounding);
    });
  }

 private:
  /// Multiples of 1/4 below 2^10.
  MXEMU_HOST static Wide exact_sum(const StepOperands<float>& operands, std::size_t first,
                                   std::size_t group) {
    const std::size_t last = operands.count - first < group ? operands.count : first + group;
    Floats::Vector sums[float_vectors] = {};
    for (std::size_t k = first; k < last; ++k) {
      MXEMU_UNROLL_ALL
      for (std::size_t i = 0; i < float_vectors; ++i)
        sums[i] += operands.a[k] *
                   *reinterpret_cast<const Floats::Vector*>(operands.b + k * columns + i * Floats::count);
    }
    return widened(sums[0], sums[1]);
  }
};

/// Steps 3 to 7, c after the sum.
template <class T, std::size_t Split>
struct AfterSumUnit {
  using Value = T;

  MXEMU_HOST static Wide step(const UnitWords& words, const StepOperands<T>& operands, const Wide& c) {
    Wide powers[Split];
    const std::size_t parts = operands.count < Split ? operands.count : Split;
    for (std::size_t i = 0; i < Split; ++i) powers[i] = largest_power(operands, i < parts ? i : 0, Split);
    Wide power = powers[0];
    for (std::size_t i = 1; i < Split; ++i) power = larger(power, powers[i]);
    const Wide power_of_c = power_of_accumulator(words, c);
    // Two exponents below 128 - 2 keep a product below 2^128.
    const bool special = any_above(power, power_of_two(product_overflow_exponent - 3)) ||
                         any_above(power_of_c, power_of_two(largest_finite_exponent));
    return with_specials(words, operands, c, special, [&](auto is_special) MXEMU_INLINE_LAMBDA {
      Wide sum = {};
      for (std::size_t i = 0; i < Split; ++i) {
        const Wide part =
            cut_products<is_special()>(operands, i, Split, power_over(words.adder.fraction_bits, powers[i]));
        sum = sum + (Split == 1 ? part : floored(part * powers[i] * power_over(0, power)));
      }
      return joined_with(words, sum, power, c, power_of_c);
    });
  }

 private:
  /// Steps 6 and 7. `sum` is in units of power * 2^-fraction_bits.
  MXEMU_HOST static Wide joined_with(const UnitWords& words, const Wide& sum, const Wide& power,
                                     const Wide& c, const Wide& power_of_c) {
    const spec::FusedAdder& adder = words.adder;
    const int finer = adder.sum_fraction_bits - adder.fraction_bits;
    const Wide top = larger(power, power_of_c);
    const Wide products = floored(sum * power * power_over(finer, top));
    Wide joining = floored(c * power_over(adder.fraction_bits, top));
    if (adder.drop_distance > 0) {
      const Wide lowest = top * power_of_two(-adder.drop_distance);
      joining = for_each(
          [&](std::size_t i) { return power_of_c.at[i] < lowest.at[i] ? Doubles::Vector{} : joining.at[i]; });
    }
    const Wide total = products + joining * power_of_two(finer);
    return rounded(total * (top * power_of_two(-adder.sum_fraction_bits)) + splat(0.0), words.rounding);
  }
};

}  // namespace mxemu::fast::MXEMU_TIER::unit
