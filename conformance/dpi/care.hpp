// Expectations as a value and a mask of the bits that matter, the form a test bench compares with.
#pragma once

#include <cstdint>

#include "conformance/vectors/expectation.hpp"

namespace mxemu::conformance::dpi {

/// The bits in which everything that is accepted agrees. A mask cannot say all: of "any scale but NaN"
/// nothing is left, of "any NaN" the bits that all of them share.
std::uint8_t scale_care(const spec::ScaleFormat& format, const vectors::Expectation& expectation);
std::uint8_t code_care(const spec::ElementFormat& format, const vectors::Expectation& expectation);
std::uint64_t number_care(const spec::FloatFormat& format, const vectors::Expectation& expectation);

}  // namespace mxemu::conformance::dpi
