// Rounding of an exact value to a format. MX requires roundTiesToEven and allows others
// (5.3.2, 5.3.3, 5.3.4, 6.3).
#pragma once

#include <cstdint>

#include "spec/words.hpp"

namespace mxemu::spec {

enum class RoundingMode : std::uint8_t {
  NearestEven,
  NearestAway,
  TowardZero,
  Up,
  Down,
  NearestTowardZero,
  Stochastic,
};

template <>
inline constexpr Word<RoundingMode> words<RoundingMode>[] = {
    {RoundingMode::NearestEven, "nearest_even", "RNE: nearest, ties to the even code (the one MX requires)"},
    {RoundingMode::NearestAway, "nearest_away", "RNA: nearest, ties away from zero"},
    {RoundingMode::TowardZero, "toward_zero", "RZ: the neighbour nearer to zero"},
    {RoundingMode::Up, "up", "RU: the neighbour nearer to +infinity"},
    {RoundingMode::Down, "down", "RD: the neighbour nearer to -infinity"},
    {RoundingMode::NearestTowardZero, "nearest_toward_zero", "nearest, ties toward zero"},
    {RoundingMode::Stochastic, "stochastic",
     "away from zero when the discarded fraction plus random bits / 2^N reaches 1 (N = 16: the PTX .rs "
     "rule)"},
};
static_assert(words_are_in_order<RoundingMode>());

/// A rounding mode and, for Stochastic, how many random bits decide and where they come from: the low
/// `random_bits` bits of one 32-bit word per element, taken from the caller's array or else from
/// Philox4x32-10 keyed by `seed` and counted by the element's row-major index, so that threads cannot change
/// a result.
struct Rounding {
  RoundingMode mode = RoundingMode::NearestEven;
  int random_bits = 16;  ///< 1 to 32
  std::uint64_t seed = 0;

  constexpr bool operator==(const Rounding&) const = default;
};

}  // namespace mxemu::spec
