// Numbers of the command line that are taken exactly.
#pragma once

#include <string>

#include "reference/dot.hpp"

namespace mxemu::cli {

/// `-3`, `0.1` (a tenth), `2.5e-3` or `1/3`. Throws BadInput, naming `flag`, for anything else.
reference::Rational parse_rational(const std::string& flag, const std::string& text);

}  // namespace mxemu::cli
