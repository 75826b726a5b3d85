#include "fast/superaccumulator.hpp"

#include <cmath>
#include <cstring>

namespace mxemu::fast {
namespace {

/// IEEE 754-2019, 7.4: whether a number beyond the largest one becomes the largest one.
bool stays_finite(spec::RoundingMode mode, bool negative) {
  switch (mode) {
    case spec::RoundingMode::TowardZero: return true;
    case spec::RoundingMode::Up: return negative;
    case spec::RoundingMode::Down: return !negative;
    case spec::RoundingMode::NearestEven:
    case spec::RoundingMode::NearestAway:
    case spec::RoundingMode::NearestTowardZero:
    case spec::RoundingMode::Stochastic: return false;
  }
  return false;
}

/// Magnitude of a number in limbs of 32 bits, lowest first; the last one took what carried beyond the sum's.
template <std::size_t count>
struct Digits {
  std::uint32_t at[count + 1];
  bool negative;
};

/// The carries of limbs, and their sign.
template <std::size_t count>
Digits<count> digits_of(const std::int64_t (&limbs)[count]) {
  Digits<count> digits = {};
  std::int64_t carry = 0;
  for (std::size_t i = 0; i < count; ++i) {
    carry += limbs[i];
    digits.at[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  digits.at[count] = static_cast<std::uint32_t>(carry);
  digits.negative = carry < 0;
  if (!digits.negative) return digits;
  std::uint64_t borrow = 1;
  for (std::size_t i = 0; i <= count; ++i) {
    borrow += static_cast<std::uint32_t>(~digits.at[i]);
    digits.at[i] = static_cast<std::uint32_t>(borrow);
    borrow >>= 32;
  }
  return digits;
}

/// The 63 leading bits of `digits`, the last one set where more follow; `lowest` is the exponent of bit 0.
template <std::size_t count>
Number<std::uint64_t> leading_bits(const Digits<count>& digits, int lowest) {
  std::size_t top = count;
  while (top > 0 && digits.at[top] == 0) --top;
  if (top == 0 && digits.at[0] == 0) return {0, exponent_of_zero};
  const auto limb = [&](std::size_t below) {
    return top >= below ? std::uint64_t{digits.at[top - below]} : std::uint64_t{0};
  };
  const int zeros = leading_zeros(static_cast<std::uint32_t>(limb(0)));
  // 96 bits from the top; the leading one goes to bit 62 of the first 64.
  const std::uint64_t high = limb(0) << 32 | limb(1);
  const std::uint64_t aligned = high << zeros | limb(2) << zeros >> 32;
  std::uint64_t rest = (limb(2) << zeros & 0xffffffff) | (aligned & 1);
  for (std::size_t i = 3; i <= top; ++i) rest |= limb(i);
  return {aligned >> 1 | static_cast<std::uint64_t>(rest != 0),
          lowest + 32 * static_cast<int>(top) + 31 - zeros};
}

/// What an infinite sum (1: +Inf, 2: -Inf) is times a factor: the other one under a minus, NaN (4) times 0.
std::uint64_t infinity_times(std::uint64_t infinity, float factor) {
  if (factor == 0) return 4;
  return std::signbit(factor) ? 3 - infinity : infinity;
}

}  // namespace

template <int lowest, std::size_t limb_count>
std::uint64_t FixedPointSum<lowest, limb_count>::round(const spec::FloatFormat& format,
                                                       const spec::Rounding& rounding,
                                                       std::uint32_t random_word) {
  const std::uint64_t specials = specials_;
  const Digits<limb_count> digits = digits_of(limbs_);
  std::memset(static_cast<void*>(this), 0, sizeof *this);
  const auto infinity = infinity_bits<std::uint64_t>(format);
  const auto minus = sign_bit<std::uint64_t>(format);
  if (specials > 2) return nan_bits<std::uint64_t>(format);
  if (specials != 0) return infinity | (specials == 2 ? minus : 0);
  const Number<std::uint64_t> number = leading_bits(digits, lowest);
  if (number.significand == 0) return 0;
  const std::uint64_t ordinal =
      ordinal_of<std::uint64_t>(number, format.mantissa_bits, format.emin,
                                make_rounding_words<std::uint64_t>(rounding, format.mantissa_bits),
                                mask_of<std::uint64_t>(digits.negative), random_word);
  const std::uint64_t bounded = ordinal < infinity                             ? ordinal
                                : stays_finite(rounding.mode, digits.negative) ? infinity - 1
                                                                               : infinity;
  return bounded | (digits.negative ? minus : 0);
}

template <int lowest, std::size_t limb_count>
std::uint64_t FixedPointSum<lowest, limb_count>::round_scaled(float factor, double addend,
                                                              const spec::FloatFormat& format,
                                                              const spec::Rounding& rounding,
                                                              std::uint32_t random_word) {
  // A digit of 32 bits times a significand of 24 fits.
  int exponent = 0;
  const auto significand =
      static_cast<std::uint64_t>(std::ldexp(std::frexp(std::fabs(factor), &exponent), 24));
  const Digits<limb_count> digits = digits_of(limbs_);
  ScaledSum scaled;
  if (specials_ != 0) scaled.specials_ = specials_ > 2 ? 4 : infinity_times(specials_, factor);
  for (std::size_t i = 0; i <= limb_count && significand != 0; ++i)
    scaled.add(digits.at[i] * significand, lowest + 32 * static_cast<int>(i) + exponent - 24,
               digits.negative != std::signbit(factor));
  std::memset(static_cast<void*>(this), 0, sizeof *this);
  scaled.add(addend);
  return scaled.round(format, rounding, random_word);
}

template std::uint64_t FixedPointSum<-352, 24>::round(const spec::FloatFormat&, const spec::Rounding&,
                                                      std::uint32_t);
template std::uint64_t FixedPointSum<-352, 24>::round_scaled(float, double, const spec::FloatFormat&,
                                                             const spec::Rounding&, std::uint32_t);

}  // namespace mxemu::fast
