// A case that differs, as text: what went in, the exact arithmetic, what was expected, what came.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "conformance/vectors/expectation.hpp"

namespace mxemu::conformance::vectors {

/// A word of an answer that is not as expected: the scale, or an element.
struct Difference {
  std::optional<std::size_t> lane;
  Expectation expected;
  std::uint64_t got = 0;
};

/// Explains the first difference of a batch of one case; `exact` are the reference's answers.
std::string explain_differences(const std::string& label, const Cases& one, const Answers& exact,
                                const std::vector<Difference>& differences, bool silent);

}  // namespace mxemu::conformance::vectors
