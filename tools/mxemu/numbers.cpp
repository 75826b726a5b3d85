#include "tools/mxemu/numbers.hpp"

#include <cfenv>
#include <cmath>
#include <cstdlib>

#include "reference/value.hpp"

static_assert(std::endian::native == std::endian::little, "tensor files are little-endian, and so are we");

namespace mxemu::cli {

namespace {

/// strtod under a rounding direction, which glibc honours.
double parse(const std::string& text, int direction, char** end) {
  const int before = std::fegetround();
  std::fesetround(direction);
  const double number = std::strtod(text.c_str(), end);
  std::fesetround(before);
  return number;
}

}  // namespace

std::uint64_t from_decimal(const std::string& text, const spec::FloatFormat& format, char** end) {
  if (format.type == spec::FloatType::Float64)
    return std::bit_cast<std::uint64_t>(parse(text, FE_TONEAREST, end));
  // Rounded to odd: an inexact double gets an odd last bit, so that it cannot pose as a tie of a shorter
  // format.
  const double toward_zero = parse(text, FE_TOWARDZERO, end);
  const bool exact = std::isnan(toward_zero) || (toward_zero == parse(text, FE_UPWARD, end) &&
                                                 toward_zero == parse(text, FE_DOWNWARD, end));
  const auto bits = std::bit_cast<std::uint64_t>(toward_zero) | (exact ? 0u : 1u);
  const auto value = reference::decode_float(spec::format_of(spec::FloatType::Float64), bits);
  const std::uint64_t nan_sign = value.is_nan() && value.negative ? format.sign_mask() : 0;
  return reference::encode_float(format, value) | nan_sign;
}

double half_to_double(std::uint16_t bits) {
  const double sign = bits >> 15 ? -1.0 : 1.0;
  const int exponent = bits >> 10 & 0x1f;
  const int mantissa = bits & 0x3ff;
  if (exponent == 31) return mantissa ? std::nan("") : sign * HUGE_VAL;
  if (exponent == 0) return sign * std::ldexp(mantissa, -24);
  return sign * std::ldexp(1024 + mantissa, exponent - 25);
}

}  // namespace mxemu::cli
