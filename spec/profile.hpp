// Named bundles of scale rule, rounding and policy: the dialects of the field, and `ocp`, the standard's own.
//
// A row states what is known. What is not known of an implementation is open: a wildcard, whose value in
// the row is the default and means nothing but that it has to be something where the profile is run.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "spec/block_format.hpp"
#include "spec/evidence.hpp"
#include "spec/freedoms.hpp"
#include "spec/policy.hpp"
#include "spec/rounding.hpp"
#include "spec/scale_rule.hpp"

namespace mxemu::spec {

/// A set of block formats.
struct BlockTypes {
  std::uint32_t bits = 0;

  constexpr bool has(BlockType type) const { return (bits >> static_cast<int>(type) & 1) != 0; }
};

template <class... Types>
consteval BlockTypes block_types(Types... types) {
  return {((std::uint32_t{1} << static_cast<int>(types)) | ...)};
}

inline constexpr BlockTypes mxfp8_types = block_types(BlockType::MXFP8_E5M2, BlockType::MXFP8_E4M3);
inline constexpr BlockTypes mxfp4_types = block_types(BlockType::MXFP4_E2M1);
inline constexpr BlockTypes mxfp84_types = {mxfp8_types.bits | mxfp4_types.bits};
inline constexpr BlockTypes mxfp_types = {mxfp84_types.bits |
                                          block_types(BlockType::MXFP6_E3M2, BlockType::MXFP6_E2M3).bits};
inline constexpr BlockTypes all_block_types = {mxfp_types.bits | block_types(BlockType::MXINT8).bits};

struct Profile {
  const char* name;
  const char* summary;
  const char* source;
  Evidence evidence = Evidence::Read;
  BlockTypes formats = all_block_types;
  bool chooses_scales = true;  ///< false: conversions of elements under a scale that is given
  ScaleRuleType scale_rule = ScaleRuleType::Floor;
  Rounding rounding = {};
  Policy policy = {};
  Freedoms open = {};       ///< not known: matches anything
  const char* quirks = "";  ///< known, but no word of Policy expresses it
};

// The rows keep to what is exact. Decoding of the libraries that only quantise is open.
namespace detail {

inline constexpr Freedoms open_decoding =
    freedoms("decode_overflow", "decode_subnormal", "lowest_scale_decode", "nan_scale_decode");

/// What torchao does whatever its scale mode.
consteval Profile torchao(const char* name, const char* summary, ScaleRuleType rule, Freedoms open,
                          const char* quirks) {
  return {.name = name,
          .summary = summary,
          .source = "pytorch/ao 36027d8, torchao/prototype/mx_formats/mx_tensor.py",
          .formats = mxfp_types,
          .scale_rule = rule,
          .policy = {.tail = Tail::Refuse},
          .open = open | freedoms("nan_to_finite", "nan_code", "scale_overflow", "subnormal_input",
                                  "int8_minimum", "decode_subnormal"),
          .quirks = quirks};
}

consteval Profile triton(const char* name, const char* summary, ScaleRuleType rule, Freedoms open,
                         const char* quirks) {
  return {.name = name,
          .summary = summary,
          .source = "triton-lang/triton 0616e64, triton_kernels, _downcast_to_mxfp.py",
          .formats = mxfp84_types,
          .scale_rule = rule,
          .policy = {.nan_in_block = NonFiniteInBlock::ElementOnly, .tail = Tail::ShortBlock},
          .open = open | open_decoding |
                  freedoms("overflow", "nan_to_finite", "nan_code", "scale_overflow", "subnormal_input",
                           "int8_minimum", "scale_edges", "rounding_edges"),
          .quirks = quirks};
}

consteval Profile autoround(const char* name, const char* summary, ScaleRuleType rule, ZeroBlockScale zero) {
  return {.name = name,
          .summary = summary,
          .source = "intel/auto-round, data_type/mxfp.py",
          .formats = mxfp84_types,
          .scale_rule = rule,
          .policy = {.inf_in_block = NonFiniteInBlock::SaturateScale, .zero_block_scale = zero},
          .open = open_decoding | freedoms("rounding", "overflow", "nan_in_block", "nan_to_finite",
                                           "nan_code", "subnormal_input", "zero_sign", "int8_minimum", "tail",
                                           "scale_edges", "rounding_edges"),
          .quirks = "log2 in floating point: the scale is off on some amax next to a power of two"};
}

}  // namespace detail

inline constexpr Profile profiles[] = {
    {.name = "ocp",
     .summary = "the sample algorithm of MX 6.3, roundTiesToEven, saturation; NaN and Inf poison their block",
     .source = "OCP MX v1.0",
     .evidence = Evidence::Standard},
    detail::torchao("torchao-floor", "torchao FLOOR: the sample algorithm, whole blocks only",
                    ScaleRuleType::Floor, {}, ""),
    detail::torchao("torchao-ceil", "torchao CEIL: any mantissa bit of amax raises the scale",
                    ScaleRuleType::Ceil, {}, ""),
    detail::torchao("torchao-even", "torchao EVEN: amax is rounded to the element's mantissa first",
                    ScaleRuleType::Even, {},
                    "a finite amax that rounds to 2^128 makes the scale NaN (E2M1: from 1.75 * 2^127)"),
    detail::torchao("torchao-rceil", "torchao RCEIL: no element saturates", ScaleRuleType::Rceil,
                    freedoms("scale_edges"),
                    "amax is multiplied by a rounded 1 / max_normal: one amax per format, next to "
                    "max_normal * 2^-127, gets 0x00 instead of 0x01"),
    {.name = "te-mxfp8",
     .summary = "Transformer Engine MXFP8: no element saturates; NaN left out of amax, Inf gives 0xfe",
     .source = "NVIDIA/TransformerEngine d0067d0",
     .formats = mxfp8_types,
     .scale_rule = ScaleRuleType::Rceil,
     .policy = {.nan_in_block = NonFiniteInBlock::ElementOnly,
                .inf_in_block = NonFiniteInBlock::SaturateScale},
     .open = freedoms("nan_to_finite", "subnormal_input", "int8_minimum", "tail", "decode_overflow",
                      "decode_subnormal", "scale_edges"),
     .quirks = "as torchao-rceil; scale 0x00 decoded to 0 and 0xff to Inf before pull request 3262"},
    detail::triton("triton-up", "Triton ROUND_UP: no element saturates, a nonzero amax gets at least 0x01",
                   ScaleRuleType::RceilNormal, {},
                   "an amax / max_normal that underflows to zero in float32 gets 0x00; E2M1 loses sticky "
                   "bits below 1"),
    detail::triton("triton-down-old",
                   "Triton ROUND_DOWN as it was: largest power of two <= amax / max_normal",
                   ScaleRuleType::Rfloor, freedoms("inf_in_block"),
                   "under scale 0x00 every element becomes zero; E2M1 loses sticky bits below 1"),
    {.name = "microxcaling",
     .summary = "microxcaling in Python: floor, ties away from zero by default, -0 dropped",
     .source = "microsoft/microxcaling 7bc4195",
     .scale_rule = ScaleRuleType::Floor,
     .rounding = {.mode = RoundingMode::NearestAway},
     .policy = {.scale_overflow = ScaleOverflow::Nan, .zero_sign = ZeroSign::DropOnZeroInput},
     .open = detail::open_decoding | freedoms("overflow", "nan_to_finite", "nan_code", "subnormal_input",
                                              "tail", "scale_edges", "rounding_edges"),
     .quirks = "log2 in float32: 7.9999995 takes the scale of 8; the float below half the smallest subnormal "
               "rounds up; the C++ path drops the sign of every zero"},
    {.name = "ggml-mxfp4",
     .summary = "ggml MXFP4: floor, ties toward zero, NaN ignored, no negative zero, 0xff is 2^128",
     .source = "ggml, ggml-quants.c",
     .formats = mxfp4_types,
     .scale_rule = ScaleRuleType::Floor,
     .rounding = {.mode = RoundingMode::NearestTowardZero},
     .policy = {.nan_in_block = NonFiniteInBlock::Ignore,
                .nan_to_finite = NanToFinite::PositiveZero,
                .zero_sign = ZeroSign::Drop,
                .nan_scale_decode = NanScaleDecode::PowerOfTwo},
     .open = freedoms("overflow", "inf_in_block", "nan_code", "scale_overflow", "subnormal_input",
                      "int8_minimum", "tail", "scale_edges", "rounding_edges"),
     .quirks = "log2f: the scale is off on some amax just below a power of two; Inf and a tiny amax are "
               "undefined behaviour of its C; elements j and j + 16 share a byte"},
    {.name = "quark-even",
     .summary = "AMD Quark MXFP4: amax plus 2^21 in its bits, then floor",
     .source = "AMD Quark, stored version",
     .formats = mxfp4_types,
     .scale_rule = ScaleRuleType::Even,
     .open = all_freedoms_but("scale_rule", "zero_block_scale"),
     .quirks = "its kernels do not agree with each other: ties to even or away, elements through float16 or "
               "bfloat16, scale 0x00 decoded to 0 by one of them"},
    {.name = "trainium-plus-one",
     .summary = "AWS Trainium3 quantize_mx: twice the scale of the sample algorithm",
     .source = "AWS NKI documentation of quantize_mx",
     .evidence = Evidence::Stated,
     .formats = mxfp8_types,
     .scale_rule = ScaleRuleType::FloorPlusOne,
     .open = all_freedoms_but("scale_rule"),
     .quirks = "blocks of 8 partitions by 4"},
    detail::autoround("autoround-floor", "AutoRound floor: a zero block takes the scale of amax 2",
                      ScaleRuleType::Floor, ZeroBlockScale::RuleOfTwo),
    detail::autoround("autoround-rceil", "AutoRound rceil: a zero block takes the scale 2",
                      ScaleRuleType::Rceil, ZeroBlockScale::Two),
    {.name = "ptx",
     .summary = "PTX cvt.rn.satfinite and the CUDA header's host functions: elements only",
     .source =
         "PTX ISA 8.6 to 9.4; cuda_fp8.hpp, cuda_fp6.hpp and cuda_fp4.hpp of CUDA 13.0, run on the host",
     .evidence = Evidence::Stated,
     .chooses_scales = false,
     .open = freedoms("subnormal_input", "int8_minimum", "decode_overflow", "decode_subnormal"),
     .quirks = "the header's conversions from double keep the sign of NaN"},
    {.name = "cdna4",
     .summary = "AMD CDNA4 V_CVT_SCALEF32: elements only",
     .source = "AMD CDNA4 ISA, chapter 7.3; HIP host functions",
     .evidence = Evidence::Stated,
     .formats = mxfp_types,
     .chooses_scales = false,
     .policy = {.nan_to_finite = NanToFinite::SignedMax, .nan_code = NanCode::SignedQuiet},
     .open = freedoms("overflow", "subnormal_input", "zero_sign", "int8_minimum", "decode_subnormal",
                      "lowest_scale_decode"),
     .quirks = "MODE.FP16_OVFL chooses the overflow and MODE.denorm what subnormal numbers are"},
};

inline constexpr const Profile& default_profile = profiles[0];

constexpr const Profile* find_profile(std::string_view name) {
  for (const auto& profile : profiles)
    if (name == profile.name) return &profile;
  return nullptr;
}

}  // namespace mxemu::spec
