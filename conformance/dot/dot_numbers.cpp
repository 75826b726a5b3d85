#include "conformance/dot/dot_numbers.hpp"

#include <algorithm>

namespace mxemu::conformance {
namespace {

bool is_int8(spec::OperandType type) {
  return type == spec::OperandType::INT8;
}

std::uint32_t with_sign(spec::OperandType type, std::uint32_t magnitude, bool negative) {
  if (!negative) return magnitude;
  if (is_int8(type)) return (256U - magnitude) & 255U;
  if (spec::is_element(type)) return magnitude | spec::element_format_of(type).sign_mask;
  return magnitude | static_cast<std::uint32_t>(spec::float_format_of(type).sign_mask());
}

}  // namespace

int lowest_power(spec::OperandType type) {
  if (!spec::is_element(type)) return spec::float_format_of(type).emin;
  const spec::ElementFormat& format = spec::element_format_of(type);
  return format.emin - format.mantissa_bits;
}

int highest_power(spec::OperandType type) {
  return spec::is_element(type) ? spec::element_format_of(type).emax : spec::float_format_of(type).emax;
}

std::uint32_t power_code(spec::OperandType type, int exponent, bool negative) {
  const auto code = [&](int mantissa_bits, int bias, int emin) {
    const int shift = exponent >= emin ? mantissa_bits : exponent - emin + mantissa_bits;
    const int field = exponent >= emin ? exponent + bias : 1;
    return static_cast<std::uint32_t>(field) << shift;
  };
  if (is_int8(type)) return with_sign(type, 1U << (exponent + 6), negative);
  if (spec::is_element(type)) {
    const spec::ElementFormat& format = spec::element_format_of(type);
    return with_sign(type, code(format.mantissa_bits, format.bias, format.emin), negative);
  }
  const spec::FloatFormat& format = spec::float_format_of(type);
  return with_sign(type, code(format.mantissa_bits, format.bias, format.emin), negative);
}

std::uint32_t largest_code(spec::OperandType type, bool negative) {
  const std::uint32_t magnitude =
      spec::is_element(type) ? spec::element_format_of(type).max_normal_code
                             : static_cast<std::uint32_t>(spec::float_format_of(type).infinity_bits() - 1);
  return with_sign(type, magnitude, negative);
}

std::uint32_t zero_code(spec::OperandType type, bool negative) {
  return is_int8(type) ? 0 : with_sign(type, 0, negative);
}

std::uint32_t one_code(spec::OperandType type) {
  return power_code(type, 0);
}

std::optional<std::uint32_t> infinity_code(spec::OperandType type, bool negative) {
  if (!spec::is_element(type))
    return with_sign(type, static_cast<std::uint32_t>(spec::float_format_of(type).infinity_bits()), negative);
  if (!spec::element_format_of(type).has_infinity()) return std::nullopt;
  return with_sign(type, spec::element_format_of(type).infinity_code, negative);
}

std::optional<std::uint32_t> nan_code(spec::OperandType type) {
  if (!spec::is_element(type)) return static_cast<std::uint32_t>(spec::float_format_of(type).nan_bits());
  if (!spec::element_format_of(type).has_nan()) return std::nullopt;
  return spec::element_format_of(type).nan_code;
}

std::uint32_t random_code(spec::OperandType type, Random& random) {
  constexpr std::uint64_t exponents = 41;
  if (spec::is_element(type)) {
    const spec::ElementFormat& format = spec::element_format_of(type);
    const bool negative = random.coin();
    return with_sign(type, static_cast<std::uint32_t>(random.below(format.max_normal_code + 1U)), negative);
  }
  const spec::FloatFormat& format = spec::float_format_of(type);
  const int range = std::min(20, format.emax - 1);
  const int exponent = static_cast<int>(random.below(exponents)) % (2 * range) - range;
  const auto mantissa = static_cast<std::uint32_t>(random.word() & ((1U << format.mantissa_bits) - 1));
  return with_sign(type, power_code(type, std::max(exponent, format.emin)) | mantissa, random.coin());
}

std::uint32_t negated(spec::OperandType type, std::uint32_t code) {
  if (is_int8(type)) return (256U - code) & 255U;
  const std::uint32_t sign = spec::is_element(type)
                                 ? spec::element_format_of(type).sign_mask
                                 : static_cast<std::uint32_t>(spec::float_format_of(type).sign_mask());
  return code ^ sign;
}

}  // namespace mxemu::conformance
