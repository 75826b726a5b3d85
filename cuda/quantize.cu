#include "cuda/common_path.hpp"
#include "cuda/general.hpp"
#include "cuda/memory.hpp"
#include "cuda/mxemu_cuda.hpp"
#include "cuda/require.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {
namespace {

void quantize_general(const spec::Request& request, const Places& places, const FloatArray& source,
                      const RandomWords& random, std::uint8_t* codes, std::uint8_t* scales, Stream stream) {
  const NumberArray numbers = {source.type, source.bytes.data()};
  with_word(request, source.type, [&](auto word) {
    using Word = decltype(word);
    const QuantizeWords<Word> words = make_quantize_words<Word>(request, source.type);
    launch("scales_of_blocks", Threads::Independent, shape_for(places.blocks, threads_of_block), stream,
           scales_of_blocks<Word>, words, places, numbers, scales);
    if (codes == nullptr) return;
    launch("encode_eights", Threads::Independent, shape_for(places.elements / 8 + 1, threads_of_block),
           stream, encode_eights<Word>, words, places, numbers, random,
           static_cast<const std::uint8_t*>(scales), 0, codes);
  });
}

void quantize_any(const spec::Request& request, const Places& places, const FloatArray& source,
                  const RandomWords& random, std::uint8_t* codes, std::uint8_t* scales, Stream stream) {
  if (!is_common_quantize(request, places, source.type))
    quantize_general(request, places, source, random, codes, scales, stream);
  else if (places.inner == 1)
    start_quantize_rows(request, places, source, codes, scales, stream);
  else
    start_quantize_columns(request, places, source, codes, scales, stream);
}

}  // namespace

void clear_padding(const Places& places, std::span<std::uint8_t> scales, Stream stream) {
  if (scales.size() != places.blocks)
    fill_bytes(reinterpret_cast<std::byte*>(scales.data()), 0, scales.size(), stream);
}

void quantize_tensor(const spec::Request& request, const fast::BlockGrid& grid, const FloatArray& source,
                     std::span<std::uint8_t> codes, std::span<std::uint8_t> scales, const Storage& storage,
                     std::span<const std::uint32_t> random_words, Stream stream) {
  const Places places = make_places(request, grid, storage);
  require_floats("source bytes", source.type, source.bytes.data(), source.bytes.size(), places.elements);
  require_count("codes", codes.size(), code_bytes(request, grid, storage));
  require_count("scales", scales.size(), scale_bytes(grid, storage));
  const RandomWords random = random_words_of(request, random_words, places.elements);
  if (places.elements == 0) return;
  clear_padding(places, scales, stream);
  quantize_any(request, places, source, random, codes.data(), scales.data(), stream);
}

void shared_scales(const spec::Request& request, const fast::BlockGrid& grid, const FloatArray& source,
                   std::span<std::uint8_t> scales, const Storage& storage, Stream stream) {
  const Places places = make_places(request, grid, storage);
  require_floats("source bytes", source.type, source.bytes.data(), source.bytes.size(), places.elements);
  require_count("scales", scales.size(), scale_bytes(grid, storage));
  if (places.elements == 0) return;
  clear_padding(places, scales, stream);
  quantize_any(request, places, source, {}, nullptr, scales.data(), stream);
}

void encode_elements(const spec::Request& request, const FloatArray& source, std::span<std::uint8_t> codes,
                     int scale_exponent, std::span<const std::uint32_t> random_words, Stream stream) {
  require_floats("source bytes", source.type, source.bytes.data(), source.bytes.size(), codes.size());
  const RandomWords random = random_words_of(request, random_words, codes.size());
  if (scale_exponent < -4096 || scale_exponent > 4096)
    throw std::invalid_argument("scale exponent " + std::to_string(scale_exponent) + " is beyond 4096");
  if (codes.empty()) return;
  spec::Request single = request;
  // A number by itself is in no block that it could spoil.
  single.policy.nan_in_block = spec::NonFiniteInBlock::ElementOnly;
  single.policy.inf_in_block = spec::NonFiniteInBlock::ElementOnly;
  const Places places = make_places(
      single, {.length = codes.size(), .block_size = static_cast<std::size_t>(single.block_size)}, {});
  with_word(request, source.type, [&](auto word) {
    using Word = decltype(word);
    launch("encode_eights", Threads::Independent, shape_for(places.elements / 8 + 1, threads_of_block),
           stream, encode_eights<Word>, make_quantize_words<Word>(single, source.type), places,
           NumberArray{source.type, source.bytes.data()}, random, static_cast<const std::uint8_t*>(nullptr),
           scale_exponent, codes.data());
  });
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
