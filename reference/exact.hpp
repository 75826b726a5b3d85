// Exact non-negative numbers of the form n * 2^e: every value of every format, and their sums and products.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>

namespace mxemu::reference {

/// An integer without bounds; up to 256 bits it needs no heap.
using Integer =
    boost::multiprecision::number<boost::multiprecision::cpp_int_backend<256>, boost::multiprecision::et_off>;

/// The number significand * 2^exponent, significand >= 0. Several pairs spell the same number.
struct Exact {
  Integer significand = 0;
  int exponent = 0;

  bool is_zero() const { return significand.is_zero(); }
};

/// 2^exponent.
Exact power_of_two(int exponent);

/// The product a * b.
Exact multiply(const Exact& a, const Exact& b);

/// Negative, zero or positive as a < b, a = b or a > b.
int compare(const Exact& a, const Exact& b);

inline bool operator<(const Exact& a, const Exact& b) {
  return compare(a, b) < 0;
}
inline bool operator<=(const Exact& a, const Exact& b) {
  return compare(a, b) <= 0;
}
inline bool operator>(const Exact& a, const Exact& b) {
  return compare(a, b) > 0;
}
inline bool operator>=(const Exact& a, const Exact& b) {
  return compare(a, b) >= 0;
}
inline bool operator==(const Exact& a, const Exact& b) {
  return compare(a, b) == 0;
}

/// The largest e with 2^e <= a. Requires a > 0.
int floor_log2(const Exact& a);

/// The largest e with b * 2^e <= a, that is floor(log2(a / b)). Requires a, b > 0.
int floor_log2_of_ratio(const Exact& a, const Exact& b);

/// a written as an integer multiple of 2^unit_exponent. Requires unit_exponent <= a.exponent.
Integer in_units(const Exact& a, int unit_exponent);

}  // namespace mxemu::reference
