// All 2^32 float32 through a subject, against the reference's staircases.
#pragma once

#include "conformance/alternatives.hpp"
#include "conformance/suite.hpp"

namespace mxemu::conformance {

inline constexpr const char* exhaustive_id = "element/exhaustive";

/// Encode takes all float32; quantize takes the finite ones, 32 consecutive bit patterns to a block.
CheckDescription exhaustive_description();

/// Whether the check exists for this operation, type and rounding.
bool is_swept(const Target& target);

/// How many cases the sweep has, those of infinities and NaNs included.
std::uint64_t sweep_case_count(const Target& target);

/// Case `index` of the sweep: block_size consecutive bit patterns.
Cases sweep_case(const Target& target, std::uint64_t index);

/// What a sweep found; the first `keep` differences stand as batches of one case with both answers.
struct SweepResult {
  std::uint64_t cases = 0;
  std::uint64_t judged = 0;
  std::uint64_t differing = 0;  ///< beyond what any device is granted
  Leeway used = {};             ///< what was granted
  std::vector<std::uint64_t> case_numbers;
  Batches batches;
  std::vector<Answers> expected;
  std::vector<Answers> got;
};

/// Runs the sweep; `known` are the alternatives that the subject is known by. `tick` is called between
/// chunks; returning false throws Interrupted.
SweepResult sweep(Subject& subject, const Target& target, const Amendments& known, std::size_t keep,
                  bool stop_at_first, const std::function<bool(double fraction)>& tick);

/// The same of one case.
SweepResult sweep_one(Subject& subject, const Target& target, const Amendments& known, std::uint64_t index);

}  // namespace mxemu::conformance
