// How a whole tensor stands in memory, as a device declares it: the layouts of spec/packing.hpp, and others
// of the field. MX 5.1 prescribes none, so a device is judged by what it declares.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "reference/tensor.hpp"
#include "spec/block_format.hpp"
#include "spec/request.hpp"
#include "spec/words.hpp"

namespace mxemu::conformance {

/// Where the bits of element codes stand.
enum class Packing : std::uint8_t {
  Bytes,
  BitStream,
  GgmlBlock,
  BitStreamMsb,
  SplitHalves,
  Padded16,
  Fp6Split,
  Fp6Planes
};

/// In which order the scales of a tensor stand, which is a matrix: the last dimension of the tensor of scales
/// is its columns, all others its rows.
enum class ScaleOrder : std::uint8_t { RowMajor, Tile128x4, ColumnMajor, Tile128x4Plain, Tile32x8 };

}  // namespace mxemu::conformance

template <>
inline constexpr mxemu::spec::Word<mxemu::conformance::Packing>
    mxemu::spec::words<mxemu::conformance::Packing>[] = {
        {mxemu::conformance::Packing::Bytes, "bytes", "one code per byte, in its low bits"},
        {mxemu::conformance::Packing::BitStream, "bit_stream",
         "a stream of bits, least significant first: FP4 low nibble first, FP6 four codes in three bytes"},
        {mxemu::conformance::Packing::GgmlBlock, "ggml_block",
         "ggml's MXFP4: 17 bytes a block, the scale, then byte j = element j (low) and j+16 (high)"},
        {mxemu::conformance::Packing::BitStreamMsb, "bit_stream_msb",
         "a stream of bits, most significant first: FP4 high nibble first, FP6 big-endian"},
        {mxemu::conformance::Packing::SplitHalves, "split_halves",
         "FP4, 16 bytes a block: byte j = element j (low) and j+16 (high), as in ggml's qs"},
        {mxemu::conformance::Packing::Padded16, "padded_16",
         "FP4 and FP6: 16 elements in 16 bytes, a stream as bit_stream and then zeros (tensor core memory)"},
        {mxemu::conformance::Packing::Fp6Split, "fp6_split",
         "FP6, 4 elements in 3 bytes: high 4 bits of 0 and 1, of 2 and 3, then the low 2 bits of each, all "
         "from the top"},
        {mxemu::conformance::Packing::Fp6Planes, "fp6_planes",
         "fp6_split, the first bytes of a block's 8 groups together, then the second, then the third"},
};
static_assert(mxemu::spec::words_are_in_order<mxemu::conformance::Packing>());

template <>
inline constexpr mxemu::spec::Word<mxemu::conformance::ScaleOrder>
    mxemu::spec::words<mxemu::conformance::ScaleOrder>[] = {
        {mxemu::conformance::ScaleOrder::RowMajor, "row_major",
         "one byte a block, in the order of the blocks"},
        {mxemu::conformance::ScaleOrder::Tile128x4, "tile_128x4",
         "rows padded to 128 and columns to 4 with 0; in a 512-byte tile (r mod 32)*16 + (r div 32)*4 + c"},
        {mxemu::conformance::ScaleOrder::ColumnMajor, "column_major", "the matrix transposed"},
        {mxemu::conformance::ScaleOrder::Tile128x4Plain, "tile_128x4_plain",
         "padded and tiled as tile_128x4, row by row in a tile: r*4 + c"},
        {mxemu::conformance::ScaleOrder::Tile32x8, "tile_32x8",
         "rows padded to 256 and columns to 8 with 0; in a 256-byte tile of 32 x 8 "
         "(c mod 4)*64 + (r mod 16)*4 + (c div 4)*2 + r div 16"},
};
static_assert(mxemu::spec::words_are_in_order<mxemu::conformance::ScaleOrder>());

namespace mxemu::conformance {

/// What is converted: `shape` outermost first, blocks along `axis` (which may count from the end), row-major.
struct TensorGeometry {
  std::vector<std::int64_t> shape;
  int axis = -1;

  bool operator==(const TensorGeometry&) const = default;
};

/// A pair of words that a device stores tensors by.
struct Layout {
  Packing packing = Packing::Bytes;
  ScaleOrder scales = ScaleOrder::RowMajor;

  bool operator==(const Layout&) const = default;
};

/// A tensor in memory.
struct Storage {
  TensorGeometry geometry = {};
  Layout layout = {};

  std::size_t element_count() const;
  /// "3x40".
  std::string shape_text() const;
  /// The axis counted from the front.
  int axis() const;
  bool operator==(const Storage&) const = default;
};

/// False where the packing has no place for such elements, or blocks: a format of another width, a tail where
/// it has whole blocks only.
bool fits(const Storage& storage, const spec::Request& request);

/// The tensor of scales as a matrix.
struct ScaleMatrix {
  std::size_t rows;
  std::size_t columns;
};
ScaleMatrix scale_matrix(const Storage& storage, const spec::Request& request);

/// Blocks of the tensor, which are its scales in the order of `row_major`.
std::size_t block_count(const Storage& storage, const spec::Request& request);

/// Bytes of the stored codes, and of the stored scales: none where the packing holds them.
std::size_t stored_code_bytes(const Storage& storage, const spec::Request& request);
std::size_t stored_scale_bytes(const Storage& storage, const spec::Request& request);

/// Codes one per byte and scales in the order of the blocks, or the bytes of both in memory.
struct TensorBytes {
  std::vector<std::uint8_t> codes;
  std::vector<std::uint8_t> scales;
};

/// To memory and back. Unused bits and padding are zero. Throws std::invalid_argument when it does not fit.
TensorBytes store(const Storage& storage, const spec::Request& request, std::span<const std::uint8_t> codes,
                  std::span<const std::uint8_t> scales);
TensorBytes read(const Storage& storage, const spec::Request& request, std::span<const std::uint8_t> codes,
                 std::span<const std::uint8_t> scales);

/// The bit of memory at which bit `bit` of code `element` stands, bit 0 of byte 0 being the first.
std::size_t bit_place(Packing packing, int bits, std::size_t element, std::size_t bit);

/// The byte at which the scale of a row and a column stands.
std::size_t scale_place(ScaleOrder order, std::size_t rows, std::size_t columns, std::size_t row,
                        std::size_t column);

/// What a byte of memory holds: "element 34 and 35", "scale of row 3, column 1", "padding".
std::string describe_code_byte(const Storage& storage, const spec::Request& request, std::size_t byte);
std::string describe_scale_byte(const Storage& storage, const spec::Request& request, std::size_t byte);

}  // namespace mxemu::conformance
