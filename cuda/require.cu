#include "cuda/require.hpp"

#include "fast/pack.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

void require_count(const char* what, std::size_t got, std::size_t expected) {
  if (got != expected)
    throw std::invalid_argument(std::string(what) + ": " + std::to_string(got) + " where " +
                                std::to_string(expected) + " are needed");
}

bool is_aligned(const void* address, std::size_t to) {
  return reinterpret_cast<std::uintptr_t>(address) % to == 0;
}

void require_floats(const char* what, spec::FloatType type, const std::byte* data, std::size_t bytes,
                    std::size_t count) {
  const auto width = static_cast<std::size_t>(spec::format_of(type).bytes());
  require_count(what, bytes, count * width);
  if (!is_aligned(data, width))
    throw std::invalid_argument(std::string(what) + ": device memory of " + spec::name_of(type) +
                                " is not aligned to " + std::to_string(width) + " bytes");
}

RandomWords random_words_of(const spec::Request& request, std::span<const std::uint32_t> given,
                            std::size_t count) {
  if (request.rounding.mode != spec::RoundingMode::Stochastic) return {false, nullptr, 0};
  const int bits = request.rounding.random_bits;
  if (bits < 1 || bits > 32)
    throw std::invalid_argument("stochastic rounding takes 1 to 32 random bits, not " + std::to_string(bits));
  if (given.empty()) return {true, nullptr, request.rounding.seed};
  require_count("random words", given.size(), count);
  return {true, given.data(), 0};
}

static std::size_t scale_columns_of(const fast::BlockGrid& grid, const Storage& storage) {
  return storage.scale_columns != 0 ? storage.scale_columns
         : grid.inner == 1          ? grid.blocks_per_line()
                                    : grid.inner;
}

Places make_places(const spec::Request& request, const fast::BlockGrid& grid, const Storage& storage) {
  require_count("block size of the grid", grid.block_size, static_cast<std::size_t>(request.block_size));
  if (storage.packing == spec::ElementPacking::GgmlBlock)
    throw std::invalid_argument("ggml_block is not a storage of the CUDA library: bytes and bit_stream are");
  const std::size_t columns = scale_columns_of(grid, storage);
  if (columns != 0 && grid.block_count() % columns != 0)
    throw std::invalid_argument("a matrix of scales of " + std::to_string(columns) +
                                " columns does not hold " + std::to_string(grid.block_count()) + " blocks");
  return {.elements = grid.element_count(),
          .blocks = grid.block_count(),
          .length = grid.length,
          .inner = grid.inner,
          .block_size = grid.block_size,
          .blocks_per_line = grid.blocks_per_line(),
          .scale_columns = columns,
          .scale_layout = storage.scales,
          .packed = storage.packing == spec::ElementPacking::BitStream && request.element_format().bits != 8,
          .bits = request.element_format().bits};
}

std::size_t code_bytes(const spec::Request& request, const fast::BlockGrid& grid, const Storage& storage) {
  const Places places = make_places(request, grid, storage);
  return places.packed ? fast::stream_bytes(places.bits, places.elements) : places.elements;
}

std::size_t scale_bytes(const fast::BlockGrid& grid, const Storage& storage) {
  const std::size_t blocks = grid.block_count();
  if (storage.scales == spec::ScaleLayout::RowMajor || blocks == 0) return blocks;
  const std::size_t columns = scale_columns_of(grid, storage);
  const auto up = [](std::size_t count, std::size_t to) { return (count + to - 1) / to * to; };
  return up(blocks / columns, spec::scale_tile_rows) * up(columns, spec::scale_tile_columns);
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
