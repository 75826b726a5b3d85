// What was found out about a freedom, in words.
#pragma once

#include <string>

#include "conformance/identify/identify.hpp"

namespace mxemu::conformance {

/// "rceil", "zero_pad or short_block", or why there are none.
std::string describe_words(const Finding& finding);

/// The answer that shows it, or the one that nothing explains; "" where there is none.
std::string evidence_text(const Finding& finding);

}  // namespace mxemu::conformance
