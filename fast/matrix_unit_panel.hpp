// Panels: some hundred elements of each line of a tile, decoded, in the order in which the steps read them.
#pragma once

#include <cstring>
#include <type_traits>

#include "fast/matrix_unit_operand.hpp"
#include "fast/matrix_unit_vector.hpp"
#include "fast/panel.hpp"

namespace mxemu::fast::MXEMU_TIER::unit {

inline constexpr spec::ScaleFormat scale_format = spec::scale_formats[0];

/// A step of the accumulator within a chunk of K.
struct ChunkStep {
  std::size_t first;  ///< of its products, in the chunk
  std::size_t count;
  bool ends_block;  ///< of those that are summed from 0
};

/// The elements of each line that are decoded at a time, and the steps they make.
struct Chunk {
  std::size_t first;
  std::size_t length = 0;
  std::size_t steps = 0;
  ChunkStep step[unit_depth];
};

/// The steps from element `first` on that fit in a panel.
inline void find_steps(const UnitJob& job, std::size_t first, Chunk& chunk) {
  const spec::Accumulator& row = spec::accumulators[static_cast<int>(job.request.accumulator)];
  const bool by_blocks = row.scale == spec::ScaleEntry::AfterRounding;
  const auto block_size = static_cast<std::size_t>(job.request.block_size);
  const auto products = static_cast<std::size_t>(
      row.kind == spec::AccumulatorKind::Fused ? row.fused.products : row.tree.products);
  chunk.first = first;
  chunk.length = chunk.steps = 0;
  while (first + chunk.length < job.padded_depth) {
    const std::size_t at = first + chunk.length;
    const std::size_t in_block = block_size - at % block_size;
    const std::size_t left = job.padded_depth - at;
    std::size_t count = products < left ? products : left;
    if (by_blocks && in_block < count) count = in_block;
    if (chunk.length + count > unit_depth) break;
    chunk.step[chunk.steps++] = {chunk.length, count, by_blocks && (count == in_block || count == left)};
    chunk.length += count;
  }
}

/// What decoding a line depends on.
struct LineDecoder {
  spec::OperandType type;
  spec::ScaleEntry entry;
  bool tf32;
  bool flushes;  ///< numbers below the smallest normal one to +0
  std::size_t block_size;
  std::size_t depth;

  MXEMU_HOST LineDecoder(const UnitJob& job, spec::OperandType operand)
      : type(operand), block_size(static_cast<std::size_t>(job.request.block_size)), depth(job.depth) {
    const spec::Accumulator& row = spec::accumulators[static_cast<int>(job.request.accumulator)];
    entry = row.scale;
    tf32 = row.truncates_to_tf32 && type == spec::OperandType::Float32;
    flushes = row.kind == spec::AccumulatorKind::FlushedTree && row.tree.flushes;
  }
};

/// Whether a number is smaller in magnitude than `smallest`.
MXEMU_HOST bool is_below(double value, double smallest) {
  return value < smallest && value > -smallest;
}

/// `count` numbers of a floating-point type, from element `first` of the operand on.
template <spec::FloatType Type, class T>
void decode_floats(const LineDecoder& decoder, const UnitRows& rows, std::size_t first, std::size_t count,
                   T* values, std::int16_t* exponents) {
  constexpr spec::FloatFormat format = spec::float_formats[static_cast<int>(Type)];
  using Word = std::conditional_t<format.bits == 16, std::uint16_t, std::uint32_t>;
  const double smallest = decoder.flushes ? power_of_two(format.emin) : 0;
  for (std::size_t k = 0; k < count; ++k) {
    Word bits;
    std::memcpy(&bits, rows.codes + (first + k) * sizeof bits, sizeof bits);
    const UnitOperand operand = decode_float(format, decoder.tf32, bits);
    values[k] = is_below(operand.value, smallest) ? T{} : static_cast<T>(operand.value);
    exponents[k] = static_cast<std::int16_t>(operand.exponent);
  }
}

/// `count` elements, likewise, without their scales.
template <class T>
void decode_elements(const LineDecoder& decoder, const UnitRows& rows, std::size_t first, std::size_t count,
                     T* values, std::int16_t* exponents) {
  std::uint8_t buffer[unit_depth];
  const std::uint8_t* codes = rows.codes + first;
  if (rows.packed) {
    unpack_run(spec::element_formats[static_cast<int>(decoder.type)].bits, rows.codes, first, count, buffer);
    codes = buffer;
  }
  const UnitOperands& operands = unit_operands[static_cast<int>(decoder.type)];
  for (std::size_t k = 0; k < count; ++k) {
    values[k] = static_cast<T>(operands.at[codes[k]].value);
    exponents[k] = static_cast<std::int16_t>(operands.at[codes[k]].exponent);
  }
}

template <class T>
void decode_codes(const LineDecoder& decoder, const UnitRows& rows, std::size_t first, std::size_t count,
                  T* values, std::int16_t* exponents) {
  using enum spec::FloatType;
  switch (decoder.type) {
    case spec::OperandType::BFloat16:
      return decode_floats<BFloat16>(decoder, rows, first, count, values, exponents);
    case spec::OperandType::Float16:
      return decode_floats<Float16>(decoder, rows, first, count, values, exponents);
    case spec::OperandType::Float32:
      return decode_floats<Float32>(decoder, rows, first, count, values, exponents);
    case spec::OperandType::E5M2:
    case spec::OperandType::E4M3:
    case spec::OperandType::E3M2:
    case spec::OperandType::E2M3:
    case spec::OperandType::E2M1:
    case spec::OperandType::INT8: return decode_elements(decoder, rows, first, count, values, exponents);
  }
}

/// One run of elements of a block, under its scale.
template <class T>
void enter_scale(spec::ScaleEntry entry, std::uint8_t scale, std::size_t count, T* values,
                 std::int16_t* exponents) {
  const bool nan = scale == scale_format.nan_code;
  const int scale_exponent = nan ? special_exponent : scale - scale_format.bias;
  const T factor = nan                                   ? std::numeric_limits<T>::quiet_NaN()
                   : entry == spec::ScaleEntry::Exponent ? static_cast<T>(power_of_two(scale_exponent))
                                                         : T{1};
  // Of Inf, NaN and a NaN scale together: 2 * 4096, and twice that still is an exponent.
  for (std::size_t k = 0; k < count; ++k) {
    values[k] *= factor;
    const int own = entry == spec::ScaleEntry::Exponent ? exponents[k] : 0;
    exponents[k] = static_cast<std::int16_t>(own + scale_exponent);
  }
}

/// A chunk of one line, padded with elements of code 0 and blocks of scale 0x00.
template <class T>
void decode_line(const LineDecoder& decoder, const UnitRows& rows, std::size_t line, const Chunk& chunk,
                 T* values, std::int16_t* exponents, std::uint8_t* scales) {
  const std::size_t left = decoder.depth > chunk.first ? decoder.depth - chunk.first : 0;
  const std::size_t count = left < chunk.length ? left : chunk.length;
  const std::size_t row = line - rows.first;
  const std::size_t first = row * rows.stride + chunk.first;
  decode_codes(decoder, rows, first, count, values, exponents);
  for (std::size_t k = count; k < chunk.length; ++k) {
    values[k] = 0;
    exponents[k] = spec::zero_exponent_value;
  }
  if (decoder.entry == spec::ScaleEntry::Unscaled) return;
  for (std::size_t k = 0; k < chunk.length;) {
    const std::size_t at = chunk.first + k;
    const std::size_t in_block = decoder.block_size - at % decoder.block_size;
    const std::size_t run = in_block < chunk.length - k ? in_block : chunk.length - k;
    const bool padding = at - at % decoder.block_size >= decoder.depth;
    const std::uint8_t scale = rows.scales == nullptr ? static_cast<std::uint8_t>(scale_format.bias)
                               : padding              ? scale_format.min_code
                                         : rows.scales[row * rows.scale_stride + at / decoder.block_size];
    if (decoder.entry == spec::ScaleEntry::AfterRounding)
      std::memset(scales + k, scale, run);
    else
      enter_scale(decoder.entry, scale, run, values + k, exponents + k);
    k += run;
  }
}

/// Rows of A, one after the other.
template <class T>
void decode_rows(const UnitJob& job, const UnitTile& tile, const Chunk& chunk,
                 UnitPanel<unit_tile_side>& panel) {
  const LineDecoder decoder(job, job.request.a);
  T* values = reinterpret_cast<T*>(panel.values);
  for (std::size_t row = 0; row < tile.rows; ++row)
    decode_line(decoder, job.a, tile.first_row + row, chunk, values + row * unit_depth,
                panel.exponents + row * unit_depth, panel.scales + row * unit_depth);
}

/// A group of columns of B, side by side; those beyond the tile are zero.
template <class T>
void decode_columns(const UnitJob& job, std::size_t first_column, std::size_t count, const Chunk& chunk,
                    UnitWorkspace& workspace) {
  const LineDecoder decoder(job, job.request.b);
  T* values = reinterpret_cast<T*>(workspace.b.values);
  T* line = reinterpret_cast<T*>(workspace.line.values);
  for (std::size_t column = 0; column < columns; ++column) {
    if (column < count)
      decode_line(decoder, job.b, first_column + column, chunk, line, workspace.line.exponents,
                  workspace.line.scales);
    else if (column == count)
      std::memset(&workspace.line, 0, sizeof workspace.line);
    for (std::size_t k = 0; k < chunk.length; ++k) {
      values[k * columns + column] = line[k];
      workspace.b.exponents[k * columns + column] = workspace.line.exponents[k];
      workspace.b.scales[k * columns + column] = workspace.line.scales[k];
    }
  }
}

}  // namespace mxemu::fast::MXEMU_TIER::unit
