// Vectors of output columns, and what matrix units do to numbers: align, cut, round. Included by the
// translation units of the tiers, which give the width of a vector and the instructions that the language has
// no words for. Doubles hold every sum exactly; where a double is rounded, it is rounded as is said there.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "fast/host_device.hpp"
#include "fast/matrix_unit_job.hpp"
#include "fast/matrix_unit_lanes.hpp"

#if defined(__clang__)
#define MXEMU_UNROLL_ALL _Pragma("unroll")
#else
#define MXEMU_UNROLL_ALL _Pragma("GCC unroll 8")
#endif

/// Between the parameters and the body of a lambda in a hot loop.
#define MXEMU_INLINE_LAMBDA __attribute__((always_inline))

namespace mxemu::fast::MXEMU_TIER::unit {

/// Columns that stand side by side: one vector of exponents, two of floats, four of doubles.
inline constexpr std::size_t columns = Shorts::count;
static_assert(columns <= unit_group_columns);
inline constexpr std::size_t float_vectors = columns / Floats::count;
inline constexpr std::size_t double_vectors = columns / Doubles::count;
static_assert(float_vectors == 2 && double_vectors == 4);

template <class V, class From>
MXEMU_HOST V reinterpret(const From& from) {
  static_assert(sizeof(V) == sizeof(From));
  return (V)from;  // of one vector as another: no other cast does that for intrinsics' types too
}

/// A double per column.
struct Wide {
  Doubles::Vector at[double_vectors];
};

template <class Operation>
MXEMU_HOST Wide for_each(const Operation& operation) {
  Wide result;
  MXEMU_UNROLL_ALL
  for (std::size_t i = 0; i < double_vectors; ++i) result.at[i] = operation(i);
  return result;
}

MXEMU_HOST Wide operator+(const Wide& a, const Wide& b) {
  return for_each([&](std::size_t i) { return a.at[i] + b.at[i]; });
}
MXEMU_HOST Wide operator*(const Wide& a, const Wide& b) {
  return for_each([&](std::size_t i) { return a.at[i] * b.at[i]; });
}
MXEMU_HOST Wide operator*(const Wide& a, double b) {
  return for_each([&](std::size_t i) { return a.at[i] * b; });
}
MXEMU_HOST Wide larger(const Wide& a, const Wide& b) {
  return for_each([&](std::size_t i) { return larger(a.at[i], b.at[i]); });
}
MXEMU_HOST Wide truncated(const Wide& a) {
  return for_each([&](std::size_t i) { return truncated(a.at[i]); });
}
MXEMU_HOST Wide floored(const Wide& a) {
  return for_each([&](std::size_t i) { return floored(a.at[i]); });
}
MXEMU_HOST Wide splat(double value) {
  return for_each([&](std::size_t) { return value - Doubles::Vector{}; });
}

MXEMU_HOST Wide load_wide(const double* from) {
  return for_each(
      [&](std::size_t i) { return *reinterpret_cast<const Doubles::Vector*>(from + i * Doubles::count); });
}
MXEMU_HOST void store_wide(double* to, const Wide& value) {
  MXEMU_UNROLL_ALL
  for (std::size_t i = 0; i < double_vectors; ++i)
    *reinterpret_cast<Doubles::Vector*>(to + i * Doubles::count) = value.at[i];
}

/// Whether any column is above the limit.
MXEMU_HOST bool any_above(const Wide& a, double limit) {
  return any_above(larger(larger(a.at[0], a.at[1]), larger(a.at[2], a.at[3])), limit);
}

// Powers of two stand for exponents: they compare as their exponents do.

inline constexpr std::int64_t one_in_exponent = std::int64_t{1} << 52;
inline constexpr std::int64_t exponent_field = 0x7ff * one_in_exponent;
inline constexpr std::int64_t sign_bit = std::numeric_limits<std::int64_t>::min();

/// 2^floor(log2 |x|), 0 of zero, Inf of Inf and NaN.
MXEMU_HOST Wide power_below(const Wide& x) {
  return for_each([&](std::size_t i) {
    return reinterpret<Doubles::Vector>(reinterpret<Longs::Vector>(x.at[i]) & exponent_field);
  });
}

/// 2^exponent / power. Unsigned, since 2 * 1023 + exponent alone need not fit in an exponent field.
MXEMU_HOST Wide power_over(int exponent, const Wide& power) {
  using Words = UnitVector<std::uint64_t, sizeof(Doubles::Vector)>::Vector;
  const std::uint64_t bits = static_cast<std::uint64_t>(2 * 1023 + exponent) << 52;
  return for_each(
      [&](std::size_t i) { return reinterpret<Doubles::Vector>(bits - reinterpret<Words>(power.at[i])); });
}

template <std::size_t part>
MXEMU_HOST Doubles::Vector quarter_of_powers(Shorts::Vector exponents) {
  return reinterpret<Doubles::Vector>((quarter<part>(exponents) + 1023) << 52);
}

/// 2^exponent of exponents from -1000 to 1000.
MXEMU_HOST Wide powers_of_two(Shorts::Vector exponents) {
  return {quarter_of_powers<0>(exponents), quarter_of_powers<1>(exponents), quarter_of_powers<2>(exponents),
          quarter_of_powers<3>(exponents)};
}

/// The numbers of two vectors, floats or integers, as doubles: exact.
template <class V>
MXEMU_HOST Wide widened(V low, V high) {
  return {low_doubles(low), high_doubles(low), low_doubles(high), high_doubles(high)};
}

/// Doubles that are floats.
MXEMU_HOST void narrowed(const Wide& from, Floats::Vector (&to)[float_vectors]) {
  to[0] = floats(from.at[0], from.at[1]);
  to[1] = floats(from.at[2], from.at[3]);
}

/// How a sum becomes the number that c is next.
struct OutputRounding {
  int mantissa_bits;
  double smallest_normal;
  double overflow;   ///< numbers from here on are infinite
  bool toward_zero;  ///< else roundTiesToEven
  bool keeps_sign_of_underflow;
};

/// Step 7 of spec/fused_adder.hpp, on finite numbers of less than 2^300.
MXEMU_HOST Wide rounded(const Wide& x, const OutputRounding& how) {
  const Wide power = larger(power_below(x), splat(how.smallest_normal));
  const double unit = std::bit_cast<double>((1023 - how.mantissa_bits) * one_in_exponent);
  return for_each([&](std::size_t i) {
    using Vector = Doubles::Vector;
    const auto sign = reinterpret<Longs::Vector>(x.at[i]) & sign_bit;
    const Vector magnitude = reinterpret<Vector>(reinterpret<Longs::Vector>(x.at[i]) & ~sign_bit);
    const Vector quantum = power.at[i] * unit;
    // |x| < 2^24 quanta: added to 2^52 of them it is rounded to a multiple of one, ties to even.
    const Vector bias = quantum * 0x1p52;
    Vector result = (magnitude + bias) - bias;
    if (how.toward_zero) result = result > magnitude ? result - quantum : result;
    result = result >= how.overflow ? std::numeric_limits<double>::infinity() - Vector{} : result;
    result = reinterpret<Vector>(reinterpret<Longs::Vector>(result) | sign);
    return how.keeps_sign_of_underflow ? result : result + 0.0;
  });
}

}  // namespace mxemu::fast::MXEMU_TIER::unit
