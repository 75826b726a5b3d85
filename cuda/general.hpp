// The general path: any format, block size, axis, rule, rounding, policy and storage, through the codec.
// Scales first, one thread a block; then codes, one thread eight neighbours, which share no byte of a bit
// stream with others whatever the axis of the blocks.
#pragma once

#include "cuda/kernel.hpp"
#include "cuda/numbers.hpp"
#include "cuda/places.hpp"
#include "cuda/words.hpp"
#include "fast/codec.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// A grid strides over its items: where this thread begins, and how far apart its items are.
inline __device__ std::size_t first_item_of_thread() {
  return std::size_t{blockIdx.x} * blockDim.x + threadIdx.x;
}
inline __device__ std::size_t threads_of_grid() {
  return std::size_t{gridDim.x} * blockDim.x;
}

/// MX 6.3: the scale code of a block.
template <class Word>
__device__ int scale_of_block(const QuantizeWords<Word>& words, const Places& places,
                              const NumberArray& source, std::size_t block) {
  fast::BlockMaximum<Word> maximum = {0, 0, 0};
  const std::size_t first = places.first_of(block);
  const std::size_t count = places.size_of(block);
  for (std::size_t i = 0; i < count; ++i)
    fast::include(maximum, words.source, load_number<Word>(source, first + i * places.inner));
  return fast::shared_scale(words.rule, words.source, maximum);
}

template <class Word>
__device__ std::uint32_t encode_at(const QuantizeWords<Word>& words, const NumberArray& source,
                                   const RandomWords& random, std::size_t element, int scale_exponent) {
  return fast::encode_element<Word>(words.element, words.encode, words.source,
                                    load_number<Word>(source, element), scale_exponent,
                                    static_cast<Word>(random.at(element)));
}

/// Under a NaN scale every code is 0.
template <class Word>
__device__ std::uint32_t encode_under(const QuantizeWords<Word>& words, const NumberArray& source,
                                      const RandomWords& random, std::size_t element, int scale_code) {
  const std::uint32_t code = encode_at(words, source, random, element, scale_code - words.scale_bias);
  return scale_code == words.rule.nan_code ? 0 : code;
}

template <class Word>
__global__ void scales_of_blocks(QuantizeWords<Word> words, Places places, NumberArray source,
                                 std::uint8_t* scales) {
  for (std::size_t block = first_item_of_thread(); block < places.blocks; block += threads_of_grid())
    scales[places.scale_place(block)] =
        static_cast<std::uint8_t>(scale_of_block(words, places, source, block));
}

/// `scales` null: every number is divided by 2^scale_exponent and converted by itself.
template <class Word>
__global__ void encode_eights(QuantizeWords<Word> words, Places places, NumberArray source,
                              RandomWords random, const std::uint8_t* scales, int scale_exponent,
                              std::uint8_t* codes) {
  const std::size_t eights = (places.elements + 7) / 8;
  for (std::size_t eight = first_item_of_thread(); eight < eights; eight += threads_of_grid()) {
    const std::size_t first = eight * 8;
    const std::size_t count = places.elements - first < 8 ? places.elements - first : 8;
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t element = first + i;
      const std::uint32_t code = scales == nullptr
                                     ? encode_at(words, source, random, element, scale_exponent)
                                     : encode_under(words, source, random, element,
                                                    scales[places.scale_place(places.block_of(element))]);
      bytes |= std::uint64_t{code} << 8 * i;
    }
    if (places.packed) bytes = fast::pack_eight(places.bits, bytes);
    const std::size_t stored = places.packed ? fast::stream_bytes(places.bits, count) : count;
    std::uint8_t* to = codes + eight * bytes_of_eight(places);
    for (std::size_t i = 0; i < stored; ++i) to[i] = static_cast<std::uint8_t>(bytes >> 8 * i);
  }
}

/// `scales` null: every code stands under the scale code `fixed_scale`.
template <class Word>
__global__ void decode_eights(DequantizeWords<Word> words, Places places, const std::uint8_t* codes,
                              const std::uint8_t* scales, std::uint8_t fixed_scale, void* output) {
  const std::size_t eights = (places.elements + 7) / 8;
  for (std::size_t eight = first_item_of_thread(); eight < eights; eight += threads_of_grid()) {
    const std::size_t first = eight * 8;
    const std::size_t count = places.elements - first < 8 ? places.elements - first : 8;
    const std::size_t stored = places.packed ? fast::stream_bytes(places.bits, count) : count;
    const std::uint8_t* from = codes + eight * bytes_of_eight(places);
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < stored; ++i) bytes |= std::uint64_t{from[i]} << 8 * i;
    if (places.packed) bytes = fast::unpack_eight(places.bits, bytes);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint8_t scale =
          scales == nullptr ? fixed_scale : scales[places.scale_place(places.block_of(first + i))];
      store_number<Word>(words.output.type, output, first + i,
                         fast::decode_element<Word>(words.element, words.scale, words.output, words.decode,
                                                    bytes >> 8 * i & 0xff, scale));
    }
  }
}

/// One thread a block, which has read an element before it writes its place.
template <class Word, class OutputWord>
__global__ void roundtrip_blocks(QuantizeWords<Word> words, DequantizeWords<OutputWord> back, Places places,
                                 NumberArray source, RandomWords random, void* output) {
  for (std::size_t block = first_item_of_thread(); block < places.blocks; block += threads_of_grid()) {
    const int scale = scale_of_block(words, places, source, block);
    const std::size_t first = places.first_of(block);
    const std::size_t count = places.size_of(block);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t element = first + i * places.inner;
      const std::uint32_t code = encode_under(words, source, random, element, scale);
      store_number<OutputWord>(
          back.output.type, output, element,
          fast::decode_element<OutputWord>(back.element, back.scale, back.output, back.decode, code,
                                           static_cast<std::uint32_t>(scale)));
    }
  }
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
