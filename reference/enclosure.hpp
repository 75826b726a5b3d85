// Where the sum of float32 numbers can end, whatever the order in which a device adds them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "reference/operand.hpp"
#include "reference/value.hpp"
#include "spec/dot_request.hpp"

namespace mxemu::reference {

/// A set of float32 results: the numbers low <= x <= high, infinities among them, and NaN or not.
struct Enclosure {
  Value low;   ///< a float32 number or infinity; meaningless where only_nan
  Value high;  ///< likewise
  bool may_be_nan = false;
  bool only_nan = false;
  /// Which zeros are in the set, where it has zero in it.
  bool may_be_positive_zero = false;
  bool may_be_negative_zero = false;

  /// Whether the float32 with these bits is in the set.
  bool contains(std::uint32_t float32_bits) const;
};

/// MX 6.1, 6.2 leave the order of the additions to the implementation: a set that holds the result of every
/// tree of float32 additions (roundTiesToEven) over `terms` in any order. A node of the tree adds two or more
/// numbers exactly and rounds once. A term that is no float32 number, an exact product, may be rounded to
/// float32 before it is added or be added as it is, as a fused multiply-add does. Finding the smallest such
/// set is NP-hard; this one takes n log n steps, and holds one number where no order can round.
/// Adders that cut terms before they add them (spec/fused_adder.hpp) are not covered.
/// Throws std::invalid_argument when there are no terms.
Enclosure enclose_float32_sums(std::span<const Value> terms);

/// The same of a dot product: the terms are c, a code of float32, and the products of the two lines with
/// their scales, padded as the request says. An operand whose X P is beyond float32 counts as the number that
/// it is (MX 5.1 lets a device that dequantises first make it infinite; that is not in the set).
Enclosure enclose_dot(const spec::DotRequest& request, const Operand& a, std::size_t line_a, const Operand& b,
                      std::size_t line_b, std::uint32_t c = 0);

}  // namespace mxemu::reference
