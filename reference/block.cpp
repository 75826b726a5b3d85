#include "reference/block.hpp"

#include <stdexcept>

#include "reference/element.hpp"
#include "reference/scale.hpp"

namespace mxemu::reference {
namespace {

/// What the policy says of a NaN or an Inf; nothing for a finite value.
const spec::NonFiniteInBlock* non_finite_policy(const spec::Policy& policy, const Value& value) {
  if (value.is_nan()) return &policy.nan_in_block;
  if (value.is_infinite()) return &policy.inf_in_block;
  return nullptr;
}

std::uint8_t block_scale(const spec::Request& request, const BlockMaximum& maximum) {
  if (maximum.poisoned) return request.scale_format().nan_code;
  if (maximum.infinite)
    return encode_scale(request.scale_format(), {.kind = ValueClass::Infinity},
                        spec::RoundingMode::NearestEven, request.policy.scale_overflow);
  return shared_scale(request, maximum.magnitude);
}

}  // namespace

BlockMaximum block_maximum(const spec::Policy& policy, std::span<const Value> values) {
  BlockMaximum maximum;
  for (const Value& value : values) {
    if (const auto* non_finite = non_finite_policy(policy, value)) {
      maximum.poisoned |= *non_finite == spec::NonFiniteInBlock::PoisonBlock;
      maximum.infinite |= *non_finite == spec::NonFiniteInBlock::SaturateScale;
    } else if (value.magnitude > maximum.magnitude) {
      maximum.magnitude = value.magnitude;
    }
  }
  return maximum;
}

Block quantize_block(const spec::Request& request, std::span<const Value> values,
                     std::span<const std::uint32_t> random_words) {
  if (values.empty()) throw std::invalid_argument("a block has at least one element");
  const bool stochastic = request.rounding.mode == spec::RoundingMode::Stochastic;
  if (stochastic && random_words.size() != values.size())
    throw std::invalid_argument("stochastic rounding of " + std::to_string(values.size()) + " values got " +
                                std::to_string(random_words.size()) + " random words");

  Block block{.scale = block_scale(request, block_maximum(request.policy, values)),
              .codes = std::vector<std::uint8_t>(values.size(), 0)};
  // MX 4 leaves the codes under a NaN scale open; ours are zero.
  if (block.scale == request.scale_format().nan_code) return block;

  const Exact scale = decode_scale(request.scale_format(), block.scale).magnitude;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto* non_finite = non_finite_policy(request.policy, values[i]);
    const bool ignored = non_finite && *non_finite == spec::NonFiniteInBlock::Ignore;
    block.codes[i] = encode_element(request.element_format(), ignored ? Value{} : values[i], scale,
                                    request.rounding, request.policy, stochastic ? random_words[i] : 0);
  }
  return block;
}

std::uint64_t dequantize_element(const spec::Request& request, std::uint8_t scale, std::uint8_t code,
                                 const spec::FloatFormat& output) {
  const Value x = decode_scale(request.scale_format(), scale, request.policy);
  if (x.is_nan()) return output.nan_bits();
  Value product = decode_element(request.element_format(), code);
  if (product.is_finite()) product.magnitude = multiply(x.magnitude, product.magnitude);
  return encode_float(output, product, request.policy);
}

std::vector<std::uint64_t> dequantize_block(const spec::Request& request, const Block& block,
                                            const spec::FloatFormat& output) {
  std::vector<std::uint64_t> values;
  values.reserve(block.codes.size());
  for (const std::uint8_t code : block.codes)
    values.push_back(dequantize_element(request, block.scale, code, output));
  return values;
}

}  // namespace mxemu::reference
