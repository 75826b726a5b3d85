#include "tools/sweep/findings.hpp"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <tuple>

namespace mxemu::sweep {
namespace {

consteval bool knows_the_published_digest() {
  Sha256 sha;
  sha.add("abc");
  const std::array<char, 64> digest = sha.hex();
  return std::string_view(digest.data(), digest.size()) ==
         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
}
static_assert(knows_the_published_digest(), "FIPS 180-4, the one-block example");

}  // namespace

std::string describe(const Mismatch& mismatch) {
  char line[160];
  std::snprintf(line, sizeof line, "input 0x%08x %a  scale code 0x%02x  %s: expected 0x%02x  got 0x%02x",
                mismatch.bits, static_cast<double>(std::bit_cast<float>(mismatch.bits)),
                static_cast<unsigned>(mismatch.scale_code), mismatch.what, mismatch.expected, mismatch.got);
  return line;
}

void Findings::add(const Mismatch& mismatch) {
  ++mismatches;
  if (first.size() < mismatches_kept) first.push_back(mismatch);
}

void Findings::merge(const Findings& other) {
  compared += other.compared;
  mismatches += other.mismatches;
  first.insert(first.end(), other.first.begin(), other.first.end());
  std::stable_sort(first.begin(), first.end(), [](const Mismatch& a, const Mismatch& b) {
    return std::tie(a.scale_code, a.bits) < std::tie(b.scale_code, b.bits);
  });
  if (first.size() > mismatches_kept) first.resize(mismatches_kept);
}

void require_all(const Findings& findings, std::uint64_t total) {
  if (findings.compared != total)
    throw std::logic_error("swept " + std::to_string(findings.compared) + " of " + std::to_string(total) +
                           " inputs");
}

void CodeRuns::add(std::uint32_t first_bits, std::uint8_t code) {
  if (steps_.empty() || steps_.back().code != code) steps_.push_back({first_bits, code});
}

void CodeRuns::add(std::uint32_t first_bits, std::span<const std::uint8_t> codes) {
  if (codes.empty()) return;
  add(first_bits, codes.front());
  // All equal when each equals its neighbour: one fast pass over the many pieces without a step.
  if (std::memcmp(codes.data(), codes.data() + 1, codes.size() - 1) == 0) return;
  for (std::size_t i = 1; i < codes.size(); ++i) add(first_bits + static_cast<std::uint32_t>(i), codes[i]);
}

void CodeRuns::append(const CodeRuns& next) {
  for (const conformance::Step& step : next.steps_) add(step.first_bits, step.code);
}

void CodeRuns::digest(Sha256& sha) const {
  sha.add_integer(steps_.size(), 8);
  for (const conformance::Step& step : steps_) {
    sha.add_integer(step.first_bits, 4);
    sha.add(step.code);
  }
}

void check_codes(const conformance::Staircase& golden, const char* what, int scale_code,
                 std::uint32_t first_bits, std::span<const std::uint8_t> codes, Findings& findings,
                 CodeRuns& runs) {
  conformance::Sweep sweep;
  conformance::detail::compare_codes(golden, first_bits, codes, mismatches_kept, sweep);
  Findings found{.compared = sweep.checked, .mismatches = sweep.difference_count, .first = {}};
  for (const auto& [bits, expected, got] : sweep.first_differences)
    found.first.push_back({what, scale_code, bits, expected, got});
  if (found.mismatches == 0) {
    findings.compared += found.compared;
  } else {
    findings.merge(found);
  }
  if (findings.mismatches == 0) runs.add(first_bits, codes);
}

}  // namespace mxemu::sweep
