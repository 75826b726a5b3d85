// Freedoms by index (spec/freedoms.hpp), so that they can be searched.
#pragma once

#include <array>

#include "spec/freedoms.hpp"
#include "spec/request.hpp"

namespace mxemu::conformance {

inline constexpr int scale_rule_freedom = spec::freedom_index("scale_rule");
inline constexpr int rounding_freedom = spec::freedom_index("rounding");

/// The edges have no words of their own: they say whether a device keeps to its rule next to a threshold.
constexpr bool is_edge(int freedom) {
  return freedom > rounding_freedom;
}
static_assert(scale_rule_freedom < rounding_freedom && rounding_freedom + 3 == spec::freedom_count,
              "the edges come last");

/// A word of each freedom by its index; `any_word` where none is chosen.
inline constexpr int any_word = -1;
using Words = std::array<int, spec::freedom_count>;

constexpr Words no_words() {
  Words words = {};
  for (int& word : words) word = any_word;
  return words;
}

/// How many words a freedom has. Stochastic rounding is none of them: it has no answer to compare.
int word_count(int freedom);

const char* word_name(int freedom, int word);

/// The words of a request.
Words words_of(const spec::Request& request);

/// `request` with the chosen words.
spec::Request with_words(spec::Request request, const Words& words);

}  // namespace mxemu::conformance
