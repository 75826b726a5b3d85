// Matrix units on any machine: vectors of sixteen bytes in the language's own words.
#define MXEMU_TIER portable

#include <cstddef>
#include <cstdint>

#include "fast/host_device.hpp"
#include "fast/matrix_unit_lanes.hpp"

namespace mxemu::fast::portable::unit {

using Shorts = UnitVector<std::int16_t, 16>;
using Ints = UnitVector<std::int32_t, 16>;
using Longs = UnitVector<std::int64_t, 16>;
using Floats = UnitVector<float, 16>;
using Doubles = UnitVector<double, 16>;

MXEMU_HOST Shorts::Vector larger(Shorts::Vector a, Shorts::Vector b) {
  return a > b ? a : b;
}
MXEMU_HOST Doubles::Vector larger(Doubles::Vector a, Doubles::Vector b) {
  return a > b ? a : b;
}
/// Of magnitudes below 2^51: added to 1.5 * 2^52 they are rounded to integers.
MXEMU_HOST Doubles::Vector floored(Doubles::Vector x) {
  const Doubles::Vector nearest = (x + 0x1.8p52) - 0x1.8p52;
  return nearest > x ? nearest - 1.0 : nearest;
}
MXEMU_HOST Doubles::Vector truncated(Doubles::Vector x) {
  const Longs::Vector sign = (Longs::Vector)x & std::int64_t{-0x7fffffffffffffff - 1};
  return (Doubles::Vector)((Longs::Vector)floored((Doubles::Vector)((Longs::Vector)x ^ sign)) | sign);
}
MXEMU_HOST Ints::Vector integers(Floats::Vector x) {
  return __builtin_convertvector(x, Ints::Vector);
}
template <class V>
MXEMU_HOST Doubles::Vector low_doubles(V x) {
  return __builtin_convertvector(__builtin_shufflevector(x, x, 0, 1), Doubles::Vector);
}
template <class V>
MXEMU_HOST Doubles::Vector high_doubles(V x) {
  return __builtin_convertvector(__builtin_shufflevector(x, x, 2, 3), Doubles::Vector);
}
MXEMU_HOST Floats::Vector floats(Doubles::Vector low, Doubles::Vector high) {
  using Half = UnitVector<float, 8>::Vector;
  return __builtin_shufflevector(__builtin_convertvector(low, Half), __builtin_convertvector(high, Half), 0,
                                 1, 2, 3);
}
template <std::size_t part>
MXEMU_HOST Longs::Vector quarter(Shorts::Vector x) {
  return Longs::Vector{x[2 * part], x[2 * part + 1]};
}
MXEMU_HOST bool any_above(Doubles::Vector x, double limit) {
  return x[0] > limit || x[1] > limit;
}

}  // namespace mxemu::fast::portable::unit

// After the width of a vector and its words.
#include "fast/matrix_unit_tile.hpp"

namespace mxemu::fast {

extern constinit const MatrixUnit portable_matrix_unit = portable::unit::multiply_tile;

}  // namespace mxemu::fast
