// The general path: any format, block size, axis, rule, rounding and policy, in loops that a compiler can
// vectorise. Included once by the translation unit of each tier, which compiles it with its own flags into
// the namespace MXEMU_TIER.
//
// A panel is up to panel_columns neighbours: columns with a block each, or elements of one block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fast/codec.hpp"
#include "fast/job.hpp"
#include "fast/pack.hpp"

namespace mxemu::fast::MXEMU_TIER {

inline constexpr std::size_t panel_columns = 128;

/// How a source type is read. bfloat16 is the upper half of a float32, its subnormals included.
template <spec::FloatType T>
struct Source;
template <>
struct Source<spec::FloatType::Float32> {
  using Stored = std::uint32_t;
  static constexpr spec::FloatFormat format = spec::float_formats[0];
  static constexpr int shift = 0;
};
template <>
struct Source<spec::FloatType::BFloat16> {
  using Stored = std::uint16_t;
  static constexpr spec::FloatFormat format = spec::float_formats[0];
  static constexpr int shift = 16;
};
template <>
struct Source<spec::FloatType::Float16> {
  using Stored = std::uint16_t;
  static constexpr spec::FloatFormat format = spec::float_formats[2];
  static constexpr int shift = 0;
};
template <>
struct Source<spec::FloatType::Float64> {
  using Stored = std::uint64_t;
  static constexpr spec::FloatFormat format = spec::float_formats[3];
  static constexpr int shift = 0;
};

/// Element `index` at any address.
template <spec::FloatType T, class Word>
MXEMU_HOST_DEVICE Word load(const std::byte* source, std::size_t index) {
  typename Source<T>::Stored stored;
  std::memcpy(&stored, source + index * sizeof stored, sizeof stored);
  return static_cast<Word>(static_cast<Word>(stored) << Source<T>::shift);
}

/// The scales of the elements of a run, as the loop over them wants them.
struct RunScales {
  std::int32_t exponent[panel_columns];
  std::uint32_t live[panel_columns];  ///< all ones, or 0 under a NaN scale, whose codes are 0
  std::uint8_t code[panel_columns];
};

template <class Word>
struct QuantizeWords {
  spec::ElementFormat format;
  spec::ScaleFormat scale_format;
  ElementWords<Word> element;
  ScaleWords<Word> scale;
};

template <class Word>
MXEMU_HOST_DEVICE QuantizeWords<Word> make_quantize_words(const spec::Request& request) {
  const spec::BlockFormat block = spec::block_formats[static_cast<int>(request.format)];
  const spec::ElementFormat element = spec::element_formats[static_cast<int>(block.element)];
  const spec::ScaleFormat scale = spec::scale_formats[static_cast<int>(block.scale)];
  const spec::ScaleRule rule = spec::scale_rules[static_cast<int>(request.scale_rule)];
  return {element, scale, make_element_words<Word>(element, request.rounding, request.policy),
          make_scale_words<Word>(element, scale, rule, request.policy)};
}

/// Largest magnitude of `count` neighbours.
template <spec::FloatType T, class Word>
MXEMU_HOST_DEVICE BlockMaximum<Word> maximum_of_run(const std::byte* source, std::size_t count) {
  BlockMaximum<Word> maximum = {0, 0, 0};
  for (std::size_t i = 0; i < count; ++i) include(maximum, Source<T>::format, load<T, Word>(source, i));
  return maximum;
}

/// Codes of `count` neighbours, each under its own scale.
template <spec::FloatType T, class Word>
void encode_run(const QuantizeWords<Word>& given, const std::byte* source, std::size_t count,
                const RunScales& scales, const std::uint32_t* random_words, std::uint8_t* codes) {
  const QuantizeWords<Word> words = given;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t code =
        encode_element<Word>(words.format, words.element, Source<T>::format, load<T, Word>(source, i),
                             scales.exponent[i], static_cast<Word>(random_words[i]));
    codes[i] = static_cast<std::uint8_t>(code & scales.live[i]);
  }
}

/// The random words of elements first … first + count - 1 (count >= 1): the caller's, or the seed's, made in
/// `buffer`, which holds random_room zeros.
inline const std::uint32_t* fill_random(const spec::Rounding& rounding, const std::uint32_t* given,
                                        std::size_t first, std::size_t count, std::uint32_t* buffer) {
  if (rounding.mode != spec::RoundingMode::Stochastic) return buffer;  // zeros, never looked at
  if (given != nullptr) return given + first;
  // From the block of the first element on: up to three words before it are made and not used.
  const std::size_t first_block = first / 4;
  const std::size_t blocks = (first + count - 1) / 4 - first_block + 1;
  for (std::size_t b = 0; b < blocks; ++b) {
    const PhiloxBlock block = philox_block(rounding.seed, first_block + b);
    for (std::size_t lane = 0; lane < 4; ++lane) buffer[4 * b + lane] = block.word[lane];
  }
  return buffer + first % 4;
}

/// Room for the random words of a run.
inline constexpr std::size_t random_room = panel_columns + 8;

/// Writes `count` codes as bits from element `first` of a stream on. Whole groups of eight go at once; other
/// bits are merged, so that neighbours in one byte must be written by one thread.
inline void pack_run(int bits, const std::uint8_t* codes, std::size_t first, std::size_t count,
                     std::uint8_t* stream) {
  const auto width = static_cast<std::size_t>(bits);
  std::size_t i = 0;
  while (i < count) {
    const std::size_t element = first + i;
    if (element % 8 == 0 && count - i >= 8) {
      std::uint64_t eight;
      std::memcpy(&eight, codes + i, 8);
      eight = pack_eight(bits, eight);
      std::memcpy(stream + element / 8 * width, &eight, width);
      i += 8;
      continue;
    }
    const std::size_t bit = element % 8 * width;
    std::uint8_t* byte = stream + element / 8 * width + bit / 8;
    const std::uint32_t mask = ((1u << width) - 1) << bit % 8;
    const std::uint32_t value = static_cast<std::uint32_t>(codes[i]) << bit % 8;
    byte[0] = static_cast<std::uint8_t>((byte[0] & ~mask) | value);
    if (bit % 8 + width > 8) byte[1] = static_cast<std::uint8_t>((byte[1] & ~(mask >> 8)) | value >> 8);
    ++i;
  }
}

inline void unpack_run(int bits, const std::uint8_t* stream, std::size_t first, std::size_t count,
                       std::uint8_t* codes) {
  const auto width = static_cast<std::size_t>(bits);
  std::size_t i = 0;
  while (i < count) {
    const std::size_t element = first + i;
    if (element % 8 == 0 && count - i >= 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, stream + element / 8 * width, width);
      eight = unpack_eight(bits, eight);
      std::memcpy(codes + i, &eight, 8);
      i += 8;
      continue;
    }
    const std::size_t bit = element % 8 * width;
    const std::uint8_t* byte = stream + element / 8 * width + bit / 8;
    std::uint32_t value = byte[0];
    if (bit % 8 + width > 8) value |= static_cast<std::uint32_t>(byte[1]) << 8;
    codes[i++] = static_cast<std::uint8_t>(value >> bit % 8 & ((1u << width) - 1));
  }
}

}  // namespace mxemu::fast::MXEMU_TIER
