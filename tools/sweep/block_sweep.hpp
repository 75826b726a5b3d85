// Every float32 that can stand in a block of a scale, under that scale, through the block quantiser.
#pragma once

#include <span>
#include <string>

#include "fast/isa.hpp"
#include "spec/request.hpp"
#include "tools/sweep/findings.hpp"
#include "tools/sweep/golden.hpp"

namespace mxemu::sweep {

/// The largest scale code that float32 blocks reach: their largest binade over 2^emax.
int largest_block_scale(const spec::ElementFormat& element);

/// All inputs of both signs with a magnitude below 2^(scale + emax + 1), and every Inf and NaN, for each of
/// `scale_codes` up to largest_block_scale. On all cores. The codes are added to `sha` scale by scale.
Findings sweep_blocks(const spec::Request& request, fast::Isa isa, const Golden& golden,
                      std::span<const int> scale_codes, Sha256& sha);

}  // namespace mxemu::sweep
