#include "cuda/columns.hpp"
#include "cuda/common_path.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

void start_quantize_columns(const spec::Request& request, const Places& places, const FloatArray& source,
                            std::uint8_t* codes, std::uint8_t* scales, Stream stream) {
  const TilePlaces tiles = make_tile_places(places);
  const LaunchShape shape = shape_for(std::size_t{tiles.tiles} * 32, threads_of_block);
  const void* numbers = source.bytes.data();
  const auto start = [&](const char* what, auto kernel, auto... outputs) {
    launch(what, Threads::Cooperating, shape, stream, kernel, common_words(request), tiles,
           find_alignment(places, numbers, codes, nullptr), numbers, outputs...);
  };
  with_float(source.type, [&](auto type) {
    constexpr spec::FloatType T = type.value;
    if (codes == nullptr) return start("scales_of_columns", scales_of_columns<T>, scales);
    with_codes(request, places.packed, [&](auto element, auto packed) {
      start("quantize_columns", quantize_columns<element.value, T, packed.value>, codes, scales);
    });
  });
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
