#include "double_model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace mxemu::dot_test {
namespace {

using spec::AccumulatorType;

int exponent_of(double x, int emin) {
  return x == 0 ? -126 : std::max(std::ilogb(x), emin);
}

double truncated(double x, int quantum) {
  return std::ldexp(std::trunc(std::ldexp(x, -quantum)), quantum);
}
double floored(double x, int quantum) {
  return std::ldexp(std::floor(std::ldexp(x, -quantum)), quantum);
}

struct Aligned {
  double sum;
  int emax;
};

/// Every term truncated to `bits` below the largest exponent.
Aligned aligned_sum(const std::vector<double>& values, const std::vector<int>& exponents, int bits) {
  Aligned result{0, *std::max_element(exponents.begin(), exponents.end())};
  for (const double value : values) result.sum += truncated(value, result.emax - bits);
  return result;
}

Aligned add_aligned(const DoubleTerms& t, std::size_t first, std::size_t last, std::size_t stride, int bits,
                    const double* c, int emin_c) {
  std::vector<double> values;
  std::vector<int> exponents;
  for (std::size_t i = first; i < last; i += stride) {
    values.push_back(std::ldexp(t.a[i] * t.b[i], t.scale[i]));
    exponents.push_back(exponent_of(t.a[i], t.emin_a) + exponent_of(t.b[i], t.emin_b) + t.scale[i]);
  }
  if (c) {
    values.push_back(*c);
    exponents.push_back(exponent_of(*c, emin_c));
  }
  return aligned_sum(values, exponents, bits);
}

double add_groups(const DoubleTerms& t, std::size_t first, std::size_t last, int bits, double c) {
  std::vector<double> values{c};
  std::vector<int> exponents{exponent_of(c, -126)};
  for (std::size_t i = first; i < last; i += 16) {
    double sum = 0;
    for (std::size_t j = i; j < i + 16; ++j) sum += t.a[j] * t.b[j];
    values.push_back(std::ldexp(sum, t.scale[i]));
    exponents.push_back(t.scale[i]);
  }
  return aligned_sum(values, exponents, bits).sum;
}

double join_floored(const Aligned& products, double c, bool drops) {
  const int ec = exponent_of(c, -126), e = std::max(products.emax, ec);
  const double joined = drops && ec < e - 25 ? 0 : floored(c, e - 24);
  return floored(products.sum, e - 31) + joined;
}

double add_floored_halves(const DoubleTerms& t, std::size_t first, std::size_t last, double c) {
  const Aligned even = add_aligned(t, first, last, 2, 24, nullptr, 0);
  const Aligned odd = add_aligned(t, first + 1, last, 2, 24, nullptr, 0);
  const int emax = std::max(even.emax, odd.emax);
  return join_floored({floored(even.sum, emax - 24) + floored(odd.sum, emax - 24), emax}, c, true);
}

/// Toward zero; what rounds to zero is +0.
float chopped(double x, int bits) {
  if (x == 0) return 0;
  const double y = truncated(x, std::max(std::ilogb(x), -126) - bits);
  if (std::fabs(y) >= 0x1p128) return y < 0 ? -INFINITY : INFINITY;
  return y == 0 ? 0 : static_cast<float>(y);
}

float nearest_float(double x) {
  if (std::fabs(x) >= 0x1p128 - 0x1p103) return x < 0 ? -INFINITY : INFINITY;
  return static_cast<float>(x);
}

/// binary16 by hand: nearest, ties to even; what rounds to zero is +0.
std::uint32_t half_of(double x) {
  if (x == 0) return 0;
  const int quantum = std::max(std::ilogb(x), -14) - 10;
  const auto units = static_cast<std::uint32_t>(std::nearbyint(std::ldexp(std::fabs(x), -quantum)));
  if (units == 0) return 0;
  const std::uint32_t code = (static_cast<std::uint32_t>(quantum + 24) << 10) + units;
  return (x < 0 ? 0x8000u : 0) | std::min(code, 0x7c00u);
}

double value_of_half(std::uint32_t code) {
  const int field = static_cast<int>(code >> 10 & 0x1f);
  const double mantissa = code & 0x3ff;
  const double magnitude = field == 31  ? static_cast<double>(INFINITY)
                           : field == 0 ? std::ldexp(mantissa, -24)
                                        : std::ldexp(1024 + mantissa, field - 25);
  return code >> 15 ? -magnitude : magnitude;
}

}  // namespace

const std::vector<UnitFacts> units_by_hand = {
    {AccumulatorType::Volta, Unit::Aligned, 4, 23, 23},
    {AccumulatorType::Turing, Unit::Aligned, 8, 24, 23},
    {AccumulatorType::Ampere, Unit::Aligned, 8, 24, 23},
    {AccumulatorType::AmpereTf32, Unit::Aligned, 4, 24, 23},
    {AccumulatorType::AdaFp8, Unit::Aligned, 16, 13, 13},
    {AccumulatorType::Hopper, Unit::Aligned, 16, 25, 23},
    {AccumulatorType::HopperTf32, Unit::Aligned, 8, 25, 23},
    {AccumulatorType::HopperFp8, Unit::Aligned, 32, 13, 13},
    {AccumulatorType::Blackwell, Unit::Aligned, 16, 25, 23},
    {AccumulatorType::BlackwellTf32, Unit::Aligned, 8, 25, 23},
    {AccumulatorType::BlackwellF8f6f4, Unit::Aligned, 32, 25, 23},
    {AccumulatorType::BlackwellMxf8f6f4, Unit::Aligned, 32, 25, 23},
    {AccumulatorType::BlackwellMxf4, Unit::GroupsOf16, 64, 35, 23},
    {AccumulatorType::Cdna3, Unit::FlooredAfterwards, 8, 24, 23},
    {AccumulatorType::Cdna3Xf32, Unit::FlooredAfterwards, 4, 24, 23},
    {AccumulatorType::Cdna3Fp8, Unit::FlooredHalves, 16, 24, 23},
};

std::uint32_t double_model(const UnitFacts& facts, const DoubleTerms& t, double c, bool half) {
  const auto products = static_cast<std::size_t>(facts.products);
  std::uint32_t code = 0;
  for (std::size_t first = 0; first < t.a.size(); first += products) {
    const std::size_t last = first + products;
    double sum = 0;
    switch (facts.unit) {
      case Unit::Aligned:
        sum = add_aligned(t, first, last, 1, facts.fraction_bits, &c, half ? -14 : -126).sum;
        break;
      case Unit::GroupsOf16: sum = add_groups(t, first, last, facts.fraction_bits, c); break;
      case Unit::FlooredAfterwards:
        sum = join_floored(add_aligned(t, first, last, 1, facts.fraction_bits, nullptr, 0), c, false);
        break;
      case Unit::FlooredHalves: sum = add_floored_halves(t, first, last, c); break;
    }
    const bool nearest = facts.unit == Unit::FlooredAfterwards || facts.unit == Unit::FlooredHalves;
    const float result = nearest ? nearest_float(sum) : chopped(sum, facts.result_bits);
    code = half ? half_of(sum) : std::bit_cast<std::uint32_t>(result);
    c = half ? value_of_half(code) : static_cast<double>(result);
    if (std::isinf(c)) return code;
  }
  return code;
}

}  // namespace mxemu::dot_test
