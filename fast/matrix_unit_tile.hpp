// A tile of a product: which unit sums it, its numbers as they start and end, and the loops between.
#pragma once

#include <type_traits>

#include "fast/control_word.hpp"
#include "fast/matrix_unit_row.hpp"

namespace mxemu::fast::MXEMU_TIER::unit {

/// Sums from one row of a tile to the next: whole groups of columns.
inline constexpr std::size_t sums_stride = unit_tile_side;
static_assert(sums_stride % columns == 0);

inline UnitWords words_of(const UnitJob& job) {
  const spec::Accumulator& row = spec::accumulators[static_cast<int>(job.request.accumulator)];
  const spec::FloatFormat format = spec::float_formats[static_cast<int>(job.request.output)];
  const bool float32 = format.type == spec::FloatType::Float32;
  return {row.fused,
          {.mantissa_bits = float32 ? row.float32_mantissa_bits : format.mantissa_bits,
           .smallest_normal = power_of_two(format.emin),
           .overflow = power_of_two(format.emax + 1),
           .toward_zero = float32 && row.float32_rounding == spec::RoundingMode::TowardZero,
           .keeps_sign_of_underflow = row.keeps_sign_of_underflow}};
}

inline std::byte* output_at(const UnitJob& job, const UnitTile& tile, std::size_t row, std::size_t column,
                            std::size_t width) {
  return job.output + ((tile.first_row + row) * job.output_stride + tile.first_column + column) * width;
}

/// The numbers that the sums start from.
inline void start_sums(const UnitJob& job, const UnitTile& tile, UnitWorkspace& workspace) {
  const spec::FloatFormat format = spec::float_formats[static_cast<int>(job.request.output)];
  const LineDecoder decoder(job, job.request.a);
  const double smallest = decoder.flushes ? power_of_two(format.emin) : 0;
  const auto width = static_cast<std::size_t>(format.bits / 8);
  for (std::size_t row = 0; row < tile.rows; ++row) {
    double* sums = workspace.sums + row * sums_stride;
    std::memset(sums, 0, sums_stride * sizeof(double));
    std::memset(workspace.block_sums + row * sums_stride, 0, sums_stride * sizeof(double));
    if (job.initial == nullptr) continue;
    for (std::size_t column = 0; column < tile.columns; ++column) {
      const std::byte* from = job.initial + (output_at(job, tile, row, column, width) - job.output);
      std::uint32_t bits = 0;
      for (std::size_t byte = 0; byte < width; ++byte)
        bits |= static_cast<std::uint32_t>(from[byte]) << 8 * byte;
      const double value = decode_float(format, false, bits).value;
      sums[column] = is_below(value, smallest) ? 0 : value;
    }
  }
}

MXEMU_HOST std::uint32_t infinity_code(const spec::FloatFormat& format) {
  return ((1u << format.exponent_bits) - 1) << format.mantissa_bits;
}

/// The code of every NaN result.
MXEMU_HOST std::uint32_t nan_code(const spec::FloatFormat& format, spec::NanBits nan_bits) {
  return nan_bits == spec::NanBits::AllOnes ? (1u << (format.bits - 1)) - 1
                                            : infinity_code(format) | 1u << (format.mantissa_bits - 1);
}

/// The code of a number that the format has.
MXEMU_HOST std::uint32_t encode_exactly(const spec::FloatFormat& format, std::uint32_t nan, double value) {
  if (!(value == value)) return nan;
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const auto sign = static_cast<std::uint32_t>(bits >> 63) << (format.bits - 1);
  const int exponent = static_cast<int>(bits >> 52 & 0x7ff) - 1023;
  if (exponent > format.emax) return sign | infinity_code(format);
  if (exponent < format.emin) {  // a multiple of the smallest number
    const double units = value * power_of_two(format.mantissa_bits - format.emin);
    return sign | static_cast<std::uint32_t>(units < 0 ? -units : units);
  }
  const auto mantissa =
      static_cast<std::uint32_t>(bits >> (52 - format.mantissa_bits)) & ((1u << format.mantissa_bits) - 1);
  return sign | static_cast<std::uint32_t>(exponent + format.bias) << format.mantissa_bits | mantissa;
}

inline void finish_sums(const UnitJob& job, const UnitTile& tile, const UnitWorkspace& workspace) {
  const spec::FloatFormat format = spec::float_formats[static_cast<int>(job.request.output)];
  const spec::Accumulator& accumulator = spec::accumulators[static_cast<int>(job.request.accumulator)];
  const std::uint32_t nan = nan_code(format, accumulator.nan_bits);
  const auto width = static_cast<std::size_t>(format.bits / 8);
  for (std::size_t row = 0; row < tile.rows; ++row)
    for (std::size_t column = 0; column < tile.columns; ++column) {
      const std::uint32_t bits = encode_exactly(format, nan, workspace.sums[row * sums_stride + column]);
      std::byte* to = output_at(job, tile, row, column, width);
      for (std::size_t byte = 0; byte < width; ++byte) to[byte] = static_cast<std::byte>(bits >> 8 * byte);
    }
}

/// One chunk of K under the rows and columns of a tile.
template <class Chain>
void add_chunk(const UnitJob& job, const UnitTile& tile, const UnitWords& words, const Chunk& chunk,
               UnitWorkspace& workspace) {
  using Value = typename Chain::Value;
  decode_rows<Value>(job, tile, chunk, workspace.a);
  const Value* a = reinterpret_cast<const Value*>(workspace.a.values);
  const Value* b = reinterpret_cast<const Value*>(workspace.b.values);
  for (std::size_t column = 0; column < tile.columns; column += columns) {
    decode_columns<Value>(job, tile.first_column + column, tile.columns - column, chunk, workspace);
    for (std::size_t row = 0; row < tile.rows; ++row) {
      const std::size_t line = row * unit_depth;
      const RowOperands<Value> operands = {a + line, workspace.a.exponents + line, workspace.a.scales + line,
                                           b,        workspace.b.exponents,        workspace.b.scales};
      const std::size_t sums = row * sums_stride + column;
      add_row<Chain>(words, chunk, operands, {workspace.sums + sums, workspace.block_sums + sums});
    }
  }
}

/// Whether products of the operands are floats.
inline bool has_float_products(const spec::DotRequest& request) {
  const auto is_narrow = [](spec::OperandType type) {
    return type != spec::OperandType::BFloat16 && type != spec::OperandType::Float32;
  };
  return is_narrow(request.a) && is_narrow(request.b);
}

/// Calls `call` with the chain of the request's accumulator.
template <class Call>
void with_chain(const spec::DotRequest& request, const Call& call) {
  const spec::Accumulator& row = spec::accumulators[static_cast<int>(request.accumulator)];
  const bool floats = has_float_products(request);
  if (row.kind == spec::AccumulatorKind::FlushedTree)
    return row.tree.flushes ? call(ChainOfTrees<true>{}) : call(ChainOfTrees<false>{});
  if (row.scale == spec::ScaleEntry::AfterRounding) return call(ChainOfBlocks<AlignedUnit<float>>{});
  if (row.scale == spec::ScaleEntry::GroupSum) return call(ChainOfSteps<GroupedUnit>{});
  if (row.scale == spec::ScaleEntry::Exponent) return call(ChainOfSteps<AlignedUnit<double>>{});
  if (row.fused.join == spec::AccumulatorJoin::Aligned)
    return floats ? call(ChainOfSteps<AlignedUnit<float>>{}) : call(ChainOfSteps<AlignedUnit<double>>{});
  if (row.fused.split == 2) return call(ChainOfSteps<AfterSumUnit<float, 2>>{});
  return floats ? call(ChainOfSteps<AfterSumUnit<float, 1>>{})
                : call(ChainOfSteps<AfterSumUnit<double, 1>>{});
}

inline void multiply_tile(const UnitJob& job, const UnitTile& tile, UnitWorkspace& workspace) {
  const ControlWord control_word(Subnormals::Kept);
  const UnitWords words = words_of(job);
  start_sums(job, tile, workspace);
  Chunk chunk;
  with_chain(job.request, [&](auto chain) {
    for (std::size_t first = 0; first < job.padded_depth; first += chunk.length) {
      find_steps(job, first, chunk);
      add_chunk<decltype(chain)>(job, tile, words, chunk, workspace);
    }
  });
  finish_sums(job, tile, workspace);
}

}  // namespace mxemu::fast::MXEMU_TIER::unit
