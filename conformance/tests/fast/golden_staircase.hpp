// Staircases of the reference, found fast: a table encoder proposes them and the reference is asked on both
// sides of every step. Both are monotone on each sign, so steps that agree are the reference's.
#pragma once

#include "conformance/staircase.hpp"
#include "spec/request.hpp"

namespace mxemu::fast_tests {

/// The codes of zero and the finite float32 of one sign under 2^scale_exponent, roundTiesToEven, saturating.
/// Throws std::logic_error when table and reference disagree.
conformance::Staircase element_staircase(spec::ElementType element, int scale_exponent, bool negative);

/// The scale codes of the positive finite float32 as largest magnitudes.
conformance::Staircase scale_staircase(const spec::Request& request);

/// The part from first_bits to last_bits, both inside.
conformance::Staircase clip(const conformance::Staircase& staircase, std::uint32_t first_bits,
                            std::uint32_t last_bits);

/// `next` follows `staircase` without a gap.
void append(conformance::Staircase& staircase, const conformance::Staircase& next);

/// True when MXEMU_EXHAUSTIVE is set: nothing is thinned, and a sweep takes minutes.
bool exhaustive();

}  // namespace mxemu::fast_tests
