// Answers against answers: equal codes, equal bits. What the standard leaves without meaning is not compared:
// which NaN a number is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "conformance/cases.hpp"
#include "conformance/checks/check.hpp"

namespace mxemu::conformance {

/// An answer that differs. Where the scale byte differs, the codes of that case are not compared. Of a tensor
/// in memory every byte is.
struct Mismatch {
  std::size_t batch;
  std::size_t case_index;  ///< in the batch
  std::size_t element;  ///< in the case; 0 where the scale of a block differs, the byte's place in a tensor
  bool in_scale;
};

/// Freedoms that no policy names: which NaN code stands for NaN (OFP8-f), what the codes under a NaN scale
/// are (MX-4-b).
struct Leeway {
  bool any_nan_code = false;
  bool any_code_under_nan = false;

  bool any() const { return any_nan_code || any_code_under_nan; }
};

struct Comparison {
  std::uint64_t judged = 0;  ///< codes, numbers and scale bytes
  std::uint64_t cases = 0;
  std::uint64_t unsupported_cases = 0;
  std::vector<Mismatch> mismatches;
  Leeway used = {};  ///< what made answers count as equal that are not the same

  bool agrees() const { return mismatches.empty(); }
};

/// Adds what batch `batch` shows. Unsupported cases are counted and not judged.
void compare(const Cases& cases, const Answers& expected, const Answers& got, std::size_t batch,
             const Leeway& leeway, Comparison& comparison);

/// All batches.
Comparison compare(const Batches& batches, const std::vector<Answers>& expected,
                   const std::vector<Answers>& got, const Leeway& leeway = {});

}  // namespace mxemu::conformance
