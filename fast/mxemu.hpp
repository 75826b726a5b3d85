// The fast library: the reference's bits at the speed of memory. The verbs and the meaning of every argument
// are the reference's; buffers are the caller's, and nothing here allocates.
//
// Every function throws std::invalid_argument, with both numbers, when a size is not what it must be, and
// when a tier is asked for that is not there. A result depends neither on the tier, nor on the number of
// threads, nor on the caller's floating-point environment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "fast/codec.hpp"
#include "fast/grid.hpp"
#include "fast/isa.hpp"
#include "fast/pack.hpp"
#include "fast/statistics.hpp"
#include "spec/float_format.hpp"
#include "spec/packing.hpp"
#include "spec/request.hpp"

namespace mxemu::fast {

/// How to run, never what to compute.
struct Execution {
  std::optional<Isa> isa = {};  ///< else MXEMU_ISA, else the widest
  int threads = 0;              ///< at most so many; 0: as OpenMP says
  /// Outputs of more bytes are written past the caches; 0 streams always.
  std::size_t stream_from = std::size_t{24} << 20;
};

/// The bits of floating-point numbers, in the machine's byte order, contiguous, at any address.
struct FloatArray {
  spec::FloatType type;
  std::span<const std::byte> bytes;
};
struct MutableFloatArray {
  spec::FloatType type;
  std::span<std::byte> bytes;
};

/// Bytes of `count` codes of `bits` bits. GgmlBlock is not a packing of codes alone: std::invalid_argument.
std::size_t packed_size(spec::ElementPacking packing, int bits, std::size_t count);

/// MX 6.3: quantises a tensor. `codes` has packed_size(packing, …, element_count) bytes, `scales` one byte
/// per block. Stochastic rounding takes `random_words` (one per element) or, when empty, the request's seed.
void quantize_tensor(const spec::Request& request, const BlockGrid& grid, const FloatArray& source,
                     std::span<std::uint8_t> codes, std::span<std::uint8_t> scales,
                     spec::ElementPacking packing = spec::ElementPacking::Bytes,
                     std::span<const std::uint32_t> random_words = {}, const Execution& execution = {});

/// MX 5.1: dequantises a tensor. Bits of a code beyond the width of the format are ignored.
void dequantize_tensor(const spec::Request& request, const BlockGrid& grid,
                       std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                       const MutableFloatArray& output,
                       spec::ElementPacking packing = spec::ElementPacking::Bytes,
                       const Execution& execution = {});

/// Quantises and dequantises in one pass (fake quantisation). `output` may be the source's own bytes when
/// both have the same type.
void roundtrip_tensor(const spec::Request& request, const BlockGrid& grid, const FloatArray& source,
                      const MutableFloatArray& output, std::span<const std::uint32_t> random_words = {},
                      const Execution& execution = {});

/// The same, and what it did to the tensor: exactly what error_statistics says of source and output.
void roundtrip_tensor(const spec::Request& request, const BlockGrid& grid, const FloatArray& source,
                      const MutableFloatArray& output, ErrorStatistics& statistics,
                      std::span<const std::uint32_t> random_words = {}, const Execution& execution = {});

/// Compares a tensor with the `output` that came back under `scales`, of which one byte per block, whoever
/// converted it. Arrays are only read and may overlap.
ErrorStatistics error_statistics(const spec::Request& request, const BlockGrid& grid,
                                 const FloatArray& source, std::span<const std::uint8_t> scales,
                                 const FloatArray& output, const Execution& execution = {});

/// MX 6.3: the scales alone.
void shared_scales(const spec::Request& request, const BlockGrid& grid, const FloatArray& source,
                   std::span<std::uint8_t> scales, const Execution& execution = {});

/// MX 5.3, OFP8: every number divided by 2^scale_exponent and converted by itself. One code per byte.
void encode_elements(const spec::Request& request, const FloatArray& source, std::span<std::uint8_t> codes,
                     int scale_exponent = 0, std::span<const std::uint32_t> random_words = {},
                     const Execution& execution = {});

/// The values of codes, one per byte, under one scale code (127: the scale 1).
void decode_elements(const spec::Request& request, std::span<const std::uint8_t> codes,
                     const MutableFloatArray& output, std::uint8_t scale = 127,
                     const Execution& execution = {});

/// Codes, one per byte, to `packing`. Unused bits of the last byte are zero. A code wider than `bits` is
/// refused.
void pack_codes(spec::ElementPacking packing, int bits, std::span<const std::uint8_t> codes,
                std::span<std::uint8_t> packed);

/// The inverse of pack_codes.
void unpack_codes(spec::ElementPacking packing, int bits, std::span<const std::uint8_t> packed,
                  std::span<std::uint8_t> codes);

/// `count` codes from one packing to another: as unpack_codes and pack_codes would, without the bytes
/// between.
void repack_codes(spec::ElementPacking from, spec::ElementPacking to, int bits, std::size_t count,
                  std::span<const std::uint8_t> codes, std::span<std::uint8_t> repacked);

/// MXFP4 codes and scales, in order of blocks of 32, to ggml's 17-byte blocks, and back.
void pack_ggml_blocks(std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                      std::span<std::uint8_t> blocks,
                      spec::ElementPacking packing = spec::ElementPacking::Bytes);
void unpack_ggml_blocks(std::span<const std::uint8_t> blocks, std::span<std::uint8_t> codes,
                        std::span<std::uint8_t> scales,
                        spec::ElementPacking packing = spec::ElementPacking::Bytes);

/// Bytes that a rows x columns matrix of scales takes.
std::size_t scale_layout_size(spec::ScaleLayout layout, std::size_t rows, std::size_t columns);

/// A row-major rows x columns matrix of scales to `layout` (padding is zero), and back.
void arrange_scales(spec::ScaleLayout layout, std::size_t rows, std::size_t columns,
                    std::span<const std::uint8_t> scales, std::span<std::uint8_t> arranged);
void restore_scales(spec::ScaleLayout layout, std::size_t rows, std::size_t columns,
                    std::span<const std::uint8_t> arranged, std::span<std::uint8_t> scales);

}  // namespace mxemu::fast
