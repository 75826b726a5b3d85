// What matrix products give their kernels: operands, sizes, and the accumulator's row as numbers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cuda/numbers.hpp"
#include "fast/codec.hpp"
#include "fast/pack.hpp"
#include "spec/dot_request.hpp"

namespace mxemu::cuda {

/// How codes of a type are read.
struct OperandWords {
  bool is_element;
  spec::ElementFormat element;  ///< elements only
  spec::FloatFormat number;     ///< the others only
  int bits;
  int exponent_bits;
  int mantissa_bits;
  int bias;
  int emin;
  std::uint32_t largest;   ///< magnitude of the largest number; those above are Inf and NaN
  std::uint32_t infinity;  ///< magnitude of Inf; 0: there is none
  bool twos_complement;
  std::uint32_t keep;  ///< mask: bits that count
  bool flushes;        ///< numbers below the smallest normal one count as +0
};

/// Those of a floating-point format.
MXEMU_HOST_DEVICE constexpr OperandWords words_of_number(const spec::FloatFormat& format) noexcept {
  const auto infinity = fast::infinity_bits<std::uint32_t>(format);
  return {.is_element = false,
          .element = {},
          .number = format,
          .bits = format.bits,
          .exponent_bits = format.exponent_bits,
          .mantissa_bits = format.mantissa_bits,
          .bias = format.bias,
          .emin = format.emin,
          .largest = infinity - 1,
          .infinity = infinity,
          .twos_complement = false,
          .keep = ~std::uint32_t{0} >> (32 - format.bits),
          .flushes = false};
}

/// Lines of codes along K: rows of memory, or the columns of a row-major matrix.
struct OperandRows {
  OperandWords words;
  const std::uint8_t* codes;
  bool packed;                 ///< a bit stream rather than one code per byte
  const std::uint8_t* scales;  ///< null: all are 1
  std::size_t rows;            ///< lines
  std::size_t stride;          ///< codes from a row of memory to the next
  std::size_t scale_stride;
  bool along_columns;

  /// Where element k of a line stands, and how far apart its elements are.
  MXEMU_HOST_DEVICE std::size_t place(std::size_t line, std::size_t k) const {
    return along_columns ? k * stride + line : line * stride + k;
  }
  MXEMU_HOST_DEVICE std::size_t step() const { return along_columns ? stride : 1; }
  MXEMU_HOST_DEVICE std::size_t scale_place(std::size_t line, std::size_t block) const {
    return along_columns ? block * scale_stride + line : line * scale_stride + block;
  }

  MXEMU_HOST_DEVICE std::uint32_t code_at(std::size_t index) const {
    if (packed) {
      const std::size_t bit = index * static_cast<std::size_t>(words.bits);
      const auto shift = static_cast<int>(bit % 8);
      std::uint32_t code = codes[bit / 8];
      if (shift + words.bits > 8) code |= static_cast<std::uint32_t>(codes[bit / 8 + 1]) << 8;
      return code >> shift & words.keep;
    }
    if (words.bits == 16) return reinterpret_cast<const std::uint16_t*>(codes)[index] & words.keep;
    if (words.bits == 32) return reinterpret_cast<const std::uint32_t*>(codes)[index] & words.keep;
    return codes[index] & words.keep;
  }
};

/// c + A B, B given by its columns, or the dot products of rows of equal number.
struct MatmulJob {
  OperandRows a;
  OperandRows b;
  std::size_t depth;   ///< K
  std::size_t padded;  ///< K with the zeros that the request pads with, where they matter
  std::size_t block_size;
  bool by_blocks;  ///< sums start anew with every block
  const void* initial;
  void* output;

  /// The number of `output`, or of `initial`, at a row and a column.
  MXEMU_HOST_DEVICE std::size_t place(std::size_t row, std::size_t column) const {
    return row * b.rows + column;
  }
};

/// What an accumulator does with the products, and what its sums are.
struct SumWords {
  spec::FloatFormat output;
  spec::Rounding rounding;  ///< of a whole sum
  spec::ScaleEntry scale;
  spec::FusedAdder adder;
  spec::FlushedTree tree;
  int result_mantissa_bits;                            ///< kept in the output
  fast::RoundingWords<std::uint64_t> result_rounding;  ///< to those
  bool keeps_sign_of_underflow;
  float alpha;  ///< of an exact sum
  float beta;
  std::uint32_t nan;          ///< the code of every NaN result
  int product_mantissa_bits;  ///< of both operands together
  int product_emin;           ///< likewise
};

/// Products that are staged together at most: a whole number of steps of every accumulator.
inline constexpr unsigned stretch_products = 64;

consteval bool stretches_are_whole_steps() {
  for (const auto& row : spec::accumulators)
    if (static_cast<int>(stretch_products) % spec::step_products(row) != 0) return false;
  return true;
}
static_assert(stretches_are_whole_steps());

/// Some products of a row, all of one block where sums start anew with every block.
struct Stretch {
  std::size_t first;
  unsigned count;
  bool ends_block;
};

MXEMU_HOST_DEVICE Stretch stretch_at(const MatmulJob& job, std::size_t first) {
  const std::size_t left = job.padded - first;
  const std::size_t in_block = job.by_blocks ? job.block_size - first % job.block_size : left;
  const std::size_t whole = in_block < left ? in_block : left;
  const std::size_t count = whole < stretch_products ? whole : stretch_products;
  return {first, static_cast<unsigned>(count), count == whole};
}

/// The code of the scale of element k, where 0x00 is the scale of blocks of padding.
MXEMU_HOST_DEVICE std::uint32_t scale_at(const MatmulJob& job, const OperandRows& operand, std::size_t row,
                                         std::size_t k) {
  constexpr spec::ScaleFormat e8m0 = spec::scale_formats[0];
  if (operand.scales == nullptr) return static_cast<std::uint32_t>(e8m0.bias);
  const std::size_t block = k / job.block_size;
  if (block * job.block_size >= job.depth) return static_cast<std::uint32_t>(e8m0.min_code);
  return operand.scales[operand.scale_place(row, block)];
}

}  // namespace mxemu::cuda
