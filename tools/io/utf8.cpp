#include "tools/io/utf8.hpp"

namespace mxemu::io {
namespace {

struct Lead {
  std::size_t length;       // bytes of the character; 0: no character starts here
  unsigned char low, high;  // range of the second byte; the others are 80..BF
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  if (byte < 0xF0) {
    const unsigned char low = byte == 0xE0 ? 0xA0 : 0x80;   // below: overlong
    const unsigned char high = byte == 0xED ? 0x9F : 0xBF;  // above: surrogates
    return {3, low, high};
  }
  if (byte < 0xF5) {
    const unsigned char low = byte == 0xF0 ? 0x90 : 0x80;   // below: overlong
    const unsigned char high = byte == 0xF4 ? 0x8F : 0xBF;  // above: beyond U+10FFFF
    return {4, low, high};
  }
  return {0, 0, 0};
}

}  // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const Lead lead = lead_of(byte(i));
    if (lead.length == 0 || lead.length > text.size() - i) return i;
    for (std::size_t j = 1; j < lead.length; ++j) {
      const unsigned char low = j == 1 ? lead.low : 0x80;
      const unsigned char high = j == 1 ? lead.high : 0xBF;
      if (byte(i + j) < low || byte(i + j) > high) return i;
    }
    i += lead.length;
  }
  return std::nullopt;
}

}  // namespace mxemu::io
