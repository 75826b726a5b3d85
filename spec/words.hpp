// Every enumeration of the specification has words: the name a person types and one sentence of meaning.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mxemu::spec {

template <class Enum>
struct Word {
  Enum value;
  const char* name;
  const char* meaning;
};

/// The words of an enumeration, in the order of its enumerators. Specialised beside each enumeration.
template <class Enum>
inline constexpr std::nullptr_t words = nullptr;

/// The name of `value`, as the command line, the vector files and the reports spell it.
template <class Enum>
constexpr const char* name_of(Enum value) {
  return words<Enum>[static_cast<std::size_t>(value)].name;
}

template <class Enum>
constexpr const char* meaning_of(Enum value) {
  return words<Enum>[static_cast<std::size_t>(value)].meaning;
}

/// The enumerator called `name`, or nothing.
template <class Enum>
constexpr std::optional<Enum> parse_word(std::string_view name) {
  for (const auto& word : words<Enum>)
    if (name == word.name) return word.value;
  return std::nullopt;
}

/// True when enumerator i stands at index i: what `name_of` relies on.
template <class Enum>
consteval bool words_are_in_order() {
  std::size_t index = 0;
  for (const auto& word : words<Enum>)
    if (static_cast<std::size_t>(word.value) != index++) return false;
  return true;
}

/// The same of a table of rows, whose `type` is their enumerator: what `format_of` and `rule_of` rely on.
template <class Row, std::size_t count>
consteval bool rows_are_in_order(const Row (&rows)[count]) {
  for (std::size_t index = 0; index < count; ++index)
    if (static_cast<std::size_t>(rows[index].type) != index) return false;
  return true;
}

}  // namespace mxemu::spec
