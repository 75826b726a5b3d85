// How vocabularies write bytes. GPT-2's alphabet has a printable character for every byte: those that Latin-1
// prints are themselves, the others, in order, U+0100 and on. SentencePiece writes <0x0A>.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mxemu::llama {

/// The bytes that `characters` stand for, or nothing when one is not in the alphabet.
std::optional<std::string> bytes_of_characters(std::string_view characters);

/// The character of a byte.
char32_t character_of_byte(unsigned char byte);

/// "<0x0A>".
std::string byte_token_name(unsigned char byte);
/// The byte that such a name names.
std::optional<unsigned char> byte_of_token_name(std::string_view name);

}  // namespace mxemu::llama
