#include "conformance/device/canonical_request.hpp"

#include "spec/block_format.hpp"

namespace mxemu::conformance {
namespace {

/// Freedoms of converting a number to an element code.
void take_encoding(const spec::ElementFormat& element, const spec::Policy& from, spec::Policy& to) {
  if (element.has_nan()) {
    to.overflow = from.overflow;
    to.nan_code = from.nan_code;
  } else {
    to.nan_to_finite = from.nan_to_finite;
  }
  if (element.has_negative_zero()) {
    to.zero_sign = from.zero_sign;
  } else {
    to.int8_minimum = from.int8_minimum;
  }
}

/// Freedoms of choosing the scale of a block.
void take_scaling(const spec::Policy& from, spec::Policy& to) {
  to.nan_in_block = from.nan_in_block;
  to.inf_in_block = from.inf_in_block;
  to.zero_block_scale = from.zero_block_scale;
  to.scale_overflow = from.scale_overflow;
}

/// Freedoms of decoding a code under a scale.
void take_decoding(Operation operation, const spec::Policy& from, spec::Policy& to) {
  to.decode_overflow = from.decode_overflow;
  to.decode_subnormal = from.decode_subnormal;
  if (operation == Operation::Decode) return;
  to.lowest_scale_decode = from.lowest_scale_decode;
  to.nan_scale_decode = from.nan_scale_decode;
}

}  // namespace

spec::Request canonical_request(Operation operation, const spec::Request& request, std::size_t elements) {
  spec::Request canonical = {.format = request.format, .block_size = request.block_format().k};
  const bool is_block = gives_scale(operation) || operation == Operation::Dequantize || is_tensor(operation);
  if (is_block) canonical.block_size = request.block_size;
  if (uses_scale_rule(operation)) canonical.scale_rule = request.scale_rule;
  if (uses_rounding(operation)) {
    canonical.rounding.mode = request.rounding.mode;
    if (request.rounding.mode == spec::RoundingMode::Stochastic)
      canonical.rounding.random_bits = request.rounding.random_bits;
  }
  spec::Policy& policy = canonical.policy;
  if (takes_numbers(operation)) policy.subnormal_input = request.policy.subnormal_input;
  if (uses_rounding(operation)) take_encoding(request.element_format(), request.policy, policy);
  if (uses_scale_rule(operation)) take_scaling(request.policy, policy);
  if (gives_numbers(operation)) take_decoding(operation, request.policy, policy);
  if (is_block && elements < static_cast<std::size_t>(request.block_size)) policy.tail = request.policy.tail;
  return canonical;
}

}  // namespace mxemu::conformance
