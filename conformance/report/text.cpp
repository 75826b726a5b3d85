#include "conformance/report/text.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace mxemu::report {
namespace {

constexpr char32_t replacement = 0xFFFD;
constexpr std::string_view replacement_utf8 = "\xEF\xBF\xBD";

struct CodePoint {
  char32_t value;
  std::string_view bytes;
};

bool is_continuation(char byte) {
  return (static_cast<std::uint8_t>(byte) & 0xC0U) == 0x80U;
}

/// Bytes that a sequence with this first byte announces; 0 for a byte that starts none.
std::size_t announced_length(std::uint8_t first) {
  if (first < 0x80U) return 1;
  if (first >= 0xC2U && first <= 0xDFU) return 2;
  if (first >= 0xE0U && first <= 0xEFU) return 3;
  if (first >= 0xF0U && first <= 0xF4U) return 4;
  return 0;
}

/// The code point at the front of a non-empty `text`; a malformed byte counts as one replacement character.
CodePoint front(std::string_view text) {
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const auto first = static_cast<std::uint8_t>(text[0]);
  const std::size_t length = announced_length(first);
  const CodePoint malformed{replacement, text.substr(0, 1)};
  if (length == 0 || length > text.size()) return malformed;
  if (length == 1) return {first, text.substr(0, 1)};
  char32_t value = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[i])) return malformed;
    value = (value << 6U) | (static_cast<std::uint8_t>(text[i]) & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < smallest[length] || value > 0x10FFFF || surrogate) return malformed;
  return {value, text.substr(0, length)};
}

/// Characters that a page must not repeat: controls, bidirectional controls, noncharacters.
bool is_unprintable(char32_t c) {
  if (c < 0x20) return c != '\t' && c != '\n';
  if (c >= 0x7F && c < 0xA0) return true;
  const bool bidirectional =
      c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return bidirectional || (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

std::size_t width(char32_t c) {
  const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
                    (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
                    (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                    (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
  return wide ? 2 : 1;
}

std::vector<CodePoint> code_points(std::string_view text) {
  std::vector<CodePoint> points;
  for (; !text.empty(); text.remove_prefix(points.back().bytes.size())) points.push_back(front(text));
  return points;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = front(text);
    text.remove_prefix(point.bytes.size());
    switch (point.value) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default:
        out += point.value == replacement || is_unprintable(point.value) ? replacement_utf8 : point.bytes;
    }
  }
  return out;
}

std::size_t columns(std::string_view text) {
  std::size_t total = 0;
  for (const CodePoint& point : code_points(text)) total += width(point.value);
  return total;
}

std::string shortened(std::string_view text, std::size_t limit) {
  limit = std::max<std::size_t>(limit, 3);
  if (columns(text) <= limit) return std::string(text);
  const std::vector<CodePoint> points = code_points(text);
  const std::size_t head_room = (limit - 1) / 2;
  const std::size_t tail_room = limit - 1 - head_room;
  std::string head;
  std::size_t used = 0;
  for (auto p = points.begin(); p != points.end() && used + width(p->value) <= head_room; ++p) {
    head += p->bytes;
    used += width(p->value);
  }
  std::string_view tail = text.substr(text.size());
  used = 0;
  for (auto p = points.rbegin(); p != points.rend() && used + width(p->value) <= tail_room; ++p) {
    tail = std::string_view(p->bytes.data(), tail.size() + p->bytes.size());
    used += width(p->value);
  }
  return head + "…" + std::string(tail);
}

}  // namespace mxemu::report
