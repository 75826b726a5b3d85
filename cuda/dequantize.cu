#include "cuda/common_path.hpp"
#include "cuda/general.hpp"
#include "cuda/mxemu_cuda.hpp"
#include "cuda/require.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {
namespace {

void dequantize_general(const spec::Request& request, const Places& places, const std::uint8_t* codes,
                        const std::uint8_t* scales, std::uint8_t fixed_scale, const MutableFloatArray& output,
                        Stream stream) {
  with_word(output.type, [&](auto word) {
    using Word = decltype(word);
    launch("decode_eights", Threads::Independent, shape_for(places.elements / 8 + 1, threads_of_block),
           stream, decode_eights<Word>, make_dequantize_words<Word>(request, output.type), places, codes,
           scales, fixed_scale, static_cast<void*>(output.bytes.data()));
  });
}

}  // namespace

void dequantize_tensor(const spec::Request& request, const fast::BlockGrid& grid,
                       std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                       const MutableFloatArray& output, const Storage& storage, Stream stream) {
  const Places places = make_places(request, grid, storage);
  require_count("codes", codes.size(), code_bytes(request, grid, storage));
  require_count("scales", scales.size(), scale_bytes(grid, storage));
  require_floats("output bytes", output.type, output.bytes.data(), output.bytes.size(), places.elements);
  if (places.elements == 0) return;
  if (!is_common_dequantize(request, places, output.type))
    dequantize_general(request, places, codes.data(), scales.data(), 0, output, stream);
  else if (places.inner == 1)
    start_dequantize_rows(request, places, codes.data(), scales.data(), output, stream);
  else
    start_dequantize_columns(request, places, codes.data(), scales.data(), output, stream);
}

void decode_elements(const spec::Request& request, std::span<const std::uint8_t> codes,
                     const MutableFloatArray& output, std::uint8_t scale, Stream stream) {
  require_floats("output bytes", output.type, output.bytes.data(), output.bytes.size(), codes.size());
  if (codes.empty()) return;
  const fast::BlockGrid grid = {.length = codes.size(),
                                .block_size = static_cast<std::size_t>(request.block_size)};
  dequantize_general(request, make_places(request, grid, {}), codes.data(), nullptr, scale, output, stream);
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
