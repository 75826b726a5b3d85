// Exact products and sums of values, infinities and NaN among them.
#pragma once

#include <optional>

#include "reference/value.hpp"

namespace mxemu::reference {

/// IEEE 754-2019, 6 and 7.2: the exact product; Inf times 0 is NaN. Its sign is the exclusive or of the
/// signs.
Value product(const Value& a, const Value& b);

/// A sum without rounding. NaN, or infinities of both signs, make it NaN; an infinity makes it that infinity
/// (IEEE 754-2019, 6.1, 7.2). A sum of zero is +0, except that a sum of nothing but -0 is -0 (6.3, for
/// roundTiesToEven).
class ExactSum {
 public:
  void add(const Value& value);
  Value value() const;

 private:
  void add_finite(const Value& value);

  Integer total_ = 0;  ///< in units of 2^unit_
  std::optional<int> unit_;
  bool nan_ = false;
  bool positive_infinity_ = false;
  bool negative_infinity_ = false;
  bool only_negative_zeros_ = true;
  bool empty_ = true;
};

/// The exact a + b.
Value sum(const Value& a, const Value& b);

/// +0 for either zero, else the value.
Value without_zero_sign(const Value& value);

}  // namespace mxemu::reference
