// Steps through text that is known to be UTF-8.
#pragma once

#include <cstddef>
#include <string_view>

namespace mxemu::llama {

/// Bytes of the character that starts with `lead`.
constexpr std::size_t character_size(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// Calls `visit` with each character's bytes.
template <class Visit>
void for_each_character(std::string_view text, Visit visit) {
  for (std::size_t i = 0; i < text.size(); i += character_size(text[i]))
    visit(text.substr(i, character_size(text[i])));
}

/// The code point of one character's bytes.
constexpr char32_t code_point(std::string_view character) {
  const auto byte = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return byte;
  char32_t value = byte & (0xFFu >> (character.size() + 1));
  for (const char c : character.substr(1)) value = value << 6 | (static_cast<unsigned char>(c) & 0x3Fu);
  return value;
}

}  // namespace mxemu::llama
