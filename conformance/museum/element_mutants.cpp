// Bugs in the rounding of elements and in what becomes of their inputs.
#include "conformance/museum/museum.hpp"

namespace mxemu::conformance::museum {
namespace {

bool half_up(const Wiring&, const Remainder& at) {
  return at.rest > at.half || (at.rest == at.half && !at.negative);
}
bool half_away(const Wiring&, const Remainder& at) {
  return at.rest >= at.half;
}
bool half_to_zero(const Wiring&, const Remainder& at) {
  return at.rest > at.half;
}
bool half_to_odd(const Wiring&, const Remainder& at) {
  return at.rest > at.half || (at.rest == at.half && !at.odd);
}
bool never(const Wiring&, const Remainder&) {
  return false;
}
bool always(const Wiring&, const Remainder& at) {
  return at.rest != 0;
}
/// floor(|x| + 0.5) in float32, where 0.5 - 2^-25 and 0.5 make 1.
bool half_added_in_float(const Wiring& wiring, const Remainder& at) {
  const bool just_below_half = at.half == 1u << 25 && at.rest == 2 * ((1u << 24) - 1);
  return just_below_half || correct_stages().rounds_up(wiring, at);
}

Number without_sticky_bits(const Wiring&, Number number) {
  number.significand &= ~3u;
  return number;
}

template <int mantissa_bits, int emin>
Number through(const Wiring&, Number number) {
  return rounded_to(number, mantissa_bits, emin);
}

/// After the division, as half-precision kernels do: 10 bits, subnormals from 2^-14 down.
Number scaled_through_float16(const Wiring&, Number number, int) {
  return rounded_to(number, 10, -14);
}

/// One bit more than the element keeps is rounded first, as if it were normal; its subnormal a second time.
Number normal_before_subnormal(const Wiring& wiring, Number number, int) {
  return rounded_to(number, wiring[Constant::MantissaBits], -1000);
}

Number without_subnormals(const Wiring&, Number number) {
  return number.subnormal ? Number{.negative = number.negative} : number;
}

Number tiny_to_zero(const Wiring& wiring, Number number, int) {
  return number.exponent < wiring[Constant::Emin] ? Number{.negative = number.negative} : number;
}

/// The subnormals of an element come out as if they had a leading bit.
int subnormal_as_normal(const Wiring& wiring, int magnitude, const Number& number) {
  const int limited = correct_stages().limit(wiring, magnitude, number);
  const int smallest_normal = 1 << wiring[Constant::MantissaBits];
  return limited > 0 && limited < smallest_normal ? limited | smallest_normal : limited;
}

/// Codes without the last mantissa bit: every other one.
int odd_codes_lost(const Wiring& wiring, int magnitude, const Number& number) {
  return correct_stages().limit(wiring, magnitude, number) & ~1;
}

const Mutant mutants[] = {
    {"half_up", "ties towards +infinity", "sglang#40581", "element", in_all,
     [](Wiring& w) { w.stages.rounds_up = half_up; }},
    {"half_away", "ties away from zero", "microxcaling (its default), AMD Quark", "element", in_all,
     [](Wiring& w) { w.stages.rounds_up = half_away; }},
    {"half_to_zero", "ties towards zero", "ggml, ModelOpt MXFP4", "element", in_all,
     [](Wiring& w) { w.stages.rounds_up = half_to_zero; }},
    {"half_to_odd", "ties to odd", no_public_case, "element", in_all,
     [](Wiring& w) { w.stages.rounds_up = half_to_odd; }},
    {"truncation", "towards zero", "universal#1133, #1302, gfloat#49", "element", in_all,
     [](Wiring& w) { w.stages.rounds_up = never; }},
    {"away_from_zero", "everything rounds up in magnitude", no_public_case, "element", in_all,
     [](Wiring& w) { w.stages.rounds_up = always; }},
    {"half_added_in_float", "0.49999997 of the smallest subnormal rounds up: 0.5 is added in float",
     "microxcaling", "element", in_all, [](Wiring& w) { w.stages.rounds_up = half_added_in_float; }},
    {"sticky_lost", "the last two bits of the input do not count", "Triton quantiser, tt-metal#51975",
     "element", in_all, [](Wiring& w) { w.stages.take = without_sticky_bits; }},
    {"through_bfloat16", "float32 to bfloat16 to the element: rounded twice", "AMD Quark fake kernels",
     "element", in_all, [](Wiring& w) { w.stages.take = through<7, -126>; }},
    {"through_float16", "scaled value rounded to float16 first", "ml_dtypes#401 (the same from float64)",
     "element", in_all, [](Wiring& w) { w.stages.scaled = scaled_through_float16; }},
    {"normal_before_subnormal", "subnormals are rounded as normal numbers and then again", "openvino#30057",
     "element", in_floats, [](Wiring& w) { w.stages.scaled = normal_before_subnormal; }},
    {"inputs_flushed", "subnormal inputs are zero", "CUDA with -use_fast_math, Triton", "special", in_all,
     [](Wiring& w) { w.stages.take = without_subnormals; }},
    {"elements_flushed", "what is below the smallest normal element becomes zero", no_public_case, "element",
     in_floats, [](Wiring& w) { w.stages.scaled = tiny_to_zero; }},
    {"subnormal_as_normal", "subnormal codes have the exponent field of the smallest normal",
     "pytorch#177870 (FP8 subnormals)", "element", in_floats,
     [](Wiring& w) { w.stages.limit = subnormal_as_normal; }},
    {"odd_codes_lost", "the last mantissa bit is always zero", no_public_case, "element", in_all,
     [](Wiring& w) { w.stages.limit = odd_codes_lost; }},
    {"int8_without_fraction", "INT8 elements are integers: the 2^-6 is forgotten",
     "NVIDIA/Model-Optimizer#250", "element", in_int8, [](Wiring& w) { w[Constant::Emin] = 6; }},
};

}  // namespace

std::span<const Mutant> element_mutants() {
  return mutants;
}

}  // namespace mxemu::conformance::museum
