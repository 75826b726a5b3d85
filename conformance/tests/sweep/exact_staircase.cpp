#include "conformance/tests/sweep/exact_staircase.hpp"

#include <bit>
#include <cmath>
#include <optional>

#include "conformance/tests/peers/host_number.hpp"
#include "spec/float_format.hpp"

namespace mxemu::conformance {
namespace {

constexpr spec::FloatFormat float32 = spec::format_of(spec::FloatType::Float32);
constexpr auto infinity_bits = static_cast<std::uint32_t>(float32.infinity_bits());
constexpr std::uint32_t min_normal_bits = std::uint32_t{1} << float32.mantissa_bits;

/// A place between two neighbouring values. Values of the formats have at most 8 significant bits, their
/// midpoints 9 and a stochastic threshold 8 + 32, so a double holds each one exactly.
struct Boundary {
  double value;
  bool inclusive;  ///< the boundary itself belongs to the upper code
};

Boundary boundary_above(const ElementConversion& conversion, int code, bool negative) {
  const double lower = magnitude_of(conversion.format(), code);
  const double upper = magnitude_of(conversion.format(), code + 1);
  const double middle = (lower + upper) / 2;
  const Boundary outward = {lower, false};
  const Boundary inward = {upper, true};
  switch (conversion.rounding.mode) {
    case spec::RoundingMode::NearestEven: return {middle, (code + 1) % 2 == 0};
    case spec::RoundingMode::NearestAway: return {middle, true};
    case spec::RoundingMode::NearestTowardZero: return {middle, false};
    case spec::RoundingMode::TowardZero: return inward;
    case spec::RoundingMode::Up: return negative ? inward : outward;
    case spec::RoundingMode::Down: return negative ? outward : inward;
    case spec::RoundingMode::Stochastic: {
      const double one = std::ldexp(1.0, conversion.rounding.random_bits);
      const double random = std::fmod(conversion.random_word, one);
      return {lower + (upper - lower) * ((one - random) / one), true};
    }
  }
  return inward;
}

/// The first finite float32 pattern beyond a boundary, if there is one.
std::optional<std::uint32_t> first_float32(const Boundary& boundary) {
  const auto beyond = [&](std::uint32_t bits) {
    const double value = static_cast<double>(std::bit_cast<float>(bits));
    return boundary.inclusive ? value >= boundary.value : value > boundary.value;
  };
  if (!beyond(infinity_bits - 1)) return std::nullopt;
  auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(boundary.value));
  while (bits > 0 && beyond(bits - 1)) --bits;
  while (!beyond(bits)) ++bits;
  return bits;
}

/// OFP8, table of overflows: what stands above the largest number; nothing when conversion saturates.
std::optional<std::uint8_t> code_beyond(const ElementConversion& conversion, bool negative) {
  const spec::ElementFormat& format = conversion.format();
  if (conversion.policy.overflow == spec::Overflow::Saturate) return std::nullopt;
  if (format.has_infinity()) return signed_code(format, format.infinity_code, negative);
  if (!format.has_nan()) return std::nullopt;
  const bool keeps_sign = conversion.policy.nan_code != spec::NanCode::AllOnes;
  return signed_code(format, format.nan_code, negative && keeps_sign);
}

class Builder {
 public:
  Builder(const ElementConversion& conversion, bool negative)
      : sign_(negative ? static_cast<std::uint32_t>(float32.sign_mask()) : 0),
        flushes_(conversion.policy.subnormal_input == spec::SubnormalInput::FlushToZero) {}

  void add(std::uint32_t magnitude, std::uint8_t code) {
    if (flushes_ && magnitude > 0) magnitude = std::max(magnitude, min_normal_bits);
    auto& steps = staircase_.steps;
    if (!steps.empty() && steps.back().first_bits == (sign_ | magnitude)) steps.pop_back();
    if (steps.empty() || steps.back().code != code) steps.push_back({sign_ | magnitude, code});
  }

  Staircase finish() {
    staircase_.last_bits = sign_ | (infinity_bits - 1);
    return staircase_;
  }

 private:
  Staircase staircase_;
  std::uint32_t sign_;
  bool flushes_;
};

}  // namespace

Staircase exact_staircase(const ElementConversion& conversion, bool negative) {
  const spec::ElementFormat& format = conversion.format();
  const spec::ZeroSign zero_sign = conversion.policy.zero_sign;
  const bool uses_minimum = format.encoding == spec::Encoding::TwosComplement && negative &&
                            conversion.policy.int8_minimum == spec::Int8Minimum::Used;
  const int largest = format.max_normal_code + (uses_minimum ? 1 : 0);
  Builder builder(conversion, negative);
  builder.add(0, signed_code(format, 0, negative && zero_sign == spec::ZeroSign::Keep));
  builder.add(1, signed_code(format, 0, negative && zero_sign != spec::ZeroSign::Drop));
  for (int code = 0; code <= largest; ++code) {
    const auto beyond =
        code < largest ? signed_code(format, code + 1, negative) : code_beyond(conversion, negative);
    Boundary boundary = boundary_above(conversion, code, negative);
    boundary.value = std::ldexp(boundary.value, conversion.scale_exponent);
    const auto first = first_float32(boundary);
    if (beyond && first) builder.add(*first, *beyond);
  }
  return builder.finish();
}

}  // namespace mxemu::conformance
