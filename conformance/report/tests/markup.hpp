// A reader of markup, just strict enough to tell whether a page hangs together.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mxemu::report::test {

/// Empty when every tag of `html` closes, attributes are quoted and unique within their tag, ids are unique,
/// and no stray '<', '&' or coordinate that is not a number is left; else what is wrong and where.
std::string flaw(std::string_view html);

/// How often `needle` occurs in `text`.
std::size_t occurrences(std::string_view text, std::string_view needle);

}  // namespace mxemu::report::test
