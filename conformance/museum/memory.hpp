// How the museum's converter writes tensors to memory: written a second time, by hand, as functions that a
// bug may replace. It shares no code with what it is judged by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "conformance/cases.hpp"

namespace mxemu::conformance::museum {

/// The elements of one block, in their order.
using BlockElements = std::vector<std::size_t>;

struct Memory {
  /// The bit at which bit `bit` of a code of `bits` bits stands in a stream, and in halves of blocks of FP4.
  std::size_t (*stream_bit)(std::size_t bits, std::size_t element, std::size_t bit);
  std::size_t (*halves_bit)(std::size_t bits, std::size_t element, std::size_t bit);
  /// The byte at which a scale stands in a matrix of `columns` columns, row by row and in tiles.
  std::size_t (*row_byte)(std::size_t rows, std::size_t columns, std::size_t row, std::size_t column);
  std::size_t (*tile_byte)(std::size_t rows, std::size_t columns, std::size_t row, std::size_t column);
  /// The blocks of a tensor along an axis, in the order of their scales.
  std::vector<BlockElements> (*blocks)(const TensorGeometry& geometry, std::size_t block_size);
};

std::size_t stream_bit(std::size_t bits, std::size_t element, std::size_t bit);
std::size_t halves_bit(std::size_t bits, std::size_t element, std::size_t bit);
std::size_t row_byte(std::size_t rows, std::size_t columns, std::size_t row, std::size_t column);
std::size_t tile_byte(std::size_t rows, std::size_t columns, std::size_t row, std::size_t column);
std::vector<BlockElements> blocks_along(const TensorGeometry& geometry, std::size_t block_size);

/// Nothing exchanged.
inline constexpr Memory correct_memory = {stream_bit, halves_bit, row_byte, tile_byte, blocks_along};

/// The layouts that the converter declares for a format.
std::vector<Layout> memory_layouts(const spec::ElementFormat& element);

/// A tensor's codes, one per byte, and its scales in the order of the blocks.
struct Tensor {
  std::vector<std::uint8_t> codes;
  std::vector<std::uint8_t> scales;
};

/// To the bytes of case `index` in the answers, and from those of the case.
void write_memory(const Memory& memory, const Cases& cases, const Tensor& tensor, std::size_t index,
                  Answers& answers);
Tensor read_memory(const Memory& memory, const Cases& cases, std::size_t blocks, std::size_t index);

}  // namespace mxemu::conformance::museum
