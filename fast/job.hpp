// What the interface hands to a tier: sizes are checked, policies reduced to integers, buffers the caller's.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fast/error_panel.hpp"
#include "fast/grid.hpp"
#include "fast/host_device.hpp"
#include "spec/float_format.hpp"
#include "spec/request.hpp"

namespace mxemu::fast {

/// Quantisation, and the fused round trip when `output` is set.
struct QuantizeJob {
  spec::Request request;
  BlockGrid grid;
  spec::FloatType source_type;
  const std::byte* source;
  const std::uint32_t* random_words;  ///< one per element, or null: the request's seed
  std::uint8_t* codes;                ///< null in a round trip that keeps no codes
  bool packed;                        ///< codes as a bit stream rather than one per byte
  std::uint8_t* scales;               ///< null in a round trip that keeps no scales
  spec::FloatType output_type;
  std::byte* output;             ///< null, or where the decoded values go
  bool stream;                   ///< the outputs are too large for the caches
  ErrorPanel* errors = nullptr;  ///< null, or what measures a round trip as it goes
};

struct DequantizeJob {
  spec::Request request;
  BlockGrid grid = {};
  const std::uint8_t* codes = nullptr;
  bool packed = false;
  const std::uint8_t* scales = nullptr;
  spec::FloatType output_type = {};
  std::byte* output = nullptr;
  bool stream = false;
};

/// Errors of a tensor that has been there and back.
struct MeasureJob {
  BlockGrid grid;
  spec::FloatType source_type;
  const std::byte* source;
  const std::uint8_t* scales;
  spec::FloatType output_type;
  const std::byte* output;
  ErrorPanel* errors;
};

/// A conversion of single numbers under one scale exponent.
struct EncodeJob {
  spec::Request request;
  spec::FloatType source_type;
  const std::byte* source;
  const std::uint32_t* random_words;
  int scale_exponent;
  std::uint8_t* codes;
};

/// A tier's entry points. Work is counted in units (see Unit).
struct Tier {
  void (*quantize)(const QuantizeJob& job, std::size_t first_unit, std::size_t last_unit);
  void (*dequantize)(const DequantizeJob& job, std::size_t first_unit, std::size_t last_unit);
  void (*encode)(const EncodeJob& job, std::size_t first, std::size_t last);
  void (*measure)(const MeasureJob& job, std::size_t first_unit, std::size_t last_unit);
};

/// A unit of work: one block of each of up to unit_columns neighbouring columns of one line group. Its
/// element (row, column) stands at first_element + row * inner + column, the block of a column at
/// first_block + column.
struct Unit {
  std::size_t first_element;
  std::size_t first_block;
  std::size_t rows;
  std::size_t columns;
};

inline constexpr std::size_t unit_columns = 1024;

MXEMU_HOST constexpr std::size_t units_per_slab(const BlockGrid& grid) {
  return (grid.inner + unit_columns - 1) / unit_columns;
}

MXEMU_HOST constexpr std::size_t unit_count(const BlockGrid& grid) {
  return grid.outer * grid.blocks_per_line() * units_per_slab(grid);
}

MXEMU_HOST constexpr Unit unit_at(const BlockGrid& grid, std::size_t index) {
  const std::size_t slab = index / units_per_slab(grid);
  const std::size_t column = index % units_per_slab(grid) * unit_columns;
  const std::size_t line = slab / grid.blocks_per_line();
  const std::size_t start = slab % grid.blocks_per_line() * grid.block_size;
  const std::size_t rows_left = grid.length - start;
  const std::size_t columns_left = grid.inner - column;
  return {(line * grid.length + start) * grid.inner + column, slab * grid.inner + column,
          rows_left < grid.block_size ? rows_left : grid.block_size,
          columns_left < unit_columns ? columns_left : unit_columns};
}

extern const Tier portable_tier;
extern const Tier avx2_tier;
extern const Tier avx512_tier;

}  // namespace mxemu::fast
