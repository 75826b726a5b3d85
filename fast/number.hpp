// Finite magnitudes as integers. The codes of one sign of any floating-point format, element formats and
// INT8 included, count upward in value: call the code without its sign its ordinal. `number_of` takes an
// ordinal apart, `ordinal_of` rounds a number to an ordinal.
#pragma once

#include <cstdint>

#include "fast/host_device.hpp"
#include "spec/float_format.hpp"
#include "spec/rounding.hpp"

namespace mxemu::fast {

/// Bits of an unsigned word: 32 or 64.
template <class Word>
inline constexpr int word_bits = static_cast<int>(8 * sizeof(Word));

/// Where a number keeps its leading one: one bit is free above it, for the carry of rounding.
template <class Word>
inline constexpr int leading_bit = word_bits<Word> - 2;

/// The exponent of zero: below every other.
inline constexpr int exponent_of_zero = -(1 << 14);

/// significand * 2^(exponent - leading_bit): the leading one stands at leading_bit, or significand is 0 and
/// exponent is exponent_of_zero.
template <class Word>
struct Number {
  Word significand;
  int exponent;
};

/// The sign bit, the bits of +Inf and the quiet NaN of a row. (The row's own functions are host functions.)
template <class Word>
MXEMU_HOST_DEVICE constexpr Word sign_bit(const spec::FloatFormat& format) noexcept {
  return Word{1} << (format.bits - 1);
}
template <class Word>
MXEMU_HOST_DEVICE constexpr Word infinity_bits(const spec::FloatFormat& format) noexcept {
  return ((Word{1} << format.exponent_bits) - 1) << format.mantissa_bits;
}
template <class Word>
MXEMU_HOST_DEVICE constexpr Word nan_bits(const spec::FloatFormat& format) noexcept {
  return infinity_bits<Word>(format) | Word{1} << (format.mantissa_bits - 1);
}

MXEMU_HOST_DEVICE constexpr int leading_zeros(std::uint32_t nonzero) noexcept {
#ifdef __CUDA_ARCH__
  return __clz(static_cast<int>(nonzero));
#else
  return __builtin_clz(nonzero);
#endif
}

MXEMU_HOST_DEVICE constexpr int leading_zeros(std::uint64_t nonzero) noexcept {
#ifdef __CUDA_ARCH__
  return __clzll(static_cast<long long>(nonzero));
#else
  return __builtin_clzll(nonzero);
#endif
}

/// All ones where `condition` holds, else 0. The codec chooses with masks rather than with ?: because
/// compilers thread several ?: on one condition back into branches, which no vectoriser takes.
template <class Word>
MXEMU_HOST_DEVICE constexpr Word mask_of(bool condition) noexcept {
  return static_cast<Word>(Word{0} - static_cast<Word>(condition));
}

template <class Word>
MXEMU_HOST_DEVICE constexpr Word select(Word mask, Word chosen, Word otherwise) noexcept {
  return (chosen & mask) | (otherwise & ~mask);
}

/// How far `integer` < 2^(leading_bit + 1) moves left until its leading one stands at leading_bit, found by
/// halving the distance: for vectors without an instruction that counts zeros.
template <class Word, int step = word_bits<Word> / 2>
MXEMU_HOST_DEVICE constexpr int halving_shift(Word integer) noexcept {
  if constexpr (step == 0) {
    return 0;
  } else {
    const Word fits = mask_of<Word>(integer < Word{1} << (leading_bit<Word> + 1 - step));
    const int move = static_cast<int>(fits & step);
    return move + halving_shift<Word, step / 2>(integer << move);
  }
}

/// How far `integer` < 2^(leading_bit + 1) moves left until its leading one stands at leading_bit.
template <class Word>
MXEMU_HOST_DEVICE constexpr int normalizing_shift(Word integer) noexcept {
#if defined(__AVX2__) && !defined(__AVX512CD__)
  return halving_shift(integer);
#else
  return leading_zeros(integer | Word{1}) - 1;  // 0 has no leading one: `| 1` keeps the count defined
#endif
}

/// The number of an ordinal: 2^mantissa_bits ordinals per exponent from the subnormals on, whose quantum is
/// 2^(emin - mantissa_bits).
template <class Word>
MXEMU_HOST_DEVICE constexpr Number<Word> number_of(int mantissa_bits, int emin, Word ordinal) noexcept {
  const Word hidden = Word{1} << mantissa_bits;
  const Word field = ordinal >> mantissa_bits;
  const Word normal = mask_of<Word>(field != 0);
  const Word integer = (ordinal & (hidden - 1)) | (hidden & normal);
  const int shift = normalizing_shift(integer);
  const int binade = static_cast<int>(field) - static_cast<int>(normal & 1);
  const int exponent = emin + binade - mantissa_bits + leading_bit<Word> - shift;
  const int is_zero = static_cast<int>(mask_of<Word>(integer == 0));
  return {integer << shift, (exponent & ~is_zero) | (exponent_of_zero & is_zero)};
}

/// A rounding mode as integers: what is added to the discarded fraction, whose carry is the rounding.
template <class Word>
struct RoundingWords {
  Word add_positive;
  Word add_negative;
  Word odd;  ///< 1 where an odd neighbour attracts ties, else 0
  Word random_mask;
  int random_shift;
};

/// Random words decide in a word of 32 bits only when the fraction kept there is longer than they are.
MXEMU_HOST_DEVICE constexpr bool needs_wide_word(const spec::Rounding& rounding) noexcept {
  return rounding.mode == spec::RoundingMode::Stochastic && rounding.random_bits > 16;
}

/// The words of `rounding` to a format of `mantissa_bits`. Random bits outside 1 to 32 are taken as the
/// nearer end.
template <class Word>
MXEMU_HOST_DEVICE constexpr RoundingWords<Word> make_rounding_words(const spec::Rounding& rounding,
                                                                    int mantissa_bits) noexcept {
  using Mode = spec::RoundingMode;
  const int fraction_bits = leading_bit<Word> - mantissa_bits;
  const Word half = Word{1} << (fraction_bits - 1);
  const Word almost_one = half + (half - 1);
  const int random_bits = rounding.random_bits < 1    ? 1
                          : rounding.random_bits > 32 ? 32
                                                      : rounding.random_bits;
  switch (rounding.mode) {
    case Mode::NearestEven: return {half - 1, half - 1, 1, 0, 0};
    case Mode::NearestAway: return {half, half, 0, 0, 0};
    case Mode::TowardZero: return {0, 0, 0, 0, 0};
    case Mode::Up: return {almost_one, 0, 0, 0, 0};
    case Mode::Down: return {0, almost_one, 0, 0, 0};
    case Mode::NearestTowardZero: return {half - 1, half - 1, 0, 0, 0};
    case Mode::Stochastic:
      return {0, 0, 0, static_cast<Word>(~std::uint32_t{0} >> (32 - random_bits)),
              fraction_bits > random_bits ? fraction_bits - random_bits : 0};
  }
  return {half - 1, half - 1, 1, 0, 0};
}

/// The ordinal of `number` rounded once to a format, as if its exponent range had no upper end. `negative`
/// is a mask.
template <class Word>
MXEMU_HOST_DEVICE constexpr Word ordinal_of(const Number<Word>& number, int mantissa_bits, int emin,
                                            const RoundingWords<Word>& rounding, Word negative,
                                            Word random_word) noexcept {
  const int fraction_bits = leading_bit<Word> - mantissa_bits;
  const int above = number.exponent - emin;
  const int rise = above > 0 ? above : 0;
  // Below emin the quantum stays and the significand moves right. The clamp is reached by float32 2^-149
  // under the scale 2^127; all that is left of it is the sticky bit.
  constexpr int furthest = word_bits<Word> - 1;
  const int fall = rise - above;
  const int below = fall < furthest ? fall : furthest;
  const Word kept = number.significand >> below;
  const Word grid = kept | static_cast<Word>((kept << below) != number.significand);
  const Word add = select(negative, rounding.add_negative, rounding.add_positive) +
                   ((grid >> fraction_bits) & rounding.odd) +
                   ((random_word & rounding.random_mask) << rounding.random_shift);
  return (static_cast<Word>(rise) << mantissa_bits) + ((grid + add) >> fraction_bits);
}

}  // namespace mxemu::fast
