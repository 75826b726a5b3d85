// Numbers that matter to a conversion: code boundaries, ties and their neighbours, weighted random patterns.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "conformance/checks/check.hpp"
#include "reference/exact.hpp"

namespace mxemu::conformance {

/// The bits of the float nearest to `magnitude`, or of Inf.
std::uint64_t nearest_bits(const spec::FloatFormat& format, const reference::Exact& magnitude);

/// The finite magnitudes at `magnitude` and one ulp to each side, in rising order, without repeats.
std::vector<std::uint64_t> around(const spec::FloatFormat& format, const reference::Exact& magnitude);

/// Every magnitude at which the element codes change, under the scale 2^exponent: the codes' own values and
/// the midpoints between them, up to one step beyond the largest, each with its neighbours. No repeats.
std::vector<std::uint64_t> boundaries(const spec::ElementFormat& element, const spec::FloatFormat& source,
                                      int scale_exponent);

/// The same magnitudes with both signs.
std::vector<std::uint64_t> with_both_signs(const spec::FloatFormat& format,
                                           const std::vector<std::uint64_t>& magnitudes);

/// After Berkeley TestFloat: significands of few ones, of few zeros, or of random bits; the exponent within
/// `span` below `exponent` (clamped to the format's range). A random sign.
std::uint64_t weighted_number(const spec::FloatFormat& format, int exponent, int span, Random& random);

/// A random finite number no larger in magnitude than the magnitude `limit`: close to it half of the time.
std::uint64_t number_up_to(const spec::FloatFormat& format, std::uint64_t limit, Random& random);

/// A magnitude that alone makes the scale of a block `code`; the largest power of two that does, where one
/// does.
std::optional<std::uint64_t> anchor_of(const Target& target, int code);

/// Scale codes under which the source type reaches the element codes: all of them at the higher levels, else
/// about `count` of them, the ends and the neighbourhood of 1 among them.
std::vector<int> useful_scales(const Target& target, std::size_t count, Random& random);

}  // namespace mxemu::conformance
