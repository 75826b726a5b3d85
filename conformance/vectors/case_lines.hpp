// Cases from the lines of conformance/PROTOCOL.md: the inverse of device/request_text.hpp.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "conformance/cases.hpp"

namespace mxemu::conformance::vectors {

using TakeCases = std::function<void(const Cases& cases, std::size_t first_line)>;

/// Hands over the cases of a text, consecutive ones of one request and size together. The greeting, comments
/// and empty lines are passed over. Throws FileFault with `name` and the line.
void read_case_lines(const std::string& name, std::string_view text, const TakeCases& take);

}  // namespace mxemu::conformance::vectors
