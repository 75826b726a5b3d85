// The CUDA library: the reference's bits on a GPU. The verbs and the meaning of every argument are the fast
// library's (fast/mxemu.hpp); memory is the device's and the caller's. Every call is asynchronous on its
// stream, allocates nothing, synchronises nothing and can be captured into a graph.
//
// Every function throws std::invalid_argument, with both numbers, when a size is not what it must be, and
// cuda::Error when a kernel cannot be started.
//
// Compiled with MXEMU_CUDA_ON_HOST the same calls run the same kernels on this machine, on its own memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "cuda/backend.hpp"
#include "fast/grid.hpp"
#include "spec/float_format.hpp"
#include "spec/packing.hpp"
#include "spec/request.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// Floating-point numbers in device memory, contiguous, aligned to their own size.
struct FloatArray {
  spec::FloatType type;
  std::span<const std::byte> bytes;
};
struct MutableFloatArray {
  spec::FloatType type;
  std::span<std::byte> bytes;
};

/// How codes and scales stand in memory. ElementPacking::GgmlBlock is not offered here.
struct Storage {
  spec::ElementPacking packing = spec::ElementPacking::Bytes;
  spec::ScaleLayout scales = spec::ScaleLayout::RowMajor;
  /// Columns of the matrix of scales that `scales` lays out. 0: the blocks of a line where blocks run along
  /// the last axis, else BlockGrid::inner.
  std::size_t scale_columns = 0;
};

/// Bytes of the codes and of the scales of a tensor in a storage: the padding of a tile is part of the
/// scales.
std::size_t code_bytes(const spec::Request& request, const fast::BlockGrid& grid,
                       const Storage& storage = {});
std::size_t scale_bytes(const fast::BlockGrid& grid, const Storage& storage = {});

/// MX 6.3: quantises a tensor. Stochastic rounding takes `random_words` (one per element) or, when empty, the
/// request's seed. The padding of tiles of scales, and unused bits of the last byte of codes, are zero.
void quantize_tensor(const spec::Request& request, const fast::BlockGrid& grid, const FloatArray& source,
                     std::span<std::uint8_t> codes, std::span<std::uint8_t> scales,
                     const Storage& storage = {}, std::span<const std::uint32_t> random_words = {},
                     Stream stream = {});

/// Where codes and scales of one direction go.
struct QuantizedArrays {
  std::span<std::uint8_t> codes;
  std::span<std::uint8_t> scales;
  Storage storage = {};
};

/// MX 6.3: quantises a row-major matrix of `rows` by `columns` in blocks along its rows and, once more, in
/// blocks along its columns: the bits of two calls of quantize_tensor, with {.outer = rows, .length =
/// columns} and with {.length = rows, .inner = columns}. Both sets of codes stand in the order of the matrix.
/// The matrix is read once where it has more than one column, blocks are of 32, numbers not float64, rounding
/// is to nearest even under the `ocp` policy, and both directions have the same packing, in which rows begin
/// at bytes; otherwise this is those two calls.
void quantize_both(const spec::Request& request, std::size_t rows, std::size_t columns,
                   const FloatArray& source, const QuantizedArrays& along_rows,
                   const QuantizedArrays& along_columns, std::span<const std::uint32_t> random_words = {},
                   Stream stream = {});

/// MX 5.1: dequantises a tensor. Bits of a code beyond the width of the format are ignored.
void dequantize_tensor(const spec::Request& request, const fast::BlockGrid& grid,
                       std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                       const MutableFloatArray& output, const Storage& storage = {}, Stream stream = {});

/// Quantises and dequantises in one pass, without codes or scales in memory (fake quantisation). `output` may
/// be the source's own bytes when both have the same type.
void roundtrip_tensor(const spec::Request& request, const fast::BlockGrid& grid, const FloatArray& source,
                      const MutableFloatArray& output, std::span<const std::uint32_t> random_words = {},
                      Stream stream = {});

/// MX 6.3: the scales alone.
void shared_scales(const spec::Request& request, const fast::BlockGrid& grid, const FloatArray& source,
                   std::span<std::uint8_t> scales, const Storage& storage = {}, Stream stream = {});

/// MX 5.3, OFP8: every number divided by 2^scale_exponent and converted by itself. One code per byte.
void encode_elements(const spec::Request& request, const FloatArray& source, std::span<std::uint8_t> codes,
                     int scale_exponent = 0, std::span<const std::uint32_t> random_words = {},
                     Stream stream = {});

/// The values of codes, one per byte, under one scale code (127: the scale 1).
void decode_elements(const spec::Request& request, std::span<const std::uint8_t> codes,
                     const MutableFloatArray& output, std::uint8_t scale = 127, Stream stream = {});

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
