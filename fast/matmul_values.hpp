// The values of element codes and scale codes as doubles, and how a format is cut into parts.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>

#include "fast/host_device.hpp"
#include "fast/matmul_job.hpp"
#include "spec/element_format.hpp"
#include "spec/float_format.hpp"
#include "spec/scale_format.hpp"

namespace mxemu::fast {

/// One number per byte: bits beyond the width of a code are ignored.
struct ElementValues {
  double at[256];
};

/// Indexed by ElementType.
extern const ElementValues element_values[std::size(spec::element_formats)];

MXEMU_HOST const ElementValues& values_of(spec::ElementType element) {
  return element_values[static_cast<int>(element)];
}

MXEMU_HOST constexpr const spec::ElementFormat& row_of(spec::ElementType element) {
  return spec::element_formats[static_cast<int>(element)];
}

/// 2^(code - 127), or NaN.
MXEMU_HOST constexpr double scale_value(std::uint8_t code) {
  constexpr spec::ScaleFormat format = spec::scale_formats[0];
  if (code == format.nan_code) return std::numeric_limits<double>::quiet_NaN();
  return std::bit_cast<double>(std::uint64_t{1023u - static_cast<unsigned>(format.bias) + code} << 52);
}

/// Number `index` of an array at any address.
MXEMU_HOST double read_number(spec::FloatType type, const void* array, std::size_t index) {
  const auto* bytes = static_cast<const std::byte*>(array);
  if (type == spec::FloatType::Float32) {
    float number;
    std::memcpy(&number, bytes + 4 * index, sizeof number);
    return static_cast<double>(number);
  }
  std::uint16_t half;
  std::memcpy(&half, bytes + 2 * index, sizeof half);
  if (type == spec::FloatType::BFloat16)
    return static_cast<double>(std::bit_cast<float>(std::uint32_t{half} << 16));
  // float16: its significand in 2^-24, moved up by its exponent field.
  const int field = half >> 10 & 31;
  const int fraction = half & 0x3ff;
  if (field == 31)
    return fraction != 0       ? std::numeric_limits<double>::quiet_NaN()
           : (half >> 15) != 0 ? -std::numeric_limits<double>::infinity()
                               : std::numeric_limits<double>::infinity();
  const std::int64_t significand = field == 0 ? fraction : std::int64_t{fraction | 0x400} << (field - 1);
  const double magnitude = static_cast<double>(significand) * 0x1p-24;
  return (half >> 15) != 0 ? -magnitude : magnitude;
}

/// Stores the code of number `index` of an array at any address.
MXEMU_HOST void store_code(spec::FloatType type, std::byte* array, std::size_t index, std::uint64_t code) {
  const auto word = static_cast<std::uint32_t>(code);
  const auto half = static_cast<std::uint16_t>(code);
  if (type == spec::FloatType::Float32)
    std::memcpy(array + 4 * index, &word, sizeof word);
  else
    std::memcpy(array + 2 * index, &half, sizeof half);
}

/// The power of two that all numbers of a format are multiples of.
MXEMU_HOST constexpr int unit_exponent(const spec::ElementFormat& format) {
  return format.emin - format.mantissa_bits;
}

/// Bits of the largest number of a format in such units.
MXEMU_HOST constexpr int integer_bits(const spec::ElementFormat& format) {
  if (format.encoding == spec::Encoding::TwosComplement) return format.bits;
  return format.emax - format.emin + format.mantissa_bits + 1;
}

/// Formats whose products, 32 of them added, are integers of at most 24 bits in their unit: float32 adds them
/// exactly in any order.
MXEMU_HOST constexpr bool is_small(const spec::ElementFormat& format) {
  return integer_bits(format) <= 9;
}

/// Blocks of at most so many elements have block sums that doubles add exactly, in parts where need be.
inline constexpr std::size_t longest_block = panel_depth;

/// How many parts the second operand is cut into, by exponent, so that in each part the products of a block
/// are integers of at most 53 bits.
MXEMU_HOST constexpr int part_count(const spec::ElementFormat& a, const spec::ElementFormat& b) {
  constexpr int length_bits = 8;
  const int bits = integer_bits(a) + integer_bits(b) + length_bits;
  return bits <= 53 ? 1 : bits <= 64 ? 2 : 3;
}

/// The part of a code of a format cut into `parts`.
MXEMU_HOST constexpr int part_of(const spec::ElementFormat& format, int parts, int code) {
  const int field = (code & format.magnitude_mask) >> format.mantissa_bits;
  const int fields = (format.magnitude_mask >> format.mantissa_bits) + 1;
  return field * parts / fields;
}

namespace detail {
/// Every part of every pair: the widest part of b times all of a, 2^8 times, in 53 bits.
consteval bool parts_fit() {
  for (const auto& a : spec::element_formats)
    for (const auto& b : spec::element_formats) {
      const int parts = part_count(a, b);
      if (parts == 1) continue;
      const int fields = (b.magnitude_mask >> b.mantissa_bits) + 1;
      const int widest = (fields + parts - 1) / parts;
      // Significands below 2^(M + 1): their product is below 2^bits by the last bit that is asked for here.
      const std::uint64_t top = ((std::uint64_t{2} << a.mantissa_bits) - 1) *
                                ((std::uint64_t{2} << b.mantissa_bits) - 1) * longest_block;
      const int shift = (integer_bits(a) - a.mantissa_bits - 1) + (widest - 1);
      if (shift >= 53 || top > (std::uint64_t{1} << (53 - shift))) return false;
    }
  return true;
}
static_assert(parts_fit());
}  // namespace detail

}  // namespace mxemu::fast
