// exp, sin, cos and the order of sums, for hosts and devices: library functions differ between machines.
// Only + - * / and bits take part, in double, and one rounding to float32 at the end.
//
// Against the exact values, over all float32 in the stated ranges: at most 0.50001 ulp (math_sweep_test).
#pragma once

#include <cstddef>
#include <cstdint>

#include "fast/host_device.hpp"
#include "fast/number.hpp"

namespace mxemu::llama {

namespace detail {

/// Added to a double below 2^51 in magnitude, leaves its nearest integer, ties to even, in the last bits.
inline constexpr double integer_magic = 0x1.8p52;

/// 2^n, where n from -1022 to 1023 stands in the last bits of `magic`; anything for another n.
MXEMU_HOST_DEVICE constexpr double power_of_two(double magic) noexcept {
  return __builtin_bit_cast(double, (__builtin_bit_cast(std::uint64_t, magic) + 1023) << 52);
}

/// 1 / n! for n = 0 … 17, each rounded once: n! is exact.
struct InverseFactorials {
  double of[18];
};
MXEMU_HOST_DEVICE constexpr InverseFactorials inverse_factorials() noexcept {
  InverseFactorials table{};
  double factorial = 1;
  for (int n = 0; n < 18; ++n) {
    table.of[n] = 1 / factorial;
    factorial *= n + 1;
  }
  return table;
}

/// Taylor polynomial of e^r from its term `n` on, divided by r^n; whole, for |r| <= ln(2) / 2, it is off by
/// 2^-42 at degree 10, by 2^-56 at degree 13. It calls itself where a loop would keep callers from vectors.
template <int degree, int n = 0>
MXEMU_HOST_DEVICE constexpr double exp_polynomial(double r) noexcept {
  constexpr double coefficient = inverse_factorials().of[n];
  if constexpr (n == degree)
    return coefficient;
  else
    return exp_polynomial<degree, n + 1>(r) * r + coefficient;
}

/// e^x for |x| <= 700.
template <int degree>
MXEMU_HOST_DEVICE constexpr double exp_double(double x) noexcept {
  constexpr double log2_e = 0x1.71547652b82fep0;
  constexpr double ln2_high = 0x1.62e42feep-1;  // so short that its product with n is exact
  constexpr double ln2_low = 0x1.a39ef35793c76p-33;
  const double magic = x * log2_e + integer_magic;
  const double n = magic - integer_magic;
  const double r = (x - n * ln2_high) - n * ln2_low;
  return exp_polynomial<degree>(r) * power_of_two(magic);
}

/// x - q pi / 2, and in `magic` the integer q nearest to x 2 / pi; |x| <= 2^20.
struct Quadrant {
  double rest;
  double magic;
};
MXEMU_HOST_DEVICE constexpr Quadrant quadrant_of(double x) noexcept {
  constexpr double two_over_pi = 0x1.45f306dc9c883p-1;
  constexpr double high = 0x1.921fb544p0;  // 33 bits each, so that products with q are exact
  constexpr double middle = 0x1.0b4611a6p-34;
  constexpr double low = 0x1.3198a2e037073p-69;
  const double magic = x * two_over_pi + integer_magic;
  const double q = magic - integer_magic;
  return {((x - q * high) - q * middle) - q * low, magic};
}

/// Taylor polynomials of sine and cosine for |r| <= pi / 4, off by less than 2^-46.
MXEMU_HOST_DEVICE constexpr double sin_polynomial(double r) noexcept {
  constexpr InverseFactorials inverse = inverse_factorials();
  const double square = r * r;
  double sum = inverse.of[13];
  for (int n = 11; n >= 1; n -= 2) sum = inverse.of[n] - sum * square;
  return sum * r;
}
MXEMU_HOST_DEVICE constexpr double cos_polynomial(double r) noexcept {
  constexpr InverseFactorials inverse = inverse_factorials();
  const double square = r * r;
  double sum = inverse.of[14];
  for (int n = 12; n >= 0; n -= 2) sum = inverse.of[n] - sum * square;
  return sum;
}

}  // namespace detail

/// x, or the nearer limit. Masks, because compilers make branches of ?: here, and no vectors of branches.
MXEMU_HOST_DEVICE constexpr float limit(float x, float least, float most) noexcept {
  const auto bits = [](float number) { return __builtin_bit_cast(std::uint32_t, number); };
  const std::uint32_t raised = fast::select(fast::mask_of<std::uint32_t>(x < least), bits(least), bits(x));
  return __builtin_bit_cast(float, fast::select(fast::mask_of<std::uint32_t>(x > most), bits(most), raised));
}

/// e^x: 0 below -104, infinite above 89, NaN of NaN.
MXEMU_HOST_DEVICE constexpr float exp_float(float x) noexcept {
  const float limited = limit(x, -110.0F, 90.0F);  // keeps 2^n a normal double
  return static_cast<float>(detail::exp_double<10>(static_cast<double>(limited)));
}

struct SinCos {
  float sin;
  float cos;
};

/// Sine and cosine of |x| <= 2^20 radians.
MXEMU_HOST_DEVICE constexpr SinCos sin_cos(float x) noexcept {
  const detail::Quadrant at = detail::quadrant_of(static_cast<double>(x));
  const double s = detail::sin_polynomial(at.rest), c = detail::cos_polynomial(at.rest);
  const auto q = __builtin_bit_cast(std::uint64_t, at.magic);
  const double sine = (q & 1) != 0 ? c : s, cosine = (q & 1) != 0 ? s : c;
  return {static_cast<float>((q & 2) != 0 ? -sine : sine),
          static_cast<float>(((q + 1) & 2) != 0 ? -cosine : cosine)};
}

/// x sigmoid(x), with one rounding each of e^-x, 1 + e^-x and the quotient.
MXEMU_HOST_DEVICE constexpr float silu(float x) noexcept {
  return x / (1.0F + exp_float(-x));
}

/// base^exponent for a base from 2^-60 to 2^60, within 2^-45 of itself.
constexpr double power(double base, double exponent) noexcept {
  int doublings = 0;
  for (; base > 1.5; base /= 2) ++doublings;
  for (; base < 0.75; base *= 2) --doublings;
  // ln(base) = 2 atanh(s), s at most 1/5
  const double s = (base - 1) / (base + 1);
  double sum = 0;
  for (int n = 23; n >= 1; n -= 2) sum = sum * s * s + 1.0 / n;
  constexpr double ln2 = 0x1.62e42fefa39efp-1;
  return detail::exp_double<13>(exponent * (doublings * ln2 + 2 * s * sum));
}

/// A sum of many: lane l adds terms l, l + 32, …, in double, then neighbours are added, level by level.
inline constexpr std::size_t sum_lanes = 32;

struct LaneSums {
  double of[sum_lanes] = {};
};

MXEMU_HOST_DEVICE constexpr double total_of(LaneSums lanes) noexcept {
  for (std::size_t half = sum_lanes / 2; half != 0; half /= 2)
    for (std::size_t i = 0; i < half; ++i) lanes.of[i] = lanes.of[2 * i] + lanes.of[2 * i + 1];
  return lanes.of[0];
}

}  // namespace mxemu::llama
