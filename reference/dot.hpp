// Dot products (MX 6.1, 6.2) and matrix products, summed as an accumulator sums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reference/block.hpp"
#include "reference/dot_step.hpp"
#include "reference/operand.hpp"
#include "reference/value.hpp"
#include "spec/dot_request.hpp"

namespace mxemu::reference {

/// A sign and a ratio of integers; the denominator is positive.
struct Rational {
  bool negative = false;
  Integer numerator = 1;
  Integer denominator = 1;
};

/// alpha A B + beta C. C is not read where beta is 0.
struct Factors {
  Rational alpha = {};
  Rational beta = {};
};

/// MX 6.1: the dot product of one block pair, X_A X_B times the sum of P_A P_B, as the code of the output
/// format. Both blocks have the same number of codes, 1 to block_size. Throws std::invalid_argument when the
/// request makes no sense (spec::refusal), the operands are no elements, or the sizes do not fit.
std::uint32_t dot(const spec::DotRequest& request, const Block& a, const Block& b);

/// MX 6.2: the dot product of line `line_a` of `a` and line `line_b` of `b`, added to c (a code of the output
/// format). Throws std::invalid_argument when the request makes no sense, the operands are not of the types
/// that it names, or their lengths differ.
std::uint32_t dot_general(const spec::DotRequest& request, const Operand& a, std::size_t line_a,
                          const Operand& b, std::size_t line_b, std::uint32_t c = 0);

/// The same with every step that led to it.
DotExplanation explain_dot(const spec::DotRequest& request, const Operand& a, std::size_t line_a,
                           const Operand& b, std::size_t line_b, std::uint32_t c = 0);

/// D = alpha A B + beta C, row-major codes of a.lines x b.lines: element (m, n) is the dot product of line m
/// of `a` and line n of `b`. `c`: as many codes, or empty for +0. Factors other than alpha = 1 and beta = 1
/// or 0 are for the accumulator `exact`, which rounds the whole expression once. Stochastic rounding counts
/// its random words by m * b.lines + n. Throws std::invalid_argument as dot_general does, with both numbers.
std::vector<std::uint32_t> matmul(const spec::DotRequest& request, const Operand& a, const Operand& b,
                                  std::span<const std::uint32_t> c = {}, const Factors& factors = {});

}  // namespace mxemu::reference
