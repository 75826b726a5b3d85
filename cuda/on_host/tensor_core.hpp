// Tensor cores on this machine: a warp brings its fragments together, and every lane works out its own
// results.
#pragma once

#include <cstdint>

#include "cuda/on_host/collectives.hpp"

namespace mxemu::on_host {

/// The fragments of the lanes of a warp.
struct WarpFragments {
  std::uint32_t a[warp_threads][4];
  std::uint32_t b[warp_threads][2];
};

/// One of four bytes, as the integer in two's complement that it is.
inline int signed_byte(std::uint32_t word, int index) {
  return static_cast<std::int8_t>(word >> 8 * index);
}

/// PTX `mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32`, by the layouts of fragments that PTX ISA gives for
/// it.
inline void multiply_integers(int (&sum)[4], int initial, const std::uint32_t (&a)[4],
                              const std::uint32_t (&b)[2]) {
  constexpr unsigned most_warps = 32;
  static thread_local WarpFragments fragments[most_warps];
  WarpFragments& warp = fragments[threadIdx.x / warp_threads];
  for (unsigned i = 0; i < 4; ++i) warp.a[lane()][i] = a[i];
  for (unsigned i = 0; i < 2; ++i) warp.b[lane()][i] = b[i];
  __syncwarp();
  const unsigned group = lane() / 4;
  const unsigned place = lane() % 4;
  for (unsigned i = 0; i < 4; ++i) {
    const unsigned column = 2 * place + i % 2;
    sum[i] = initial;
    for (unsigned k = 0; k < 32; ++k) {
      const unsigned quad = k % 16 / 4;
      const std::uint32_t left = warp.a[4 * group + quad][i / 2 + k / 16 * 2];
      const std::uint32_t right = warp.b[4 * column + quad][k / 16];
      sum[i] += signed_byte(left, static_cast<int>(k % 4)) * signed_byte(right, static_cast<int>(k % 4));
    }
  }
  __syncwarp();
}

}  // namespace mxemu::on_host
