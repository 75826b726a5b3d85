// Every enumerator of every freedom, one changed at a time.
#pragma once

#include <type_traits>

#include "spec/policy.hpp"

namespace mxemu::golden {

/// Calls visit(freedom name, enumerator name, policy) with `base` and one field set to each of its words.
template <class Visitor>
void for_each_variant(spec::Policy base, Visitor visit) {
  spec::for_each_freedom(base, [&](const char* freedom, auto& field) {
    using Enum = std::remove_reference_t<decltype(field)>;
    const Enum original = field;
    for (const auto& word : spec::words<Enum>) {
      field = word.value;
      visit(freedom, word.name, base);
    }
    field = original;
  });
}

}  // namespace mxemu::golden
