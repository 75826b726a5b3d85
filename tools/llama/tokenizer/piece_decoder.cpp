#include "tools/llama/tokenizer/piece_decoder.hpp"

#include "tools/llama/tokenizer/byte_alphabet.hpp"
#include "tools/llama/tokenizer/normalizer.hpp"

namespace mxemu::llama {

PieceDecoder::PieceDecoder(const JsonNode& node) {
  if (node.type() == "ByteLevel")
    byte_level_ = true;
  else if (node.type() == "Sequence")
    for (const JsonNode& part : node.at("decoders").items()) add(part);
  else
    node.refuse_type({"ByteLevel", "Sequence"});
}

void PieceDecoder::add(const JsonNode& node) {
  const std::string& type = node.type();
  if (type == "Replace") {
    const JsonNode from = node.at("pattern").at("String");
    if (from.text().empty()) from.fail("is empty");
    replacements_.emplace_back(from.text(), node.at("content").text());
  } else if (type == "ByteFallback") {
    byte_fallback_ = true;
    rule_.ill_formed = IllFormed::EachByte;
  } else if (type == "Strip") {
    if (node.at("content").text() != " " || node.at("start").integer() != 1 || node.at("stop").integer() != 0)
      node.fail("strips something else than one space at the start, which is not supported");
    rule_.first_space = FirstSpace::Dropped;
  } else if (type != "Fuse") {
    node.refuse_type({"Replace", "ByteFallback", "Fuse", "Strip"});
  }
}

Piece PieceDecoder::piece_of(const std::string& token) const {
  if (byte_level_) return {.bytes = bytes_of_characters(token).value_or(token), .kind = PieceKind::Text};
  std::string text = token;
  for (const auto& [from, to] : replacements_) text = replace_all(text, from, to);
  if (byte_fallback_)
    if (const auto byte = byte_of_token_name(text))
      return {.bytes = std::string(1, static_cast<char>(*byte)), .kind = PieceKind::Byte};
  return {.bytes = text, .kind = PieceKind::Text};
}

}  // namespace mxemu::llama
