// What people choose by name: words read, and complained of with those there are.
#pragma once

#include <stdexcept>
#include <string>

#include "spec/words.hpp"

namespace mxemu::conformance {

/// Something the user gave that cannot be used: one sentence, exit status 2.
struct BadInput : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The names of rows, separated by commas.
std::string known_names(const auto& rows) {
  std::string text;
  for (const auto& row : rows) text += (text.empty() ? "" : ", ") + std::string(row.name);
  return text;
}

/// The names of an enumeration's words, separated by commas.
template <class Enum>
std::string known_words() {
  return known_names(spec::words<Enum>);
}

/// The enumerator called `name`, or BadInput: "FLAG: no such word; one of …".
template <class Enum>
Enum parse_flag(const std::string& flag, const std::string& name) {
  if (const auto value = spec::parse_word<Enum>(name)) return *value;
  throw BadInput(flag + ": \"" + name + "\" is none of " + known_words<Enum>());
}

}  // namespace mxemu::conformance
