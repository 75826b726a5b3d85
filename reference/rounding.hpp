// Rounding an exact ratio to the grid of a format.
#pragma once

#include <cstdint>

#include "reference/exact.hpp"
#include "spec/rounding.hpp"

namespace mxemu::reference {

/// Where a ratio a / b lies between two neighbouring multiples of 2^quantum_exponent:
/// a / b = (below + remainder / whole) * 2^quantum_exponent with 0 <= remainder < whole.
struct GridPosition {
  int quantum_exponent = 0;
  Integer below = 0;
  Integer remainder = 0;
  Integer whole = 1;

  bool is_exact() const { return remainder.is_zero(); }
  bool is_tie() const { return 2 * remainder == whole; }
};

/// The position of a / b on the grid of a floating-point format whose exponent range has no upper end: the
/// quantum is 2^(e - mantissa_bits), where e = floor(log2(a / b)), but at least emin. Requires b > 0.
GridPosition locate(const Exact& a, const Exact& b, int emin, int mantissa_bits);

/// The same with a fixed quantum.
GridPosition locate_on_quantum(const Exact& a, const Exact& b, int quantum_exponent);

/// Whether the magnitude at `position` rounds to below + 1 rather than to below. `random_word` matters to
/// stochastic rounding only: its low random_bits bits decide.
bool rounds_up(const GridPosition& position, const spec::Rounding& rounding, bool negative,
               std::uint32_t random_word);

}  // namespace mxemu::reference
