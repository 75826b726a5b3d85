// AVX-512: the width of a vector and how to multiply and add them.
#pragma once

#include <immintrin.h>

#include <cstddef>

#include "fast/host_device.hpp"

namespace mxemu::fast::MXEMU_TIER {

inline constexpr std::size_t vector_bytes = 64;
/// Rows of A that a kernel takes at a time.
inline constexpr int lanes_rows = 12;
inline constexpr std::size_t float_rows = lanes_rows;

MXEMU_HOST __m512 fused_multiply_add(__m512 a, __m512 b, __m512 c) {
  return _mm512_fmadd_ps(a, b, c);
}
MXEMU_HOST __m512 multiply_add(__m512 a, __m512 b, __m512 c) {
  return _mm512_fmadd_ps(a, b, c);
}
MXEMU_HOST __m512d multiply_add(__m512d a, __m512d b, __m512d c) {
  return _mm512_fmadd_pd(a, b, c);
}

}  // namespace mxemu::fast::MXEMU_TIER
