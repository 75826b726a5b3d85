// Cases of the operations that take codes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "conformance/checks/check.hpp"

namespace mxemu::conformance {

/// One case of these codes under `scale`, which matters to operations that take one.
inline void add_codes(Cases& cases, std::span<const std::uint8_t> codes, int scale) {
  cases.codes.insert(cases.codes.end(), codes.begin(), codes.end());
  if (takes_scale(cases.operation)) cases.scales.push_back(static_cast<std::uint8_t>(scale));
}

/// The value of `code` under the scale code `scale` as bits of the float type; exact for the scales that
/// useful_scales names.
std::uint64_t number_of_code(const Target& target, std::uint8_t code, int scale);

}  // namespace mxemu::conformance
