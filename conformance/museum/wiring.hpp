// A converter written a second time, by hand, as data: constants, comparisons and shifts that can be moved
// one by one, and stages that can be exchanged for those of the field. With nothing moved it is correct
// under the profile `ocp`. It shares no code with what it is judged by.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "conformance/museum/memory.hpp"
#include "spec/block_format.hpp"
#include "spec/float_format.hpp"
#include "spec/words.hpp"

namespace mxemu::conformance::museum {

/// A number as the converter sees it: significand * 2^(exponent - 23), the leading bit at bit 23.
struct Number {
  enum class Kind : std::uint8_t { Zero, Finite, Infinite, Nan };
  Kind kind = Kind::Zero;
  bool negative = false;
  bool subnormal = false;  ///< in the format that it was read from
  std::uint32_t significand = 0;
  int exponent = 0;

  bool is_finite() const { return kind == Kind::Zero || kind == Kind::Finite; }
};

// clang-format off
enum class Constant : std::uint8_t {
  MantissaBits, Emin, Emax, MaxCode, SignBit, FirstNonFinite, InfinityCode, NanResult, OverflowResult,
  ScaleBias, LowestScale, HighestScale, NanScale, ZeroBlockScale, UnitExponent, PoisonedCode,
  LeadingBit, LongestShift,
  SourceMantissaBits, SourceExponentBits, SourceEmin, SourceSignBit,
};
enum class Comparison : std::uint8_t {
  SourceIsSubnormal, SourceIsFinite, SourceIsNan, IsLarger, HoldsNonZero, ScaleIsBelow, ScaleIsAbove,
  IsElementSubnormal, ShiftIsTooLong, IsAboveHalf, IsBelowHalf, Saturates, CodeIsFinite, CodeIsNan,
  CodeIsSubnormal, OutputIsSubnormal, OutputOverflows,
};
enum class Shift : std::uint8_t {
  SourceField, SourceFraction, RoundingUnit, Half, ElementField, CodeSign, CodeFieldDown, CodeImplicitBit,
  OutputField, OutputSign, OutputInfinity,
};
// clang-format on

}  // namespace mxemu::conformance::museum

template <>
inline constexpr mxemu::spec::Word<mxemu::conformance::museum::Constant>
    mxemu::spec::words<mxemu::conformance::museum::Constant>[] = {
        {mxemu::conformance::museum::Constant::MantissaBits, "mantissa_bits", "stored bits of the element"},
        {mxemu::conformance::museum::Constant::Emin, "emin", "exponent of the smallest normal element"},
        {mxemu::conformance::museum::Constant::Emax, "emax", "what the scale rule subtracts"},
        {mxemu::conformance::museum::Constant::MaxCode, "max_code", "the largest element"},
        {mxemu::conformance::museum::Constant::SignBit, "sign_bit", "place of the sign in a code"},
        {mxemu::conformance::museum::Constant::FirstNonFinite, "first_non_finite", "first code of no number"},
        {mxemu::conformance::museum::Constant::InfinityCode, "infinity_code", "Inf; NaN is above it"},
        {mxemu::conformance::museum::Constant::NanResult, "nan_result", "what a NaN becomes"},
        {mxemu::conformance::museum::Constant::OverflowResult, "overflow_result",
         "what an overflow becomes that does not saturate"},
        {mxemu::conformance::museum::Constant::ScaleBias, "scale_bias", "bias of E8M0"},
        {mxemu::conformance::museum::Constant::LowestScale, "lowest_scale", "code of the smallest scale"},
        {mxemu::conformance::museum::Constant::HighestScale, "highest_scale", "code of the largest scale"},
        {mxemu::conformance::museum::Constant::NanScale, "nan_scale", "code of the NaN scale"},
        {mxemu::conformance::museum::Constant::ZeroBlockScale, "zero_block_scale", "scale of zeros"},
        {mxemu::conformance::museum::Constant::UnitExponent, "unit_exponent", "scale of lone elements"},
        {mxemu::conformance::museum::Constant::PoisonedCode, "poisoned_code", "codes under a NaN scale"},
        {mxemu::conformance::museum::Constant::LeadingBit, "leading_bit", "place of the leading bit"},
        {mxemu::conformance::museum::Constant::LongestShift, "longest_shift", "where shifts are cut off"},
        {mxemu::conformance::museum::Constant::SourceMantissaBits, "source_mantissa_bits",
         "of the float type"},
        {mxemu::conformance::museum::Constant::SourceExponentBits, "source_exponent_bits",
         "of the float type"},
        {mxemu::conformance::museum::Constant::SourceEmin, "source_emin", "of the float type"},
        {mxemu::conformance::museum::Constant::SourceSignBit, "source_sign_bit", "of the float type"},
};
static_assert(mxemu::spec::words_are_in_order<mxemu::conformance::museum::Constant>());

template <>
inline constexpr mxemu::spec::Word<mxemu::conformance::museum::Comparison>
    mxemu::spec::words<mxemu::conformance::museum::Comparison>[] = {
        {mxemu::conformance::museum::Comparison::SourceIsSubnormal, "source_is_subnormal", "field < 1"},
        {mxemu::conformance::museum::Comparison::SourceIsFinite, "source_is_finite", "field < all ones"},
        {mxemu::conformance::museum::Comparison::SourceIsNan, "source_is_nan", "0 < fraction"},
        {mxemu::conformance::museum::Comparison::IsLarger, "is_larger", "amax < number"},
        {mxemu::conformance::museum::Comparison::HoldsNonZero, "holds_non_zero", "0 < amax"},
        {mxemu::conformance::museum::Comparison::ScaleIsBelow, "scale_is_below", "scale < lowest"},
        {mxemu::conformance::museum::Comparison::ScaleIsAbove, "scale_is_above", "highest < scale"},
        {mxemu::conformance::museum::Comparison::IsElementSubnormal, "is_element_subnormal",
         "exponent < emin"},
        {mxemu::conformance::museum::Comparison::ShiftIsTooLong, "shift_is_too_long", "longest < shift"},
        {mxemu::conformance::museum::Comparison::IsAboveHalf, "is_above_half", "half < rest"},
        {mxemu::conformance::museum::Comparison::IsBelowHalf, "is_below_half", "rest < half"},
        {mxemu::conformance::museum::Comparison::Saturates, "saturates", "max_code < magnitude"},
        {mxemu::conformance::museum::Comparison::CodeIsFinite, "code_is_finite", "code < first_non_finite"},
        {mxemu::conformance::museum::Comparison::CodeIsNan, "code_is_nan", "infinity_code < code"},
        {mxemu::conformance::museum::Comparison::CodeIsSubnormal, "code_is_subnormal", "field < 1"},
        {mxemu::conformance::museum::Comparison::OutputIsSubnormal, "output_is_subnormal", "exponent < emin"},
        {mxemu::conformance::museum::Comparison::OutputOverflows, "output_overflows", "infinity < bits"},
};
static_assert(mxemu::spec::words_are_in_order<mxemu::conformance::museum::Comparison>());

template <>
inline constexpr mxemu::spec::Word<mxemu::conformance::museum::Shift>
    mxemu::spec::words<mxemu::conformance::museum::Shift>[] = {
        {mxemu::conformance::museum::Shift::SourceField, "source_field", "down to the exponent field"},
        {mxemu::conformance::museum::Shift::SourceFraction, "source_fraction", "up to the leading bit"},
        {mxemu::conformance::museum::Shift::RoundingUnit, "rounding_unit", "down to the unit of rounding"},
        {mxemu::conformance::museum::Shift::Half, "half", "half a unit"},
        {mxemu::conformance::museum::Shift::ElementField, "element_field", "up to the exponent field"},
        {mxemu::conformance::museum::Shift::CodeSign, "code_sign", "the sign of a code"},
        {mxemu::conformance::museum::Shift::CodeFieldDown, "code_field", "down to the field of a code"},
        {mxemu::conformance::museum::Shift::CodeImplicitBit, "code_implicit_bit",
         "the bit that is not stored"},
        {mxemu::conformance::museum::Shift::OutputField, "output_field", "up to the exponent field"},
        {mxemu::conformance::museum::Shift::OutputSign, "output_sign", "the sign of a float"},
        {mxemu::conformance::museum::Shift::OutputInfinity, "output_infinity", "the bits of Inf"},
};
static_assert(mxemu::spec::words_are_in_order<mxemu::conformance::museum::Shift>());

namespace mxemu::conformance::museum {

/// What can happen to a comparison.
enum class Flip : std::uint8_t { None, OtherEquality, Negated };

struct Wiring;

/// What a rounding looks at: units and what is left below them.
struct Remainder {
  bool negative;
  bool odd;
  std::int64_t rest;
  std::int64_t half;
};

/// Steps of the conversion, each a function that a bug may replace.
struct Stages {
  Number (*take)(const Wiring&, Number);                      ///< a number, once read
  Number (*largest)(const Wiring&, std::span<const Number>);  ///< amax, of numbers as `take` left them
  int (*rule)(const Wiring&, const Number& amax);             ///< the exponent of the scale, not clamped
  int (*clamp)(const Wiring&, int scale_code);
  int (*divisor)(const Wiring&, int scale_code,
                 int unclamped);                              ///< the exponent that elements are divided by
  Number (*scaled)(const Wiring&, Number, int scale_code);    ///< after the division
  bool (*rounds_up)(const Wiring&, const Remainder&);         ///< of elements
  int (*limit)(const Wiring&, int magnitude, const Number&);  ///< saturation
  int (*special)(const Wiring&, const Number&);               ///< magnitude of a lone NaN or Inf
  std::uint8_t (*sign)(const Wiring&, bool negative, int magnitude, bool from_zero);
  Number (*read_code)(const Wiring&, std::uint8_t code);
  Number (*read_scale)(const Wiring&, int code);
  std::uint64_t (*write)(const Wiring&, spec::FloatType type, const Number&);  ///< a product to float bits
  std::size_t (*lane)(std::size_t lane, std::size_t elements);  ///< where the code of a lane stands
};

/// How one format is wired.
struct Wiring {
  spec::BlockType format;
  bool twos_complement;
  std::array<int, std::size(spec::words<Constant>)> constants;
  std::array<Flip, std::size(spec::words<Comparison>)> flips;
  std::array<int, std::size(spec::words<Shift>)> shifts;  ///< added to the shift
  Stages stages;
  Memory memory = correct_memory;
  bool saturates = true;  ///< OFP8: SAT, else OVF; follows the request
  bool poisoned_by_nan = true;
  bool poisoned_by_infinity = true;
  bool tail_reads_on = false;        ///< a short block's amax includes what follows it
  bool tail_is_dropped = false;      ///< the codes of a short block are never written
  bool scale_of_next_block = false;  ///< decoding takes the neighbour's scale, 0xff after the last

  int operator[](Constant which) const { return constants[static_cast<std::size_t>(which)]; }
  int& operator[](Constant which) { return constants[static_cast<std::size_t>(which)]; }
  /// A fact about a float type; its entry in `constants` is what is added to it.
  int of(spec::FloatType type, Constant which) const;
  /// left < right, unless it is flipped.
  bool less(Comparison which, std::int64_t left, std::int64_t right) const;
  /// value * 2^by, and towards zero where `by` is negative; nothing is left of what leaves 64 bits.
  std::uint64_t shifted(Shift which, std::uint64_t value, int by) const;
};

/// What becomes of an Inf and of numbers beyond the largest.
int overflow_result(const Wiring& wiring);

/// Nothing moved, nothing exchanged.
Wiring correct_wiring(spec::BlockType format);

Number read_float(const Wiring& wiring, spec::FloatType type, std::uint64_t bits);

/// Magnitude bits of |number| in a format of `mantissa_bits` and `emin`, as if exponents had no end.
using RoundsUp = bool (*)(const Wiring&, const Remainder&);
std::int64_t rounded_magnitude(const Wiring& wiring, const Number& number, int mantissa_bits, int emin,
                               Comparison subnormal, Shift field, RoundsUp rounds_up);

/// A number rounded to nearest even in a format of `mantissa_bits` stored bits and no smaller exponent than
/// `emin`.
Number rounded_to(Number number, int mantissa_bits, int emin);

/// `significand` * 2^exponent, normalised.
Number normalised(const Wiring& wiring, bool negative, std::uint64_t significand, int exponent);

/// |number| as something that orders like it.
std::int64_t magnitude_key(const Number& number);

/// The correct stages, for bugs that differ from them in one case.
const Stages& correct_stages();

}  // namespace mxemu::conformance::museum
