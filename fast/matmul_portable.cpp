// Dot and matrix products on any machine.
#define MXEMU_TIER portable

#include <cstddef>

#include "fast/host_device.hpp"

namespace mxemu::fast::portable {

inline constexpr std::size_t vector_bytes = 16;
/// Rows of A that a kernel takes at a time.
inline constexpr int lanes_rows = 6;

template <class Vector>
MXEMU_HOST Vector multiply_add(Vector a, Vector b, Vector c) {
  return a * b + c;
}

}  // namespace mxemu::fast::portable

// After the width of a vector and how to multiply and add them.
#include "fast/matmul_tile.hpp"

namespace mxemu::fast {
namespace {

void block_exact_tile(const MatmulJob& job, const MatmulTile& tile, const MatmulWorkspace& workspace) {
  portable::multiply_tile(job, tile, workspace, portable::add_lanes_chunk);
}

}  // namespace

extern constinit const MatmulTier portable_matmul = {block_exact_tile};

}  // namespace mxemu::fast
