// Dot and matrix products with AMX.
#define MXEMU_TIER amx

#include "fast/avx512_lanes.hpp"

// After the width of a vector and how to multiply and add them.
#include "fast/matmul_tile.hpp"

// After the tile that it adds to.
#include "fast/amx_matmul.hpp"
#include "fast/avx512_matmul_wide.hpp"
#include "fast/matmul_exact.hpp"
#include "fast/matmul_float32.hpp"

namespace mxemu::fast {
namespace {

/// Blocks of 32 of small formats under plain scales by tiles; shorter ones in float32; the rest in float64.
void add_tile_chunk(const MatmulJob& job, const amx::PanelRange& a, const amx::PanelRange& b,
                    const MatmulWorkspace& workspace, const amx::TileSums& sums) {
  using namespace amx;
  if (has_small_sums(job) &&
      (job.block_size == 32 ? add_chunk<TileKernel, true>(job, a, b, workspace, sums)
                            : add_chunk<LanesKernel<float, 1>, true>(job, a, b, workspace, sums)))
    return;
  add_wide_chunk<WideKernel>(job, a, b, workspace, sums);
}

void block_exact_tile(const MatmulJob& job, const MatmulTile& tile, const MatmulWorkspace& workspace) {
  amx::multiply_tile(job, tile, workspace, add_tile_chunk);
}

}  // namespace

extern constinit const MatmulTier amx_matmul = {
    block_exact_tile,   amx::long_block_tile,        amx::exact_tile<amx::WideKernel>,
    amx::pairwise_tile, amx::sequential_tile<false>, amx::sequential_tile<true>};

}  // namespace mxemu::fast
