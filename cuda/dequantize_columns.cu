#include "cuda/columns.hpp"
#include "cuda/common_path.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

void start_dequantize_columns(const spec::Request& request, const Places& places, const std::uint8_t* codes,
                              const std::uint8_t* scales, const MutableFloatArray& output, Stream stream) {
  const TilePlaces tiles = make_tile_places(places);
  const LaunchShape shape = shape_for(std::size_t{tiles.tiles} * 32, threads_of_block);
  const auto words = make_dequantize_words<std::uint32_t>(request, output.type).decode;
  void* numbers = output.bytes.data();
  with_float(output.type, [&](auto type) {
    with_codes(request, places.packed, [&](auto element, auto packed) {
      launch("dequantize_columns", Threads::Cooperating, shape, stream,
             dequantize_columns<element.value, packed.value, type.value>, words, tiles,
             find_alignment_of_loads(places, codes, numbers), codes, scales, numbers);
    });
  });
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
