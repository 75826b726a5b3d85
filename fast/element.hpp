// Element codes (MX 5.3): conversion from and to floating-point bits, integers only and without branches.
//
// A policy is reduced to integers (`ElementWords`, `DecodeWords`) before a loop; the loop does not know it.
#pragma once

#include <cstdint>

#include "fast/number.hpp"
#include "spec/element_format.hpp"
#include "spec/float_format.hpp"
#include "spec/policy.hpp"
#include "spec/rounding.hpp"
#include "spec/scale_format.hpp"

namespace mxemu::fast {

/// One integer for each sign.
template <class Word>
struct SignedPair {
  Word positive;
  Word negative;

  MXEMU_HOST_DEVICE constexpr Word of(Word negative_mask) const noexcept {
    return select(negative_mask, negative, positive);
  }
};

/// The code of an ordinal with a sign, a mask. Two's complement has no negative zero.
template <class Word>
MXEMU_HOST_DEVICE constexpr Word with_sign(const spec::ElementFormat& format, Word ordinal,
                                           Word negative) noexcept {
  const Word sign = format.sign_mask;
  const Word integer = mask_of<Word>(format.encoding == spec::Encoding::TwosComplement);
  const Word minus = select<Word>(integer, (2 * sign - ordinal) & (2 * sign - 1), sign | ordinal);
  return select(negative, minus, ordinal);
}

/// What one request says of single elements, as integers.
template <class Word>
struct ElementWords {
  RoundingWords<Word> rounding;
  SignedPair<Word> largest;   ///< largest ordinal that is a number
  SignedPair<Word> overflow;  ///< codes of finite values beyond it
  SignedPair<Word> infinity;  ///< codes of Inf
  SignedPair<Word> nan;       ///< codes of NaN
  Word flush_input;           ///< mask: subnormal inputs count as zero
  Word sign_of_zero_input;    ///< mask: kept
  Word sign_of_rounded_zero;  ///< mask: kept
};

/// MX 5.3.2, 5.3.3: NaN to a format without NaN is implementation-defined; OFP8: any NaN code will do.
MXEMU_HOST constexpr std::uint32_t nan_element(const spec::ElementFormat& format, std::uint32_t negative,
                                               const spec::Policy& policy) noexcept {
  if (format.has_nan()) {
    const std::uint32_t quiet = format.has_infinity()
                                    ? format.infinity_code + (1u << (format.mantissa_bits - 1))
                                    : std::uint32_t{format.nan_code};
    switch (policy.nan_code) {
      case spec::NanCode::AllOnes: return format.nan_code;
      case spec::NanCode::SignedAllOnes: return with_sign<std::uint32_t>(format, format.nan_code, negative);
      case spec::NanCode::SignedQuiet: return with_sign<std::uint32_t>(format, quiet, negative);
    }
  }
  switch (policy.nan_to_finite) {
    case spec::NanToFinite::PositiveMax: return format.max_normal_code;
    case spec::NanToFinite::SignedMax:
      return with_sign<std::uint32_t>(format, format.max_normal_code, negative);
    case spec::NanToFinite::PositiveZero: return 0;
    case spec::NanToFinite::FlippedZero: return with_sign<std::uint32_t>(format, 0, ~negative);
  }
  return 0;
}

/// OFP8: SAT gives the largest number, OVF gives Inf or else NaN. MX 5.3.2 to 5.3.4: the others clamp.
MXEMU_HOST constexpr std::uint32_t overflow_element(const spec::ElementFormat& format, std::uint32_t negative,
                                                    const spec::Policy& policy,
                                                    std::uint32_t largest) noexcept {
  const bool non_finite = policy.overflow == spec::Overflow::NonFinite;
  return non_finite && format.has_infinity()
             ? with_sign<std::uint32_t>(format, format.infinity_code, negative)
         : non_finite && format.has_nan() ? nan_element(format, negative, policy)
                                          : with_sign<std::uint32_t>(format, largest, negative);
}

template <class Word>
MXEMU_HOST constexpr ElementWords<Word> make_element_words(const spec::ElementFormat& format,
                                                           const spec::Rounding& rounding,
                                                           const spec::Policy& policy) noexcept {
  using NonFinite = spec::NonFiniteInBlock;
  const bool minimum =
      format.encoding == spec::Encoding::TwosComplement && policy.int8_minimum == spec::Int8Minimum::Used;
  constexpr std::uint32_t plus = 0;
  constexpr std::uint32_t minus = ~plus;
  const std::uint32_t largest = format.max_normal_code;
  const std::uint32_t lowest = largest + (minimum ? 1 : 0);
  const SignedPair<Word> overflow = {overflow_element(format, plus, policy, largest),
                                     overflow_element(format, minus, policy, lowest)};
  const SignedPair<Word> nan = {nan_element(format, plus, policy), nan_element(format, minus, policy)};
  const SignedPair<Word> zero = {0, 0};
  return {make_rounding_words<Word>(rounding, format.mantissa_bits),
          {largest, lowest},
          overflow,
          policy.inf_in_block == NonFinite::Ignore ? zero : overflow,
          policy.nan_in_block == NonFinite::Ignore ? zero : nan,
          mask_of<Word>(policy.subnormal_input == spec::SubnormalInput::FlushToZero),
          mask_of<Word>(policy.zero_sign == spec::ZeroSign::Keep),
          mask_of<Word>(policy.zero_sign != spec::ZeroSign::Drop)};
}

/// MX 6.3, 5.3.1 to 5.3.4, OFP8: the code of the number with the bits `bits` of `source`, divided by
/// 2^scale_exponent and rounded once. `Word` is 64 bits wide for float64 and where `needs_wide_word`.
template <class Word>
MXEMU_HOST_DEVICE constexpr std::uint32_t encode_element(const spec::ElementFormat& format,
                                                         const ElementWords<Word>& words,
                                                         const spec::FloatFormat& source, Word bits,
                                                         int scale_exponent, Word random_word = 0) noexcept {
  const Word sign = sign_bit<Word>(source);
  const Word infinity = infinity_bits<Word>(source);
  const Word smallest = words.flush_input & (Word{1} << source.mantissa_bits);
  const Word negative = mask_of<Word>((bits & sign) != 0);
  const Word given = bits & (sign - 1);
  const Word magnitude = given & mask_of<Word>(given >= smallest);

  Number<Word> quotient = number_of<Word>(source.mantissa_bits, source.emin, magnitude);
  quotient.exponent -= scale_exponent;
  const Word ordinal =
      ordinal_of<Word>(quotient, format.mantissa_bits, format.emin, words.rounding, negative, random_word);

  const Word zero_sign =
      select(mask_of<Word>(magnitude == 0), words.sign_of_zero_input, words.sign_of_rounded_zero);
  const Word number = with_sign<Word>(format, ordinal, negative & (mask_of<Word>(ordinal != 0) | zero_sign));
  const Word overflows = mask_of<Word>(ordinal > words.largest.of(negative));
  const Word finite = select(overflows, words.overflow.of(negative), number);
  const Word non_finite =
      select(mask_of<Word>(magnitude == infinity), words.infinity.of(negative), words.nan.of(negative));
  return static_cast<std::uint32_t>(select(mask_of<Word>(magnitude < infinity), finite, non_finite));
}

/// What one request says of decoding to one output format, as integers.
template <class Word>
struct DecodeWords {
  RoundingWords<Word> rounding;
  Word overflow;  ///< magnitude bits of products beyond the largest number
  Word flush;     ///< mask: subnormal products become zero
  // Scale codes with a meaning of their own, or `never`.
  std::uint32_t nan_scale;
  std::uint32_t lowest_zero_scale;
  std::uint32_t nan_zero_scale;
};

template <class Word>
MXEMU_HOST constexpr DecodeWords<Word> make_decode_words(const spec::ScaleFormat& scale,
                                                         const spec::FloatFormat& output,
                                                         const spec::Policy& policy) noexcept {
  constexpr std::uint32_t never = ~std::uint32_t{0};
  const Word infinity = infinity_bits<Word>(output);
  const bool saturate = policy.decode_overflow == spec::DecodeOverflow::Saturate;
  return {make_rounding_words<Word>({}, output.mantissa_bits),
          saturate ? infinity - 1 : infinity,
          mask_of<Word>(policy.decode_subnormal == spec::DecodeSubnormal::FlushToZero),
          policy.nan_scale_decode == spec::NanScaleDecode::Nan ? scale.nan_code : never,
          policy.lowest_scale_decode == spec::LowestScaleDecode::Zero ? scale.min_code : never,
          policy.nan_scale_decode == spec::NanScaleDecode::Zero ? scale.nan_code : never};
}

/// MX 5.1: the bits of X * P in `output`, rounded once: NaN when X is NaN, P itself when P is Inf or NaN.
/// Bits of `code` beyond the format's width are ignored. `Word` is 64 bits wide for float64.
template <class Word>
MXEMU_HOST_DEVICE constexpr Word decode_element(const spec::ElementFormat& format,
                                                const spec::ScaleFormat& scale,
                                                const spec::FloatFormat& output,
                                                const DecodeWords<Word>& words, std::uint32_t code,
                                                std::uint32_t scale_code) noexcept {
  const Word sign = format.sign_mask;
  const Word given = code;
  const Word negative = mask_of<Word>((given & sign) != 0);
  const Word integer = mask_of<Word>(format.encoding == spec::Encoding::TwosComplement);
  const Word ordinal =
      select<Word>(integer & negative, 2 * sign - (given & (2 * sign - 1)), given & (sign - 1));
  const Word is_number =
      mask_of<Word>(format.nan_code == 0) | mask_of<Word>(ordinal <= format.max_normal_code);
  const Word is_infinity =
      mask_of<Word>(format.infinity_code != 0) & mask_of<Word>(ordinal == format.infinity_code);

  Number<Word> product = number_of<Word>(format.mantissa_bits, format.emin, ordinal);
  product.exponent += static_cast<int>(scale_code) - scale.bias;
  const Word rounded =
      ordinal_of<Word>(product, output.mantissa_bits, output.emin, words.rounding, negative, Word{0});
  const Word is_zero = mask_of<Word>(scale_code == words.lowest_zero_scale) |
                       mask_of<Word>(scale_code == words.nan_zero_scale) |
                       (words.flush & mask_of<Word>(product.exponent < output.emin));

  const Word infinity = infinity_bits<Word>(output);
  const Word number = select(mask_of<Word>(rounded < infinity), rounded, words.overflow) & ~is_zero;
  const Word signed_bits = select(is_number, number, infinity) | (negative & sign_bit<Word>(output));
  const Word is_nan = mask_of<Word>(scale_code == words.nan_scale) | ~(is_number | is_infinity);
  return select(is_nan, nan_bits<Word>(output), signed_bits);
}

}  // namespace mxemu::fast
