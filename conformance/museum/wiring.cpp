#include "conformance/museum/wiring.hpp"

#include <bit>

namespace mxemu::conformance::museum {
namespace {

constexpr int none = 0x100;  ///< a code above all codes: the format has no such thing

/// Typed from the standard, MX Table 1 and OFP8 Table 1; not derived, for derivations may share mistakes.
struct FormatFacts {
  int mantissa_bits, emin, emax, max_code, sign_bit, first_non_finite, infinity_code, nan_result,
      overflow_result;
};
constexpr FormatFacts facts_of(spec::BlockType format) {
  switch (format) {
    case spec::BlockType::MXFP8_E5M2: return {2, -14, 15, 0x7b, 7, 0x7c, 0x7c, 0x7f, 0x7c};
    case spec::BlockType::MXFP8_E4M3: return {3, -6, 8, 0x7e, 7, 0x7f, 0x7e, 0x7f, 0x7f};
    case spec::BlockType::MXFP6_E3M2: return {2, -2, 4, 0x1f, 5, none, none, 0x1f, 0x1f};
    case spec::BlockType::MXFP6_E2M3: return {3, 0, 2, 0x1f, 5, none, none, 0x1f, 0x1f};
    case spec::BlockType::MXFP4_E2M1: return {1, 0, 2, 0x07, 3, none, none, 0x07, 0x07};
    case spec::BlockType::MXINT8: return {6, 0, 0, 0x7f, 7, none, none, 0x7f, 0x7f};
  }
  return {};
}

struct SourceFacts {
  int mantissa_bits, exponent_bits, emin, sign_bit;
};
constexpr SourceFacts facts_of(spec::FloatType type) {
  switch (type) {
    case spec::FloatType::Float32: return {23, 8, -126, 31};
    case spec::FloatType::BFloat16: return {7, 8, -126, 15};
    case spec::FloatType::Float16: return {10, 5, -14, 15};
    case spec::FloatType::Float64: return {52, 11, -1022, 63};
  }
  return {};
}

std::uint64_t below(int bits) {
  return bits <= 0 ? 0 : (std::uint64_t{1} << (bits < 63 ? bits : 63)) - 1;
}

/// value * 2^by, of which nothing outside 64 bits is left.
std::uint64_t shift(std::uint64_t value, int by) {
  if (by >= 0) return by > 63 ? 0 : value << by;
  return by < -63 ? 0 : value >> -by;
}

Number take(const Wiring&, Number number) {
  return number;
}

Number largest(const Wiring& wiring, std::span<const Number> numbers) {
  Number amax;
  for (const Number& number : numbers)
    if (number.is_finite() && wiring.less(Comparison::IsLarger, magnitude_key(amax), magnitude_key(number)))
      amax = number;
  return amax;
}

int rule(const Wiring& wiring, const Number& amax) {
  return amax.exponent - wiring[Constant::Emax];
}

int clamp(const Wiring& wiring, int code) {
  if (wiring.less(Comparison::ScaleIsBelow, code, wiring[Constant::LowestScale]))
    return wiring[Constant::LowestScale];
  if (wiring.less(Comparison::ScaleIsAbove, wiring[Constant::HighestScale], code))
    return wiring[Constant::HighestScale];
  return code;
}

int divisor(const Wiring& wiring, int scale_code, int) {
  return scale_code - wiring[Constant::ScaleBias];
}

Number scaled(const Wiring&, Number number, int) {
  return number;
}

bool rounds_up(const Wiring& wiring, const Remainder& at) {
  if (wiring.less(Comparison::IsAboveHalf, at.half, at.rest)) return true;
  return at.odd && !wiring.less(Comparison::IsBelowHalf, at.rest, at.half);
}

int limit(const Wiring& wiring, int magnitude, const Number&) {
  return wiring.less(Comparison::Saturates, wiring[Constant::MaxCode], magnitude) ? overflow_result(wiring)
                                                                                  : magnitude;
}

int special(const Wiring& wiring, const Number& number) {
  return number.kind == Number::Kind::Nan ? wiring[Constant::NanResult] : overflow_result(wiring);
}

std::uint8_t sign(const Wiring& wiring, bool negative, int magnitude, bool) {
  if (wiring.twos_complement)
    return static_cast<std::uint8_t>(negative ? 0u - static_cast<unsigned>(magnitude)
                                              : static_cast<unsigned>(magnitude));
  return static_cast<std::uint8_t>(
      static_cast<std::uint64_t>(magnitude) |
      wiring.shifted(Shift::CodeSign, negative ? 1 : 0, wiring[Constant::SignBit]));
}

Number read_code(const Wiring& wiring, std::uint8_t code) {
  Number number = {.negative = (shift(code, -wiring[Constant::SignBit]) & 1) != 0};
  int magnitude = static_cast<int>(code & below(wiring[Constant::SignBit]));
  if (wiring.twos_complement && number.negative) magnitude = 0x100 - code;
  if (!wiring.less(Comparison::CodeIsFinite, magnitude, wiring[Constant::FirstNonFinite])) {
    number.kind = wiring.less(Comparison::CodeIsNan, wiring[Constant::InfinityCode], magnitude)
                      ? Number::Kind::Nan
                      : Number::Kind::Infinite;
    return number;
  }
  const int mantissa_bits = wiring[Constant::MantissaBits];
  const auto field = static_cast<int>(
      wiring.shifted(Shift::CodeFieldDown, static_cast<std::uint64_t>(magnitude), -mantissa_bits));
  std::uint64_t significand = static_cast<std::uint64_t>(magnitude) & below(mantissa_bits);
  const bool subnormal = wiring.less(Comparison::CodeIsSubnormal, field, 1);
  if (!subnormal) significand |= wiring.shifted(Shift::CodeImplicitBit, 1, mantissa_bits);
  const int exponent = (subnormal ? 1 : field) - 1 + wiring[Constant::Emin] - mantissa_bits;
  number = normalised(wiring, number.negative, significand, exponent);
  number.subnormal = subnormal;
  return number;
}

Number read_scale(const Wiring& wiring, int code) {
  if (code == wiring[Constant::NanScale]) return {.kind = Number::Kind::Nan};
  return {.kind = Number::Kind::Finite, .exponent = code - wiring[Constant::ScaleBias]};
}

std::uint64_t write(const Wiring& wiring, spec::FloatType type, const Number& number) {
  const int mantissa_bits = wiring.of(type, Constant::SourceMantissaBits);
  const std::uint64_t sign_bits =
      wiring.shifted(Shift::OutputSign, number.negative ? 1 : 0, wiring.of(type, Constant::SourceSignBit));
  const std::uint64_t infinity = wiring.shifted(
      Shift::OutputInfinity, below(wiring.of(type, Constant::SourceExponentBits)), mantissa_bits);
  if (number.kind == Number::Kind::Nan) return infinity | shift(1, mantissa_bits - 1);
  if (number.kind == Number::Kind::Infinite) return infinity | sign_bits;
  if (number.kind == Number::Kind::Zero) return sign_bits;
  const auto magnitude = static_cast<std::uint64_t>(
      rounded_magnitude(wiring, number, mantissa_bits, wiring.of(type, Constant::SourceEmin),
                        Comparison::OutputIsSubnormal, Shift::OutputField, rounds_up));
  const bool overflows = wiring.less(Comparison::OutputOverflows, static_cast<std::int64_t>(infinity),
                                     static_cast<std::int64_t>(magnitude));
  return (overflows ? infinity : magnitude) | sign_bits;
}

std::size_t lane(std::size_t lane, std::size_t) {
  return lane;
}

constexpr Stages correct = {take,  largest, rule, clamp,     divisor,    scaled, rounds_up,
                            limit, special, sign, read_code, read_scale, write,  lane};

}  // namespace

bool Wiring::less(Comparison which, std::int64_t left, std::int64_t right) const {
  switch (flips[static_cast<std::size_t>(which)]) {
    case Flip::None: break;
    case Flip::OtherEquality: return left <= right;
    case Flip::Negated: return left >= right;
  }
  return left < right;
}

std::uint64_t Wiring::shifted(Shift which, std::uint64_t value, int by) const {
  return shift(value, by + shifts[static_cast<std::size_t>(which)]);
}

int Wiring::of(spec::FloatType type, Constant which) const {
  const SourceFacts facts = facts_of(type);
  const int moved = (*this)[which];
  switch (which) {
    case Constant::SourceMantissaBits: return facts.mantissa_bits + moved;
    case Constant::SourceExponentBits: return facts.exponent_bits + moved;
    case Constant::SourceEmin: return facts.emin + moved;
    case Constant::SourceSignBit: return facts.sign_bit + moved;
    default: return moved;
  }
}

int overflow_result(const Wiring& wiring) {
  return wiring[wiring.saturates ? Constant::MaxCode : Constant::OverflowResult];
}

Wiring correct_wiring(spec::BlockType format) {
  const FormatFacts facts = facts_of(format);
  Wiring wiring = {.format = format,
                   .twos_complement = format == spec::BlockType::MXINT8,
                   .constants = {},
                   .flips = {},
                   .shifts = {},
                   .stages = correct};
  wiring[Constant::MantissaBits] = facts.mantissa_bits;
  wiring[Constant::Emin] = facts.emin;
  wiring[Constant::Emax] = facts.emax;
  wiring[Constant::MaxCode] = facts.max_code;
  wiring[Constant::SignBit] = facts.sign_bit;
  wiring[Constant::FirstNonFinite] = facts.first_non_finite;
  wiring[Constant::InfinityCode] = facts.infinity_code;
  wiring[Constant::NanResult] = facts.nan_result;
  wiring[Constant::OverflowResult] = facts.overflow_result;
  wiring[Constant::ScaleBias] = 127;
  wiring[Constant::LowestScale] = 0x00;
  wiring[Constant::HighestScale] = 0xfe;
  wiring[Constant::NanScale] = 0xff;
  wiring[Constant::ZeroBlockScale] = 0x00;
  wiring[Constant::LeadingBit] = 23;
  wiring[Constant::LongestShift] = 25;  // a float32 significand has 24 bits: all of it is below half
  return wiring;
}

Number normalised(const Wiring& wiring, bool negative, std::uint64_t significand, int exponent) {
  if (significand == 0) return {.negative = negative};
  const int leading = static_cast<int>(std::bit_width(significand)) - 1;
  return {
      .kind = Number::Kind::Finite,
      .negative = negative,
      .significand = static_cast<std::uint32_t>(shift(significand, wiring[Constant::LeadingBit] - leading)),
      .exponent = exponent + leading};
}

Number read_float(const Wiring& wiring, spec::FloatType type, std::uint64_t bits) {
  const int mantissa_bits = wiring.of(type, Constant::SourceMantissaBits);
  const std::uint64_t all_ones = below(wiring.of(type, Constant::SourceExponentBits));
  const auto field =
      static_cast<std::int64_t>(wiring.shifted(Shift::SourceField, bits, -mantissa_bits) & all_ones);
  const std::uint64_t fraction = bits & below(mantissa_bits);
  const bool negative = (shift(bits, -wiring.of(type, Constant::SourceSignBit)) & 1) != 0;
  if (!wiring.less(Comparison::SourceIsFinite, field, static_cast<std::int64_t>(all_ones))) {
    const bool nan = wiring.less(Comparison::SourceIsNan, 0, static_cast<std::int64_t>(fraction));
    return {.kind = nan ? Number::Kind::Nan : Number::Kind::Infinite, .negative = negative};
  }
  const bool subnormal = wiring.less(Comparison::SourceIsSubnormal, field, 1);
  const std::uint64_t leading = subnormal ? 0 : wiring.shifted(Shift::SourceFraction, 1, mantissa_bits);
  const int exponent = static_cast<int>(subnormal ? 1 : field) - 1 + wiring.of(type, Constant::SourceEmin);
  Number number = normalised(wiring, negative, leading | fraction, exponent - mantissa_bits);
  number.subnormal = subnormal;
  return number;
}

std::int64_t rounded_magnitude(const Wiring& wiring, const Number& number, int mantissa_bits, int emin,
                               Comparison subnormal, Shift field, RoundsUp up) {
  const int unit = wiring.less(subnormal, number.exponent, emin) ? emin : number.exponent;
  int by = wiring[Constant::LeadingBit] - mantissa_bits + unit - number.exponent;
  if (wiring.less(Comparison::ShiftIsTooLong, wiring[Constant::LongestShift], by))
    by = wiring[Constant::LongestShift];
  const std::uint64_t units = wiring.shifted(Shift::RoundingUnit, number.significand, -by);
  const std::uint64_t rest = number.significand & below(by);
  // Doubled, so that there is a half where nothing is shifted out.
  const Remainder remainder = {number.negative, (units & 1) != 0, static_cast<std::int64_t>(2 * rest),
                               static_cast<std::int64_t>(wiring.shifted(Shift::Half, 1, by))};
  const std::uint64_t whole = units + (up(wiring, remainder) ? 1 : 0);
  return static_cast<std::int64_t>(
      wiring.shifted(field, static_cast<std::uint64_t>(unit - emin), mantissa_bits) + whole);
}

Number rounded_to(Number number, int mantissa_bits, int emin) {
  if (number.kind != Number::Kind::Finite) return number;
  const int by = 23 - mantissa_bits + (number.exponent < emin ? emin - number.exponent : 0);
  if (by > 24) return {.negative = number.negative};
  const std::uint64_t unit = std::uint64_t{1} << by;
  const std::uint64_t rest = number.significand & (unit - 1);
  std::uint64_t units = number.significand >> by;
  units += 2 * rest > unit || (2 * rest == unit && (units & 1) != 0) ? 1 : 0;
  if (units == 0) return {.negative = number.negative};
  const int leading = static_cast<int>(std::bit_width(units)) - 1;
  number.exponent += leading + by - 23;
  number.significand = static_cast<std::uint32_t>(units << (23 - leading));
  return number;
}

std::int64_t magnitude_key(const Number& number) {
  if (number.kind == Number::Kind::Zero) return 0;
  return (std::int64_t{number.exponent} + 1024) * (std::int64_t{1} << 32) + number.significand;
}

const Stages& correct_stages() {
  return correct;
}

}  // namespace mxemu::conformance::museum
