// A brute-force oracle for element conversion: it lists every magnitude of a format, and one more that the
// next code would have, in rational arithmetic, and compares exact distances. It shares no arithmetic with
// reference/: not the decoder, not the grid, not the rounding.
#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "rational.hpp"
#include "spec/element_format.hpp"
#include "spec/policy.hpp"
#include "spec/rounding.hpp"

namespace mxemu::golden {

/// What the public documents say of a format, typed by hand.
struct Definition {
  int exponent_bits;
  int mantissa_bits;
  int bias;
  int number_count;  ///< non-negative codes that are numbers
  int sign_weight;   ///< what the sign bit adds to a code
  int infinity;      ///< code, or 0
  int nan;           ///< the all-ones code, or 0
};

inline Definition definition_of(spec::ElementType type) {
  switch (type) {
    case spec::ElementType::E5M2: return {5, 2, 15, 0x7c, 0x80, 0x7c, 0x7f};
    case spec::ElementType::E4M3: return {4, 3, 7, 0x7f, 0x80, 0, 0x7f};
    case spec::ElementType::E3M2: return {3, 2, 3, 0x20, 0x20, 0, 0};
    case spec::ElementType::E2M3: return {2, 3, 1, 0x20, 0x20, 0, 0};
    case spec::ElementType::E2M1: return {2, 1, 1, 0x08, 0x08, 0, 0};
    case spec::ElementType::INT8: return {0, 6, 0, 0x80, 0x80, 0, 0};
  }
  throw std::invalid_argument("no such element type");
}

/// The magnitude that a non-negative code spells, past the last number too.
inline Rational magnitude_of_code(spec::ElementType type, int code) {
  const Definition d = definition_of(type);
  if (type == spec::ElementType::INT8) return Rational(code, 64);
  const int field = code >> d.mantissa_bits;
  const int mantissa = code & ((1 << d.mantissa_bits) - 1);
  const int leading = field == 0 ? 0 : 1 << d.mantissa_bits;
  return Rational(leading + mantissa) * two_to((field == 0 ? 1 : field) - d.bias - d.mantissa_bits);
}

/// Where a magnitude stands in the list: between codes `below` and `below` + 1, `fraction` of the way.
struct Place {
  int below = 0;
  bool beyond = false;  ///< at or above the last magnitude listed: overflow, whatever the rounding
  Rational fraction = 0;
};

class Oracle {
 public:
  explicit Oracle(const spec::ElementFormat& row) : type(row.type), definition(definition_of(row.type)) {
    // INT8 may use -128, so its list goes on to 129.
    const int last = definition.number_count + (type == spec::ElementType::INT8 ? 1 : 0);
    for (int code = 0; code <= last; ++code) magnitudes.push_back(magnitude_of_code(type, code));
  }

  Place place(const Rational& magnitude) const {
    if (magnitude >= magnitudes.back()) return {.beyond = true};
    const auto above = std::upper_bound(magnitudes.begin(), magnitudes.end(), magnitude);
    const Rational& low = *(above - 1);
    return {.below = static_cast<int>(above - magnitudes.begin()) - 1,
            .fraction = (magnitude - low) / (*above - low)};
  }

  /// The code of a finite number of this place and sign. `random` is already cut to its bits.
  std::uint8_t encode(const Place& place, bool negative, bool input_is_zero, const spec::Rounding& rounding,
                      const spec::Policy& policy, std::uint32_t random = 0) const {
    if (place.beyond) return overflow(negative, policy);
    const int code = place.below + (goes_up(place, negative, rounding, random) ? 1 : 0);
    if (code == 0) return zero(negative, input_is_zero, policy);
    return code > largest(negative, policy) ? overflow(negative, policy) : signed_code(code, negative);
  }

  const std::vector<Rational>& listed() const { return magnitudes; }

 private:
  static bool goes_up(const Place& place, bool negative, const spec::Rounding& rounding,
                      std::uint32_t random) {
    const Rational to_below = place.fraction;
    const Rational to_above = 1 - place.fraction;
    if (to_below == 0) return false;
    switch (rounding.mode) {
      case spec::RoundingMode::NearestEven:
        return to_above < to_below || (to_above == to_below && place.below % 2 == 1);
      case spec::RoundingMode::NearestAway: return to_above <= to_below;
      case spec::RoundingMode::NearestTowardZero: return to_above < to_below;
      case spec::RoundingMode::TowardZero: return false;
      case spec::RoundingMode::Up: return !negative;
      case spec::RoundingMode::Down: return negative;
      case spec::RoundingMode::Stochastic: {
        const Rational share = Rational(random) * two_to(-rounding.random_bits);
        return to_below + share >= 1;
      }
    }
    throw std::invalid_argument("no such rounding mode");
  }

  int largest(bool negative, const spec::Policy& policy) const {
    const bool minimum =
        type == spec::ElementType::INT8 && negative && policy.int8_minimum == spec::Int8Minimum::Used;
    return minimum ? 128 : definition.number_count - 1;
  }

  std::uint8_t signed_code(int code, bool negative) const {
    if (!negative) return static_cast<std::uint8_t>(code);
    if (type == spec::ElementType::INT8) return static_cast<std::uint8_t>(-code);
    return static_cast<std::uint8_t>(definition.sign_weight + code);
  }

  std::uint8_t overflow(bool negative, const spec::Policy& policy) const {
    if (policy.overflow == spec::Overflow::NonFinite) {
      if (definition.infinity != 0) return signed_code(definition.infinity, negative);
      const bool keeps_sign = policy.nan_code != spec::NanCode::AllOnes;
      if (definition.nan != 0) return signed_code(definition.nan, keeps_sign && negative);
    }
    return signed_code(largest(negative, policy), negative);
  }

  std::uint8_t zero(bool negative, bool input_is_zero, const spec::Policy& policy) const {
    const bool keeps = policy.zero_sign == spec::ZeroSign::Keep ||
                       (policy.zero_sign == spec::ZeroSign::DropOnZeroInput && !input_is_zero);
    return signed_code(0, keeps && negative);
  }

  spec::ElementType type;
  Definition definition;
  std::vector<Rational> magnitudes;
};

}  // namespace mxemu::golden
