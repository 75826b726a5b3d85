#include "fixed_point.hpp"

namespace mxemu::dot_test {
namespace {

constexpr std::uint32_t quiet_nan = 0x7fc00000, infinity = 0x7f800000;

/// Table 1 of the standard and OFP8, typed by hand: exponent bits, mantissa bits, bias.
struct Layout {
  int exponent_bits, mantissa_bits, bias;
};
constexpr Layout layouts[] = {{5, 2, 15}, {4, 3, 7}, {3, 2, 3}, {2, 3, 1}, {2, 1, 1}};

int bit_count(UnsignedWide n) {
  int count = 0;
  for (; n != 0; n >>= 1) ++count;
  return count;
}

}  // namespace

FixedElement fixed_element(spec::OperandType type, std::uint8_t code) {
  if (type == spec::OperandType::INT8)
    return {static_cast<std::int64_t>(static_cast<std::int8_t>(code)) * (1 << 10)};
  const Layout& layout = layouts[static_cast<int>(type)];
  const int mantissa = code & ((1 << layout.mantissa_bits) - 1);
  const int field = code >> layout.mantissa_bits & ((1 << layout.exponent_bits) - 1);
  const int sign = code >> (layout.mantissa_bits + layout.exponent_bits) & 1 ? -1 : 1;
  if (type == spec::OperandType::E5M2 && field == 31) return {0, mantissa != 0, mantissa == 0 ? sign : 0};
  if (type == spec::OperandType::E4M3 && field == 15 && mantissa == 7) return {0, true, 0};
  const int exponent = (field == 0 ? 1 : field) - layout.bias - layout.mantissa_bits;
  const std::int64_t significand = mantissa + (field == 0 ? 0 : 1 << layout.mantissa_bits);
  return {sign * (significand << (exponent + 16))};
}

std::uint32_t float32_of(Wide n, int exponent) {
  if (n == 0) return 0;
  const std::uint32_t sign = n < 0 ? 0x80000000u : 0;
  const UnsignedWide magnitude = n < 0 ? -static_cast<UnsignedWide>(n) : static_cast<UnsignedWide>(n);
  const int top = bit_count(magnitude) - 1 + exponent;
  if (top > 127) return sign | infinity;
  const int quantum = top - 23 < -149 ? -149 : top - 23;
  const int shift = quantum - exponent;
  if (shift > 100) return sign;  // no sum of a block has 100 bits
  UnsignedWide rounded = 0;
  if (shift <= 0) {
    rounded = magnitude << -shift;
  } else {
    const UnsignedWide half = static_cast<UnsignedWide>(1) << (shift - 1);
    const UnsignedWide rest = magnitude & (2 * half - 1);
    rounded = magnitude >> shift;
    if (rest > half || (rest == half && (rounded & 1) != 0)) ++rounded;
  }
  const std::uint32_t bits =
      (static_cast<std::uint32_t>(quantum + 149) << 23) + static_cast<std::uint32_t>(rounded);
  return sign | (bits > infinity ? infinity : bits);
}

std::uint32_t fixed_point_dot(spec::OperandType type_a, std::uint8_t scale_a, std::span<const std::uint8_t> a,
                              spec::OperandType type_b, std::uint8_t scale_b,
                              std::span<const std::uint8_t> b) {
  bool nan = scale_a == 0xff || scale_b == 0xff, positive = false, negative = false;
  Wide total = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const FixedElement x = fixed_element(type_a, a[i]), y = fixed_element(type_b, b[i]);
    const bool infinite = x.infinity != 0 || y.infinity != 0;
    const int sign_x = x.infinity ? x.infinity : (x.units > 0) - (x.units < 0);
    const int sign_y = y.infinity ? y.infinity : (y.units > 0) - (y.units < 0);
    nan = nan || x.nan || y.nan || (infinite && sign_x * sign_y == 0);
    positive = positive || (infinite && sign_x * sign_y > 0);
    negative = negative || (infinite && sign_x * sign_y < 0);
    total += static_cast<Wide>(x.units) * y.units;
  }
  if (nan || (positive && negative)) return quiet_nan;
  if (positive || negative) return negative ? 0x80000000u | infinity : infinity;
  return float32_of(total, scale_a + scale_b - 2 * 127 - 32);
}

}  // namespace mxemu::dot_test
