// Bugs in where a tensor stands in memory, and along which axis its blocks lie.
#include "conformance/museum/museum.hpp"

namespace mxemu::conformance::museum {
namespace {

/// Bit 0 of the stream is the top of byte 0: FP4's high nibble first, FP6 big-endian.
std::size_t from_the_top(std::size_t bits, std::size_t element, std::size_t bit) {
  const std::size_t place = bits * element + bits - 1 - bit;
  return place / 8 * 8 + 7 - place % 8;
}

/// Three bytes for four codes: the high four bits in two of them, the low two in the third, from the top.
std::size_t kind_of_byte(std::size_t element, std::size_t bit) {
  return bit < 2 ? 2 : element % 4 / 2;
}
std::size_t bit_of_byte(std::size_t element, std::size_t bit) {
  return bit < 2 ? 6 - 2 * (element % 4) + bit : (element % 2 == 0 ? 4 : 0) + bit - 2;
}
std::size_t split_four(std::size_t, std::size_t element, std::size_t bit) {
  return 8 * (element / 4 * 3 + kind_of_byte(element, bit)) + bit_of_byte(element, bit);
}
std::size_t split_planes(std::size_t, std::size_t element, std::size_t bit) {
  return 8 * (element / 32 * 24 + kind_of_byte(element, bit) * 8 + element % 32 / 4) +
         bit_of_byte(element, bit);
}

std::size_t tile_not_swizzled(std::size_t, std::size_t columns, std::size_t row, std::size_t column) {
  return 512 * (row / 128 * ((columns + 3) / 4) + column / 4) + 4 * (row % 128) + column % 4;
}
std::size_t transposed(std::size_t rows, std::size_t, std::size_t row, std::size_t column) {
  return column * rows + row;
}

std::vector<BlockElements> along_the_last_axis(const TensorGeometry& geometry, std::size_t block_size) {
  return blocks_along({geometry.shape, -1}, block_size);
}
std::vector<BlockElements> along_the_first_axis(const TensorGeometry& geometry, std::size_t block_size) {
  return blocks_along({geometry.shape, 0}, block_size);
}

/// Lines are not looked at: the block that a line ends within goes on in the next.
std::vector<BlockElements> across_lines(const TensorGeometry& geometry, std::size_t block_size) {
  std::int64_t elements = 1;
  for (const std::int64_t extent : geometry.shape) elements *= extent;
  const bool is_last = geometry.axis < 0 || geometry.axis + 1 == static_cast<int>(geometry.shape.size());
  return is_last ? blocks_along({{elements}, 0}, block_size) : blocks_along(geometry, block_size);
}

/// Whole blocks only: what a line has beyond them is left out.
std::vector<BlockElements> without_tails(const TensorGeometry& geometry, std::size_t block_size) {
  std::vector<BlockElements> blocks = blocks_along(geometry, block_size);
  for (BlockElements& block : blocks)
    if (block.size() < block_size) block.clear();
  return blocks;
}

bool in_fp6(spec::BlockType format) {
  return spec::format_of(format).element_format().bits == 6;
}

const Mutant mutants[] = {
    {"high_nibble_first", "two codes to a byte, the first in the high nibble", "pytorch/ao#2939, #3123",
     "layout", in_e2m1, [](Wiring& w) { w.memory.stream_bit = from_the_top; }},
    {"ggml_halves_linear", "ggml's halves, j beside j + 16, written pair by pair",
     "kekzl/imp#567, tensai#165", "layout", in_e2m1, [](Wiring& w) { w.memory.halves_bit = stream_bit; }},
    {"pairs_as_ggml_halves", "pairs of neighbours written as ggml's halves", "kekzl/imp#567", "layout",
     in_e2m1, [](Wiring& w) { w.memory.stream_bit = halves_bit; }},
    {"fp6_big_endian", "FP6 codes as a stream from the top bit down", "triton#7756", "layout", in_fp6,
     [](Wiring& w) { w.memory.stream_bit = from_the_top; }},
    {"fp6_four_and_two", "FP6 codes split into four bits and two", "pytorch/ao before fa2cb75c7", "layout",
     in_fp6, [](Wiring& w) { w.memory.stream_bit = split_four; }},
    {"fp6_planes", "FP6 codes split, and the bytes of a kind together",
     "pytorch/ao's Triton kernel before fa2cb75c7", "layout", in_fp6,
     [](Wiring& w) { w.memory.stream_bit = split_planes; }},
    {"scale_tile_not_swizzled", "128x4 tiles of scales row by row", no_public_case, "layout", in_all,
     [](Wiring& w) { w.memory.tile_byte = tile_not_swizzled; }},
    {"scale_rows_not_tiled", "scales row by row where tiles are declared", "Quark#30", "layout", in_all,
     [](Wiring& w) { w.memory.tile_byte = row_byte; }},
    {"scales_transposed", "the matrix of scales column by column", no_public_case, "layout", in_all,
     [](Wiring& w) { w.memory.row_byte = transposed; }},
    {"axis_mistaken", "blocks along the last axis whatever is asked", no_public_case, "axis", in_all,
     [](Wiring& w) { w.memory.blocks = along_the_last_axis; }},
    {"axis_first", "blocks along the first axis whatever is asked", no_public_case, "axis", in_all,
     [](Wiring& w) { w.memory.blocks = along_the_first_axis; }},
    {"blocks_across_lines", "a block that a line ends within goes on in the next line", "mase#321", "axis",
     in_all, [](Wiring& w) { w.memory.blocks = across_lines; }},
    {"line_tail_dropped", "what a line has beyond whole blocks is left out", no_public_case, "axis", in_all,
     [](Wiring& w) { w.memory.blocks = without_tails; }},
};

}  // namespace

std::span<const Mutant> memory_mutants() {
  return mutants;
}

}  // namespace mxemu::conformance::museum
