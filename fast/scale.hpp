// Shared scales (MX 5.4, 6.3): every power-of-two rule as integers on the bits of amax.
#pragma once

#include <cstdint>

#include "fast/number.hpp"
#include "spec/element_format.hpp"
#include "spec/float_format.hpp"
#include "spec/request.hpp"
#include "spec/scale_format.hpp"
#include "spec/scale_rule.hpp"

namespace mxemu::fast {

/// What one request says of scales, as integers: the scale code of amax = s * 2^e is
/// e + offset + (s >= bump_from), clamped to min_code … max_code.
template <class Word>
struct ScaleWords {
  Word bump_from;  ///< in the units of Number<Word>::significand
  int offset;
  int min_code;
  int max_code;
  int overflow_code;  ///< beyond max_code, and of an infinite amax
  int zero_code;      ///< of a block without magnitude
  int nan_code;
  bool flush_input;  ///< subnormal inputs count as zero
  bool nan_poisons;
  bool inf_poisons;
  bool nan_is_infinite;  ///< stands for an infinite amax
  bool inf_is_infinite;
};

/// The code of a scale exponent already biased.
MXEMU_HOST_DEVICE constexpr int clamp_scale(int code, int min_code, int max_code,
                                            int overflow_code) noexcept {
  return code < min_code ? min_code : code > max_code ? overflow_code : code;
}

/// MX 6.3: the scale code of a block whose largest magnitude is `amax`.
template <class Word>
MXEMU_HOST_DEVICE constexpr int shared_scale(const ScaleWords<Word>& words,
                                             const Number<Word>& amax) noexcept {
  const int code = amax.exponent + words.offset + (amax.significand >= words.bump_from ? 1 : 0);
  return amax.significand == 0 ? words.zero_code
                               : clamp_scale(code, words.min_code, words.max_code, words.overflow_code);
}

template <class Word>
MXEMU_HOST constexpr ScaleWords<Word> make_scale_words(const spec::ElementFormat& element,
                                                       const spec::ScaleFormat& scale,
                                                       const spec::ScaleRule& rule,
                                                       const spec::Policy& policy) noexcept {
  using NonFinite = spec::NonFiniteInBlock;
  using Zero = spec::ZeroBlockScale;
  const auto threshold = static_cast<Word>(spec::significand_threshold(rule, element));
  const bool clamp = policy.scale_overflow == spec::ScaleOverflow::Clamp;
  ScaleWords<Word> words = {
      (threshold << (leading_bit<Word> - spec::threshold_bits)) + (rule.strict ? 1u : 0u),
      scale.bias - element.emax + rule.base,
      rule.smallest_code,
      scale.max_code,
      clamp ? scale.max_code : scale.nan_code,
      scale.min_code,
      scale.nan_code,
      policy.subnormal_input == spec::SubnormalInput::FlushToZero,
      policy.nan_in_block == NonFinite::PoisonBlock,
      policy.inf_in_block == NonFinite::PoisonBlock,
      policy.nan_in_block == NonFinite::SaturateScale,
      policy.inf_in_block == NonFinite::SaturateScale};
  const Word one = Word{1} << leading_bit<Word>;
  words.zero_code = policy.zero_block_scale == Zero::One         ? scale.bias
                    : policy.zero_block_scale == Zero::RuleOfOne ? shared_scale<Word>(words, {one, 0})
                    : policy.zero_block_scale == Zero::RuleOfTwo ? shared_scale<Word>(words, {one, 1})
                    : policy.zero_block_scale == Zero::Nan       ? scale.nan_code
                    : policy.zero_block_scale == Zero::Two       ? scale.bias + 1
                                                                 : scale.min_code;
  return words;
}

/// What the magnitudes of a block say: bits of the source format without their signs.
template <class Word>
struct BlockMaximum {
  Word finite;  ///< largest finite magnitude
  Word nan;     ///< nonzero when there is a NaN
  Word inf;     ///< nonzero when there is an Inf
};

/// One more number in the maximum.
template <class Word>
MXEMU_HOST_DEVICE constexpr void include(BlockMaximum<Word>& maximum, const spec::FloatFormat& source,
                                         Word bits) noexcept {
  const auto infinity = infinity_bits<Word>(source);
  const Word magnitude = bits & (sign_bit<Word>(source) - 1);
  const Word finite = magnitude < infinity ? magnitude : Word{0};
  maximum.finite = finite > maximum.finite ? finite : maximum.finite;
  maximum.nan |= magnitude > infinity ? Word{1} : Word{0};
  maximum.inf |= magnitude == infinity ? Word{1} : Word{0};
}

/// MX 6.3: the scale code of a block, with the policy's word on NaN and Inf.
template <class Word>
MXEMU_HOST_DEVICE constexpr int shared_scale(const ScaleWords<Word>& words, const spec::FloatFormat& source,
                                             const BlockMaximum<Word>& maximum) noexcept {
  const bool poisoned = (maximum.nan != 0 && words.nan_poisons) || (maximum.inf != 0 && words.inf_poisons);
  const bool infinite =
      (maximum.nan != 0 && words.nan_is_infinite) || (maximum.inf != 0 && words.inf_is_infinite);
  // Subnormal inputs count as zero: then so does an amax that is one, and no other amax changes.
  const bool flushed = words.flush_input && (maximum.finite >> source.mantissa_bits) == 0;
  const Word amax = flushed ? Word{0} : maximum.finite;
  const int code = shared_scale(words, number_of<Word>(source.mantissa_bits, source.emin, amax));
  return poisoned ? words.nan_code : infinite ? words.overflow_code : code;
}

/// A number converted to a scale code by itself (the E8M0 conversions of PTX, PyTorch, ONNX): its magnitude
/// is rounded, clamped below, and overflows above as `overflow` says. NaN gives NaN, Inf overflows.
MXEMU_HOST_DEVICE constexpr int encode_scale(const spec::ScaleFormat& format, const spec::FloatFormat& source,
                                             std::uint64_t bits, spec::RoundingMode mode,
                                             spec::ScaleOverflow overflow) noexcept {
  using Word = std::uint64_t;
  const Word magnitude = bits & (sign_bit<Word>(source) - 1);
  const int beyond = overflow == spec::ScaleOverflow::Clamp ? format.max_code : format.nan_code;
  const Number<Word> number = number_of<Word>(source.mantissa_bits, source.emin, magnitude);
  const RoundingWords<Word> words = make_rounding_words<Word>({mode}, format.mantissa_bits);
  // Without subnormals the codes start at 2^emin itself, whose ordinal is 2^mantissa_bits.
  const int first = format.has_subnormals ? 0 : 1 << format.mantissa_bits;
  const auto ordinal =
      static_cast<int>(ordinal_of<Word>(number, format.mantissa_bits, format.emin, words, Word{0}, Word{0}));
  const bool below = !format.has_subnormals && number.exponent < format.emin;
  const int code = number.significand == 0 || below ? format.min_code : ordinal - first;
  const int finite = code > format.max_code ? beyond : code;
  return magnitude > infinity_bits<Word>(source)    ? format.nan_code
         : magnitude == infinity_bits<Word>(source) ? beyond
                                                    : finite;
}

}  // namespace mxemu::fast
