// A second, table-driven way from float32 to element codes (after van der Zijp, "Fast half float
// conversions"): a row per exponent of the input says where its significand is cut and where its codes start;
// what remains is one integer addition and one shift. Built from the rows of spec/ alone, it shares nothing
// with the reference that it is compared with. roundTiesToEven; NaN and zero as the default policy has them.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "spec/element_format.hpp"
#include "spec/float_format.hpp"
#include "spec/policy.hpp"

namespace mxemu::conformance {

class TableEncoder {
 public:
  /// Elements of `format` under the shared scale 2^scale_exponent.
  TableEncoder(const spec::ElementFormat& format, int scale_exponent,
               spec::Overflow overflow = spec::Overflow::Saturate)
      : nan_code_(format.has_nan() ? format.nan_code : format.max_normal_code) {
    for (const bool negative : {false, true}) endings_[negative] = make_ending(format, overflow, negative);
    rows_.reserve(row_count);
    for (int index = 0; index < row_count; ++index) rows_.push_back(make_row(format, index, scale_exponent));
  }

  /// The code of one float32.
  std::uint8_t operator()(std::uint32_t bits) const {
    const Ending& ending = endings_[bits >> sign_position];
    const std::uint32_t magnitude = bits & (sign_bit - 1);
    if (magnitude > infinity) return nan_code_;
    if (magnitude == infinity) return static_cast<std::uint8_t>(ending.beyond);
    return encode(rows_[row_of(magnitude)], ending, magnitude);
  }

  /// The codes of consecutive float32 first_bits, first_bits + 1, …: a run in one binade shares its row, so
  /// the inner loop is shifts and additions only. The run must not cross from one sign to the other.
  void operator()(std::uint32_t first_bits, std::span<std::uint8_t> codes) const {
    // Copies, because a byte written to `codes` may alias anything behind a pointer.
    const Ending ending = endings_[first_bits >> sign_position];
    for (std::size_t begin = 0; begin < codes.size();) {
      const std::uint32_t first = first_bits + static_cast<std::uint32_t>(begin);
      const std::uint32_t magnitude = first & (sign_bit - 1);
      const std::size_t count = std::min<std::size_t>(codes.size() - begin, left_in_row(magnitude));
      std::uint8_t* out = codes.data() + begin;
      if (magnitude >= infinity) {
        for (std::size_t i = 0; i < count; ++i) out[i] = (*this)(first + static_cast<std::uint32_t>(i));
      } else {
        const Row row = rows_[row_of(magnitude)];
        for (std::size_t i = 0; i < count; ++i)
          out[i] = encode(row, ending, magnitude + static_cast<std::uint32_t>(i));
      }
      begin += count;
    }
  }

 private:
  /// The leading one of an input stands at bit 23 of `significand`; `shift` bits of it are rounded away.
  struct Row {
    std::uint32_t mantissa_mask;
    std::uint32_t leading_one;  ///< of a normal number, which does not store it
    std::uint32_t left;         ///< normalises a subnormal number
    std::uint32_t shift;
    std::uint32_t below_half;  ///< of the unit that is kept: 2^(shift - 1) - 1
    std::uint32_t base;        ///< added to the rounded significand
  };
  /// What one sign does to a magnitude code.
  struct Ending {
    std::uint32_t max_code;
    std::uint32_t beyond;  ///< the finished code of what exceeds max_code
    std::uint32_t flip;
    std::uint32_t add;
    std::uint32_t mask;

    std::uint32_t with_sign(std::uint32_t code) const { return ((code ^ flip) + add) & mask; }
  };

  static constexpr spec::FloatFormat source = spec::format_of(spec::FloatType::Float32);
  static constexpr int mantissa_bits = source.mantissa_bits;
  static constexpr int sign_position = source.bits - 1;
  static constexpr std::uint32_t sign_bit = std::uint32_t{1} << sign_position;
  static constexpr auto infinity = static_cast<std::uint32_t>(source.infinity_bits());
  static constexpr std::uint32_t implicit_one = std::uint32_t{1} << mantissa_bits;
  /// One row per exponent of the leading one: emin - mantissa_bits (subnormals) to emax.
  static constexpr int lowest_exponent = source.emin - mantissa_bits;
  static constexpr int row_count = source.emax - lowest_exponent + 1;
  /// A shift by one more than the significand has bits leaves nothing and cannot round up.
  static constexpr int longest_shift = mantissa_bits + 2;

  static Ending make_ending(const spec::ElementFormat& format, spec::Overflow overflow, bool negative) {
    const auto mask = static_cast<std::uint32_t>(format.code_count() - 1);
    const bool complement = format.encoding == spec::Encoding::TwosComplement;
    const std::uint32_t flip = complement ? mask : 0;
    const std::uint32_t add = complement ? 1 : format.sign_mask;
    Ending ending = {format.max_normal_code, 0, negative ? flip : 0, negative ? add : 0, mask};
    ending.beyond = ending.with_sign(format.max_normal_code);
    if (overflow == spec::Overflow::NonFinite && format.has_nan()) ending.beyond = format.nan_code;
    if (overflow == spec::Overflow::NonFinite && format.has_infinity())
      ending.beyond = ending.with_sign(format.infinity_code);
    return ending;
  }

  static Row make_row(const spec::ElementFormat& format, int index, int scale_exponent) {
    const bool subnormal = index < mantissa_bits;
    const int scaled_exponent = lowest_exponent + index - scale_exponent;
    const int above_emin = scaled_exponent - format.emin;
    const int kept_bits = std::min(above_emin, 0) + format.mantissa_bits;  // behind the leading one
    const auto shift = static_cast<std::uint32_t>(std::min(mantissa_bits - kept_bits, longest_shift));
    // One binade beyond the last exponent, or beyond the only one of INT8, is where codes exceed the largest.
    const int binade = std::clamp(above_emin, 0, 1 << format.exponent_bits);
    return {.mantissa_mask = implicit_one - 1,
            .leading_one = subnormal ? 0 : implicit_one,
            .left = static_cast<std::uint32_t>(subnormal ? mantissa_bits - index : 0),
            .shift = shift,
            .below_half = (std::uint32_t{1} << (shift - 1)) - 1,
            .base = static_cast<std::uint32_t>(binade << format.mantissa_bits)};
  }

  static std::size_t row_of(std::uint32_t magnitude) {
    const std::uint32_t field = magnitude >> mantissa_bits;
    if (field != 0) return field + static_cast<std::uint32_t>(mantissa_bits) - 1;
    return static_cast<std::size_t>(std::bit_width(magnitude | 1) - 1);  // zero shares the lowest row
  }

  /// How many consecutive magnitudes from this one on have its row.
  static std::size_t left_in_row(std::uint32_t magnitude) {
    if (magnitude >= implicit_one) return implicit_one - magnitude % implicit_one;
    return magnitude == 0 ? 1 : 2 * std::bit_floor(magnitude) - magnitude;
  }

  static std::uint8_t encode(const Row& row, const Ending& ending, std::uint32_t magnitude) {
    const std::uint32_t significand = ((magnitude & row.mantissa_mask) << row.left) | row.leading_one;
    const std::uint32_t odd = significand >> row.shift & 1;
    const std::uint32_t code = row.base + ((significand + row.below_half + odd) >> row.shift);
    return static_cast<std::uint8_t>(code > ending.max_code ? ending.beyond : ending.with_sign(code));
  }

  std::uint8_t nan_code_;
  Ending endings_[2];
  std::vector<Row> rows_;
};

}  // namespace mxemu::conformance
