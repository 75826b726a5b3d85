// Named bundles of scale rule, rounding and policy: the dialects of the field, and `ocp`, the standard's own.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "spec/policy.hpp"
#include "spec/rounding.hpp"
#include "spec/scale_rule.hpp"

namespace mxemu::spec {

struct Profile {
  const char* name;
  const char* summary;
  const char* source;
  ScaleRuleType scale_rule;
  Rounding rounding;
  Policy policy;
};

inline constexpr Profile profiles[] = {
    {.name = "ocp",
     .summary = "the sample algorithm of MX 6.3, roundTiesToEven, saturation; NaN and Inf poison their block",
     .source = "OCP MX v1.0",
     .scale_rule = ScaleRuleType::Floor,
     .rounding = {},
     .policy = {}},
};

inline constexpr const Profile& default_profile = profiles[0];

constexpr const Profile* find_profile(std::string_view name) {
  for (const auto& profile : profiles)
    if (name == profile.name) return &profile;
  return nullptr;
}

}  // namespace mxemu::spec
