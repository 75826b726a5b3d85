// Where codes and scales stand in memory. MX prescribes no layout (5.1), so each one in use is declared here.
#pragma once

#include <cstdint>

#include "spec/words.hpp"

namespace mxemu::spec {

/// How element codes of d bits stand in bytes.
enum class ElementPacking : std::uint8_t { Bytes, BitStream, GgmlBlock };
template <>
inline constexpr Word<ElementPacking> words<ElementPacking>[] = {
    {ElementPacking::Bytes, "bytes", "one code per byte, in its low d bits, the rest zero"},
    {ElementPacking::BitStream, "bit_stream",
     "element i at bits d*i to d*i+d-1, least significant first: FP4 low nibble first, FP6 four codes in "
     "three bytes"},
    {ElementPacking::GgmlBlock, "ggml_block",
     "MXFP4 as ggml type 39: per block the scale byte, then byte j = element j (low) and element j+16 "
     "(high)"},
};
static_assert(words_are_in_order<ElementPacking>());

/// ggml's MXFP4 block: 1 scale byte and 16 bytes of nibbles for 32 elements.
inline constexpr int ggml_block_elements = 32;
inline constexpr int ggml_block_bytes = 17;

/// How the scales of a matrix (rows of blocks) stand in memory.
enum class ScaleLayout : std::uint8_t { RowMajor, Tile128x4 };
template <>
inline constexpr Word<ScaleLayout> words<ScaleLayout>[] = {
    {ScaleLayout::RowMajor, "row_major", "one byte per block, in the order of the blocks"},
    {ScaleLayout::Tile128x4, "tile_128x4",
     "rows padded to 128 and columns to 4 with zero; in a 512-byte tile, (r mod 32)*16 + (r div 32)*4 + c"},
};
static_assert(words_are_in_order<ScaleLayout>());

inline constexpr int scale_tile_rows = 128;
inline constexpr int scale_tile_columns = 4;

}  // namespace mxemu::spec
