// Dot and matrix products on any machine.
#define MXEMU_TIER portable

#include <cstddef>

#include "fast/host_device.hpp"

namespace mxemu::fast::portable {

inline constexpr std::size_t vector_bytes = 16;
/// Rows of A that a kernel takes at a time.
inline constexpr int lanes_rows = 6;
inline constexpr std::size_t float_rows = lanes_rows;

template <class Vector>
MXEMU_HOST Vector multiply_add(Vector a, Vector b, Vector c) {
  return a * b + c;
}

}  // namespace mxemu::fast::portable

// After the width of a vector and how to multiply and add them.
#include "fast/matmul_lanes.hpp"

namespace mxemu::fast::portable {

/// Two products at a time as doubles, which hold them; the sum rounded to odd rounds to a float32 as if it
/// had never been rounded.
MXEMU_HOST Vector<float> fused_multiply_add(Vector<float> a, Vector<float> b, Vector<float> c) {
  Vector<float> result = c;
  for (std::size_t i = 0; i < Lanes<float>::count; i += 2) {
    const Vector<double> left = {static_cast<double>(a[i]), static_cast<double>(a[i + 1])};
    const Vector<double> right = {static_cast<double>(b[i]), static_cast<double>(b[i + 1])};
    const Vector<double> addend = {static_cast<double>(c[i]), static_cast<double>(c[i + 1])};
    const Vector<double> sum = rounded_to_odd(exact_sum(left * right, addend));
    result[i] = static_cast<float>(sum[0]);
    result[i + 1] = static_cast<float>(sum[1]);
  }
  return result;
}

}  // namespace mxemu::fast::portable

// After what a tier multiplies and adds with.
#include "fast/matmul_exact.hpp"
#include "fast/matmul_float32.hpp"

namespace mxemu::fast {
namespace {

void block_exact_tile(const MatmulJob& job, const MatmulTile& tile, const MatmulWorkspace& workspace) {
  portable::multiply_tile(job, tile, workspace, portable::add_lanes_chunk);
}

}  // namespace

extern constinit const MatmulTier portable_matmul = {
    block_exact_tile,        portable::long_block_tile,        portable::exact_tile<portable::DoubleKernel>,
    portable::pairwise_tile, portable::sequential_tile<false>, portable::sequential_tile<true>};

}  // namespace mxemu::fast
