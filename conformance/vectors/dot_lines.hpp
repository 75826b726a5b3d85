// Dot products from the lines of conformance/PROTOCOL.md: the inverse of device/dot_talk.cpp.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "conformance/dot/dot_cases.hpp"

namespace mxemu::conformance::vectors {

/// Hands over the cases of a text one by one. The greeting, comments and empty lines are passed over. Throws
/// FileFault with `name` and the line.
void read_dot_lines(const std::string& name, std::string_view text,
                    const std::function<void(const DotCases& one, std::size_t line)>& take);

}  // namespace mxemu::conformance::vectors
