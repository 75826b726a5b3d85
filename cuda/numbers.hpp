// Floating-point numbers in device memory, read and written as bits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fast/codec.hpp"
#include "spec/float_format.hpp"

namespace mxemu::cuda {

/// Numbers of a type known at run time. bfloat16 is read as the upper half of a float32, its subnormals
/// included.
struct NumberArray {
  spec::FloatType type;
  const void* data;
};

/// The row that `load_number` gives bits of.
MXEMU_HOST constexpr spec::FloatFormat format_of_bits(spec::FloatType type) {
  return spec::float_formats[static_cast<int>(type == spec::FloatType::BFloat16 ? spec::FloatType::Float32
                                                                                : type)];
}

template <class Word>
MXEMU_HOST_DEVICE Word load_number(const NumberArray& numbers, std::size_t index) {
  using enum spec::FloatType;
  switch (numbers.type) {
    case Float32: return static_cast<const std::uint32_t*>(numbers.data)[index];
    case BFloat16: return static_cast<Word>(static_cast<const std::uint16_t*>(numbers.data)[index]) << 16;
    case Float16: return static_cast<const std::uint16_t*>(numbers.data)[index];
    case Float64: return static_cast<Word>(static_cast<const std::uint64_t*>(numbers.data)[index]);
  }
  return 0;
}

/// Stores the bits of a number of `type`.
template <class Word>
MXEMU_HOST_DEVICE void store_number(spec::FloatType type, void* data, std::size_t index, Word bits) {
  using enum spec::FloatType;
  switch (type) {
    case Float32: static_cast<std::uint32_t*>(data)[index] = static_cast<std::uint32_t>(bits); return;
    case BFloat16:
    case Float16: static_cast<std::uint16_t*>(data)[index] = static_cast<std::uint16_t>(bits); return;
    case Float64: static_cast<std::uint64_t*>(data)[index] = static_cast<std::uint64_t>(bits); return;
  }
}

/// Where the random words of stochastic rounding come from.
struct RandomWords {
  bool asked;
  const std::uint32_t* given;  ///< one per element, or null: the seed's
  std::uint64_t seed;

  MXEMU_HOST_DEVICE std::uint32_t at(std::size_t element) const {
    if (!asked) return 0;
    if (given != nullptr) return given[element];
    // Chosen rather than indexed: an index known at run time would put the words into local memory.
    const fast::PhiloxBlock block = fast::philox_block(seed, element / 4);
    const std::uint32_t low = element % 2 == 0 ? block.word[0] : block.word[1];
    const std::uint32_t high = element % 2 == 0 ? block.word[2] : block.word[3];
    return element % 4 < 2 ? low : high;
  }
};

}  // namespace mxemu::cuda
