// The ways of summing that have names: the library's own, and those of matrix units in the field.
#pragma once

#include <iterator>
#include <optional>
#include <string_view>

#include "spec/accumulator_row.hpp"

namespace mxemu::spec {

namespace detail {

inline constexpr const char* mma_sim = "microsoft/MMA-Sim c785138; arXiv 2511.10909";

/// A tensor core: the products and c in one window, cut toward zero; so is a float32 result.
consteval Accumulator tensor_core(AccumulatorType type, const char* name, const char* summary,
                                  OperandTypes operands, int products, int fraction_bits) {
  return {.type = type,
          .name = name,
          .summary = summary,
          .source = mma_sim,
          .evidence = Evidence::Stated,
          .kind = AccumulatorKind::Fused,
          .operands = operands,
          .mixes = false,
          .scale = ScaleEntry::Unscaled,
          .outputs = float_types(FloatType::Float32, FloatType::Float16),
          .operands_to_float16 = OperandTypes{operand_types(OperandType::Float16) | f8f6f4_operands},
          .float32_rounding = RoundingMode::TowardZero,
          .keeps_sign_of_underflow = false,
          .nan_bits = NanBits::AllOnes,
          .states_nan_bits = true,
          .fused = {.products = products, .fraction_bits = fraction_bits}};
}

consteval Accumulator tf32_core(AccumulatorType type, const char* name, const char* summary, int products,
                                int fraction_bits) {
  Accumulator row =
      tensor_core(type, name, summary, operand_types(OperandType::Float32), products, fraction_bits);
  row.truncates_to_tf32 = true;
  row.outputs = float_types(FloatType::Float32);
  return row;
}

/// Thirteen fraction bits within and in the float32 result.
consteval Accumulator narrow_fp8_core(AccumulatorType type, const char* name, const char* summary,
                                      int products) {
  Accumulator row = tensor_core(type, name, summary, fp8_operands, products, 13);
  row.mixes = true;
  row.float32_mantissa_bits = 13;
  return row;
}

consteval Accumulator hopper_fp8_block_scaled() {
  Accumulator row =
      narrow_fp8_core(AccumulatorType::HopperFp8BlockScaled, "hopper_fp8_block_scaled",
                      "hopper_fp8 from 0 for each block, its result scaled and added in float32", 32);
  row.source = "what a kernel for Hopper has to do with MX blocks, in the manner of DeepGEMM";
  row.scale = ScaleEntry::AfterRounding;
  row.outputs = float_types(FloatType::Float32);
  return row;
}

/// Fifth-generation tensor cores on operands of eight bits and less.
consteval Accumulator blackwell_narrow(AccumulatorType type, const char* name, const char* summary,
                                       ScaleEntry scale) {
  Accumulator row = tensor_core(type, name, summary, f8f6f4_operands, 32, 25);
  row.mixes = true;
  row.unverified = fp6_operands;
  row.scale = scale;
  row.quirks = "FP6 operands are an extrapolation: the model leaves them out";
  if (scale == ScaleEntry::Exponent) row.outputs = float_types(FloatType::Float32);
  return row;
}

consteval Accumulator blackwell_mxf4() {
  Accumulator row = tensor_core(AccumulatorType::BlackwellMxf4, "blackwell_mxf4",
                                "mxf4 and mxf4nvf4, k = 64: exact groups of 16 and c in a window of 35 bits",
                                fp4_operands, 64, 35);
  row.scale = ScaleEntry::GroupSum;
  row.outputs = float_types(FloatType::Float32);
  row.fused.exact_group = 16;
  row.quirks = "a group of zeros under large scales pushes the other groups out of the window";
  return row;
}

/// Matrix cores that multiply and add in float32.
consteval Accumulator cdna_tree(AccumulatorType type, const char* name, const char* summary,
                                OperandTypes operands, int products, bool flushes, const char* quirks) {
  return {.type = type,
          .name = name,
          .summary = summary,
          .source = mma_sim,
          .evidence = Evidence::Stated,
          .kind = AccumulatorKind::FlushedTree,
          .operands = operands,
          .mixes = false,
          .scale = ScaleEntry::Unscaled,
          .tree = {.products = products, .flushes = flushes},
          .quirks = quirks};
}

/// Matrix cores that sum the products in a window and join c afterwards, flooring both.
consteval Accumulator cdna3(AccumulatorType type, const char* name, const char* summary,
                            OperandTypes operands, int products, const char* quirks) {
  return {.type = type,
          .name = name,
          .summary = summary,
          .source = mma_sim,
          .evidence = Evidence::Stated,
          .kind = AccumulatorKind::Fused,
          .operands = operands,
          .mixes = false,
          .scale = ScaleEntry::Unscaled,
          .fused = {.products = products,
                    .fraction_bits = 24,
                    .join = AccumulatorJoin::AfterSum,
                    .sum_fraction_bits = 31,
                    .products_overflow = true},
          .quirks = quirks};
}

consteval Accumulator cdna3_xf32() {
  Accumulator row =
      cdna3(AccumulatorType::Cdna3Xf32, "cdna3_xf32", "CDNA3 MFMA xf32: groups of 4",
            operand_types(OperandType::Float32), 4, "floors: the negated operands do not negate the result");
  row.truncates_to_tf32 = true;
  return row;
}

consteval Accumulator cdna3_fp8() {
  Accumulator row = cdna3(AccumulatorType::Cdna3Fp8, "cdna3_fp8",
                          "CDNA3 MFMA fp8: groups of 16, even and odd products apart", fp8_operands, 16,
                          "the device takes the FNUZ formats, here are those of OFP8 by value; a later "
                          "version of the source cuts toward zero where this one floors");
  row.mixes = true;
  row.fused.split = 2;
  row.fused.drop_distance = 25;
  return row;
}

inline constexpr OperandTypes f16_only = operand_types(OperandType::Float16);
inline constexpr OperandTypes bf16_only = operand_types(OperandType::BFloat16);
inline constexpr const char* cdna1_quirks =
    "a later version of the source has an exact sum of the group and c instead, rounded once";

}  // namespace detail

/// Indexed by AccumulatorType. CDNA4 is absent: no public description of its arithmetic is known.
inline constexpr Accumulator accumulators[] = {
    {.type = AccumulatorType::BlockExact,
     .name = "block_exact",
     .summary = "each block's dot product exact and rounded once to float32, blocks added in float32",
     .source = "MX 6.1, 6.2; the library's default contract",
     .kind = AccumulatorKind::BlockExact,
     .operands = element_operands,
     .scale = ScaleEntry::Exponent},
    {.type = AccumulatorType::Exact,
     .name = "exact",
     .summary = "the whole sum exact, rounded once, to any output by any rounding",
     .source = "MX 6.1, 6.2",
     .kind = AccumulatorKind::Exact,
     .scale = ScaleEntry::Exponent,
     .outputs = float_types(FloatType::Float32, FloatType::BFloat16, FloatType::Float16),
     .takes_rounding = true},
    {.type = AccumulatorType::Float32Sequential,
     .name = "float32_sequential",
     .summary = "a plain loop over dequantised operands: every product and every sum rounded to float32",
     .source = "IEEE 754-2019",
     .kind = AccumulatorKind::Sequential},
    {.type = AccumulatorType::Float32Pairwise,
     .name = "float32_pairwise",
     .summary = "the float32 products of dequantised operands, summed by a balanced tree",
     .source = "IEEE 754-2019",
     .kind = AccumulatorKind::Pairwise},
    {.type = AccumulatorType::Float32Fma,
     .name = "float32_fma",
     .summary = "a loop of float32 fused multiply-adds over dequantised operands",
     .source = "IEEE 754-2019",
     .kind = AccumulatorKind::FmaChain},
    detail::tensor_core(AccumulatorType::Volta, "volta", "Volta mma f16: groups of 4, 23 bits",
                        detail::f16_only, 4, 23),
    detail::tensor_core(AccumulatorType::Turing, "turing", "Turing mma f16: groups of 8, 24 bits",
                        detail::f16_only, 8, 24),
    detail::tensor_core(AccumulatorType::Ampere, "ampere",
                        "Ampere and Ada mma f16 and bf16: groups of 8 (k = 16 in two steps), 24 bits",
                        half_operands, 8, 24),
    detail::tf32_core(AccumulatorType::AmpereTf32, "ampere_tf32",
                      "Ampere and Ada mma tf32: groups of 4 (k = 8 in two steps), 24 bits", 4, 24),
    detail::narrow_fp8_core(AccumulatorType::AdaFp8, "ada_fp8",
                            "Ada mma FP8: groups of 16 (k = 32 in two steps), 13 bits", 16),
    detail::tensor_core(AccumulatorType::Hopper, "hopper", "Hopper wgmma f16 and bf16: groups of 16, 25 bits",
                        half_operands, 16, 25),
    detail::tf32_core(AccumulatorType::HopperTf32, "hopper_tf32", "Hopper wgmma tf32: groups of 8, 25 bits",
                      8, 25),
    detail::narrow_fp8_core(AccumulatorType::HopperFp8, "hopper_fp8",
                            "Hopper wgmma FP8: groups of 32, 13 bits", 32),
    detail::hopper_fp8_block_scaled(),
    detail::tensor_core(AccumulatorType::Blackwell, "blackwell",
                        "Blackwell tcgen05 f16 and bf16: groups of 16, 25 bits", half_operands, 16, 25),
    detail::tf32_core(AccumulatorType::BlackwellTf32, "blackwell_tf32",
                      "Blackwell tcgen05 tf32: groups of 8, 25 bits", 8, 25),
    detail::blackwell_narrow(AccumulatorType::BlackwellF8f6f4, "blackwell_f8f6f4",
                             "Blackwell tcgen05 and mma f8f6f4: groups of 32, 25 bits", ScaleEntry::Unscaled),
    detail::blackwell_narrow(AccumulatorType::BlackwellMxf8f6f4, "blackwell_mxf8f6f4",
                             "Blackwell tcgen05 and mma mxf8f6f4: one block pair a step, 25 bits",
                             ScaleEntry::Exponent),
    detail::blackwell_mxf4(),
    detail::cdna_tree(AccumulatorType::Cdna1, "cdna1", "CDNA1 MFMA f16: trees of 4", detail::f16_only, 4,
                      false, detail::cdna1_quirks),
    detail::cdna_tree(AccumulatorType::Cdna1Bf16, "cdna1_bf16", "CDNA1 MFMA bf16: trees of 2",
                      detail::bf16_only, 2, false, detail::cdna1_quirks),
    detail::cdna_tree(AccumulatorType::Cdna2, "cdna2",
                      "CDNA2 MFMA f16, and bf16 _1k: trees of 4, subnormals flushed", half_operands, 4, true,
                      ""),
    detail::cdna_tree(AccumulatorType::Cdna2Bf16, "cdna2_bf16",
                      "CDNA2 MFMA bf16 other than _1k: trees of 2, subnormals flushed", detail::bf16_only, 2,
                      true, ""),
    detail::cdna3(AccumulatorType::Cdna3, "cdna3", "CDNA3 MFMA f16 and bf16: groups of 8", half_operands, 8,
                  "floors: the negated operands do not negate the result"),
    detail::cdna3_xf32(),
    detail::cdna3_fp8(),
};
static_assert(rows_are_in_order(accumulators), "accumulators is indexed by AccumulatorType");

constexpr const Accumulator& row_of(AccumulatorType type) {
  return accumulators[static_cast<int>(type)];
}

constexpr const char* name_of(AccumulatorType type) {
  return row_of(type).name;
}

/// The accumulator called `name`, or nothing.
constexpr std::optional<AccumulatorType> parse_accumulator(std::string_view name) {
  for (const auto& row : accumulators)
    if (name == row.name) return row.type;
  return std::nullopt;
}

inline constexpr int accumulator_count = static_cast<int>(std::size(accumulators));

}  // namespace mxemu::spec
