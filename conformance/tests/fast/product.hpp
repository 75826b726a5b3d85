// Matrix products by chance and by malice, and what the reference makes of some of their cells.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "fast/matmul.hpp"
#include "random_request.hpp"
#include "reference/dot.hpp"
#include "spec/dot_request.hpp"

namespace mxemu::fast_tests {

/// What the rows of an operand are like.
enum class Terms {
  Numbers,      ///< any finite codes under scales around 1
  AnyCodes,     ///< NaN and Inf among them
  Cancelling,   ///< the second half of a block undoes the first
  OneLarge,     ///< one largest element and tiny ones
  Ties,         ///< halfway between float32 numbers, but for the least product there is
  Zeros,        ///< of both signs, with a number now and then
  WideScales,   ///< any scales, NaN among them
  LargeScales,  ///< scales whose product overflows float32 alone
  SmallScales,  ///< results that are subnormal, or round to zero
  RareScales,   ///< scales around 1, but for one in sixty
};
inline constexpr int terms_count = 10;

/// One product: both operands as rows of unpacked codes, without padding between rows.
struct Product {
  spec::DotRequest request;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t depth = 0;
  std::vector<std::uint8_t> a = {};
  std::vector<std::uint8_t> b = {};
  std::vector<std::uint8_t> a_scales = {};
  std::vector<std::uint8_t> b_scales = {};
  std::vector<std::uint32_t> c = {};  ///< or empty
  fast::Factors factors = {};

  std::string describe() const;
};

/// Fills the operands of a product of the given request and sizes.
Product make_product(Random& random, const spec::DotRequest& request, std::size_t rows, std::size_t columns,
                     std::size_t depth, Terms terms, bool with_c);

/// How operands and results stand in memory.
struct Placement {
  spec::ElementPacking packing = spec::ElementPacking::Bytes;
  std::size_t offset = 0;  ///< of every buffer, from a multiple of 64
  std::size_t gap = 0;     ///< elements, and scales, between rows
  bool a_along_columns = false;
  bool b_along_columns = false;
};

/// What multiplies: operands as they are placed, the output, c.
using Multiply = std::function<void(const fast::MatrixOperand& a, const fast::MatrixOperand& b,
                                    std::span<std::byte> output, std::span<const std::byte> c)>;

/// The product by `multiply`, every code of it; checks that nothing around the output was written.
std::vector<std::uint32_t> product_by(const Multiply& multiply, const Product& product,
                                      const Placement& placement);

/// The same by the fast library.
std::vector<std::uint32_t> fast_product(const Product& product, const Placement& placement,
                                        const fast::Execution& execution);

/// The float32 number, exactly.
reference::Rational rational_of(float number);

/// The reference's codes of all cells.
std::vector<std::uint32_t> golden_product(const Product& product);
/// Of one cell.
std::uint32_t golden_cell(const Product& product, std::size_t row, std::size_t column);

/// Cells of a product to look at: corners, and others by chance. All of them when there are not more.
std::vector<std::size_t> sample_cells(Random& random, const Product& product, std::size_t count);

}  // namespace mxemu::fast_tests
