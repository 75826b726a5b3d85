// Bugs in the choice of the shared scale.
#include <cmath>

#include "conformance/museum/museum.hpp"

namespace mxemu::conformance::museum {
namespace {

constexpr std::uint32_t one = 1u << 23;  ///< the significand of a power of two

/// The significand of the largest element, as a Number has it.
std::uint32_t largest_significand(const Wiring& wiring) {
  const int mantissa_bits = wiring[Constant::MantissaBits];
  const auto field = static_cast<std::uint32_t>(wiring[Constant::MaxCode]) & ((1u << mantissa_bits) - 1);
  return one + (field << (23 - mantissa_bits));
}

int floor_of_float_log2(const Wiring& wiring, const Number& amax) {
  const float value = std::ldexp(static_cast<float>(amax.significand), amax.exponent - 23);
  return static_cast<int>(std::floor(std::log2(value))) - wiring[Constant::Emax];
}

int ceil_of_log2(const Wiring& wiring, const Number& amax) {
  return amax.exponent - wiring[Constant::Emax] + (amax.significand > one ? 1 : 0);
}

int ceil_of_quotient(const Wiring& wiring, const Number& amax) {
  return amax.exponent - wiring[Constant::Emax] + (amax.significand > largest_significand(wiring) ? 1 : 0);
}

int floor_of_quotient(const Wiring& wiring, const Number& amax) {
  return amax.exponent - wiring[Constant::Emax] - (amax.significand < largest_significand(wiring) ? 1 : 0);
}

int of_rounded_amax(const Wiring& wiring, const Number& amax) {
  return rounded_to(amax, wiring[Constant::MantissaBits], -1000).exponent - wiring[Constant::Emax];
}

int nearest_power(const Wiring& wiring, const Number& amax) {
  return amax.exponent - wiring[Constant::Emax] + (amax.significand >= one + one / 2 ? 1 : 0);
}

int one_more(const Wiring& wiring, const Number& amax) {
  return amax.exponent - wiring[Constant::Emax] + 1;
}

int without_emax(const Wiring&, const Number& amax) {
  return amax.exponent;
}

int of_bfloat16_amax(const Wiring& wiring, const Number& amax) {
  return rounded_to(amax, 7, -126).exponent - wiring[Constant::Emax];
}

int subnormal_amax_is_lowest(const Wiring& wiring, const Number& amax) {
  return amax.subnormal ? 1 - wiring[Constant::ScaleBias] : amax.exponent - wiring[Constant::Emax];
}

template <int code>
void zero_block(Wiring& wiring) {
  wiring[Constant::ZeroBlockScale] = code;
}

const Mutant mutants[] = {
    {"log2_in_float", "floor(log2f(amax)): one too large just below a power of two",
     "microxcaling, ggml, Universal", "scale", in_all,
     [](Wiring& w) { w.stages.rule = floor_of_float_log2; }},
    {"ceil", "ceil(log2(amax)) instead of floor", "pytorch/ao#1620", "scale", in_all,
     [](Wiring& w) { w.stages.rule = ceil_of_log2; }},
    {"rceil", "the smallest power of two that holds amax / max", "pytorch/ao#1835, onnx/onnx#7030", "scale",
     in_all, [](Wiring& w) { w.stages.rule = ceil_of_quotient; }},
    {"floor_of_quotient", "floor(log2(amax / max)): one too small below max", "Triton ROUND_DOWN", "scale",
     in_all, [](Wiring& w) { w.stages.rule = floor_of_quotient; }},
    {"even", "amax rounded to the element's precision first", "pytorch/ao#1643, AMD Quark", "scale", in_all,
     [](Wiring& w) { w.stages.rule = of_rounded_amax; }},
    {"nearest_power", "amax rounded to the nearest power of two", "ml-explore/mlx#4353", "scale", in_all,
     [](Wiring& w) { w.stages.rule = nearest_power; }},
    {"scale_plus_one", "every scale one too large (Trainium's own convention, used as if OCP)",
     "AWS Trainium3, TransformerEngine#2881", "scale", in_all, [](Wiring& w) { w.stages.rule = one_more; }},
    {"emax_forgotten", "the exponent of the largest element is not subtracted", no_public_case, "scale",
     in_floats, [](Wiring& w) { w.stages.rule = without_emax; }},
    {"int8_emax_seven", "INT8 taken as integers: emax 7 instead of 0", "stillwater-sc/universal", "scale",
     in_int8, [](Wiring& w) { w[Constant::Emax] = 7; }},
    {"scale_bias_125", "E8M0 stored with a bias of 125", "compressed-tensors#538", "scale", in_all,
     [](Wiring& w) { w[Constant::ScaleBias] = 125; }},
    {"scale_wraps", "a scale below 2^-127 wraps around", no_public_case, "scale", in_floats,
     [](Wiring& w) { w.stages.clamp = [](const Wiring&, int code) { return code & 0xff; }; }},
    {"scale_of_subnormal", "a subnormal amax gives scale code 1", "Triton ROUND_UP", "scale", in_all,
     [](Wiring& w) { w.stages.rule = subnormal_amax_is_lowest; }},
    {"amax_through_bfloat16", "amax rounded to bfloat16 before its exponent is taken",
     "AMD Quark fake kernels", "scale", in_all, [](Wiring& w) { w.stages.rule = of_bfloat16_amax; }},
    {"scale_one_is_lowest", "scales are clamped to codes 1 to 254", "ONNX numpy reference", "scale", in_all,
     [](Wiring& w) { w[Constant::LowestScale] = 1; }},
    {"zero_block_nan", "a block of zeros has the scale NaN", "ml_dtypes cast of 0 to E8M0", "special", in_all,
     zero_block<0xff>},
    {"zero_block_one", "a block of zeros has the scale 1", no_public_case, "special", in_all,
     zero_block<127>},
    {"zero_block_minus_emax", "a block of zeros has the scale of amax 1", "Universal", "special", in_all,
     [](Wiring& w) { w[Constant::ZeroBlockScale] = 127 - w[Constant::Emax]; }},
    {"zero_block_two", "a block of zeros has the scale of amax 2", "AutoRound", "special", in_all,
     [](Wiring& w) { w[Constant::ZeroBlockScale] = 128 - w[Constant::Emax]; }},
};

}  // namespace

std::span<const Mutant> scale_mutants() {
  return mutants;
}

}  // namespace mxemu::conformance::museum
