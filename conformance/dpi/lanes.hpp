// Packed vectors of SystemVerilog as C sees them: 32-bit words, the lowest bits first (IEEE 1800, annex H).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mxemu::conformance::dpi {

/// The `width` bits, at most 64, of lane `index`.
inline std::uint64_t lane(std::span<const std::uint32_t> vector, std::size_t width, std::size_t index) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const std::size_t at = width * index + i;
    bits |= std::uint64_t{vector[at / 32] >> at % 32 & 1} << i;
  }
  return bits;
}

/// Sets the bits of a lane that is zero.
inline void set_lane(std::span<std::uint32_t> vector, std::size_t width, std::size_t index,
                     std::uint64_t bits) {
  for (std::size_t i = 0; i < width; ++i) {
    const std::size_t at = width * index + i;
    vector[at / 32] |= static_cast<std::uint32_t>(bits >> i & 1) << at % 32;
  }
}

}  // namespace mxemu::conformance::dpi
