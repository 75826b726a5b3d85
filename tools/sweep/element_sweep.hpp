// Every float32 by itself, through encode_elements: what a block of that scale cannot hold as well.
#pragma once

#include <span>

#include "fast/isa.hpp"
#include "spec/request.hpp"
#include "tools/sweep/findings.hpp"
#include "tools/sweep/golden.hpp"

namespace mxemu::sweep {

/// All 2^32 inputs under each of `scale_codes`. On all cores.
Findings sweep_elements(const spec::Request& request, fast::Isa isa, const Golden& golden,
                        std::span<const int> scale_codes, Sha256& sha);

/// Under each of `scale_codes`, windows of inputs: around every step of the staircase (step_reach on either
/// side), and window_size inputs from each of the strata_per_field parts of every binade. On all cores.
Findings sample_elements(const spec::Request& request, fast::Isa isa, const Golden& golden,
                         std::span<const int> scale_codes, Sha256& sha);

inline constexpr std::uint32_t step_reach = 64;
inline constexpr std::uint32_t window_size = 64;
inline constexpr std::uint32_t strata_per_field = 64;

}  // namespace mxemu::sweep
