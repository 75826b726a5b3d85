// The one instruction of integer tensor cores that is used, on every machine.
#pragma once

#include <cstdint>

#include "cuda/kernel.hpp"

#if defined(MXEMU_CUDA_ON_HOST)
#include "cuda/on_host/tensor_core.hpp"
#endif

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// sum = initial + a b of a warp: 16 x 32 bytes by 32 x 8 bytes, signed, with sums of 32 bits. What a lane
/// holds (PTX ISA, m16n8k32 of .s8), with g = lane / 4 and t = lane % 4: of `a` rows g, g + 8, g, g + 8 and
/// bytes 4t … 4t + 3, the second two 16 further along k; of `b` column g and the same bytes; of `sum` rows g,
/// g, g + 8, g + 8 and columns 2t, 2t + 1, 2t, 2t + 1.
inline __device__ void multiply_integers(int (&sum)[4], int initial, const std::uint32_t (&a)[4],
                                         const std::uint32_t (&b)[2]) {
#if defined(MXEMU_CUDA_ON_HOST)
  ::mxemu::on_host::multiply_integers(sum, initial, a, b);
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 800
  // Turing has the eighth of it: eight rows and sixteen bytes.
  for (int& one : sum) one = initial;
  for (int half = 0; half < 2; ++half)
    for (int rows = 0; rows < 2; ++rows)
      asm volatile("mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32 {%0, %1}, {%2}, {%3}, {%0, %1};"
                   : "+r"(sum[2 * rows]), "+r"(sum[2 * rows + 1])
                   : "r"(a[2 * half + rows]), "r"(b[half]));
#else
  asm volatile(
      "mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%10, %10, %10, %10};"
      : "=r"(sum[0]), "=r"(sum[1]), "=r"(sum[2]), "=r"(sum[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "r"(initial));
#endif
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
