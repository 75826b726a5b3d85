// The look of every page.
#pragma once

#include <string_view>

namespace mxemu::report {

/// The style sheet: light and dark, wide and narrow, screen and paper.
extern const std::string_view style_sheet;

}  // namespace mxemu::report
