#include "tools/io/error.hpp"

#include <cstddef>

#include "tools/io/utf8.hpp"

namespace mxemu::io {
namespace {

// Names come from the file: a hostile one may be megabytes long.
constexpr std::size_t longest_text = 200;

void append_escaped(std::string& out, unsigned char byte) {
  constexpr char digits[] = "0123456789abcdef";
  out += "\\x";
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

// Cuts before a continuation byte's character, so that the cut text stays valid UTF-8.
std::string_view cut(std::string_view text) {
  std::size_t end = longest_text;
  while (end > longest_text - 4 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::string sentence(const std::filesystem::path& file, const std::string& fault) {
  // A path is not cut: it is the part a person needs whole.
  std::string out;
  for (const char letter : file.string()) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x20 || byte == 0x7F)
      append_escaped(out, byte);
    else
      out += letter;
  }
  return out + ": " + fault;
}

}  // namespace

FileError::FileError(const std::filesystem::path& file, const std::string& fault)
    : std::runtime_error(sentence(file, fault)) {}

std::string printable(std::string_view text) {
  const bool long_text = text.size() > longest_text;
  const std::string_view shown = long_text ? cut(text) : text;
  const bool utf8 = is_utf8(shown);
  std::string out;
  for (const char letter : shown) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !utf8))
      append_escaped(out, byte);
    else
      out += letter;
  }
  return long_text ? out + "..." : out;
}

std::string in_quotes(std::string_view text) {
  return '"' + printable(text) + '"';
}

std::string tensor_prefix(std::string_view name) {
  return "tensor " + in_quotes(name) + ": ";
}

std::string byte_prefix(std::uint64_t offset) {
  return "byte " + std::to_string(offset) + ": ";
}

std::string shape_text(std::span<const std::int64_t> shape) {
  constexpr std::size_t most_dimensions = 16;
  std::string out = "[";
  for (std::size_t i = 0; i < shape.size() && i < most_dimensions; ++i)
    out += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return out + (shape.size() > most_dimensions ? ", ...]" : "]");
}

}  // namespace mxemu::io
