// Tensors: blocks laid along one axis of a row-major array (MX 6.2, 6.3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "spec/float_format.hpp"
#include "spec/request.hpp"

namespace mxemu::reference {

/// How the blocks of a tensor lie: every line along `axis` is cut into blocks of block_size, the last one
/// possibly short. Element (o, j, i) stands at (o * length + j) * inner + i, block (o, b, i) at (o *
/// blocks_per_line + b) * inner + i: the scales form a tensor of the same shape with the axis shortened.
struct BlockGrid {
  std::size_t outer = 1;
  std::size_t length = 1;
  std::size_t inner = 1;
  std::size_t block_size = 32;

  std::size_t blocks_per_line() const { return (length + block_size - 1) / block_size; }
  std::size_t block_count() const { return outer * blocks_per_line() * inner; }
  std::size_t element_count() const { return outer * length * inner; }
};

/// The grid of `shape` (outermost first; empty for a scalar) along `axis`, which may count from the end as
/// -1. Throws std::invalid_argument for an axis out of range, a negative extent, a block size below 1, or a
/// tail that the policy refuses.
BlockGrid make_block_grid(std::span<const std::int64_t> shape, int axis, const spec::Request& request);

/// The bits of floating-point numbers, little-endian and contiguous.
struct FloatArray {
  spec::FloatType type;
  std::span<const std::byte> bytes;

  std::uint64_t bits_at(std::size_t index) const;
};

/// Stores `bits` as element `index` of a little-endian array of `type`.
void store_float(spec::FloatType type, std::span<std::byte> bytes, std::size_t index, std::uint64_t bits);

/// MX 6.3 for the blocks first <= b < last of a grid: codes, one per byte at the index of their element, and
/// scales at the index of their block. Blocks are independent, so callers may split the range among threads.
/// Stochastic rounding takes `random_words` (one per element of the tensor) or, when empty, the request's
/// seed.
void quantize_blocks(const spec::Request& request, const BlockGrid& grid, const FloatArray& source,
                     std::size_t first, std::size_t last, std::span<std::uint8_t> codes,
                     std::span<std::uint8_t> scales, std::span<const std::uint32_t> random_words = {});

/// MX 5.1 for the blocks first <= b < last: X * P rounded once to `type`.
void dequantize_blocks(const spec::Request& request, const BlockGrid& grid, std::size_t first,
                       std::size_t last, std::span<const std::uint8_t> codes,
                       std::span<const std::uint8_t> scales, spec::FloatType type,
                       std::span<std::byte> output);

struct QuantizedTensor {
  BlockGrid grid;
  std::vector<std::uint8_t> codes;
  std::vector<std::uint8_t> scales;
};

/// A whole tensor: quantize_blocks over all blocks.
QuantizedTensor quantize_tensor(const spec::Request& request, std::span<const std::int64_t> shape, int axis,
                                const FloatArray& source, std::span<const std::uint32_t> random_words = {});

/// A whole tensor: dequantize_blocks over all blocks. Returns the little-endian array.
std::vector<std::byte> dequantize_tensor(const spec::Request& request, const QuantizedTensor& tensor,
                                         spec::FloatType type);

}  // namespace mxemu::reference
