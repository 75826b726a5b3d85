#include "tools/mxemu/numbers.hpp"

#include <cmath>
#include <cstdlib>

#include "reference/value.hpp"

static_assert(std::endian::native == std::endian::little, "tensor files are little-endian, and so are we");

namespace mxemu::cli {

std::uint64_t from_decimal(const std::string& text, const spec::FloatFormat& format, char** end) {
  if (format.type == spec::FloatType::Float32)
    return std::bit_cast<std::uint32_t>(std::strtof(text.c_str(), end));
  const double number = std::strtod(text.c_str(), end);
  const auto bits = std::bit_cast<std::uint64_t>(number);
  if (format.type == spec::FloatType::Float64) return bits;
  const auto value = reference::decode_float(spec::format_of(spec::FloatType::Float64), bits);
  return reference::encode_float(format, value);
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
