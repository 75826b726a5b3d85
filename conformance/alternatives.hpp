// The freedoms of the standard, tried one by one: which allowed alternative gives every answer of a subject.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/comparison.hpp"

namespace mxemu::conformance {

/// One freedom set to one word.
struct Amendment {
  std::string freedom;
  std::string word;
  std::function<void(spec::Request&)> apply;

  std::string text() const { return freedom + "=" + word; }
};
using Amendments = std::vector<Amendment>;

/// `more` over `amendments`: a freedom that both set takes the word of `more`.
Amendments amended(Amendments amendments, const Amendments& more);

/// Every alternative that the standard leaves to a device for this operation and format. What it requires
/// (the overflow method asked for, rounding, the sign of an FP8 zero, what scale bytes mean) is not among
/// them.
Amendments allowed_amendments(const Target& target);

/// What a subject was asked, what the profile expects, and what came.
struct Evidence {
  const Batches& batches;
  const std::vector<Answers>& expected;
  const std::vector<Answers>& got;
};

/// The reference's answers to the same cases under amended requests.
Answers answers_under(const Cases& cases, const Amendments& amendments);

/// What no policy names, all of it granted; and what was granted, in words.
inline constexpr Leeway all_leeway = {.any_nan_code = true, .any_code_under_nan = true};
std::string leeway_text(const Leeway& used);

struct Conformance {
  Amendments amendments;  ///< of the profile
  std::string text;       ///< what to report: the amendments, the leeway that was used
};

/// The first set of at most two amendments, beside those that the device is already known by, under which
/// every answer is expected, without those that these cases do not need; nothing when there is none.
std::optional<Conformance> find_conformance(const Target& target, const Evidence& evidence,
                                            const Comparison& differences, const Amendments& known);

}  // namespace mxemu::conformance
