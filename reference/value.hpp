// Values: what the bits of a floating-point number, an element or a scale stand for.
#pragma once

#include <cstdint>

#include "reference/exact.hpp"
#include "spec/float_format.hpp"
#include "spec/policy.hpp"

namespace mxemu::reference {

enum class ValueClass : std::uint8_t { Finite, Infinity, Nan };

/// A signed number, an infinity or a NaN. Zero has a sign; NaN has one because some conversions keep it.
struct Value {
  ValueClass kind = ValueClass::Finite;
  bool negative = false;
  Exact magnitude = {};  ///< of a finite value

  bool is_finite() const { return kind == ValueClass::Finite; }
  bool is_infinite() const { return kind == ValueClass::Infinity; }
  bool is_nan() const { return kind == ValueClass::Nan; }
  bool is_zero() const { return is_finite() && magnitude.is_zero(); }
};

/// IEEE 754-2019, 3.4: the value of the bits of a binary interchange format (bfloat16 likewise).
/// Bits above the format's width must be zero.
Value decode_float(const spec::FloatFormat& format, std::uint64_t bits);

/// True for a nonzero number below the format's smallest normal number.
bool is_subnormal(const spec::FloatFormat& format, const Value& value);

/// IEEE 754-2019, 4.3.1 and 7.4: `value` rounded once to the format, roundTiesToEven, and what the policy
/// says of overflow and of subnormal results. A NaN becomes the format's positive quiet NaN.
std::uint64_t encode_float(const spec::FloatFormat& format, const Value& value,
                           const spec::Policy& policy = {});

}  // namespace mxemu::reference
