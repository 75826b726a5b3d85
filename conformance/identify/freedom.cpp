#include "conformance/identify/freedom.hpp"

#include <iterator>
#include <utility>

namespace mxemu::conformance {
namespace {

constexpr int deterministic_roundings = static_cast<int>(spec::RoundingMode::Stochastic);
static_assert(deterministic_roundings + 1 == std::size(spec::words<spec::RoundingMode>),
              "stochastic rounding comes last");

/// Calls visit(index, field) for every freedom that has words.
template <class SomeRequest, class Visitor>
void for_each_word(SomeRequest& request, Visitor&& visit) {
  int index = 0;
  spec::for_each_freedom(request.policy, [&](const char*, auto& value) { visit(index++, value); });
  visit(scale_rule_freedom, request.scale_rule);
  visit(rounding_freedom, request.rounding.mode);
}

}  // namespace

int word_count(int freedom) {
  static const Words counts = [] {
    Words all = {};
    const spec::Request request;
    for_each_word(request, [&]<class Enum>(int index, const Enum&) {
      all[static_cast<std::size_t>(index)] = static_cast<int>(std::size(spec::words<Enum>));
    });
    all[rounding_freedom] = deterministic_roundings;
    return all;
  }();
  return counts[static_cast<std::size_t>(freedom)];
}

const char* word_name(int freedom, int word) {
  const spec::Request request;
  const char* name = "";
  for_each_word(request, [&]<class Enum>(int index, const Enum&) {
    if (index == freedom) name = spec::name_of(static_cast<Enum>(word));
  });
  return name;
}

Words words_of(const spec::Request& request) {
  Words words = no_words();
  for_each_word(request, [&](int index, const auto& value) {
    words[static_cast<std::size_t>(index)] = static_cast<int>(value);
  });
  return words;
}

spec::Request with_words(spec::Request request, const Words& words) {
  for_each_word(request, [&]<class Enum>(int index, Enum& value) {
    const int word = words[static_cast<std::size_t>(index)];
    if (word != any_word) value = static_cast<Enum>(word);
  });
  return request;
}

}  // namespace mxemu::conformance
