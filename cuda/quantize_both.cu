#include "cuda/columns.hpp"
#include "cuda/common_path.hpp"
#include "cuda/mxemu_cuda.hpp"
#include "cuda/require.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {
namespace {

/// The places of one direction, its sizes checked.
Places places_of(const char* what, const spec::Request& request, const fast::BlockGrid& grid,
                 const QuantizedArrays& arrays) {
  const Places places = make_places(request, grid, arrays.storage);
  const std::string direction = what;
  require_count((direction + " codes").c_str(), arrays.codes.size(),
                code_bytes(request, grid, arrays.storage));
  require_count((direction + " scales").c_str(), arrays.scales.size(), scale_bytes(grid, arrays.storage));
  return places;
}

void start_quantize_tiles(const spec::Request& request, const Places& rows, const Places& columns,
                          const FloatArray& source, const QuantizedArrays& along_rows,
                          const QuantizedArrays& along_columns, Stream stream) {
  const TilePlaces tiles = make_tile_places(columns);
  const LaunchShape shape = shape_for(std::size_t{tiles.tiles} * 32, threads_of_block);
  const void* numbers = source.bytes.data();
  Aligned may = find_alignment(columns, numbers, along_columns.codes.data(), nullptr);
  const Aligned across = find_alignment(columns, numbers, along_rows.codes.data(), nullptr);
  may.codes = may.codes && across.codes;
  may.whole = may.whole && across.whole;
  with_float(source.type, [&](auto type) {
    with_codes(request, columns.packed, [&](auto element, auto packed) {
      launch("quantize_tiles", Threads::Cooperating, shape, stream,
             quantize_tiles<element.value, type.value, packed.value>, common_words(request), tiles,
             make_block_places(rows), may, numbers, along_rows.codes.data(), along_rows.scales.data(),
             along_columns.codes.data(), along_columns.scales.data());
    });
  });
}

}  // namespace

void quantize_both(const spec::Request& request, std::size_t rows, std::size_t columns,
                   const FloatArray& source, const QuantizedArrays& along_rows,
                   const QuantizedArrays& along_columns, std::span<const std::uint32_t> random_words,
                   Stream stream) {
  const auto block_size = static_cast<std::size_t>(request.block_size);
  const fast::BlockGrid row_grid = {.outer = rows, .length = columns, .block_size = block_size};
  const fast::BlockGrid column_grid = {.length = rows, .inner = columns, .block_size = block_size};
  const Places row_places = places_of("row", request, row_grid, along_rows);
  const Places column_places = places_of("column", request, column_grid, along_columns);
  require_floats("source bytes", source.type, source.bytes.data(), source.bytes.size(), rows * columns);
  if (rows * columns == 0) return;
  // A matrix of one column has the places of a vector.
  const bool at_once = columns > 1 && row_places.packed == column_places.packed &&
                       is_common_quantize(request, row_places, source.type) &&
                       is_common_quantize(request, column_places, source.type);
  if (!at_once) {
    quantize_tensor(request, row_grid, source, along_rows.codes, along_rows.scales, along_rows.storage,
                    random_words, stream);
    quantize_tensor(request, column_grid, source, along_columns.codes, along_columns.scales,
                    along_columns.storage, random_words, stream);
    return;
  }
  clear_padding(row_places, along_rows.scales, stream);
  clear_padding(column_places, along_columns.scales, stream);
  start_quantize_tiles(request, row_places, column_places, source, along_rows, along_columns, stream);
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
