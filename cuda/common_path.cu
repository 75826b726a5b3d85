#include "cuda/common_path.hpp"

#include <limits>

#include "cuda/columns.hpp"
#include "cuda/require.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {
namespace {

/// Elements that lie side by side, then comes another line of as many.
std::size_t line_of(const Places& places) {
  return places.inner == 1 ? places.length : places.inner;
}

/// True when every line begins at a multiple of `elements`.
bool lines_begin_at(const Places& places, std::size_t elements) {
  return places.elements == line_of(places) || line_of(places) % elements == 0;
}

bool has_common_places(const Places& places, spec::FloatType type) {
  // Kernels count blocks, lines and tiles in 32 bits.
  const std::size_t most = std::numeric_limits<std::uint32_t>::max();
  const std::size_t lines = places.elements / line_of(places);
  const bool streams = !places.packed || lines_begin_at(places, places.bits == 4 ? 2 : 4);
  return places.block_size == fast::fast_block && type != spec::FloatType::Float64 && streams &&
         places.blocks < most && places.scale_columns < most &&
         lines * (line_of(places) / fast::fast_block + 1) < most;
}

Aligned alignment(const Places& places, const void* numbers, const void* codes, const void* output,
                  std::size_t code_line, std::size_t code_bytes) {
  const bool eights = lines_begin_at(places, 8);
  Aligned may = {eights && is_aligned(numbers, 16),
                 lines_begin_at(places, code_line) && is_aligned(codes, code_bytes),
                 eights && is_aligned(output, 16), false};
  const bool whole_blocks = places.length % fast::fast_block == 0;
  may.whole =
      may.numbers && may.codes && may.output && whole_blocks && line_of(places) % fast::fast_block == 0;
  return may;
}

}  // namespace

bool is_common_quantize(const spec::Request& request, const Places& places, spec::FloatType source) {
  return fast::has_common_rounding(request) && has_common_places(places, source);
}

bool is_common_dequantize(const spec::Request& request, const Places& places, spec::FloatType output) {
  return fast::has_common_values(request, output) && has_common_places(places, output);
}

Aligned find_alignment(const Places& places, const void* numbers, const void* codes, const void* output) {
  const bool sixes = places.packed && places.bits == 6;
  return alignment(places, numbers, codes, output, sixes ? 32 : 8, places.packed && !sixes ? 4 : 8);
}

Aligned find_alignment_of_loads(const Places& places, const void* codes, const void* output) {
  const std::size_t bytes = !places.packed ? 8 : places.bits == 4 ? 4 : 2;
  return alignment(places, nullptr, codes, output, 8, bytes);
}

TilePlaces make_tile_places(const Places& places) {
  const std::size_t across = (places.inner + fast::fast_block - 1) / fast::fast_block;
  const std::size_t down = places.blocks / places.inner;
  return {make_block_places(places), make_divisor(across), static_cast<std::uint32_t>(across),
          static_cast<std::uint32_t>(across * down)};
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
