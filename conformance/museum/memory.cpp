#include "conformance/museum/memory.hpp"

namespace mxemu::conformance::museum {
namespace {

std::size_t code_bit(const Memory& memory, const Storage& storage, std::size_t bits, std::size_t element,
                     std::size_t bit) {
  const auto place = storage.layout.packing == Packing::SplitHalves ? memory.halves_bit : memory.stream_bit;
  return place(bits, element, bit);
}

/// The byte of the scale of block `block`.
std::size_t scale_byte(const Memory& memory, const Storage& storage, std::size_t blocks, std::size_t block) {
  const std::vector<std::int64_t>& shape = storage.geometry.shape;
  std::size_t columns = static_cast<std::size_t>(shape.back());
  if (storage.axis() + 1 == static_cast<int>(shape.size())) {
    std::size_t rows = 1;
    for (std::size_t i = 0; i + 1 < shape.size(); ++i) rows *= static_cast<std::size_t>(shape[i]);
    columns = blocks / rows;
  }
  const auto place = storage.layout.scales == ScaleOrder::Tile128x4 ? memory.tile_byte : memory.row_byte;
  return place(blocks / columns, columns, block / columns, block % columns);
}

std::size_t code_bits(const Cases& cases) {
  return static_cast<std::size_t>(cases.request.element_format().bits);
}

}  // namespace

std::size_t stream_bit(std::size_t bits, std::size_t element, std::size_t bit) {
  return bits * element + bit;
}

std::size_t halves_bit(std::size_t, std::size_t element, std::size_t bit) {
  const std::size_t byte = element / 32 * 16 + element % 16;
  return 8 * byte + (element % 32 < 16 ? 0 : 4) + bit;
}

std::size_t row_byte(std::size_t, std::size_t columns, std::size_t row, std::size_t column) {
  return row * columns + column;
}

/// Tiles of 128 rows and 4 columns; in a tile, 16 bytes for rows r, r + 32, r + 64, r + 96.
std::size_t tile_byte(std::size_t, std::size_t columns, std::size_t row, std::size_t column) {
  const std::size_t tile = row / 128 * ((columns + 3) / 4) + column / 4;
  return 512 * tile + 16 * (row % 32) + 4 * (row % 128 / 32) + column % 4;
}

std::vector<BlockElements> blocks_along(const TensorGeometry& geometry, std::size_t block_size) {
  std::size_t outer = 1, inner = 1;
  const int dimensions = static_cast<int>(geometry.shape.size());
  const int axis = geometry.axis < 0 ? geometry.axis + dimensions : geometry.axis;
  for (int i = 0; i < axis; ++i)
    outer *= static_cast<std::size_t>(geometry.shape[static_cast<std::size_t>(i)]);
  for (int i = axis + 1; i < dimensions; ++i)
    inner *= static_cast<std::size_t>(geometry.shape[static_cast<std::size_t>(i)]);
  const auto length = static_cast<std::size_t>(geometry.shape[static_cast<std::size_t>(axis)]);
  std::vector<BlockElements> blocks;
  for (std::size_t o = 0; o < outer; ++o)
    for (std::size_t start = 0; start < length; start += block_size)
      for (std::size_t i = 0; i < inner; ++i) {
        BlockElements& block = blocks.emplace_back();
        for (std::size_t along = start; along < length && along < start + block_size; ++along)
          block.push_back((o * length + along) * inner + i);
      }
  return blocks;
}

std::vector<Layout> memory_layouts(const spec::ElementFormat& element) {
  std::vector<Layout> layouts = {{Packing::BitStream, ScaleOrder::RowMajor},
                                 {Packing::BitStream, ScaleOrder::Tile128x4}};
  if (element.bits == 4) layouts.push_back({Packing::SplitHalves, ScaleOrder::RowMajor});
  return layouts;
}

void write_memory(const Memory& memory, const Cases& cases, const Tensor& tensor, std::size_t index,
                  Answers& answers) {
  const ArraySizes given = cases.given();
  std::uint8_t* codes = answers.codes.data() + index * given.codes;
  for (std::size_t i = 0; i < tensor.codes.size(); ++i)
    for (std::size_t bit = 0; bit < code_bits(cases); ++bit) {
      const std::size_t place = code_bit(memory, cases.storage, code_bits(cases), i, bit);
      if (place / 8 < given.codes && (tensor.codes[i] >> bit & 1) != 0)
        codes[place / 8] = static_cast<std::uint8_t>(codes[place / 8] | 1 << place % 8);
    }
  for (std::size_t b = 0; b < tensor.scales.size(); ++b) {
    const std::size_t place = scale_byte(memory, cases.storage, tensor.scales.size(), b);
    if (place < given.scales) answers.scales[index * given.scales + place] = tensor.scales[b];
  }
}

Tensor read_memory(const Memory& memory, const Cases& cases, std::size_t blocks, std::size_t index) {
  const ArraySizes taken = cases.taken();
  const std::uint8_t* codes = cases.codes.data() + index * taken.codes;
  Tensor tensor = {std::vector<std::uint8_t>(cases.elements), std::vector<std::uint8_t>(blocks)};
  for (std::size_t i = 0; i < cases.elements; ++i)
    for (std::size_t bit = 0; bit < code_bits(cases); ++bit) {
      const std::size_t place = code_bit(memory, cases.storage, code_bits(cases), i, bit);
      if (place / 8 < taken.codes && (codes[place / 8] >> place % 8 & 1) != 0)
        tensor.codes[i] = static_cast<std::uint8_t>(tensor.codes[i] | 1 << bit);
    }
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::size_t place = scale_byte(memory, cases.storage, blocks, b);
    if (place < taken.scales) tensor.scales[b] = cases.scales[index * taken.scales + place];
  }
  return tensor;
}

}  // namespace mxemu::conformance::museum
