// Bugs at the ends of the code space: overflow, Inf, NaN, zeros and signs.
#include "conformance/museum/museum.hpp"

namespace mxemu::conformance::museum {
namespace {

int overflow_to_nan(const Wiring& wiring, int magnitude, const Number&) {
  return magnitude > wiring[Constant::MaxCode] ? wiring[Constant::NanResult] : magnitude;
}

int overflow_to_infinity(const Wiring& wiring, int magnitude, const Number&) {
  return magnitude > wiring[Constant::MaxCode] ? wiring[Constant::InfinityCode] : magnitude;
}

/// Where Inf is asked for: 61440 is the tie between 57344 and the 65536 that is not there; it rounds away,
/// here it does not.
int infinity_above_61440(const Wiring& wiring, int magnitude, const Number& number) {
  const bool at_tie = number.exponent == 15 && number.significand == 15u << 20;
  return at_tie ? wiring[Constant::MaxCode] : correct_stages().limit(wiring, magnitude, number);
}

/// Everything from 7/8 of the largest number on becomes the largest.
int early_saturation(const Wiring& wiring, int magnitude, const Number& number) {
  const Number largest =
      wiring.stages.read_code(wiring, static_cast<std::uint8_t>(wiring[Constant::MaxCode]));
  Number limit = largest;
  limit.significand = largest.significand / 8 * 7;
  if (limit.significand < 1u << 23) {
    limit.significand *= 2;
    --limit.exponent;
  }
  return magnitude_key(number) >= magnitude_key(limit) ? wiring[Constant::MaxCode]
                                                       : correct_stages().limit(wiring, magnitude, number);
}

int overflow_wraps(const Wiring& wiring, int magnitude, const Number&) {
  return magnitude & (wiring.twos_complement ? 0xff : (1 << wiring[Constant::SignBit]) - 1);
}

int overflow_to_zero(const Wiring& wiring, int magnitude, const Number& number) {
  const int limited = correct_stages().limit(wiring, magnitude, number);
  return limited == magnitude ? magnitude : 0;
}

int infinity_to_nan(const Wiring& wiring, const Number&) {
  return wiring[Constant::NanResult];
}
int infinity_to_zero(const Wiring& wiring, const Number& number) {
  return number.kind == Number::Kind::Nan ? wiring[Constant::NanResult] : 0;
}

std::uint8_t positive_zero_for_zero(const Wiring& wiring, bool negative, int magnitude, bool from_zero) {
  return correct_stages().sign(wiring, negative && !from_zero, magnitude, from_zero);
}
std::uint8_t positive_zero_for_tiny(const Wiring& wiring, bool negative, int magnitude, bool from_zero) {
  return correct_stages().sign(wiring, negative && (magnitude != 0 || from_zero), magnitude, from_zero);
}
std::uint8_t zero_as_minus_zero(const Wiring& wiring, bool negative, int magnitude, bool from_zero) {
  return correct_stages().sign(wiring, negative || from_zero, magnitude, from_zero);
}
std::uint8_t sign_magnitude(const Wiring&, bool negative, int magnitude, bool) {
  return static_cast<std::uint8_t>(magnitude | (negative ? 0x80 : 0));
}
std::uint8_t ones_complement(const Wiring&, bool negative, int magnitude, bool) {
  return static_cast<std::uint8_t>(negative ? ~magnitude : magnitude);
}

/// -2 and below become code 0x80.
int int8_minimum(const Wiring& wiring, int magnitude, const Number& number) {
  if (number.negative) return magnitude > 0x80 ? 0x80 : magnitude;
  return correct_stages().limit(wiring, magnitude, number);
}

template <int code>
void max_code(Wiring& wiring) {
  wiring[Constant::MaxCode] = code;
}
template <int code>
void nan_result(Wiring& wiring) {
  wiring[Constant::NanResult] = code;
}

const Mutant mutants[] = {
    {"e5m2_boundary_61440", "without saturation: above 61440 Inf, at 61440 not", "universal#1351", "overflow",
     in_e5m2, [](Wiring& w) { w.stages.limit = infinity_above_61440; }},
    {"e5m2_overflow_infinity", "Inf where saturation is asked for", "PyTorch eager casts (pytorch/ao#436)",
     "overflow", in_e5m2, [](Wiring& w) { w.stages.limit = overflow_to_infinity; }},
    {"e4m3_max_480", "E4M3's largest number is 480: NaN's code is used", no_public_case, "overflow", in_e4m3,
     max_code<0x7f>},
    {"e4m3_max_240", "E4M3's largest number is 240, as in FNUZ and IEEE-like E4M3", "E4M3FNUZ of AMD CDNA3",
     "overflow", in_e4m3, max_code<0x77>},
    {"overflow_to_nan", "NaN where saturation is asked for", "ml_dtypes#400, PyTorch before 2.13", "overflow",
     in_fp8, [](Wiring& w) { w.stages.limit = overflow_to_nan; }},
    {"early_saturation", "from 7/8 of the largest number on, the largest", "sglang#40581", "overflow", in_fp8,
     [](Wiring& w) { w.stages.limit = early_saturation; }},
    {"overflow_wraps", "magnitudes beyond the largest wrap around", no_public_case, "overflow", in_all,
     [](Wiring& w) { w.stages.limit = overflow_wraps; }},
    {"overflow_to_zero", "magnitudes beyond the largest become zero", no_public_case, "overflow", in_all,
     [](Wiring& w) { w.stages.limit = overflow_to_zero; }},
    {"e2m3_field_three", "E2M3 clamped at exponent field 3, which holds numbers", "rocjitsu#6870", "overflow",
     in_e2m3, max_code<0x17>},
    {"fp4_max_4", "E2M1's largest number is 4", no_public_case, "overflow", in_e2m1, max_code<0x06>},
    {"nan_to_max", "NaN becomes the largest number", no_public_case, "special", in_e4m3, nan_result<0x7e>},
    {"nan_to_zero", "NaN becomes zero", "Ascend 950 with CTRL[50]=0", "special", in_fp8, nan_result<0>},
    {"nan_to_zero_finite", "NaN becomes +0 in a format without NaN", "ggml, tt-metal", "special", in_finite,
     nan_result<0>},
    {"infinity_to_nan", "Inf becomes NaN where saturation is asked for", "HIP host E4M3", "overflow", in_e4m3,
     [](Wiring& w) { w.stages.special = infinity_to_nan; }},
    {"infinity_to_zero", "Inf becomes zero", no_public_case, "overflow", in_all,
     [](Wiring& w) { w.stages.special = infinity_to_zero; }},
    {"minus_zero_dropped", "-0 becomes +0", "microxcaling, ggml", "special", in_floats,
     [](Wiring& w) { w.stages.sign = positive_zero_for_zero; }},
    {"minus_tiny_to_zero", "a negative number that underflows becomes +0", "microxcaling C++, ggml",
     "special", in_floats, [](Wiring& w) { w.stages.sign = positive_zero_for_tiny; }},
    {"zero_as_code_8", "+0 is encoded as -0", "ModelOpt MXFP4", "special", in_floats,
     [](Wiring& w) { w.stages.sign = zero_as_minus_zero; }},
    {"int8_minimum", "-2 is encoded as 0x80", "stillwater-sc/universal", "special", in_int8,
     [](Wiring& w) { w.stages.limit = int8_minimum; }},
    {"int8_sign_magnitude", "INT8 as sign and magnitude", "microxcaling#3", "element", in_int8,
     [](Wiring& w) { w.stages.sign = sign_magnitude; }},
    {"int8_ones_complement", "INT8 negated without the + 1", no_public_case, "element", in_int8,
     [](Wiring& w) { w.stages.sign = ones_complement; }},
};

}  // namespace

std::span<const Mutant> code_mutants() {
  return mutants;
}

}  // namespace mxemu::conformance::museum
