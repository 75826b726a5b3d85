#include "cuda/common_path.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

void start_quantize_rows(const spec::Request& request, const Places& places, const FloatArray& source,
                         std::uint8_t* codes, std::uint8_t* scales, Stream stream) {
  const LaunchShape shape = shape_of_rows(places);
  const void* numbers = source.bytes.data();
  const auto start = [&](const char* what, auto kernel, auto... outputs) {
    launch(what, Threads::Cooperating, shape, stream, kernel, common_words(request),
           make_block_places(places), find_alignment(places, numbers, codes, nullptr), numbers, outputs...);
  };
  with_float(source.type, [&](auto type) {
    constexpr spec::FloatType T = type.value;
    if (codes == nullptr) return start("scales_of_rows", scales_of_rows<T>, scales);
    with_codes(request, places.packed, [&](auto element, auto packed) {
      start("quantize_rows", quantize_rows<element.value, T, packed.value>, codes, scales);
    });
  });
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
