// Accumulators that differ from one in a single parameter: what its golden vectors have to tell apart.
#pragma once

#include <vector>

#include "spec/accumulator.hpp"

namespace mxemu::conformance::vectors {

/// Of a fused adder: one fraction bit less and more, other cuts, another step, another width and rounding of
/// the result, other zeros, c joined in the other way. Of a flushed tree: no flushing, or flushing. None of
/// the others, which have no parameters.
std::vector<spec::Accumulator> neighbours(const spec::Accumulator& row);

}  // namespace mxemu::conformance::vectors
