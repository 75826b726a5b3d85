// Dot and matrix products with AVX2 and FMA.
#define MXEMU_TIER avx2

#include <immintrin.h>

#include <cstddef>

#include "fast/host_device.hpp"

namespace mxemu::fast::avx2 {

inline constexpr std::size_t vector_bytes = 32;
/// Rows of A that a kernel takes at a time.
inline constexpr int lanes_rows = 6;
inline constexpr std::size_t float_rows = lanes_rows;

MXEMU_HOST __m256 fused_multiply_add(__m256 a, __m256 b, __m256 c) {
  return _mm256_fmadd_ps(a, b, c);
}
MXEMU_HOST __m256 multiply_add(__m256 a, __m256 b, __m256 c) {
  return _mm256_fmadd_ps(a, b, c);
}
MXEMU_HOST __m256d multiply_add(__m256d a, __m256d b, __m256d c) {
  return _mm256_fmadd_pd(a, b, c);
}

}  // namespace mxemu::fast::avx2

// After the width of a vector and how to multiply and add them.
#include "fast/matmul_exact.hpp"
#include "fast/matmul_float32.hpp"

namespace mxemu::fast {
namespace {

void block_exact_tile(const MatmulJob& job, const MatmulTile& tile, const MatmulWorkspace& workspace) {
  avx2::multiply_tile(job, tile, workspace, avx2::add_lanes_chunk);
}

}  // namespace

extern constinit const MatmulTier avx2_matmul = {
    block_exact_tile,    avx2::long_block_tile,        avx2::exact_tile<avx2::DoubleKernel>,
    avx2::pairwise_tile, avx2::sequential_tile<false>, avx2::sequential_tile<true>};

}  // namespace mxemu::fast
