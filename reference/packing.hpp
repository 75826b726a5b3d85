// The declared layouts of codes and scales (MX 5.1 prescribes none).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "spec/packing.hpp"

namespace mxemu::reference {

/// Bytes that `count` codes of `bits` bits take. GgmlBlock is not a packing of codes alone:
/// std::invalid_argument.
std::size_t packed_size(spec::ElementPacking packing, int bits, std::size_t count);

/// Codes, one per byte, to `packing`. Unused bits of the last byte are zero. A code wider than `bits` is
/// refused.
std::vector<std::uint8_t> pack_codes(spec::ElementPacking packing, int bits,
                                     std::span<const std::uint8_t> codes);

/// The inverse of pack_codes. Throws std::invalid_argument when `packed` has not packed_size bytes.
std::vector<std::uint8_t> unpack_codes(spec::ElementPacking packing, int bits, std::size_t count,
                                       std::span<const std::uint8_t> packed);

/// MXFP4 codes and scales, in order of blocks of 32, to ggml's 17-byte blocks. A code wider than 4 bits is
/// refused.
std::vector<std::uint8_t> pack_ggml_blocks(std::span<const std::uint8_t> codes,
                                           std::span<const std::uint8_t> scales);

struct CodesAndScales {
  std::vector<std::uint8_t> codes;
  std::vector<std::uint8_t> scales;
};

/// The inverse of pack_ggml_blocks.
CodesAndScales unpack_ggml_blocks(std::span<const std::uint8_t> blocks);

/// Bytes that a rows x columns matrix of scales takes.
std::size_t scale_layout_size(spec::ScaleLayout layout, std::size_t rows, std::size_t columns);

/// Where the scale of (row, column) stands.
std::size_t scale_offset(spec::ScaleLayout layout, std::size_t columns, std::size_t row, std::size_t column);

/// A row-major rows x columns matrix of scales to `layout`; padding is zero.
std::vector<std::uint8_t> arrange_scales(spec::ScaleLayout layout, std::size_t rows, std::size_t columns,
                                         std::span<const std::uint8_t> scales);

/// The inverse of arrange_scales: the row-major matrix, padding dropped.
std::vector<std::uint8_t> restore_scales(spec::ScaleLayout layout, std::size_t rows, std::size_t columns,
                                         std::span<const std::uint8_t> arranged);

}  // namespace mxemu::reference
