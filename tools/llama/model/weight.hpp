// A tensor of a checkpoint where it lies, and its numbers as float32 or bfloat16.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "fast/mxemu.hpp"
#include "spec/float_format.hpp"

namespace mxemu::llama {

/// A tensor as it is stored: mapped, read-only, at no particular alignment. A vector has one row.
struct Weight {
  std::string name;
  spec::FloatType type = spec::FloatType::Float32;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::span<const std::byte> bytes;  ///< row-major, little-endian

  std::size_t row_bytes() const { return columns * static_cast<std::size_t>(spec::format_of(type).bytes()); }
  /// Rows first … first + count - 1.
  Weight slice(std::size_t first, std::size_t count) const {
    return {name, type, count, columns, bytes.subspan(first * row_bytes(), count * row_bytes())};
  }
};

/// The numbers of a weight as float32: exact.
void expand(const Weight& weight, std::span<float> to, const fast::Execution& execution = {});

/// The numbers of a weight as bfloat16, those of wider types rounded to nearest even.
void expand(const Weight& weight, std::span<std::uint16_t> to, const fast::Execution& execution = {});

/// Index of the first number that is NaN or infinite, or the weight's count of numbers.
std::size_t first_not_finite(const Weight& weight, const fast::Execution& execution = {});

}  // namespace mxemu::llama
