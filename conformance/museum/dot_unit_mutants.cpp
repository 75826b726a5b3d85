// Bugs of fused adders: one parameter of a named unit is wrong.
#include "conformance/dot/dot_emulation.hpp"
#include "conformance/museum/dot_mutants.hpp"

namespace mxemu::conformance::museum {
namespace {

constexpr DotOperand e4m3 = {spec::OperandType::E4M3, true};
constexpr DotOperand plain_e4m3 = {spec::OperandType::E4M3, false};
constexpr DotOperand float16 = {spec::OperandType::Float16, false};
constexpr DotOperand bfloat16 = {spec::OperandType::BFloat16, false};

const spec::Accumulator& row(spec::AccumulatorType type) {
  return spec::row_of(type);
}

DotAnswers under(const spec::Accumulator& accumulator, const DotCases& cases) {
  return {dots_under(accumulator, cases), {}};
}

DotAnswers flushed_operands(const DotCases& cases) {
  DotCases changed = cases;
  for (DotCodes* codes : {&changed.a, &changed.b})
    for (std::size_t i = 0; i < codes->codes.size(); i += 2)
      if ((codes->codes[i + 1] & std::byte{0x7c}) == std::byte{0}) codes->codes[i] = codes->codes[i + 1] = {};
  return under(row(spec::AccumulatorType::Hopper), changed);
}

/// A row with one thing changed.
template <class Change>
DotAnswers changed(spec::AccumulatorType type, const DotCases& cases, const Change& change) {
  spec::Accumulator accumulator = row(type);
  change(accumulator);
  return under(accumulator, cases);
}

DotAnswers one_bit_early(const DotCases& cases) {
  return changed(spec::AccumulatorType::BlackwellMxf8f6f4, cases, [](auto& r) { --r.fused.fraction_bits; });
}
DotAnswers one_bit_late(const DotCases& cases) {
  return changed(spec::AccumulatorType::HopperFp8, cases, [](auto& r) { ++r.fused.fraction_bits; });
}
DotAnswers terms_to_nearest(const DotCases& cases) {
  return changed(spec::AccumulatorType::BlackwellMxf8f6f4, cases,
                 [](auto& r) { r.fused.term_rounding = spec::TermRounding::NearestEven; });
}
DotAnswers result_to_nearest(const DotCases& cases) {
  return changed(spec::AccumulatorType::Hopper, cases,
                 [](auto& r) { r.float32_rounding = spec::RoundingMode::NearestEven; });
}
DotAnswers terms_floored(const DotCases& cases) {
  return changed(spec::AccumulatorType::Ampere, cases,
                 [](auto& r) { r.fused.term_rounding = spec::TermRounding::Floor; });
}
DotAnswers half_groups(const DotCases& cases) {
  return changed(spec::AccumulatorType::Hopper, cases, [](auto& r) { r.fused.products /= 2; });
}
DotAnswers all_result_bits(const DotCases& cases) {
  return changed(spec::AccumulatorType::HopperFp8, cases, [](auto& r) { r.float32_mantissa_bits = 23; });
}
DotAnswers normalized_products(const DotCases& cases) {
  return changed(spec::AccumulatorType::BlackwellMxf8f6f4, cases,
                 [](auto& r) { r.fused.normalizes_products = true; });
}
DotAnswers zeros_left_out(const DotCases& cases) {
  return changed(spec::AccumulatorType::BlackwellMxf8f6f4, cases,
                 [](auto& r) { r.fused.zero_exponent = spec::ZeroExponent::Absent; });
}
DotAnswers c_after_the_sum(const DotCases& cases) {
  return changed(spec::AccumulatorType::Hopper, cases, [](auto& r) {
    r.fused.join = spec::AccumulatorJoin::AfterSum;
    r.fused.sum_fraction_bits = 31;
  });
}
DotAnswers another_nan(const DotCases& cases) {
  return changed(spec::AccumulatorType::Hopper, cases, [](auto& r) { r.nan_bits = spec::NanBits::Quiet; });
}
DotAnswers truncated_towards_zero_on_cdna(const DotCases& cases) {
  return changed(spec::AccumulatorType::Cdna3, cases,
                 [](auto& r) { r.fused.join_rounding = spec::TermRounding::TowardZero; });
}

constexpr DotMutant mutants[] = {
    {"dot-operands-flushed", "subnormal f16 operands become zero",
     "by design in CDNA2: microsoft/MMA-Sim c785138", "hopper", float16, float16, flushed_operands},
    {"dot-one-bit-early", "products are cut one bit early",
     "DeepGEMM#176: which of 25 and 34 to 37 bits a B200 keeps", "blackwell_mxf8f6f4", e4m3, e4m3,
     one_bit_early},
    {"dot-one-bit-late", "products are cut one bit late",
     "DeepSeek-V3#197, #750, #847: 13 or 14 bits, and how to reproduce them", "hopper_fp8", plain_e4m3,
     plain_e4m3, one_bit_late},
    {"dot-terms-to-nearest", "products rounded where they are cut", no_public_report, "blackwell_mxf8f6f4",
     e4m3, e4m3, terms_to_nearest},
    {"dot-result-to-nearest", "the result rounded where it is cut", no_public_report, "hopper", float16,
     float16, result_to_nearest},
    {"dot-terms-floored", "two's complement shifted right where magnitudes are",
     "by design in the sums of CDNA3: microsoft/MMA-Sim c785138", "ampere", float16, float16, terms_floored},
    {"dot-half-groups", "groups of half the size",
     "by design in Ampere, whose k = 16 is two steps of 8: microsoft/MMA-Sim c785138", "hopper", bfloat16,
     bfloat16, half_groups},
    {"dot-all-result-bits", "a full float32 where 13 bits leave the unit",
     "DeepGEMM#37, #50: a full float32 expected where a few bits come", "hopper_fp8", plain_e4m3, plain_e4m3,
     all_result_bits},
    {"dot-normalized-products", "products normalised before they are aligned", no_public_report,
     "blackwell_mxf8f6f4", e4m3, e4m3, normalized_products},
    {"dot-zeros-left-out", "zeros under large scales take no part in the alignment", no_public_report,
     "blackwell_mxf8f6f4", e4m3, e4m3, zeros_left_out},
    {"dot-c-after-the-sum", "c added to the finished sum, not aligned with the products",
     "by design in CDNA3: microsoft/MMA-Sim c785138", "hopper", float16, float16, c_after_the_sum},
    {"dot-joined-toward-zero", "c and the sum cut toward zero where the unit floors",
     "microsoft/MMA-Sim: a later version cuts toward zero for CDNA3 FP8 where c785138 floors", "cdna3",
     float16, float16, truncated_towards_zero_on_cdna},
    {"dot-another-nan", "NaN as 0x7fc00000 where the unit gives 0x7fffffff", no_public_report, "hopper",
     float16, float16, another_nan},
};

}  // namespace

std::span<const DotMutant> dot_unit_mutants() {
  return mutants;
}

}  // namespace mxemu::conformance::museum
