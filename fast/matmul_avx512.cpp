// Dot and matrix products with AVX-512.
#define MXEMU_TIER avx512

#include "fast/avx512_lanes.hpp"

// After the width of a vector and how to multiply and add them.
#include "fast/matmul_tile.hpp"

// After the tile that they add to.
#include "fast/avx512_matmul_integer.hpp"

namespace mxemu::fast {
namespace {

/// Small formats under plain scales as integers, bytes where both fit; the rest in lanes.
void add_integer_chunk(const MatmulJob& job, const avx512::PanelRange& a, const avx512::PanelRange& b,
                       const MatmulWorkspace& workspace, const avx512::TileSums& sums) {
  using enum avx512::Digits;
  const bool words = job.a.element == spec::ElementType::E3M2 || job.b.element == spec::ElementType::E3M2;
  const bool small = is_small(row_of(job.a.element)) && is_small(row_of(job.b.element));
  if (small && job.block_size == 32 &&
      (words ? avx512::add_chunk<avx512::IntegerKernel<Words>, true>(job, a, b, workspace, sums)
             : avx512::add_chunk<avx512::IntegerKernel<Bytes>, true>(job, a, b, workspace, sums)))
    return;
  if (small && job.block_size == 32)
    avx512::add_wide_chunk(job, a, b, workspace, sums);
  else
    avx512::add_lanes_chunk(job, a, b, workspace, sums);
}

void block_exact_tile(const MatmulJob& job, const MatmulTile& tile, const MatmulWorkspace& workspace) {
  avx512::multiply_tile(job, tile, workspace, add_integer_chunk);
}

}  // namespace

extern constinit const MatmulTier avx512_matmul = {block_exact_tile};

}  // namespace mxemu::fast
