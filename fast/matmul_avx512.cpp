// Dot and matrix products with AVX-512.
#define MXEMU_TIER avx512

#include "fast/avx512_lanes.hpp"

// After the width of a vector and how to multiply and add them.
#include "fast/matmul_tile.hpp"

// After the tile that they add to.
#include "fast/avx512_matmul_integer.hpp"
#include "fast/avx512_matmul_wide.hpp"
#include "fast/matmul_exact.hpp"
#include "fast/matmul_float32.hpp"

namespace mxemu::fast {
namespace {

/// Blocks of 32 of small formats as integers under plain scales, in float64 under others, whose panels hold
/// less.
template <class Kernel>
void add_integer_chunk(const MatmulJob& job, const avx512::PanelRange& a, const avx512::PanelRange& b,
                       const MatmulWorkspace& workspace, const avx512::TileSums& sums) {
  if (avx512::add_chunk<Kernel, true>(job, a, b, workspace, sums)) return;
  avx512::for_each_chunk(a, b, panel_depth / job.block_size,
                         [&](const avx512::PanelRange& part_of_a, const avx512::PanelRange& part_of_b) {
                           avx512::add_wide_chunk<avx512::WideKernel>(job, part_of_a, part_of_b, workspace,
                                                                      sums);
                         });
}

template <avx512::Digits D>
void integer_tile(const MatmulJob& job, const MatmulTile& tile, const MatmulWorkspace& workspace) {
  using Kernel = avx512::IntegerKernel<D>;
  avx512::multiply_tile(job, tile, workspace, add_integer_chunk<Kernel>, Kernel::depth);
}

/// Small formats in blocks shorter than 32 under plain scales in float32; the rest in float64.
void add_float_chunk(const MatmulJob& job, const avx512::PanelRange& a, const avx512::PanelRange& b,
                     const MatmulWorkspace& workspace, const avx512::TileSums& sums) {
  using namespace avx512;
  if (has_small_sums(job) && add_chunk<LanesKernel<float, 1>, true>(job, a, b, workspace, sums)) return;
  add_wide_chunk<WideKernel>(job, a, b, workspace, sums);
}

void block_exact_tile(const MatmulJob& job, const MatmulTile& tile, const MatmulWorkspace& workspace) {
  const bool words = job.a.element == spec::ElementType::E3M2 || job.b.element == spec::ElementType::E3M2;
  if (!avx512::has_small_sums(job) || job.block_size != 32)
    avx512::multiply_tile(job, tile, workspace, add_float_chunk);
  else if (words)
    integer_tile<avx512::Digits::Words>(job, tile, workspace);
  else
    integer_tile<avx512::Digits::Bytes>(job, tile, workspace);
}

}  // namespace

extern constinit const MatmulTier avx512_matmul = {
    block_exact_tile,      avx512::long_block_tile,        avx512::exact_tile<avx512::WideKernel>,
    avx512::pairwise_tile, avx512::sequential_tile<false>, avx512::sequential_tile<true>};

}  // namespace mxemu::fast
