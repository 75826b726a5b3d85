// A sum of products without any rounding, for as long as nobody asks for it: a fixed-point number wide enough
// for every product of two operands under every two scales.
#pragma once

#include <bit>
#include <cstdint>

#include "fast/host_device.hpp"
#include "fast/number.hpp"
#include "spec/float_format.hpp"
#include "spec/rounding.hpp"

namespace mxemu::fast {

/// Limbs of 32 bits that carry into each other only when the sum is read: 2^30 numbers can be added before.
/// The lowest bit is 2^lowest.
template <int lowest, int limb_count>
class FixedPointSum {
 public:
  /// Zero. (A defaulted constructor would not be one for devices.)
  MXEMU_HOST_DEVICE constexpr FixedPointSum() noexcept {}

  /// Adds a double that is a multiple of 2^(lowest + 52), or NaN or Inf, with room above it.
  MXEMU_HOST void add(double number) {
    const auto bits = std::bit_cast<std::uint64_t>(number);
    const auto field = static_cast<int>(bits >> 52 & 0x7ff);
    if (field == 0) return;  // zero: there are no subnormal doubles among such multiples
    const std::uint64_t mantissa = bits & ((std::uint64_t{1} << 52) - 1);
    const bool negative = bits >> 63 != 0;
    if (field == 0x7ff) [[unlikely]]
      return add_special(mantissa != 0 ? nan : negative ? negative_infinity : positive_infinity);
    add(mantissa | std::uint64_t{1} << 52, field - 1075, negative);
  }

  /// Adds significand * 2^exponent, or takes it away.
  MXEMU_HOST_DEVICE void add(std::uint64_t significand, int exponent, bool negative) {
    const int position = exponent - lowest;
    const int shift = position % 32;
    const std::int64_t sign = negative ? -1 : 0;
    std::int64_t* to = limbs_ + position / 32;
    const std::uint64_t low = significand << shift;
    to[0] += (static_cast<std::int64_t>(low & 0xffffffff) ^ sign) - sign;
    to[1] += (static_cast<std::int64_t>(low >> 32) ^ sign) - sign;
    to[2] += (static_cast<std::int64_t>(significand >> 1 >> (63 - shift)) ^ sign) - sign;
  }

  /// What infinities and NaNs make of the sum; several are or-ed.
  static constexpr std::uint32_t positive_infinity = 1;
  static constexpr std::uint32_t negative_infinity = 2;
  static constexpr std::uint32_t nan = 4;
  MXEMU_HOST_DEVICE void add_special(std::uint32_t specials) { specials_ |= specials; }

  /// The sum rounded once to a code of `format`; a sum of zero is +0, a NaN the quiet one. Beyond the largest
  /// number as IEEE 754-2019, 7.4 has it. Clears what it reads.
  MXEMU_HOST_DEVICE std::uint64_t round(const spec::FloatFormat& format, const spec::Rounding& rounding,
                                        std::uint32_t random_word) {
    const std::uint32_t specials = specials_;
    const Digits digits = carried_digits();
    clear();
    const auto infinity = infinity_bits<std::uint64_t>(format);
    const auto minus = sign_bit<std::uint64_t>(format);
    if (specials > negative_infinity) return nan_bits<std::uint64_t>(format);
    if (specials != 0) return infinity | (specials == negative_infinity ? minus : 0);
    const Number<std::uint64_t> number = leading_bits(digits);
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

  /// Room for a sum times a float32 number, which is below 2^128 and has 24 bits from 2^-172 on.
  using Scaled = FixedPointSum<lowest - 192, limb_count + 13>;

  /// The sum times significand * 2^exponent, a float32 number, or times its negative.
  MXEMU_HOST_DEVICE Scaled times(std::uint32_t significand, int exponent, bool negative) const {
    const Digits digits = carried_digits();
    Scaled scaled;
    if (specials_ != 0) scaled.add_special(specials_times(significand == 0, negative));
    // A digit of 32 bits times a significand of 24 fits.
    for (int i = 0; i <= limb_count && significand != 0; ++i)
      scaled.add(std::uint64_t{digits.at[i]} * significand, lowest + 32 * i + exponent,
                 digits.negative != negative);
    return scaled;
  }

  /// factor * sum + addend, rounded once as `round` does. `factor` is a finite float32 number, `addend` a
  /// multiple of 2^-300 below 2^400, or NaN or Inf. Clears what it reads.
  MXEMU_HOST std::uint64_t round_scaled(float factor, double addend, const spec::FloatFormat& format,
                                        const spec::Rounding& rounding, std::uint32_t random_word) {
    const auto bits = std::bit_cast<std::uint32_t>(factor);
    const std::uint32_t field = bits >> 23 & 0xff;
    const std::uint32_t significand = (bits & 0x7fffff) | (field != 0 ? 0x800000u : 0);
    Scaled scaled = times(significand, static_cast<int>(field != 0 ? field : 1) - 150, bits >> 31 != 0);
    clear();
    scaled.add(addend);
    return scaled.round(format, rounding, random_word);
  }

 private:
  /// Magnitude of a number in limbs of 32 bits, lowest first; the last one took what carried beyond the
  /// sum's.
  struct Digits {
    std::uint32_t at[limb_count + 1];
    bool negative;
  };

  MXEMU_HOST_DEVICE void clear() {
    for (std::int64_t& limb : limbs_) limb = 0;
    specials_ = 0;
  }

  /// What an infinite sum is times a factor: the other one under a minus, NaN times 0.
  MXEMU_HOST_DEVICE std::uint32_t specials_times(bool zero, bool negative) const {
    if (specials_ > negative_infinity || zero) return nan;
    return negative ? positive_infinity + negative_infinity - specials_ : specials_;
  }

  /// IEEE 754-2019, 7.4: whether a number beyond the largest one becomes the largest one.
  MXEMU_HOST_DEVICE static bool stays_finite(spec::RoundingMode mode, bool negative) {
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

  /// The carries of the limbs, and their sign.
  MXEMU_HOST_DEVICE Digits carried_digits() const {
    Digits digits;
    std::int64_t carry = 0;
    for (int i = 0; i < limb_count; ++i) {
      carry += limbs_[i];
      digits.at[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    digits.at[limb_count] = static_cast<std::uint32_t>(carry);
    digits.negative = carry < 0;
    if (!digits.negative) return digits;
    std::uint64_t borrow = 1;
    for (std::uint32_t& digit : digits.at) {
      borrow += static_cast<std::uint32_t>(~digit);
      digit = static_cast<std::uint32_t>(borrow);
      borrow >>= 32;
    }
    return digits;
  }

  /// The 63 leading bits, the last one set where more follow.
  MXEMU_HOST_DEVICE static Number<std::uint64_t> leading_bits(const Digits& digits) {
    int top = limb_count;
    while (top > 0 && digits.at[top] == 0) --top;
    if (top == 0 && digits.at[0] == 0) return {0, exponent_of_zero};
    const auto limb = [&](int below) {
      return top >= below ? std::uint64_t{digits.at[top - below]} : std::uint64_t{0};
    };
    const int zeros = leading_zeros(digits.at[top]);
    // 96 bits from the top; the leading one goes to bit 62 of the first 64.
    const std::uint64_t high = limb(0) << 32 | limb(1);
    const std::uint64_t aligned = high << zeros | limb(2) << zeros >> 32;
    std::uint64_t rest = (limb(2) << zeros & 0xffffffff) | (aligned & 1);
    for (int i = 3; i <= top; ++i) rest |= limb(i);
    return {aligned >> 1 | static_cast<std::uint64_t>(rest != 0), lowest + 32 * top + 31 - zeros};
  }

  std::int64_t limbs_[limb_count] = {};
  std::uint32_t specials_ = 0;
};

/// Of products: 2^-352 lies below 2^-286, the unit of products of E5M2 under the smallest scales, by the bits
/// of a double. The highest bit is beyond 2^(2 * 16 + 254), the largest products, added 2^60 times.
using Superaccumulator = FixedPointSum<-352, 24>;

}  // namespace mxemu::fast
