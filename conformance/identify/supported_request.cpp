#include "conformance/identify/supported_request.hpp"

#include <algorithm>

#include "conformance/device/canonical_request.hpp"
#include "conformance/identify/freedom.hpp"
#include "spec/profile.hpp"

namespace mxemu::conformance {
namespace {

/// In the order in which they are tried; some ask for the same.
std::vector<spec::Request> candidates(const spec::Request& standard) {
  std::vector<spec::Request> all = {standard};
  const auto add = [&](spec::ScaleRuleType rule, spec::RoundingMode mode) {
    all.push_back(standard);
    all.back().scale_rule = rule;
    all.back().rounding.mode = mode;
  };
  for (const auto& rule : spec::words<spec::ScaleRuleType>) add(rule.value, standard.rounding.mode);
  for (int mode = 0; mode < word_count(rounding_freedom); ++mode)
    add(standard.scale_rule, static_cast<spec::RoundingMode>(mode));
  for (const auto& rule : spec::words<spec::ScaleRuleType>)
    for (int mode = 0; mode < word_count(rounding_freedom); ++mode)
      add(rule.value, static_cast<spec::RoundingMode>(mode));
  for (const spec::Profile& profile : spec::profiles)
    if (profile.formats.has(standard.format) && profile.rounding.mode != spec::RoundingMode::Stochastic)
      all.push_back(spec::make_request(standard.format, profile));
  return all;
}

}  // namespace

spec::Request supported_request(Subject& subject, const spec::Request& standard, const Probe& probe) {
  std::vector<spec::Request> asked;
  for (const spec::Request& request : candidates(standard)) {
    const spec::Request canonical = canonical_request(probe.operation, request, probe.elements());
    if (std::find(asked.begin(), asked.end(), canonical) != asked.end()) continue;
    asked.push_back(canonical);
    const Cases cases = make_cases(request, {&probe});
    if (split(cases, subject.answer(cases), subject.name()).front().supported) return request;
  }
  return standard;
}

}  // namespace mxemu::conformance
