// Text on its way into a page: escaped, measured and shortened.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mxemu::report {

/// `text` made safe as HTML or SVG character data and inside a double-quoted attribute.
/// Tensor names come from strangers' files: bytes that are not UTF-8, control characters other than tab and
/// newline, and characters that reorder their neighbours (bidirectional controls) each become U+FFFD.
std::string escaped(std::string_view text);

/// Columns that `text` occupies in a monospaced face: 2 for a wide East Asian character, else 1 per code
/// point.
std::size_t columns(std::string_view text);

/// `text` if it fits in `limit` columns (at least 3), else its two ends around one '…'. Cuts between code
/// points.
std::string shortened(std::string_view text, std::size_t limit);

}  // namespace mxemu::report
