#include "cuda/common_path.hpp"
#include "cuda/general.hpp"
#include "cuda/mxemu_cuda.hpp"
#include "cuda/require.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

void roundtrip_tensor(const spec::Request& request, const fast::BlockGrid& grid, const FloatArray& source,
                      const MutableFloatArray& output, std::span<const std::uint32_t> random_words,
                      Stream stream) {
  const Places places = make_places(request, grid, {});
  require_floats("source bytes", source.type, source.bytes.data(), source.bytes.size(), places.elements);
  require_floats("output bytes", output.type, output.bytes.data(), output.bytes.size(), places.elements);
  const RandomWords random = random_words_of(request, random_words, places.elements);
  if (places.elements == 0) return;
  if (is_common_quantize(request, places, source.type) &&
      is_common_dequantize(request, places, output.type)) {
    const auto start = places.inner == 1 ? start_roundtrip_rows : start_roundtrip_columns;
    return start(request, places, source, output, stream);
  }
  const NumberArray numbers = {source.type, source.bytes.data()};
  with_word(request, source.type, [&](auto word) {
    with_word(output.type, [&](auto output_word) {
      using Word = decltype(word);
      using OutputWord = decltype(output_word);
      launch("roundtrip_blocks", Threads::Independent, shape_for(places.blocks, threads_of_block), stream,
             roundtrip_blocks<Word, OutputWord>, make_quantize_words<Word>(request, source.type),
             make_dequantize_words<OutputWord>(request, output.type), places, numbers, random,
             static_cast<void*>(output.bytes.data()));
    });
  });
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
