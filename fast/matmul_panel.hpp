// Panels: a few hundred elements of each row of a tile, decoded and multiplied by their scales, in the order
// in which a kernel reads them. Included by the translation units of the tiers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fast/matmul_job.hpp"
#include "fast/matmul_values.hpp"
#include "fast/panel.hpp"

namespace mxemu::fast::MXEMU_TIER {

/// The rows and blocks of one operand that a panel holds.
struct PanelRange {
  std::size_t first_row;
  std::size_t rows;
  std::size_t first_block;
  std::size_t blocks;
};

/// The exponents of the scales of a panel's blocks, those of zeros left out: all blocks lie between.
struct ScaleSpan {
  int lowest = 1 << 20;
  int highest = -(1 << 20);
  bool has_infinities = false;  ///< some element is one

  MXEMU_HOST void include_block(std::uint8_t scale, bool has_other_than_zeros) {
    if (!has_other_than_zeros || scale == spec::scale_formats[0].nan_code) return;
    const int exponent = scale - spec::scale_formats[0].bias;
    lowest = exponent < lowest ? exponent : lowest;
    highest = exponent > highest ? exponent : highest;
  }
};

/// True when block sums under these scales, and what leads to them, are zero or normal float32 numbers with
/// room to spare: neither is a number below 2^-126, nor one beyond 2^127.
MXEMU_HOST bool is_plain(const ScaleSpan& a, int unit_a, const ScaleSpan& b, int unit_b) {
  constexpr int lowest = -126;
  constexpr int highest = 100;  // an element below 2^5, or a sum of integers below 2^23, stays below 2^127
  constexpr int sum_bits = 16;  // 32 products of elements below 2^5
  if (a.lowest > a.highest || b.lowest > b.highest) return true;  // zeros and NaNs alone
  return a.lowest + unit_a >= lowest && b.lowest + unit_b >= lowest && a.highest <= highest &&
         b.highest <= highest && a.lowest + unit_a + b.lowest + unit_b >= lowest &&
         a.highest + b.highest + sum_bits <= 127;
}

/// `count` codes of a row from element `first` on, one per byte; bits beyond a code may be anything.
inline const std::uint8_t* codes_of(const BlockRows& matrix, std::size_t row, std::size_t first,
                                    std::size_t count, std::uint8_t* buffer) {
  const std::size_t element = (row - matrix.first) * matrix.stride + first;
  if (!matrix.packed) return matrix.codes + element;
  unpack_run(row_of(matrix.element).bits, matrix.codes, element, count, buffer);
  return buffer;
}

/// The scale code of a block; of operands without scales, that of 1.
MXEMU_HOST std::uint8_t scale_of(const BlockRows& matrix, std::size_t row, std::size_t block) {
  if (matrix.scales == nullptr) return static_cast<std::uint8_t>(spec::scale_formats[0].bias);
  return matrix.scales[(row - matrix.first) * matrix.scale_stride + block];
}

MXEMU_HOST bool has_infinity(const spec::ElementFormat& format, const std::uint8_t* codes,
                             std::size_t count) {
  if (!format.has_infinity()) return false;
  bool found = false;
  for (std::size_t i = 0; i < count; ++i) found |= (codes[i] & format.magnitude_mask) == format.infinity_code;
  return found;
}

/// Calls use(row of the panel, element of the panel, codes, count, scale code) for every block.
template <class Use>
void for_each_block(const MatmulJob& job, const BlockRows& matrix, const PanelRange& range, const Use& use) {
  std::uint8_t buffer[longest_block];
  for (std::size_t row = 0; row < range.rows; ++row)
    for (std::size_t block = 0; block < range.blocks; ++block) {
      const std::size_t first = (range.first_block + block) * job.block_size;
      const std::size_t left = job.depth - first;
      const std::size_t count = left < job.block_size ? left : job.block_size;
      use(row, block * job.block_size, codes_of(matrix, range.first_row + row, first, count, buffer), count,
          scale_of(matrix, range.first_row + row, range.first_block + block));
    }
}

/// Elements first … first + count - 1 of a row, times their scales.
inline void scaled_values(const MatmulJob& job, const BlockRows& matrix, std::size_t row, std::size_t first,
                          std::size_t count, double* to) {
  if (!spec::is_element(matrix.type)) {
    const spec::FloatType type = spec::float_format_of(matrix.type).type;
    for (std::size_t i = 0; i < count; ++i)
      to[i] = read_number(type, matrix.codes, (row - matrix.first) * matrix.stride + first + i);
    return;
  }
  const ElementValues& values = values_of(matrix.element);
  std::uint8_t buffer[longest_block];
  const std::uint8_t* codes = codes_of(matrix, row, first, count, buffer);
  for (std::size_t i = 0; i < count;) {
    const std::size_t block = (first + i) / job.block_size;
    const std::size_t end = (block + 1) * job.block_size - first;
    const double factor = scale_value(scale_of(matrix, row, block));
    for (; i < count && i < end; ++i) to[i] = values.at[codes[i]] * factor;
  }
}

/// A as lines: panel[row * blocks * block_size + element]. Rows up to `padded` are zeros.
template <class T>
ScaleSpan pack_lines(const MatmulJob& job, const PanelRange& range, std::size_t padded, T* panel) {
  const std::size_t length = range.blocks * job.block_size;
  const spec::ElementFormat format = row_of(job.a.element);
  const ElementValues& values = values_of(job.a.element);
  ScaleSpan span;
  std::memset(panel, 0, padded * length * sizeof(T));
  for_each_block(job, job.a, range,
                 [&](std::size_t row, std::size_t first, const std::uint8_t* codes, std::size_t count,
                     std::uint8_t scale) {
                   const double factor = scale_value(scale);
                   T* to = panel + row * length + first;
                   T any = 0;
                   for (std::size_t i = 0; i < count; ++i) {
                     to[i] = static_cast<T>(values.at[codes[i]] * factor);
                     any = to[i] != 0 ? T{1} : any;
                   }
                   span.include_block(scale, any != 0);
                   span.has_infinities |= has_infinity(format, codes, count);
                 });
  return span;
}

/// B as columns: groups of `width` rows of the operand side by side, panel[group][element][part][row].
template <class T, int Parts>
ScaleSpan pack_columns(const MatmulJob& job, const PanelRange& range, std::size_t width, T* panel) {
  const std::size_t length = range.blocks * job.block_size;
  const std::size_t groups = (range.rows + width - 1) / width;
  const spec::ElementFormat format = row_of(job.b.element);
  const ElementValues& values = values_of(job.b.element);
  ScaleSpan span;
  std::memset(panel, 0, groups * width * length * Parts * sizeof(T));
  for_each_block(job, job.b, range,
                 [&](std::size_t row, std::size_t first, const std::uint8_t* codes, std::size_t count,
                     std::uint8_t scale) {
                   const double factor = scale_value(scale);
                   T* to = panel + (row / width * length + first) * Parts * width + row % width;
                   T any = 0;
                   for (std::size_t i = 0; i < count; ++i, to += Parts * width) {
                     const auto value = static_cast<T>(values.at[codes[i]] * factor);
                     const std::size_t part =
                         Parts == 1 ? 0 : static_cast<std::size_t>(part_of(format, Parts, codes[i]));
                     to[part * width] = value;
                     any = value != 0 ? T{1} : any;
                   }
                   span.include_block(scale, any != 0);
                 });
  return span;
}

}  // namespace mxemu::fast::MXEMU_TIER
