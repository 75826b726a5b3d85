#include "tools/sweep/element_sweep.hpp"

#include <algorithm>
#include <mutex>
#include <numeric>

#include "fast/mxemu.hpp"
#include "tools/sweep/progress.hpp"

namespace mxemu::sweep {
namespace {

constexpr std::uint32_t batch = conformance::sweep_batch;

/// Consecutive inputs of one sign.
struct Window {
  std::uint32_t first_bits;
  std::uint32_t last_bits;
};

struct Part {
  Findings findings;
  CodeRuns runs;
};

/// Converts one window, batch by batch, in the calling thread.
void sweep_window(const spec::Request& request, fast::Isa isa, const Golden& golden, int scale_code,
                  const Window& window, Part& part) {
  const conformance::Staircase& staircase = golden.elements(scale_code, window.first_bits >= sign_bits(true));
  std::uint32_t numbers[batch];
  std::uint8_t codes[batch];
  std::uint64_t left = std::uint64_t{window.last_bits} - window.first_bits + 1;
  for (std::uint32_t first = window.first_bits; left > 0; first += batch) {
    const std::size_t count = std::min<std::uint64_t>(batch, left);
    std::iota(numbers, numbers + count, first);
    const std::span taken(codes, count);
    fast::encode_elements(request, {spec::FloatType::Float32, std::as_bytes(std::span(numbers, count))},
                          taken, scale_code + e8m0.emin, {}, {.isa = isa, .threads = 1});
    check_codes(staircase, "element code", scale_code, first, taken, part.findings, part.runs);
    left -= count;
  }
}

/// A position that depends on the stratum alone (SplitMix64).
std::uint32_t spread(std::uint64_t stratum) {
  std::uint64_t z = (stratum + 1) * 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return static_cast<std::uint32_t>(z >> 32);
}

/// The windows of one sign in rising order, without overlaps.
std::vector<Window> windows_of(const conformance::Staircase& staircase, int scale_code) {
  constexpr std::uint32_t stratum_size = field_size / strata_per_field;
  const std::uint32_t sign = staircase.first_bits();
  std::vector<Window> windows;
  for (std::uint32_t stratum = 0; stratum < (non_finite_field + 1) * strata_per_field; ++stratum) {
    const std::uint64_t key = std::uint64_t(scale_code) << 32 | sign | stratum;
    const std::uint32_t first =
        sign + stratum * stratum_size + spread(key) % (stratum_size - window_size + 1);
    windows.push_back({first, first + window_size - 1});
  }
  for (const conformance::Step& step : staircase.steps) {
    const std::uint32_t before = std::min(step_reach, step.first_bits - sign);
    const std::uint32_t after = std::min(step_reach - 1, staircase.last_bits - step.first_bits);
    windows.push_back({step.first_bits - before, step.first_bits + after});
  }
  std::sort(windows.begin(), windows.end(),
            [](const Window& a, const Window& b) { return a.first_bits < b.first_bits; });
  std::vector<Window> joined;
  for (const Window& window : windows) {
    if (!joined.empty() && window.first_bits <= joined.back().last_bits)
      joined.back().last_bits = std::max(joined.back().last_bits, window.last_bits);
    else
      joined.push_back(window);
  }
  return joined;
}

Findings digest(const std::vector<Part>& parts, int scale_code, Sha256& sha) {
  Findings findings;
  CodeRuns all;
  for (const Part& part : parts) {
    findings.merge(part.findings);
    all.append(part.runs);
  }
  sha.add("elements");
  sha.add(static_cast<std::uint8_t>(scale_code));
  sha.add_integer(findings.compared, 8);
  all.digest(sha);
  return findings;
}

}  // namespace

Findings sweep_elements(const spec::Request& request, fast::Isa isa, const Golden& golden,
                        std::span<const int> scale_codes, Sha256& sha) {
  constexpr std::uint64_t parts_per_scale = 2 * (non_finite_field + 1);
  const std::uint64_t total = scale_codes.size() * parts_per_scale * field_size;
  Progress progress(std::string(request.block_format().name) + " elements", total);
  Findings findings;
  for (const int scale_code : scale_codes) {
    std::vector<Part> parts(parts_per_scale);
    conformance::on_all_cores(parts.size(), [&](std::uint64_t index) {
      const auto first = static_cast<std::uint32_t>(index * field_size);
      sweep_window(request, isa, golden, scale_code, {first, first + (field_size - 1)}, parts[index]);
      progress.add(field_size);
    });
    findings.merge(digest(parts, scale_code, sha));
  }
  require_all(findings, total);
  return findings;
}

Findings sample_elements(const spec::Request& request, fast::Isa isa, const Golden& golden,
                         std::span<const int> scale_codes, Sha256& sha) {
  Progress progress(std::string(request.block_format().name) + " samples", scale_codes.size());
  std::vector<std::vector<Part>> parts(scale_codes.size(), std::vector<Part>(2));
  conformance::on_all_cores(2 * scale_codes.size(), [&](std::uint64_t index) {
    const int scale_code = scale_codes[index / 2];
    const bool negative = index % 2 == 1;
    for (const Window& window : windows_of(golden.elements(scale_code, negative), scale_code))
      sweep_window(request, isa, golden, scale_code, window, parts[index / 2][index % 2]);
    progress.add(negative);
  });
  Findings findings;
  for (std::size_t i = 0; i < scale_codes.size(); ++i) findings.merge(digest(parts[i], scale_codes[i], sha));
  return findings;
}

}  // namespace mxemu::sweep
