// Products that integer tensor cores make (cuda/integer_tiles.hpp).
#pragma once

#include "cuda/backend.hpp"
#include "cuda/matmul_job.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// Whether they have the block sums that are asked for.
bool has_integer_tiles(const spec::Accumulator& row, const MatmulJob& job);

void multiply_integers(const MatmulJob& job, Stream stream);

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
