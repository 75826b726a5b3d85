#include "conformance/storage.hpp"

#include <stdexcept>

#include "reference/packing.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t half_block = spec::ggml_block_elements / 2;
constexpr std::size_t whole_block = spec::ggml_block_elements;

std::size_t round_up(std::size_t n, std::size_t multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

reference::BlockGrid grid_of(const Storage& storage, const spec::Request& request) {
  return reference::make_block_grid(storage.geometry.shape, storage.geometry.axis, request);
}

std::size_t matrix_bytes(ScaleOrder order, const ScaleMatrix& matrix) {
  switch (order) {
    case ScaleOrder::RowMajor:
    case ScaleOrder::ColumnMajor: return matrix.rows * matrix.columns;
    case ScaleOrder::Tile128x4:
    case ScaleOrder::Tile128x4Plain: return round_up(matrix.rows, 128) * round_up(matrix.columns, 4);
    case ScaleOrder::Tile32x8: return round_up(matrix.rows, 256) * round_up(matrix.columns, 8);
  }
  throw std::invalid_argument("no such order of scales");
}

bool has_whole_blocks(const Storage& storage, const spec::Request& request) {
  const reference::BlockGrid grid = grid_of(storage, request);
  return request.block_size == static_cast<int>(whole_block) && grid.inner == 1 &&
         grid.length % whole_block == 0;
}

std::size_t packed_bytes(Packing packing, int bits, std::size_t count) {
  const std::size_t stream = (count * static_cast<std::size_t>(bits) + 7) / 8;
  switch (packing) {
    case Packing::Bytes:
    case Packing::Padded16: return count;
    case Packing::GgmlBlock: return count / whole_block * spec::ggml_block_bytes;
    case Packing::BitStream:
    case Packing::BitStreamMsb:
    case Packing::SplitHalves:
    case Packing::Fp6Split:
    case Packing::Fp6Planes: return stream;
  }
  throw std::invalid_argument("no such packing");
}

/// FP6 by its high four bits and its low two: three kinds of bytes, each of them from the top.
struct SplitPlace {
  std::size_t kind;
  std::size_t bit;
};
SplitPlace split_place(std::size_t lane, std::size_t bit) {
  if (bit < 2) return {2, 6 - 2 * lane + bit};
  return {lane / 2, (lane % 2 == 0 ? 4 : 0) + bit - 2};
}

void require_fit(const Storage& storage, const spec::Request& request) {
  if (!fits(storage, request))
    throw std::invalid_argument(std::string("a tensor of ") + request.block_format().name + ", shape " +
                                storage.shape_text() + ", does not fit the packing " +
                                spec::name_of(storage.layout.packing));
}

void require_size(const char* what, std::size_t got, std::size_t wanted) {
  if (got != wanted)
    throw std::invalid_argument(std::string(what) + ": " + std::to_string(got) + " bytes where " +
                                std::to_string(wanted) + " are needed");
}

std::vector<std::uint8_t> in_order(const Storage& storage, const spec::Request& request,
                                   std::span<const std::uint8_t> scales, bool to_memory) {
  const ScaleMatrix matrix = scale_matrix(storage, request);
  const std::size_t stored = matrix_bytes(storage.layout.scales, matrix);
  require_size("scales", scales.size(), to_memory ? matrix.rows * matrix.columns : stored);
  std::vector<std::uint8_t> result(to_memory ? stored : matrix.rows * matrix.columns, 0);
  for (std::size_t row = 0; row < matrix.rows; ++row)
    for (std::size_t column = 0; column < matrix.columns; ++column) {
      const std::size_t memory = scale_place(storage.layout.scales, matrix.rows, matrix.columns, row, column);
      const std::size_t block = row * matrix.columns + column;
      result[to_memory ? memory : block] = scales[to_memory ? block : memory];
    }
  return result;
}

}  // namespace

std::size_t Storage::element_count() const {
  std::size_t count = 1;
  for (const std::int64_t extent : geometry.shape) count *= static_cast<std::size_t>(extent);
  return count;
}

std::string Storage::shape_text() const {
  std::string text;
  for (const std::int64_t extent : geometry.shape) text += (text.empty() ? "" : "x") + std::to_string(extent);
  return text;
}

int Storage::axis() const {
  return geometry.axis < 0 ? geometry.axis + static_cast<int>(geometry.shape.size()) : geometry.axis;
}

bool fits(const Storage& storage, const spec::Request& request) {
  const int bits = request.element_format().bits;
  const std::size_t count = storage.element_count();
  switch (storage.layout.packing) {
    case Packing::Bytes:
    case Packing::BitStream:
    case Packing::BitStreamMsb: return true;
    case Packing::GgmlBlock:
      return bits == 4 && storage.layout.scales == ScaleOrder::RowMajor && has_whole_blocks(storage, request);
    case Packing::SplitHalves: return bits == 4 && has_whole_blocks(storage, request);
    case Packing::Padded16: return bits < 8 && count % 16 == 0;
    case Packing::Fp6Split: return bits == 6 && count % 4 == 0;
    case Packing::Fp6Planes: return bits == 6 && has_whole_blocks(storage, request);
  }
  return false;
}

ScaleMatrix scale_matrix(const Storage& storage, const spec::Request& request) {
  const reference::BlockGrid grid = grid_of(storage, request);
  if (grid.block_count() == 0) return {0, 0};
  const auto dimensions = static_cast<int>(storage.geometry.shape.size());
  const std::size_t columns = storage.axis() == dimensions - 1
                                  ? grid.blocks_per_line()
                                  : static_cast<std::size_t>(storage.geometry.shape.back());
  return {grid.block_count() / columns, columns};
}

std::size_t block_count(const Storage& storage, const spec::Request& request) {
  return grid_of(storage, request).block_count();
}

std::size_t stored_code_bytes(const Storage& storage, const spec::Request& request) {
  return packed_bytes(storage.layout.packing, request.element_format().bits, storage.element_count());
}

std::size_t stored_scale_bytes(const Storage& storage, const spec::Request& request) {
  if (storage.layout.packing == Packing::GgmlBlock) return 0;
  return matrix_bytes(storage.layout.scales, scale_matrix(storage, request));
}

TensorBytes store(const Storage& storage, const spec::Request& request, std::span<const std::uint8_t> codes,
                  std::span<const std::uint8_t> scales) {
  require_fit(storage, request);
  require_size("codes", codes.size(), storage.element_count());
  const Packing packing = storage.layout.packing;
  if (packing == Packing::GgmlBlock) return {reference::pack_ggml_blocks(codes, scales), {}};
  const int bits = request.element_format().bits;
  TensorBytes stored = {{}, in_order(storage, request, scales, true)};
  if (packing == Packing::Bytes || packing == Packing::BitStream) {
    const bool bytes = packing == Packing::Bytes;
    stored.codes = reference::pack_codes(
        bytes ? spec::ElementPacking::Bytes : spec::ElementPacking::BitStream, bits, codes);
    return stored;
  }
  stored.codes.assign(stored_code_bytes(storage, request), 0);
  for (std::size_t i = 0; i < codes.size(); ++i)
    for (std::size_t bit = 0; bit < static_cast<std::size_t>(bits); ++bit) {
      const std::size_t place = bit_place(packing, bits, i, bit);
      const int value = codes[i] >> bit & 1;
      stored.codes[place / 8] = static_cast<std::uint8_t>(stored.codes[place / 8] | value << place % 8);
    }
  return stored;
}

TensorBytes read(const Storage& storage, const spec::Request& request, std::span<const std::uint8_t> codes,
                 std::span<const std::uint8_t> scales) {
  require_fit(storage, request);
  require_size("stored codes", codes.size(), stored_code_bytes(storage, request));
  const Packing packing = storage.layout.packing;
  if (packing == Packing::GgmlBlock) {
    reference::CodesAndScales both = reference::unpack_ggml_blocks(codes);
    return {std::move(both.codes), std::move(both.scales)};
  }
  const int bits = request.element_format().bits;
  const std::size_t count = storage.element_count();
  TensorBytes tensor = {{}, in_order(storage, request, scales, false)};
  if (packing == Packing::Bytes || packing == Packing::BitStream) {
    const bool bytes = packing == Packing::Bytes;
    tensor.codes = reference::unpack_codes(
        bytes ? spec::ElementPacking::Bytes : spec::ElementPacking::BitStream, bits, count, codes);
    return tensor;
  }
  tensor.codes.assign(count, 0);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t bit = 0; bit < static_cast<std::size_t>(bits); ++bit) {
      const std::size_t place = bit_place(packing, bits, i, bit);
      const int value = codes[place / 8] >> place % 8 & 1;
      tensor.codes[i] = static_cast<std::uint8_t>(tensor.codes[i] | value << bit);
    }
  return tensor;
}

std::size_t bit_place(Packing packing, int bits, std::size_t element, std::size_t bit) {
  const auto width = static_cast<std::size_t>(bits);
  const std::size_t block = element / whole_block;
  const std::size_t lane = element % whole_block;
  const std::size_t nibble = lane % half_block * 8 + lane / half_block * 4 + bit;
  switch (packing) {
    case Packing::Bytes: return 8 * element + bit;
    case Packing::BitStream: return width * element + bit;
    case Packing::BitStreamMsb: {
      const std::size_t from_top = width * element + width - 1 - bit;
      return from_top / 8 * 8 + 7 - from_top % 8;
    }
    case Packing::GgmlBlock: return block * 8 * spec::ggml_block_bytes + 8 + nibble;
    case Packing::SplitHalves: return block * 8 * half_block + nibble;
    case Packing::Padded16: return element / 16 * 128 + element % 16 * width + bit;
    case Packing::Fp6Split: {
      const auto [kind, at] = split_place(element % 4, bit);
      return element / 4 * 24 + kind * 8 + at;
    }
    case Packing::Fp6Planes: {
      const auto [kind, at] = split_place(element % 4, bit);
      return (block * 24 + kind * 8 + lane / 4) * 8 + at;
    }
  }
  throw std::invalid_argument("no such packing");
}

std::size_t scale_place(ScaleOrder order, std::size_t rows, std::size_t columns, std::size_t row,
                        std::size_t column) {
  switch (order) {
    case ScaleOrder::RowMajor:
      return reference::scale_offset(spec::ScaleLayout::RowMajor, columns, row, column);
    case ScaleOrder::Tile128x4:
      return reference::scale_offset(spec::ScaleLayout::Tile128x4, columns, row, column);
    case ScaleOrder::ColumnMajor: return column * rows + row;
    case ScaleOrder::Tile128x4Plain: {
      const std::size_t tile = row / 128 * (round_up(columns, 4) / 4) + column / 4;
      return tile * 512 + row % 128 * 4 + column % 4;
    }
    case ScaleOrder::Tile32x8: {
      const std::size_t tile = row / 32 * (round_up(columns, 8) / 8) + column / 8;
      return tile * 256 + column % 4 * 64 + row % 16 * 4 + column / 4 % 2 * 2 + row / 16 % 2;
    }
  }
  throw std::invalid_argument("no such order of scales");
}

std::string describe_code_byte(const Storage& storage, const spec::Request& request, std::size_t byte) {
  const Packing packing = storage.layout.packing;
  if (packing == Packing::GgmlBlock && byte % spec::ggml_block_bytes == 0)
    return "the scale of block " + std::to_string(byte / spec::ggml_block_bytes);
  const int bits = request.element_format().bits;
  std::string text;
  for (std::size_t i = 0; i < storage.element_count(); ++i)
    for (std::size_t bit = 0; bit < static_cast<std::size_t>(bits); ++bit)
      if (bit_place(packing, bits, i, bit) / 8 == byte) {
        text += (text.empty() ? "element " : " and ") + std::to_string(i);
        break;
      }
  return text.empty() ? "padding" : text;
}

std::string describe_scale_byte(const Storage& storage, const spec::Request& request, std::size_t byte) {
  const ScaleMatrix matrix = scale_matrix(storage, request);
  for (std::size_t row = 0; row < matrix.rows; ++row)
    for (std::size_t column = 0; column < matrix.columns; ++column)
      if (scale_place(storage.layout.scales, matrix.rows, matrix.columns, row, column) == byte)
        return "the scale of row " + std::to_string(row) + ", column " + std::to_string(column);
  return "padding";
}

}  // namespace mxemu::conformance
