// Matrix units with AVX2.
#define MXEMU_TIER avx2

#include <immintrin.h>

#include <cstddef>

#include "fast/host_device.hpp"
#include "fast/matrix_unit_lanes.hpp"

namespace mxemu::fast::avx2::unit {

using Shorts = UnitVector<std::int16_t, 32>;
using Ints = UnitVector<std::int32_t, 32>;
using Longs = UnitVector<std::int64_t, 32>;
using Floats = UnitVector<float, 32>;
using Doubles = UnitVector<double, 32>;

MXEMU_HOST Shorts::Vector larger(Shorts::Vector a, Shorts::Vector b) {
  return (Shorts::Vector)_mm256_max_epi16((__m256i)a, (__m256i)b);
}
MXEMU_HOST Doubles::Vector larger(Doubles::Vector a, Doubles::Vector b) {
  return _mm256_max_pd(a, b);
}
MXEMU_HOST Doubles::Vector truncated(Doubles::Vector x) {
  return _mm256_round_pd(x, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC);
}
MXEMU_HOST Doubles::Vector floored(Doubles::Vector x) {
  return _mm256_round_pd(x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
}
MXEMU_HOST Ints::Vector integers(Floats::Vector x) {
  return (Ints::Vector)_mm256_cvttps_epi32(x);
}
MXEMU_HOST Doubles::Vector low_doubles(Ints::Vector x) {
  return _mm256_cvtepi32_pd(_mm256_castsi256_si128((__m256i)x));
}
MXEMU_HOST Doubles::Vector high_doubles(Ints::Vector x) {
  return _mm256_cvtepi32_pd(_mm256_extracti128_si256((__m256i)x, 1));
}
MXEMU_HOST Doubles::Vector low_doubles(Floats::Vector x) {
  return _mm256_cvtps_pd(_mm256_castps256_ps128(x));
}
MXEMU_HOST Doubles::Vector high_doubles(Floats::Vector x) {
  return _mm256_cvtps_pd(_mm256_extractf128_ps(x, 1));
}
MXEMU_HOST Floats::Vector floats(Doubles::Vector low, Doubles::Vector high) {
  return _mm256_set_m128(_mm256_cvtpd_ps(high), _mm256_cvtpd_ps(low));
}
template <std::size_t part>
MXEMU_HOST Longs::Vector quarter(Shorts::Vector x) {
  const __m128i half = _mm256_extracti128_si256((__m256i)x, part / 2);
  return (Longs::Vector)_mm256_cvtepi16_epi64(_mm_srli_si128(half, part % 2 * 8));
}
MXEMU_HOST bool any_above(Doubles::Vector x, double limit) {
  return _mm256_movemask_pd(_mm256_cmp_pd(x, _mm256_set1_pd(limit), _CMP_GT_OQ)) != 0;
}

}  // namespace mxemu::fast::avx2::unit

// After the width of a vector and its instructions.
#include "fast/matrix_unit_tile.hpp"

namespace mxemu::fast {

extern constinit const MatrixUnit avx2_matrix_unit = avx2::unit::multiply_tile;

}  // namespace mxemu::fast
