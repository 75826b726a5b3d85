#include "cuda/columns.hpp"
#include "cuda/common_path.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

void start_roundtrip_columns(const spec::Request& request, const Places& places, const FloatArray& source,
                             const MutableFloatArray& output, Stream stream) {
  const TilePlaces tiles = make_tile_places(places);
  const LaunchShape shape = shape_for(std::size_t{tiles.tiles} * 32, threads_of_block);
  const auto back = make_dequantize_words<std::uint32_t>(request, output.type).decode;
  const void* numbers = source.bytes.data();
  void* results = output.bytes.data();
  with_element(request.block_format().element, [&](auto element) {
    with_float(source.type, [&](auto type) {
      with_float(output.type, [&](auto output_type) {
        launch("roundtrip_columns", Threads::Cooperating, shape, stream,
               roundtrip_columns<element.value, type.value, output_type.value>, common_words(request), back,
               tiles, find_alignment(places, numbers, nullptr, results), numbers, results);
      });
    });
  });
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
