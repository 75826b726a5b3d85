// What somebody may have meant who named something that does not exist.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mxemu::conformance {

/// "; did you mean \"element/rounding\"? There is: element/rounding, ...", the question only where a name is
/// near.
std::string what_there_is(std::string_view word, const std::vector<std::string>& names);

}  // namespace mxemu::conformance
