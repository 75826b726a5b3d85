// Rounding an exact value to a floating-point format by any mode.
#pragma once

#include <cstdint>
#include <optional>

#include "reference/value.hpp"
#include "spec/float_format.hpp"
#include "spec/rounding.hpp"

namespace mxemu::reference {

struct FloatRounding {
  spec::Rounding rounding = {};
  std::uint32_t random_word = 0;          ///< of stochastic rounding
  std::optional<int> mantissa_bits = {};  ///< fewer than the format has
  bool overflows_to_infinity = false;     ///< in directed modes too
};

/// IEEE 754-2019, 4.3: `value / denominator` as a number of the format, rounded once as if its exponents had
/// no upper end. What then lies beyond the largest number is infinite, or (7.4) the largest number in a
/// directed mode that points back to it. A result of zero keeps the sign. Requires denominator > 0.
Value round_to_float(const spec::FloatFormat& format, const Value& value, const FloatRounding& how = {},
                     const Exact& denominator = {1, 0});

/// fl(x): float32, roundTiesToEven.
Value round_to_float32(const Value& value);

}  // namespace mxemu::reference
