// Shared scales: their codes (MX 5.4) and their choice (MX 6.3).
#pragma once

#include <cstdint>

#include "reference/value.hpp"
#include "spec/policy.hpp"
#include "spec/request.hpp"
#include "spec/rounding.hpp"
#include "spec/scale_format.hpp"

namespace mxemu::reference {

/// MX 5.4.1: the value of a scale code; E8M0 is 2^(code - 127), 0xff is NaN. The policy says where a device
/// in the field departs from that.
Value decode_scale(const spec::ScaleFormat& format, std::uint8_t code, const spec::Policy& policy = {});

/// A number converted to a scale code by itself (the conversions of PTX, PyTorch, ONNX to E8M0): the
/// magnitude is rounded as `mode` says, clamped to the smallest scale below, and overflows above as
/// `overflow` says. The sign is ignored. NaN gives NaN; Inf overflows. Stochastic rounding is refused
/// (std::invalid_argument).
std::uint8_t encode_scale(const spec::ScaleFormat& format, const Value& value, spec::RoundingMode mode,
                          spec::ScaleOverflow overflow);

/// MX 6.3: the exponent of the power of two that a rule chooses for a largest magnitude amax > 0, before it
/// is clamped to the scale format.
int scale_exponent(spec::ScaleRuleType rule, const spec::ElementFormat& element, const Exact& amax);

/// MX 6.3: the scale code of a block whose largest finite magnitude is `amax` (zero: the policy's zero
/// block).
std::uint8_t shared_scale(const spec::Request& request, const Exact& amax);

}  // namespace mxemu::reference
