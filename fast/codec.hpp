// The portable codec: integers only, no branches on data, host and device, one text for every format of
// spec/. Rows come as values; a hot loop makes its row a local constant and lets the compiler fold it:
//
//   template <spec::ElementType E>
//   void loop(…) { constexpr spec::ElementFormat format = spec::element_formats[static_cast<int>(E)]; … }
#pragma once

#include "fast/common_request.hpp"
#include "fast/element.hpp"
#include "fast/number.hpp"
#include "fast/random.hpp"
#include "fast/scale.hpp"
