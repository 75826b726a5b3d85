// Matrix units with AVX-512.
#define MXEMU_TIER avx512

#include <immintrin.h>

#include <cstddef>

#include "fast/host_device.hpp"
#include "fast/matrix_unit_lanes.hpp"

namespace mxemu::fast::avx512::unit {

using Shorts = UnitVector<std::int16_t, 64>;
using Ints = UnitVector<std::int32_t, 64>;
using Longs = UnitVector<std::int64_t, 64>;
using Floats = UnitVector<float, 64>;
using Doubles = UnitVector<double, 64>;

MXEMU_HOST Shorts::Vector larger(Shorts::Vector a, Shorts::Vector b) {
  return (Shorts::Vector)_mm512_max_epi16((__m512i)a, (__m512i)b);
}
MXEMU_HOST Doubles::Vector larger(Doubles::Vector a, Doubles::Vector b) {
  return _mm512_max_pd(a, b);
}
MXEMU_HOST Doubles::Vector truncated(Doubles::Vector x) {
  return _mm512_roundscale_pd(x, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC);
}
MXEMU_HOST Doubles::Vector floored(Doubles::Vector x) {
  return _mm512_roundscale_pd(x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
}
MXEMU_HOST Ints::Vector integers(Floats::Vector x) {
  return (Ints::Vector)_mm512_cvttps_epi32(x);
}
MXEMU_HOST Doubles::Vector low_doubles(Ints::Vector x) {
  return _mm512_cvtepi32_pd(_mm512_castsi512_si256((__m512i)x));
}
MXEMU_HOST Doubles::Vector high_doubles(Ints::Vector x) {
  return _mm512_cvtepi32_pd(_mm512_extracti64x4_epi64((__m512i)x, 1));
}
MXEMU_HOST Doubles::Vector low_doubles(Floats::Vector x) {
  return _mm512_cvtps_pd(_mm512_castps512_ps256(x));
}
MXEMU_HOST Doubles::Vector high_doubles(Floats::Vector x) {
  return _mm512_cvtps_pd(_mm512_extractf32x8_ps(x, 1));
}
MXEMU_HOST Floats::Vector floats(Doubles::Vector low, Doubles::Vector high) {
  return _mm512_insertf32x8(_mm512_castps256_ps512(_mm512_cvtpd_ps(low)), _mm512_cvtpd_ps(high), 1);
}
template <std::size_t part>
MXEMU_HOST Longs::Vector quarter(Shorts::Vector x) {
  return (Longs::Vector)_mm512_cvtepi16_epi64(_mm512_extracti32x4_epi32((__m512i)x, part));
}
MXEMU_HOST bool any_above(Doubles::Vector x, double limit) {
  return _mm512_cmp_pd_mask(x, _mm512_set1_pd(limit), _CMP_GT_OQ) != 0;
}

}  // namespace mxemu::fast::avx512::unit

// After the width of a vector and its instructions.
#include "fast/matrix_unit_tile.hpp"

namespace mxemu::fast {

extern constinit const MatrixUnit avx512_matrix_unit = avx512::unit::multiply_tile;

}  // namespace mxemu::fast
