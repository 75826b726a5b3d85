#include "reference/exact.hpp"

#include <algorithm>

namespace mxemu::reference {

Exact power_of_two(int exponent) {
  return {1, exponent};
}

Exact multiply(const Exact& a, const Exact& b) {
  return {a.significand * b.significand, a.exponent + b.exponent};
}

int compare(const Exact& a, const Exact& b) {
  const int unit = std::min(a.exponent, b.exponent);
  return in_units(a, unit).compare(in_units(b, unit));
}

int floor_log2(const Exact& a) {
  return static_cast<int>(boost::multiprecision::msb(a.significand)) + a.exponent;
}

int floor_log2_of_ratio(const Exact& a, const Exact& b) {
  // a / b lies strictly between 2^(estimate - 1) and 2^(estimate + 1).
  const int estimate = floor_log2(a) - floor_log2(b);
  return Exact{b.significand, b.exponent + estimate} <= a ? estimate : estimate - 1;
}

Integer in_units(const Exact& a, int unit_exponent) {
  return a.significand << static_cast<unsigned>(a.exponent - unit_exponent);
}

}  // namespace mxemu::reference
