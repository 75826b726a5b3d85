// Tensors written as lists of machine numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "rational.hpp"
#include "reference/tensor.hpp"

namespace mxemu::golden {

/// The bits of a number in one of the four types. Requires that the type holds it exactly. A NaN keeps its
/// sign.
inline std::uint64_t exact_bits(spec::FloatType type, double number) {
  const spec::FloatFormat& format = spec::format_of(type);
  if (std::isnan(number)) return format.nan_bits() | (std::signbit(number) ? format.sign_mask() : 0);
  const std::uint64_t bits = reference::encode_float(format, value_of(number));
  if (bits_of(hardware_value(type, bits)) != bits_of(number))
    throw std::invalid_argument("the type does not hold the number");
  return bits;
}

/// A little-endian array that owns its bytes.
struct Array {
  spec::FloatType type;
  std::vector<std::byte> bytes;

  Array(spec::FloatType array_type, const std::vector<double>& numbers) : type(array_type) {
    bytes.resize(numbers.size() * static_cast<std::size_t>(spec::format_of(type).bytes()));
    for (std::size_t i = 0; i < numbers.size(); ++i)
      reference::store_float(type, bytes, i, exact_bits(type, numbers[i]));
  }
  reference::FloatArray view() const { return {type, bytes}; }
};

using Shape = std::vector<std::int64_t>;

inline reference::QuantizedTensor quantized_tensor(const spec::Request& request, const Shape& shape, int axis,
                                                   const std::vector<double>& numbers,
                                                   spec::FloatType type = spec::FloatType::Float32) {
  return reference::quantize_tensor(request, shape, axis, Array(type, numbers).view());
}

/// Small numbers that all four types hold, with binades, signs and zeros among them.
inline std::vector<double> sample_numbers(std::size_t count) {
  std::vector<double> numbers(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto mantissa = static_cast<double>(i * 37 % 101);
    numbers[i] = (i % 3 == 0 ? -1 : 1) * std::ldexp(mantissa, static_cast<int>(i * 7 % 5) - 8);
  }
  return numbers;
}

}  // namespace mxemu::golden
