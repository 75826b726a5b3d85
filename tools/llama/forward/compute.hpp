// The precision in which a forward pass computes.
#pragma once

#include <cstdint>

#include "spec/operand.hpp"
#include "tools/llama/model/number_bits.hpp"

namespace mxemu::llama {

/// Activations are held as float32. In BFloat16 they are rounded to bfloat16 wherever transformers' eager
/// bfloat16 rounds: after every operation, with float32 inside RMSNorm and softmax.
enum class Compute : std::uint8_t { Float32, BFloat16 };

template <Compute compute>
MXEMU_HOST_DEVICE constexpr float rounded(float x) noexcept {
  if constexpr (compute == Compute::BFloat16) return round_to_bfloat16(x);
  return x;
}

/// The type of numbers that products take in this precision.
constexpr spec::OperandType operand_type_of(Compute compute) {
  return compute == Compute::BFloat16 ? spec::OperandType::BFloat16 : spec::OperandType::Float32;
}

constexpr const char* name_of(Compute compute) {
  return compute == Compute::BFloat16 ? "bf16" : "f32";
}

}  // namespace mxemu::llama
