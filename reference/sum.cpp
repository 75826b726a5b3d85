#include "reference/sum.hpp"

namespace mxemu::reference {

Value product(const Value& a, const Value& b) {
  const bool negative = a.negative != b.negative;
  if (a.is_nan() || b.is_nan()) return {.kind = ValueClass::Nan};
  if (a.is_infinite() || b.is_infinite()) {
    if (a.is_zero() || b.is_zero()) return {.kind = ValueClass::Nan};
    return {.kind = ValueClass::Infinity, .negative = negative};
  }
  return {.negative = negative, .magnitude = multiply(a.magnitude, b.magnitude)};
}

void ExactSum::add(const Value& value) {
  empty_ = false;
  only_negative_zeros_ = only_negative_zeros_ && value.is_zero() && value.negative;
  switch (value.kind) {
    case ValueClass::Nan: nan_ = true; return;
    case ValueClass::Infinity: (value.negative ? negative_infinity_ : positive_infinity_) = true; return;
    case ValueClass::Finite: add_finite(value); return;
  }
}

void ExactSum::add_finite(const Value& value) {
  if (value.magnitude.is_zero()) return;
  if (!unit_) unit_ = value.magnitude.exponent;
  if (value.magnitude.exponent < *unit_) {
    total_ <<= static_cast<unsigned>(*unit_ - value.magnitude.exponent);
    unit_ = value.magnitude.exponent;
  }
  const Integer term = in_units(value.magnitude, *unit_);
  if (value.negative)
    total_ -= term;
  else
    total_ += term;
}

Value ExactSum::value() const {
  if (nan_ || (positive_infinity_ && negative_infinity_)) return {.kind = ValueClass::Nan};
  if (positive_infinity_ || negative_infinity_)
    return {.kind = ValueClass::Infinity, .negative = negative_infinity_};
  if (total_.is_zero()) return {.negative = only_negative_zeros_ && !empty_};
  return {.negative = total_ < 0, .magnitude = {abs(total_), unit_.value_or(0)}};
}

Value sum(const Value& a, const Value& b) {
  ExactSum both;
  both.add(a);
  both.add(b);
  return both.value();
}

Value without_zero_sign(const Value& value) {
  return value.is_zero() ? Value{} : value;
}

}  // namespace mxemu::reference
