// Element codes (MX 5.3).
#pragma once

#include <cstdint>

#include "reference/rounding.hpp"
#include "reference/value.hpp"
#include "spec/element_format.hpp"
#include "spec/policy.hpp"
#include "spec/rounding.hpp"

namespace mxemu::reference {

/// MX 5.3.1 to 5.3.4: the value of an element code, its shared scale left aside.
/// Throws std::invalid_argument when `code` is wider than the format.
Value decode_element(const spec::ElementFormat& format, std::uint8_t code);

/// The largest finite magnitude of the format.
Exact max_normal(const spec::ElementFormat& format);

/// Where magnitude / scale lies among the numbers of the format, its exponent range taken as endless upward.
GridPosition locate_element(const spec::ElementFormat& format, const Exact& magnitude, const Exact& scale);

/// MX 6.3 and 5.3.1 to 5.3.4, OFP8: `value / scale` converted to the format. The exact quotient is rounded
/// once, as if the exponent range had no upper end; what then exceeds the largest number overflows as the
/// policy says.
std::uint8_t encode_element(const spec::ElementFormat& format, const Value& value, const Exact& scale,
                            const spec::Rounding& rounding, const spec::Policy& policy,
                            std::uint32_t random_word = 0);

/// The same with scale 1: a conversion of a number to the element format by itself.
std::uint8_t encode_element(const spec::ElementFormat& format, const Value& value,
                            const spec::Rounding& rounding = {}, const spec::Policy& policy = {},
                            std::uint32_t random_word = 0);

}  // namespace mxemu::reference
