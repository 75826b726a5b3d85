// Dot and matrix products with AMX.
#define MXEMU_TIER amx

#include "fast/avx512_lanes.hpp"

// After the width of a vector and how to multiply and add them.
#include "fast/matmul_tile.hpp"

// After the tile that it adds to.
#include "fast/amx_matmul.hpp"

namespace mxemu::fast {
namespace {

/// Small formats under plain scales by tiles; the rest in lanes.
void add_tile_chunk(const MatmulJob& job, const amx::PanelRange& a, const amx::PanelRange& b,
                    const MatmulWorkspace& workspace, const amx::TileSums& sums) {
  const bool small = is_small(row_of(job.a.element)) && is_small(row_of(job.b.element));
  if (small && job.block_size == 32) {
    if (!amx::add_chunk<amx::TileKernel, true>(job, a, b, workspace, sums))
      amx::add_wide_chunk(job, a, b, workspace, sums);
  } else {
    amx::add_lanes_chunk(job, a, b, workspace, sums);
  }
}

void block_exact_tile(const MatmulJob& job, const MatmulTile& tile, const MatmulWorkspace& workspace) {
  amx::multiply_tile(job, tile, workspace, add_tile_chunk);
}

}  // namespace

extern constinit const MatmulTier amx_matmul = {block_exact_tile};

}  // namespace mxemu::fast
