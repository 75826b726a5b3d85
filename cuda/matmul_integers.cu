#include "cuda/matmul_integers.hpp"

#include "cuda/integer_tiles.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

bool has_integer_tiles(const spec::Accumulator& row, const MatmulJob& job) {
  return row.kind == spec::AccumulatorKind::BlockExact && job.block_size == integer_block &&
         is_small_integer(job.a.words) && is_small_integer(job.b.words);
}

void multiply_integers(const MatmulJob& job, Stream stream) {
  constexpr int bias = 127;  // of float32
  const int unit = -(job.a.words.mantissa_bits + job.b.words.mantissa_bits) - bias;
  const auto along = [](std::size_t extent) { return extent / integer_tile + (extent % integer_tile != 0); };
  const LaunchShape shape =
      shape_for(along(job.a.rows) * along(job.b.rows) * integer_threads, integer_threads);
  const bool whole =
      job.depth % codes_of_chunk == 0 && has_aligned_chunks(job.a) && has_aligned_chunks(job.b);
  launch("multiply_integer_tiles", Threads::Cooperating, shape, stream,
         whole ? multiply_integer_tiles<true> : multiply_integer_tiles<false>, job, unit);
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
