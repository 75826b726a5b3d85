// Floating-point numbers of any source type as doubles, which hold them all exactly, and decimals as bits.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "spec/float_format.hpp"

namespace mxemu::cli {

/// The bits of a decimal or hexadecimal literal in a format, nearest; `end` is set as strtod sets it.
std::uint64_t from_decimal(const std::string& text, const spec::FloatFormat& format, char** end);

/// The number that half-precision bits stand for.
double half_to_double(std::uint16_t bits);

/// Element `index` of a little-endian array.
inline double number_at(spec::FloatType type, std::span<const std::byte> bytes, std::size_t index) {
  const auto load = [&]<class Word>(Word word) {
    std::memcpy(&word, bytes.data() + index * sizeof(Word), sizeof(Word));
    return word;
  };
  switch (type) {
    case spec::FloatType::Float32: return static_cast<double>(std::bit_cast<float>(load(std::uint32_t{})));
    case spec::FloatType::BFloat16:
      return static_cast<double>(std::bit_cast<float>(std::uint32_t{load(std::uint16_t{})} << 16));
    case spec::FloatType::Float16: return half_to_double(load(std::uint16_t{}));
    case spec::FloatType::Float64: return std::bit_cast<double>(load(std::uint64_t{}));
  }
  return 0;
}

}  // namespace mxemu::cli
