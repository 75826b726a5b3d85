#include "tools/sweep/outcome.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>

#include "tools/sweep/block_sweep.hpp"
#include "tools/sweep/element_sweep.hpp"
#include "tools/sweep/recorded.hpp"

namespace mxemu::sweep {
namespace {

/// The first and the last scale together hold every significand at every distance from the scale that a
/// float32 can have; 127 is the scale 1.
constexpr int telling_scales[] = {0, 127, scale_code_count - 1};

std::vector<int> scales_of(const Plan& plan) {
  std::vector<int> scales = plan.blocks;
  scales.insert(scales.end(), plan.whole_elements.begin(), plan.whole_elements.end());
  scales.insert(scales.end(), plan.sampled_elements.begin(), plan.sampled_elements.end());
  std::sort(scales.begin(), scales.end());
  scales.erase(std::unique(scales.begin(), scales.end()), scales.end());
  return scales;
}

}  // namespace

Plan make_plan(bool quick) {
  if (quick) return {"quick", {0, 32}, {}, {std::begin(telling_scales), std::end(telling_scales)}};
  Plan plan{"whole", {}, {std::begin(telling_scales), std::end(telling_scales)}, {}};
  for (int code = 0; code < scale_code_count; ++code) {
    plan.blocks.push_back(code);
    if (std::find(std::begin(telling_scales), std::end(telling_scales), code) == std::end(telling_scales))
      plan.sampled_elements.push_back(code);
  }
  return plan;
}

Outcome sweep_format(const spec::BlockFormat& format, const Plan& plan, fast::Isa isa,
                     const std::string& recorded) {
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t processor_start = std::clock();
  const spec::Request request = spec::make_request(format.type);
  const Golden golden(request, scales_of(plan));
  Outcome outcome;
  outcome.format = format.name;
  Sha256 sha;
  outcome.blocks = sweep_blocks(request, isa, golden, plan.blocks, sha);
  outcome.whole_elements = sweep_elements(request, isa, golden, plan.whole_elements, sha);
  outcome.sampled_elements = sample_elements(request, isa, golden, plan.sampled_elements, sha);
  const auto digest = sha.hex();
  outcome.digest.assign(digest.begin(), digest.end());
  if (!recorded.empty())
    if (const auto known = recorded_digest(recorded, format.name, plan.extent))
      outcome.record = *known == outcome.digest ? Record::Equal : Record::Differs;
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  outcome.processor_seconds = static_cast<double>(std::clock() - processor_start) / CLOCKS_PER_SEC;
  return outcome;
}

}  // namespace mxemu::sweep
