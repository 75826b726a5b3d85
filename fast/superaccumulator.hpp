// A sum of products without any rounding, for as long as nobody asks for it: a fixed-point number wide enough
// for every product of two operands under every two scales.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "fast/host_device.hpp"
#include "fast/number.hpp"
#include "spec/float_format.hpp"
#include "spec/rounding.hpp"

namespace mxemu::fast {

/// Limbs of 32 bits that carry into each other only when the sum is read: 2^30 numbers can be added before.
/// The lowest bit is 2^lowest.
template <int lowest, std::size_t limb_count>
class FixedPointSum {
 public:
  /// Adds a double that is a multiple of 2^(lowest + 52), or NaN or Inf, with room above it.
  MXEMU_HOST void add(double number) {
    const auto bits = std::bit_cast<std::uint64_t>(number);
    const auto field = static_cast<int>(bits >> 52 & 0x7ff);
    if (field == 0) return;  // zero: there are no subnormal doubles among such multiples
    if (field == 0x7ff) [[unlikely]]
      return add_special(bits);
    const std::uint64_t significand = (bits & ((std::uint64_t{1} << 52) - 1)) | std::uint64_t{1} << 52;
    add(significand, field - 1075, static_cast<std::int64_t>(bits) < 0);
  }

  /// Adds significand * 2^exponent, or takes it away.
  MXEMU_HOST void add(std::uint64_t significand, int exponent, bool negative) {
    const int position = exponent - lowest;
    const int shift = position % 32;
    const std::int64_t sign = negative ? -1 : 0;
    const auto take = [sign](std::uint64_t limb) { return (static_cast<std::int64_t>(limb) ^ sign) - sign; };
    std::int64_t* to = limbs_ + position / 32;
    const std::uint64_t low = significand << shift;
    to[0] += take(low & 0xffffffff);
    to[1] += take(low >> 32);
    to[2] += take(significand >> 1 >> (63 - shift));
  }

  /// The sum rounded once to a code of `format`; a sum of zero is +0, a NaN the quiet one. Beyond the largest
  /// number as IEEE 754-2019, 7.4 has it. Clears what it reads.
  std::uint64_t round(const spec::FloatFormat& format, const spec::Rounding& rounding,
                      std::uint32_t random_word);

  /// factor * sum + addend, rounded once in the same way. `factor` is a finite float32 number, `addend` a
  /// multiple of 2^-300 below 2^400, or NaN or Inf. Clears what it reads.
  std::uint64_t round_scaled(float factor, double addend, const spec::FloatFormat& format,
                             const spec::Rounding& rounding, std::uint32_t random_word);

 private:
  template <int, std::size_t>
  friend class FixedPointSum;

  MXEMU_HOST void add_special(std::uint64_t bits) {
    const bool nan = (bits & ((std::uint64_t{1} << 52) - 1)) != 0;
    specials_ |= nan ? 4u : (bits >> 63) != 0 ? 2u : 1u;
  }

  std::int64_t limbs_[limb_count] = {};
  std::uint64_t specials_ = 0;  ///< 1: +Inf was added, 2: -Inf, 4: NaN
};

/// Of products: 2^-352 lies below 2^-286, the unit of products of E5M2 under the smallest scales, by the bits
/// of a double. The highest bit is beyond 2^(2 * 16 + 254), the largest products, added 2^60 times.
using Superaccumulator = FixedPointSum<-352, 24>;

/// Of such a sum times a float32 number, which is below 2^128 and has 24 bits from 2^-172 on.
using ScaledSum = FixedPointSum<-544, 37>;

}  // namespace mxemu::fast
