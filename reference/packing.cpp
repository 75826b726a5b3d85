#include "reference/packing.hpp"

#include <stdexcept>
#include <string>

namespace mxemu::reference {
namespace {

void require_size(const char* what, std::size_t got, std::size_t expected) {
  if (got != expected)
    throw std::invalid_argument(std::string(what) + ": " + std::to_string(got) + " bytes where " +
                                std::to_string(expected) + " are needed");
}

void require_narrow_codes(std::span<const std::uint8_t> codes, int bits) {
  for (std::size_t i = 0; i < codes.size(); ++i)
    if (codes[i] >> bits != 0)
      throw std::invalid_argument("code " + std::to_string(codes[i]) + " at element " + std::to_string(i) +
                                  " is wider than " + std::to_string(bits) + " bits");
}

std::size_t round_up(std::size_t n, std::size_t multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

}  // namespace

std::size_t packed_size(spec::ElementPacking packing, int bits, std::size_t count) {
  switch (packing) {
    case spec::ElementPacking::Bytes: return count;
    case spec::ElementPacking::BitStream: return (count * static_cast<std::size_t>(bits) + 7) / 8;
    case spec::ElementPacking::GgmlBlock: break;
  }
  throw std::invalid_argument("ggml blocks hold codes together with their scales");
}

std::vector<std::uint8_t> pack_codes(spec::ElementPacking packing, int bits,
                                     std::span<const std::uint8_t> codes) {
  const auto width = static_cast<std::size_t>(bits);
  require_narrow_codes(codes, bits);
  std::vector<std::uint8_t> packed(packed_size(packing, bits, codes.size()), 0);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (packing == spec::ElementPacking::Bytes) {
      packed[i] = codes[i];
      continue;
    }
    for (std::size_t bit = 0; bit < width; ++bit) {  // one bit after another, least significant first
      const std::size_t place = i * width + bit;
      const int value = codes[i] >> bit & 1;
      packed[place / 8] = static_cast<std::uint8_t>(packed[place / 8] | value << place % 8);
    }
  }
  return packed;
}

std::vector<std::uint8_t> unpack_codes(spec::ElementPacking packing, int bits, std::size_t count,
                                       std::span<const std::uint8_t> packed) {
  require_size("packed codes", packed.size(), packed_size(packing, bits, count));
  if (packing == spec::ElementPacking::Bytes) return {packed.begin(), packed.end()};
  const auto width = static_cast<std::size_t>(bits);
  std::vector<std::uint8_t> codes(count, 0);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t bit = 0; bit < width; ++bit) {
      const std::size_t place = i * width + bit;
      const int value = packed[place / 8] >> place % 8 & 1;
      codes[i] = static_cast<std::uint8_t>(codes[i] | value << bit);
    }
  return codes;
}

std::vector<std::uint8_t> pack_ggml_blocks(std::span<const std::uint8_t> codes,
                                           std::span<const std::uint8_t> scales) {
  const std::size_t half = spec::ggml_block_elements / 2;
  require_size("codes for ggml blocks", codes.size(), scales.size() * spec::ggml_block_elements);
  require_narrow_codes(codes, 4);
  std::vector<std::uint8_t> blocks;
  blocks.reserve(scales.size() * spec::ggml_block_bytes);
  for (std::size_t b = 0; b < scales.size(); ++b) {
    blocks.push_back(scales[b]);
    const auto block = codes.subspan(b * spec::ggml_block_elements, spec::ggml_block_elements);
    for (std::size_t j = 0; j < half; ++j)
      blocks.push_back(static_cast<std::uint8_t>(block[j] + 16 * block[j + half]));
  }
  return blocks;
}

CodesAndScales unpack_ggml_blocks(std::span<const std::uint8_t> blocks) {
  const std::size_t half = spec::ggml_block_elements / 2;
  const std::size_t count = blocks.size() / spec::ggml_block_bytes;
  require_size("ggml blocks", blocks.size(), count * spec::ggml_block_bytes);
  CodesAndScales result{.codes = std::vector<std::uint8_t>(count * spec::ggml_block_elements), .scales = {}};
  for (std::size_t b = 0; b < count; ++b) {
    const auto block = blocks.subspan(b * spec::ggml_block_bytes, spec::ggml_block_bytes);
    result.scales.push_back(block[0]);
    for (std::size_t j = 0; j < half; ++j) {
      result.codes[b * spec::ggml_block_elements + j] = block[1 + j] % 16;
      result.codes[b * spec::ggml_block_elements + half + j] = block[1 + j] / 16;
    }
  }
  return result;
}

std::size_t scale_layout_size(spec::ScaleLayout layout, std::size_t rows, std::size_t columns) {
  switch (layout) {
    case spec::ScaleLayout::RowMajor: return rows * columns;
    case spec::ScaleLayout::Tile128x4:
      return round_up(rows, spec::scale_tile_rows) * round_up(columns, spec::scale_tile_columns);
  }
  throw std::invalid_argument("no such scale layout");
}

std::size_t scale_offset(spec::ScaleLayout layout, std::size_t columns, std::size_t row, std::size_t column) {
  switch (layout) {
    case spec::ScaleLayout::RowMajor: return row * columns + column;
    case spec::ScaleLayout::Tile128x4: {
      const std::size_t tiles_across = round_up(columns, spec::scale_tile_columns) / spec::scale_tile_columns;
      const std::size_t tile = row / spec::scale_tile_rows * tiles_across + column / spec::scale_tile_columns;
      const std::size_t r = row % spec::scale_tile_rows;
      return tile * spec::scale_tile_rows * spec::scale_tile_columns + r % 32 * 16 + r / 32 * 4 +
             column % spec::scale_tile_columns;
    }
  }
  throw std::invalid_argument("no such scale layout");
}

std::vector<std::uint8_t> arrange_scales(spec::ScaleLayout layout, std::size_t rows, std::size_t columns,
                                         std::span<const std::uint8_t> scales) {
  require_size("scales", scales.size(), rows * columns);
  std::vector<std::uint8_t> arranged(scale_layout_size(layout, rows, columns), 0);
  if (scales.empty()) return arranged;  // no columns leave the number of rows unbounded
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      arranged[scale_offset(layout, columns, row, column)] = scales[row * columns + column];
  return arranged;
}

std::vector<std::uint8_t> restore_scales(spec::ScaleLayout layout, std::size_t rows, std::size_t columns,
                                         std::span<const std::uint8_t> arranged) {
  require_size("arranged scales", arranged.size(), scale_layout_size(layout, rows, columns));
  std::vector<std::uint8_t> scales(rows * columns);
  if (scales.empty()) return scales;
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      scales[row * columns + column] = arranged[scale_offset(layout, columns, row, column)];
  return scales;
}

}  // namespace mxemu::reference
