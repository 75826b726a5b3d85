// Sets of freedoms by name, so that a row can say which of them it leaves open.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "spec/policy.hpp"

namespace mxemu::spec {

/// What a converter chooses, by name: the freedoms of Policy in the order of for_each_freedom, then the rule
/// and the rounding, then what happens within an ulp or so of their thresholds, where arithmetic in
/// floating point goes wrong first.
inline constexpr const char* choices_beyond_policy[] = {"scale_rule", "rounding", "scale_edges",
                                                        "rounding_edges"};

constexpr int policy_freedom_count() {
  int count = 0;
  Policy policy;
  for_each_freedom(policy, [&](const char*, auto&) { ++count; });
  return count;
}

inline constexpr int freedom_count =
    policy_freedom_count() + static_cast<int>(sizeof choices_beyond_policy / sizeof(const char*));
static_assert(freedom_count <= 32, "Freedoms holds one bit each");

constexpr const char* freedom_name(int index) {
  const char* found = nullptr;
  int count = 0;
  Policy policy;
  for_each_freedom(policy, [&](const char* name, auto&) {
    if (count++ == index) found = name;
  });
  return found ? found : choices_beyond_policy[index - policy_freedom_count()];
}

/// The index of a freedom, or freedom_count.
constexpr int freedom_index(std::string_view name) {
  for (int i = 0; i < freedom_count; ++i)
    if (name == freedom_name(i)) return i;
  return freedom_count;
}

/// A set of freedoms.
struct Freedoms {
  std::uint32_t bits = 0;

  constexpr bool has(int index) const { return (bits >> index & 1) != 0; }
  constexpr bool has(std::string_view name) const {
    const int index = freedom_index(name);
    return index < freedom_count && has(index);
  }
  constexpr Freedoms operator|(Freedoms other) const { return {bits | other.bits}; }
  constexpr bool operator==(const Freedoms&) const = default;
};

/// The set of the freedoms that are named; a name that is none does not compile.
template <class... Names>
consteval Freedoms freedoms(Names... names) {
  Freedoms set;
  const int indices[] = {freedom_index(names)...};
  for (const int index : indices) {
    if (index == freedom_count) throw "no such freedom";
    set.bits |= std::uint32_t{1} << index;
  }
  return set;
}

/// All freedoms but those that are named.
template <class... Names>
consteval Freedoms all_freedoms_but(Names... names) {
  return {((std::uint32_t{1} << freedom_count) - 1) & ~freedoms(names...).bits};
}

}  // namespace mxemu::spec
