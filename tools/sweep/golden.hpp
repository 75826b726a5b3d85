// The staircases of one element format under every scale, from the reference's exact arithmetic.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "conformance/staircase.hpp"
#include "spec/float_format.hpp"
#include "spec/request.hpp"
#include "spec/scale_format.hpp"

namespace mxemu::sweep {

inline constexpr spec::FloatFormat float32 = spec::format_of(spec::FloatType::Float32);
inline constexpr spec::ScaleFormat e8m0 = spec::format_of(spec::ScaleType::E8M0);
inline constexpr int scale_code_count = e8m0.emax - e8m0.emin + 1;

/// Inputs of one sign and one biased exponent: 2^23 of them.
inline constexpr std::uint32_t field_size = std::uint32_t{1} << float32.mantissa_bits;
inline constexpr std::uint32_t non_finite_field = (1u << float32.exponent_bits) - 1;

constexpr std::uint32_t sign_bits(bool negative) {
  return negative ? static_cast<std::uint32_t>(float32.sign_mask()) : 0;
}

class Golden {
 public:
  /// On all cores. A code of `scale_codes` is the scale 2^(code + emin of E8M0).
  Golden(const spec::Request& request, std::span<const int> scale_codes);

  /// What every float32 of one sign must give by itself, the Inf and the NaNs included.
  const conformance::Staircase& elements(int scale_code, bool negative) const {
    return elements_[static_cast<std::size_t>(2 * scale_code + negative)];
  }

 private:
  std::vector<conformance::Staircase> elements_;
};

}  // namespace mxemu::sweep
