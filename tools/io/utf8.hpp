// UTF-8 validation, as Unicode 15 table 3-7 defines it: no overlong form, no surrogate, nothing above
// U+10FFFF.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mxemu::io {

/// Offset of the first byte that starts no valid character, or nothing when all of `text` is UTF-8.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

inline bool is_utf8(std::string_view text) {
  return !first_invalid_utf8(text).has_value();
}

}  // namespace mxemu::io
