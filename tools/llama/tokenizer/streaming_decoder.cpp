#include "tools/llama/tokenizer/streaming_decoder.hpp"

#include <algorithm>
#include <array>

#include "tools/io/utf8.hpp"

namespace mxemu::llama {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// Whether some bytes after `start` make it a character.
bool can_become_character(std::string_view start) {
  if (start.size() >= 4) return false;
  const auto lead = static_cast<unsigned char>(start[0]);
  const std::size_t length = lead < 0xC2 || lead > 0xF4 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (start.size() >= length) return false;
  std::string whole(start);
  // The second byte's range depends on the first; one of these two fits if any does.
  for (const char second : {'\x80', '\xBF'}) {
    whole.resize(start.size());
    if (whole.size() == 1) whole += second;
    whole.resize(length, '\x80');
    if (io::is_utf8(whole)) return true;
  }
  // 0xE0 and 0xF0 need a second byte above 0x80, 0xED and 0xF4 one below 0xBF: covered above.
  return false;
}

// The longest start of `bytes`, which are not a character, that could have become one: at least one byte.
std::size_t maximal_subpart(std::string_view bytes) {
  std::size_t size = 1;
  while (size < bytes.size() && can_become_character(bytes.substr(0, size)) &&
         can_become_character(bytes.substr(0, size + 1)))
    ++size;
  return size;
}

}  // namespace

std::string StreamingDecoder::push(TokenId id) {
  const Piece& piece = vocabulary_->at(id);
  if (piece.kind == PieceKind::Special && special_ == SpecialText::Omitted) return "";
  std::string_view bytes = piece.bytes;
  const bool may_drop = rule_.first_space == FirstSpace::Dropped ||
                        (rule_.first_space == FirstSpace::DroppedFromText && piece.kind == PieceKind::Text);
  if (at_start_ && may_drop && bytes.starts_with(' ')) bytes.remove_prefix(1);
  if (!piece.bytes.empty()) at_start_ = false;
  held_ += bytes;
  return take(false);
}

std::string StreamingDecoder::finish() {
  std::string text = take(true);
  at_start_ = true;
  return text;
}

// Moves out of held_ all that no later byte can change.
std::string StreamingDecoder::take(bool at_end) {
  std::string text;
  std::string_view rest = held_;
  while (const auto fault = io::first_invalid_utf8(rest)) {
    text += rest.substr(0, *fault);
    rest.remove_prefix(*fault);
    if (!at_end && can_become_character(rest)) break;
    text += replacement;
    rest.remove_prefix(rule_.ill_formed == IllFormed::EachByte ? 1 : maximal_subpart(rest));
  }
  if (io::is_utf8(rest)) {
    text += rest;
    rest = {};
  }
  held_ = std::string(rest);
  return text;
}

}  // namespace mxemu::llama
