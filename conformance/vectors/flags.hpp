// What a case touches: the words in the "flags" of a vector file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "conformance/cases.hpp"
#include "spec/words.hpp"

namespace mxemu::conformance::vectors {

enum class Flag : std::uint8_t {
  Tie,
  Sticky,
  RoundsUp,
  Carry,
  Saturates,
  Underflows,
  SubnormalCode,
  SubnormalInput,
  SubnormalOutput,
  Overflows,
  NegativeZero,
  NanInput,
  InfInput,
  NanBlock,
  ZeroBlock,
  ScaleClampedLow,
  ScaleClampedHigh,
  NanScale,
  Tail,
  Free,
  Silent,
};

/// The flags of case `index`, each once, in the order above.
std::vector<Flag> flags_of(const Cases& cases, const Answers& answers, std::size_t index);

}  // namespace mxemu::conformance::vectors

template <>
inline constexpr mxemu::spec::Word<mxemu::conformance::vectors::Flag>
    mxemu::spec::words<mxemu::conformance::vectors::Flag>[] = {
        {mxemu::conformance::vectors::Flag::Tie, "tie", "a number exactly halfway between two codes"},
        {mxemu::conformance::vectors::Flag::Sticky, "sticky",
         "a number beside a tie or a code by less than 2^-9 of the step: only its low bits decide"},
        {mxemu::conformance::vectors::Flag::RoundsUp, "rounds_up", "a magnitude rounded to the larger code"},
        {mxemu::conformance::vectors::Flag::Carry, "carry", "a magnitude rounded up to a power of two"},
        {mxemu::conformance::vectors::Flag::Saturates, "saturates",
         "a finite number becomes the largest of its sign after rounding beyond it"},
        {mxemu::conformance::vectors::Flag::Underflows, "underflows",
         "a number that is not zero becomes zero"},
        {mxemu::conformance::vectors::Flag::SubnormalCode, "subnormal_code",
         "a code is subnormal in its format"},
        {mxemu::conformance::vectors::Flag::SubnormalInput, "subnormal_input",
         "a number is subnormal in its type"},
        {mxemu::conformance::vectors::Flag::SubnormalOutput, "subnormal_output",
         "a decoded number is subnormal in its type"},
        {mxemu::conformance::vectors::Flag::Overflows, "overflows",
         "a finite number becomes an Inf or NaN code, or a product an Inf"},
        {mxemu::conformance::vectors::Flag::NegativeZero, "negative_zero", "a number, or a code, is -0"},
        {mxemu::conformance::vectors::Flag::NanInput, "nan", "a number, or a code, is a NaN"},
        {mxemu::conformance::vectors::Flag::InfInput, "infinity", "a number, or a code, is an Inf"},
        {mxemu::conformance::vectors::Flag::NanBlock, "nan_block", "the block gets the scale NaN"},
        {mxemu::conformance::vectors::Flag::ZeroBlock, "zero_block", "every number of the block is zero"},
        {mxemu::conformance::vectors::Flag::ScaleClampedLow, "scale_clamped_low",
         "the rule asks for a scale below the smallest"},
        {mxemu::conformance::vectors::Flag::ScaleClampedHigh, "scale_clamped_high",
         "the rule asks for a scale beyond the largest"},
        {mxemu::conformance::vectors::Flag::NanScale, "nan_scale", "the scale that is given is NaN"},
        {mxemu::conformance::vectors::Flag::Tail, "tail", "a short block"},
        {mxemu::conformance::vectors::Flag::Free, "free",
         "the standard leaves a word of the answer to the implementation"},
        {mxemu::conformance::vectors::Flag::Silent, "silent",
         "the standard does not say, and the answer is the profile's: a NaN or an Inf in a block"},
};
static_assert(mxemu::spec::words_are_in_order<mxemu::conformance::vectors::Flag>());
