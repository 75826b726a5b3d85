#include "tools/llama/tokenizer/byte_alphabet.hpp"

#include <array>

#include "tools/llama/tokenizer/utf8_steps.hpp"

namespace mxemu::llama {
namespace {

constexpr bool prints_itself(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

constexpr std::array<char32_t, 256> alphabet = [] {
  std::array<char32_t, 256> characters{};
  char32_t next = 0x100;
  for (unsigned byte = 0; byte < 256; ++byte) characters[byte] = prints_itself(byte) ? byte : next++;
  return characters;
}();
constexpr char32_t past_the_alphabet = 0x144;
static_assert(alphabet[0xAD] + 1 == past_the_alphabet);

constexpr std::array<int, past_the_alphabet> bytes = [] {
  std::array<int, past_the_alphabet> table{};
  table.fill(-1);
  for (int byte = 0; byte < 256; ++byte) table[alphabet[static_cast<std::size_t>(byte)]] = byte;
  return table;
}();

constexpr std::string_view hex_digits = "0123456789ABCDEF";

}  // namespace

char32_t character_of_byte(unsigned char byte) {
  return alphabet[byte];
}

std::optional<std::string> bytes_of_characters(std::string_view characters) {
  std::string out;
  bool all = true;
  for_each_character(characters, [&](std::string_view character) {
    const char32_t c = code_point(character);
    const int byte = c < past_the_alphabet ? bytes[c] : -1;
    all &= byte >= 0;
    out += static_cast<char>(byte);
  });
  return all ? std::optional(out) : std::nullopt;
}

std::string byte_token_name(unsigned char byte) {
  return std::string("<0x") + hex_digits[byte >> 4] + hex_digits[byte & 15] + ">";
}

std::optional<unsigned char> byte_of_token_name(std::string_view name) {
  if (name.size() != 6 || !name.starts_with("<0x") || name[5] != '>') return std::nullopt;
  const std::size_t high = hex_digits.find(name[3]), low = hex_digits.find(name[4]);
  if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
  return static_cast<unsigned char>(high << 4 | low);
}

}  // namespace mxemu::llama
