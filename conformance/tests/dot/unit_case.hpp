// Products that are hard on matrix units: each row of A and each column of B is a pattern of its own.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "fast/isa.hpp"
#include "spec/dot_request.hpp"

namespace mxemu::dot_test {

/// A line of codes: what its exponents and signs are like.
enum class LineKind {
  AnyCodes,        ///< all bits random, special values left out
  NearOne,         ///< exponents from -2 to 2
  Cancelling,      ///< every second code is the negation of the one before
  Paired,          ///< every second code repeats the one before
  LargeAmongTiny,  ///< one in sixteen is larger than the others by about the window
  WindowEdge,      ///< exponents one window apart, and one more or less
  NegativeTails,   ///< one positive among negatives that reach below the window
  Subnormals,      ///< and zeros
  Largest,         ///< the largest number, over and over
  RootOfLargest,   ///< now and then about the root of it: products at the end of the range, others near 1
  RootOfSmallest,  ///< products about the smallest numbers of the output, all of one sign
  ZeroSpots,       ///< zeros at every eighth place
  LargeSpots,      ///< large numbers there, others reach below the window of a zero times those
  Powers,          ///< plus and minus one
  MostlyZero,      ///< of either sign
  Specials         ///< Inf and NaN among others, where the type has them
};
inline constexpr int line_kind_count = static_cast<int>(LineKind::Specials) + 1;

/// A product with everything that it depends on.
struct UnitCase {
  spec::DotRequest request;
  std::size_t rows;
  std::size_t columns;
  std::size_t depth;
  std::vector<std::uint8_t> a = {};  ///< codes, row by row
  std::vector<std::uint8_t> b = {};  ///< codes, column by column
  std::vector<std::uint8_t> a_scales = {};
  std::vector<std::uint8_t> b_scales = {};
  std::vector<std::uint32_t> c = {};
};

/// Draws rows and columns of every kind in turn, scales, and c, now and then all of it +0 or -0.
UnitCase drawn_case(std::mt19937_64& random, const spec::DotRequest& request, std::size_t rows,
                    std::size_t columns, std::size_t depth);

/// The reference's answer.
std::vector<std::uint32_t> expected_of(const UnitCase& product);

/// How the operands and the output lie in memory.
struct UnitLayout {
  bool packed = false;  ///< elements of less than eight bits as a bit stream
  std::size_t gap = 0;  ///< elements, scales and numbers between rows
};

/// The tier's answer. Throws std::logic_error where a gap of the output was written to.
std::vector<std::uint32_t> answer_of(const UnitCase& product, fast::Isa isa, const UnitLayout& layout);

/// "row 3, column 7: expected 0x3f800000, got 0x3f7fffff" for the first cell that differs, else empty.
std::string first_difference(const UnitCase& product, const std::vector<std::uint32_t>& expected,
                             const std::vector<std::uint32_t>& got);

}  // namespace mxemu::dot_test
