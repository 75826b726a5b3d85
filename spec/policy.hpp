// What MX v1.0 leaves open, one enumeration per freedom. Defaults are those of the `ocp` profile.
#pragma once

#include <cstdint>

#include "spec/words.hpp"

namespace mxemu::spec {

/// FP8 conversion of Inf and of values beyond the largest number after rounding (OFP8; MX 5.3.1 requires
/// both).
enum class Overflow : std::uint8_t { Saturate, NonFinite };
template <>
inline constexpr Word<Overflow> words<Overflow>[] = {
    {Overflow::Saturate, "saturate", "SAT: the largest number, sign kept"},
    {Overflow::NonFinite, "nonfinite", "OVF: E5M2 gives Inf, E4M3 NaN; formats without either saturate"},
};
static_assert(words_are_in_order<Overflow>());

/// A NaN, or an Inf, among the values of a block (MX 6.3 is silent).
enum class NonFiniteInBlock : std::uint8_t { PoisonBlock, ElementOnly, Ignore, SaturateScale };
template <>
inline constexpr Word<NonFiniteInBlock> words<NonFiniteInBlock>[] = {
    {NonFiniteInBlock::PoisonBlock, "poison_block", "the scale is NaN and every code 0"},
    {NonFiniteInBlock::ElementOnly, "element_only", "left out of amax; the element alone is converted"},
    {NonFiniteInBlock::Ignore, "ignore", "left out of amax and converted as +0"},
    {NonFiniteInBlock::SaturateScale, "saturate_scale",
     "amax is infinite: the scale overflows; the element is converted"},
};
static_assert(words_are_in_order<NonFiniteInBlock>());

/// NaN to an element format without NaN (implementation-defined: MX 5.3.2, 5.3.3).
enum class NanToFinite : std::uint8_t { PositiveMax, SignedMax, PositiveZero, FlippedZero };
template <>
inline constexpr Word<NanToFinite> words<NanToFinite>[] = {
    {NanToFinite::PositiveMax, "positive_max", "the largest number (CUDA, PTX, ONNX)"},
    {NanToFinite::SignedMax, "signed_max", "the largest number with the NaN's sign (AMD)"},
    {NanToFinite::PositiveZero, "positive_zero", "+0 (ggml, tt-metal)"},
    {NanToFinite::FlippedZero, "flipped_zero", "zero with the opposite of the NaN's sign (ml_dtypes)"},
};
static_assert(words_are_in_order<NanToFinite>());

/// Which NaN code an FP8 conversion produces (OFP8: any).
enum class NanCode : std::uint8_t { AllOnes, SignedAllOnes, SignedQuiet };
template <>
inline constexpr Word<NanCode> words<NanCode>[] = {
    {NanCode::AllOnes, "all_ones", "0x7f"},
    {NanCode::SignedAllOnes, "signed_all_ones", "0x7f or 0xff, the NaN's sign"},
    {NanCode::SignedQuiet, "signed_quiet", "quiet bit only, the NaN's sign (E5M2: 0x7e or 0xfe)"},
};
static_assert(words_are_in_order<NanCode>());

/// The scale of a block whose amax is zero (MX 6.3 is silent; any finite scale decodes to zero).
enum class ZeroBlockScale : std::uint8_t { Smallest, One, RuleOfOne, RuleOfTwo, Nan, Two };
template <>
inline constexpr Word<ZeroBlockScale> words<ZeroBlockScale>[] = {
    {ZeroBlockScale::Smallest, "smallest", "code 0x00"},
    {ZeroBlockScale::One, "one", "the scale 1"},
    {ZeroBlockScale::RuleOfOne, "rule_of_one", "as if amax were 1"},
    {ZeroBlockScale::RuleOfTwo, "rule_of_two", "as if amax were 2"},
    {ZeroBlockScale::Nan, "nan", "the scale is NaN and every code 0"},
    {ZeroBlockScale::Two, "two", "the scale 2"},
};
static_assert(words_are_in_order<ZeroBlockScale>());

/// A scale beyond the largest of its format. (Below the smallest it is always clamped.)
enum class ScaleOverflow : std::uint8_t { Clamp, Nan };
template <>
inline constexpr Word<ScaleOverflow> words<ScaleOverflow>[] = {
    {ScaleOverflow::Clamp, "clamp", "the largest scale, 0xfe"},
    {ScaleOverflow::Nan, "nan", "the scale is NaN and every code 0"},
};
static_assert(words_are_in_order<ScaleOverflow>());

/// Subnormal numbers of the source format.
enum class SubnormalInput : std::uint8_t { Exact, FlushToZero };
template <>
inline constexpr Word<SubnormalInput> words<SubnormalInput>[] = {
    {SubnormalInput::Exact, "exact", "taken at their value"},
    {SubnormalInput::FlushToZero, "flush_to_zero", "taken as zero of the same sign, in amax too"},
};
static_assert(words_are_in_order<SubnormalInput>());

/// The sign of zero results (INT8 has none).
enum class ZeroSign : std::uint8_t { Keep, DropOnZeroInput, Drop };
template <>
inline constexpr Word<ZeroSign> words<ZeroSign>[] = {
    {ZeroSign::Keep, "keep", "-0 and small negative values give -0"},
    {ZeroSign::DropOnZeroInput, "drop_on_zero_input", "-0 gives +0; a small negative value gives -0"},
    {ZeroSign::Drop, "drop", "every zero that a finite value becomes is +0"},
};
static_assert(words_are_in_order<ZeroSign>());

/// INT8 code 0x80, -2 (MX 5.3.4: may be left unused).
enum class Int8Minimum : std::uint8_t { Unused, Used };
template <>
inline constexpr Word<Int8Minimum> words<Int8Minimum>[] = {
    {Int8Minimum::Unused, "unused", "conversion clamps to -127/64"},
    {Int8Minimum::Used, "used", "conversion clamps to -128/64"},
};
static_assert(words_are_in_order<Int8Minimum>());

/// A line whose length is not a multiple of the block size (MX 6.2 pads vectors).
enum class Tail : std::uint8_t { ZeroPad, ShortBlock, Refuse };
template <>
inline constexpr Word<Tail> words<Tail>[] = {
    {Tail::ZeroPad, "zero_pad", "padded with +0 to a whole block; stored codes keep the logical shape"},
    {Tail::ShortBlock, "short_block", "the last block is short"},
    {Tail::Refuse, "refuse", "an error"},
};
static_assert(words_are_in_order<Tail>());

/// A product X * P beyond the largest number of the output format (implementation-defined: MX 5.1).
enum class DecodeOverflow : std::uint8_t { Infinity, Saturate };
template <>
inline constexpr Word<DecodeOverflow> words<DecodeOverflow>[] = {
    {DecodeOverflow::Infinity, "infinity", "Inf, as roundTiesToEven gives it"},
    {DecodeOverflow::Saturate, "saturate", "the largest number of the output format, sign kept"},
};
static_assert(words_are_in_order<DecodeOverflow>());

/// A product X * P that is subnormal in the output format.
enum class DecodeSubnormal : std::uint8_t { Exact, FlushToZero };
template <>
inline constexpr Word<DecodeSubnormal> words<DecodeSubnormal>[] = {
    {DecodeSubnormal::Exact, "exact", "the subnormal number"},
    {DecodeSubnormal::FlushToZero, "flush_to_zero", "zero of the same sign"},
};
static_assert(words_are_in_order<DecodeSubnormal>());

/// How scale code 0x00 decodes. The standard says 2^-127; devices in the field say otherwise.
enum class LowestScaleDecode : std::uint8_t { Exact, Zero };
template <>
inline constexpr Word<LowestScaleDecode> words<LowestScaleDecode>[] = {
    {LowestScaleDecode::Exact, "exact", "2^-127 (MX 5.4.1)"},
    {LowestScaleDecode::Zero, "zero", "0, against the standard"},
};
static_assert(words_are_in_order<LowestScaleDecode>());

/// How scale code 0xff decodes. The standard says NaN; devices in the field say otherwise.
enum class NanScaleDecode : std::uint8_t { Nan, PowerOfTwo, Zero };
template <>
inline constexpr Word<NanScaleDecode> words<NanScaleDecode>[] = {
    {NanScaleDecode::Nan, "nan", "every value of the block is NaN (MX 5.1)"},
    {NanScaleDecode::PowerOfTwo, "power_of_two", "2^128, against the standard"},
    {NanScaleDecode::Zero, "zero", "0, against the standard"},
};
static_assert(words_are_in_order<NanScaleDecode>());

struct Policy {
  Overflow overflow = Overflow::Saturate;
  NonFiniteInBlock nan_in_block = NonFiniteInBlock::PoisonBlock;
  NonFiniteInBlock inf_in_block = NonFiniteInBlock::PoisonBlock;
  NanToFinite nan_to_finite = NanToFinite::PositiveMax;
  NanCode nan_code = NanCode::AllOnes;
  ZeroBlockScale zero_block_scale = ZeroBlockScale::Smallest;
  ScaleOverflow scale_overflow = ScaleOverflow::Clamp;
  SubnormalInput subnormal_input = SubnormalInput::Exact;
  ZeroSign zero_sign = ZeroSign::Keep;
  Int8Minimum int8_minimum = Int8Minimum::Unused;
  Tail tail = Tail::ZeroPad;
  DecodeOverflow decode_overflow = DecodeOverflow::Infinity;
  DecodeSubnormal decode_subnormal = DecodeSubnormal::Exact;
  LowestScaleDecode lowest_scale_decode = LowestScaleDecode::Exact;
  NanScaleDecode nan_scale_decode = NanScaleDecode::Nan;

  constexpr bool operator==(const Policy&) const = default;
};

/// Calls visit(name, field) for every freedom: what the command line, the reports and the tests enumerate.
template <class SomePolicy, class Visitor>
constexpr void for_each_freedom(SomePolicy& policy, Visitor&& visit) {
  visit("overflow", policy.overflow);
  visit("nan_in_block", policy.nan_in_block);
  visit("inf_in_block", policy.inf_in_block);
  visit("nan_to_finite", policy.nan_to_finite);
  visit("nan_code", policy.nan_code);
  visit("zero_block_scale", policy.zero_block_scale);
  visit("scale_overflow", policy.scale_overflow);
  visit("subnormal_input", policy.subnormal_input);
  visit("zero_sign", policy.zero_sign);
  visit("int8_minimum", policy.int8_minimum);
  visit("tail", policy.tail);
  visit("decode_overflow", policy.decode_overflow);
  visit("decode_subnormal", policy.decode_subnormal);
  visit("lowest_scale_decode", policy.lowest_scale_decode);
  visit("nan_scale_decode", policy.nan_scale_decode);
}

}  // namespace mxemu::spec
