#include "cuda/common_path.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

void start_dequantize_rows(const spec::Request& request, const Places& places, const std::uint8_t* codes,
                           const std::uint8_t* scales, const MutableFloatArray& output, Stream stream) {
  const LaunchShape shape = shape_of_rows(places);
  const auto words = make_dequantize_words<std::uint32_t>(request, output.type).decode;
  void* numbers = output.bytes.data();
  with_float(output.type, [&](auto type) {
    with_codes(request, places.packed, [&](auto element, auto packed) {
      launch("dequantize_rows", Threads::Cooperating, shape, stream,
             dequantize_rows<element.value, packed.value, type.value>, words, make_block_places(places),
             find_alignment_of_loads(places, codes, numbers), codes, scales, numbers);
    });
  });
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
