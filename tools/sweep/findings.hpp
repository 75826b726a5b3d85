// What a sweep has seen: how many codes it compared, the mismatches, and the codes themselves as runs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "conformance/staircase.hpp"
#include "conformance/sha256.hpp"

namespace mxemu::sweep {

using conformance::Sha256;

inline constexpr std::size_t mismatches_kept = 10;

struct Mismatch {
  const char* what;  ///< "block code", "block scale" or "element code"
  int scale_code;    ///< under which the input was converted
  std::uint32_t bits;
  std::uint8_t expected;
  std::uint8_t got;
};

/// One line: the input, the scale code, what was expected and what came.
std::string describe(const Mismatch& mismatch);

struct Findings {
  std::uint64_t compared = 0;
  std::uint64_t mismatches = 0;
  std::vector<Mismatch> first;  ///< in order of scale code and input

  void add(const Mismatch& mismatch);
  void merge(const Findings& other);
};

/// A sweep that left something out proves nothing: std::logic_error unless `total` codes were compared.
void require_all(const Findings& findings, std::uint64_t total);

/// The codes of rising inputs, one entry wherever the code is not the one before: the runs tell the codes,
/// and are the same however the inputs were cut into pieces.
class CodeRuns {
 public:
  void add(std::uint32_t first_bits, std::uint8_t code);
  void add(std::uint32_t first_bits, std::span<const std::uint8_t> codes);
  void append(const CodeRuns& next);
  void digest(Sha256& sha) const;

 private:
  std::vector<conformance::Step> steps_;
};

/// Compares the codes of the consecutive inputs from first_bits on with the staircase, and records them while
/// nothing is wrong (the runs of a broken converter may be as many as its inputs).
void check_codes(const conformance::Staircase& golden, const char* what, int scale_code,
                 std::uint32_t first_bits, std::span<const std::uint8_t> codes, Findings& findings,
                 CodeRuns& runs);

}  // namespace mxemu::sweep
