// Bugs in decoding: scale codes, element codes and their product.
#include "conformance/museum/museum.hpp"

namespace mxemu::conformance::museum {
namespace {

using Kind = Number::Kind;

template <int code, Kind kind>
Number scale_code_is(const Wiring& wiring, int which) {
  return which == code ? Number{.kind = kind} : correct_stages().read_scale(wiring, which);
}

Number nan_is_power_of_two(const Wiring& wiring, int code) {
  return {.kind = Kind::Finite, .exponent = code - wiring[Constant::ScaleBias]};
}

/// The test for NaN compares the decoded value with 128 instead of the code with 255.
Number value_128_is_nan(const Wiring& wiring, int code) {
  if (code == 134) return {.kind = Kind::Nan};
  return code == 0xff ? Number{.kind = Kind::Infinite} : correct_stages().read_scale(wiring, code);
}

Number codes_flushed(const Wiring& wiring, int code) {
  return code >= 103 && code <= 112 ? Number{.kind = Kind::Zero} : correct_stages().read_scale(wiring, code);
}

Number zero_is_a_half(const Wiring& wiring, std::uint8_t code) {
  Number number = correct_stages().read_code(wiring, code);
  if (number.kind != Kind::Zero) return number;
  return {.kind = Kind::Finite, .negative = number.negative, .significand = 1u << 23, .exponent = -1};
}

/// A leading bit for codes that have none.
Number subnormal_as_normal(const Wiring& wiring, std::uint8_t code) {
  const Number number = correct_stages().read_code(wiring, code);
  if (!number.subnormal || number.kind == Kind::Zero) return number;
  const int mantissa_bits = wiring[Constant::MantissaBits];
  const std::uint64_t fraction = code & ((1u << mantissa_bits) - 1);
  return normalised(wiring, number.negative, fraction + (1u << mantissa_bits),
                    wiring[Constant::Emin] - 1 - mantissa_bits);
}

Number subnormal_as_zero(const Wiring& wiring, std::uint8_t code) {
  const Number number = correct_stages().read_code(wiring, code);
  return number.subnormal ? Number{.negative = number.negative} : number;
}

Number minus_zero_as_zero(const Wiring& wiring, std::uint8_t code) {
  Number number = correct_stages().read_code(wiring, code);
  if (number.kind == Kind::Zero) number.negative = false;
  return number;
}

Number nan_is_infinite(const Wiring& wiring, std::uint8_t code) {
  Number number = correct_stages().read_code(wiring, code);
  if (number.kind == Kind::Nan) number.kind = Kind::Infinite;
  return number;
}

Number sign_magnitude(const Wiring& wiring, std::uint8_t code) {
  return normalised(wiring, (code & 0x80) != 0, code & 0x7fu, -6);
}

std::uint64_t saturated(const Wiring& wiring, spec::FloatType type, const Number& number) {
  const std::uint64_t bits = correct_stages().write(wiring, type, number);
  const spec::FloatFormat& format = spec::format_of(type);
  const bool overflowed =
      number.kind == Kind::Finite && (bits & format.infinity_bits()) == format.infinity_bits();
  return overflowed ? bits - 1 : bits;
}

std::uint64_t flushed(const Wiring& wiring, spec::FloatType type, const Number& number) {
  const bool tiny = number.kind == Kind::Finite && number.exponent < spec::format_of(type).emin;
  return correct_stages().write(wiring, type, tiny ? Number{.negative = number.negative} : number);
}

std::uint64_t through_bfloat16(const Wiring& wiring, spec::FloatType type, const Number& number) {
  return correct_stages().write(wiring, type, rounded_to(number, 7, -126));
}

/// The scale is added to the exponent field; from below zero it borrows from the sign.
std::uint64_t fields_added(const Wiring& wiring, spec::FloatType type, const Number& number) {
  if (type != spec::FloatType::Float32 || number.kind != Kind::Finite)
    return correct_stages().write(wiring, type, number);
  const auto field = static_cast<std::uint32_t>(number.exponent + 127);
  return (number.negative ? 1u << 31 : 0) + (field << 23) + (number.significand & ((1u << 23) - 1));
}

const Mutant mutants[] = {
    {"scale_00_zero", "scale code 0x00 decodes to 0 instead of 2^-127",
     "TransformerEngine#3262, Quark's byte << 7, triton#11624", "decode", in_all,
     [](Wiring& w) { w.stages.read_scale = scale_code_is<0x00, Kind::Zero>; }},
    {"scale_ff_infinite", "scale code 0xff decodes to Inf", "TransformerEngine#3262, llvm#214919", "decode",
     in_all, [](Wiring& w) { w.stages.read_scale = scale_code_is<0xff, Kind::Infinite>; }},
    {"scale_ff_power", "scale code 0xff decodes to 2^128", "ggml, gpt-oss, transformers, ModelOpt", "decode",
     in_all, [](Wiring& w) { w.stages.read_scale = nan_is_power_of_two; }},
    {"scale_ff_zero", "scale code 0xff decodes to 0", "tt-metal MXInt", "decode", in_all,
     [](Wiring& w) { w.stages.read_scale = scale_code_is<0xff, Kind::Zero>; }},
    {"scale_128_nan", "the scale 128 is taken for NaN and NaN for Inf", "sglang#25519", "decode", in_all,
     [](Wiring& w) { w.stages.read_scale = value_128_is_nan; }},
    {"scales_flushed", "scale codes 103 to 112 decode to 0", "1Cat-vLLM#222", "decode", in_all,
     [](Wiring& w) { w.stages.read_scale = codes_flushed; }},
    {"fields_added", "0.5 * 2^-127 is -Inf: the scale is added to the exponent field", "vllm#46676", "decode",
     in_all, [](Wiring& w) { w.stages.write = fields_added; }},
    {"zero_is_a_half", "E2M1 code 0x0 decodes to 0.5", "tilelang#2704", "decode", in_e2m1,
     [](Wiring& w) { w.stages.read_code = zero_is_a_half; }},
    {"subnormal_decoded_as_normal", "subnormal codes decode with a leading bit", "b12x#388, tvm#20315",
     "decode", in_floats, [](Wiring& w) { w.stages.read_code = subnormal_as_normal; }},
    {"subnormal_decoded_as_zero", "subnormal codes decode to zero", "Tenstorrent Quasar", "decode", in_floats,
     [](Wiring& w) { w.stages.read_code = subnormal_as_zero; }},
    {"minus_zero_decoded", "code -0 decodes to +0", "AMD mxDataGenerator", "decode", in_floats,
     [](Wiring& w) { w.stages.read_code = minus_zero_as_zero; }},
    {"nan_decoded_as_infinity", "E5M2 NaN decodes to Inf", no_public_case, "decode", in_e5m2,
     [](Wiring& w) { w.stages.read_code = nan_is_infinite; }},
    {"nan_decoded_as_480", "E4M3 NaN decodes to 480", no_public_case, "decode", in_e4m3,
     [](Wiring& w) { w[Constant::FirstNonFinite] = 0x80; }},
    {"int8_decoded_sign_magnitude", "INT8 decoded as sign and magnitude", "microxcaling#3", "decode", in_int8,
     [](Wiring& w) { w.stages.read_code = sign_magnitude; }},
    {"decode_saturates", "a product beyond the largest float32 saturates", no_public_case, "decode", in_all,
     [](Wiring& w) { w.stages.write = saturated; }},
    {"products_flushed", "subnormal products are zero", "CUDA with -use_fast_math, Triton", "decode", in_all,
     [](Wiring& w) { w.stages.write = flushed; }},
    {"decode_through_bfloat16", "products are rounded to bfloat16 first", "torchao dequantisation", "decode",
     in_fp8, [](Wiring& w) { w.stages.write = through_bfloat16; }},
};

}  // namespace

std::span<const Mutant> decode_mutants() {
  return mutants;
}

}  // namespace mxemu::conformance::museum
