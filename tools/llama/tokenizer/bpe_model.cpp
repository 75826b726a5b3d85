#include "tools/llama/tokenizer/bpe_model.hpp"

#include <stdexcept>
#include <utility>

#include "tools/io/error.hpp"
#include "tools/llama/tokenizer/byte_alphabet.hpp"
#include "tools/llama/tokenizer/utf8_steps.hpp"

namespace mxemu::llama {
namespace {

std::uint64_t pair_key(TokenId left, TokenId right) {
  return std::uint64_t{static_cast<std::uint32_t>(left)} << 32 | static_cast<std::uint32_t>(right);
}

// A merge is "left right", or ["left", "right"] in newer files.
std::pair<std::string_view, std::string_view> parts_of(const JsonNode& merge) {
  if (merge.is_array()) {
    const std::vector<JsonNode> parts = merge.items();
    if (parts.size() != 2) merge.fail("is not a pair");
    return {parts[0].text(), parts[1].text()};
  }
  const std::string_view text = merge.text();
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos || text.find(' ', space + 1) != std::string_view::npos)
    merge.fail(io::in_quotes(text) + " is not two tokens with a space between");
  return {text.substr(0, space), text.substr(space + 1)};
}

}  // namespace

BpeModel::BpeModel(const JsonNode& node, bool byte_level) : byte_level_(byte_level) {
  if (const auto type = node.find("type"); type && type->text() != "BPE")
    type->fail(io::in_quotes(type->text()) + " is not supported; supported: BPE");
  for (const char* name : {"dropout", "continuing_subword_prefix", "end_of_word_suffix"})
    node.expect_off(name);
  ignore_merges_ = node.flag("ignore_merges", false);
  byte_fallback_ = node.flag("byte_fallback", false);
  fuse_unknown_ = node.flag("fuse_unk", false);
  read_vocabulary(node.at("vocab"));
  read_merges(node.at("merges"));
  if (const auto unknown = node.find("unk_token")) {
    unknown_ = id_of(unknown->text());
    if (!unknown_) unknown->fail(io::in_quotes(unknown->text()) + " is not in model.vocab");
  }
}

void BpeModel::read_vocabulary(const JsonNode& node) {
  if (!node.is_object()) node.fail("is not an object");
  std::unordered_map<std::int64_t, std::string_view> taken;
  for (const auto& [token, value] : node.value().items()) {
    const bool is_id = value.is_number_unsigned() && value.get<std::uint64_t>() <= Vocabulary::largest_id;
    if (!is_id)
      node.fail("the id of " + io::in_quotes(token) + " is not an integer from 0 to " +
                std::to_string(Vocabulary::largest_id));
    const auto id = value.get<TokenId>();
    if (const auto [at, fresh] = taken.emplace(id, token); !fresh)
      node.fail("the id " + std::to_string(id) + " is given to both " + io::in_quotes(at->second) + " and " +
                io::in_quotes(token));
    tokens_.emplace_back(token, id);
    written_ids_.emplace(token, id);
    if (!byte_level_) {
      if (const auto byte = byte_of_token_name(token)) byte_ids_[*byte] = id;
    } else if (const auto bytes = bytes_of_characters(token)) {
      ids_.emplace(*bytes, id);
      if (bytes->size() == 1) byte_ids_[static_cast<unsigned char>(bytes->front())] = id;
    }
  }
}

std::optional<TokenId> BpeModel::id_of(std::string_view token) const {
  const auto found = written_ids_.find(token);
  return found == written_ids_.end() ? std::nullopt : std::optional(found->second);
}

TokenId BpeModel::merge_part(const JsonNode& merge, std::string_view token) const {
  const auto id = id_of(token);
  if (!id) merge.fail("names " + io::in_quotes(token) + ", which is not in model.vocab");
  return *id;
}

void BpeModel::read_merges(const JsonNode& node) {
  std::uint32_t rank = 0;
  for (const JsonNode& merge : node.items()) {
    const auto [left, right] = parts_of(merge);
    const std::uint64_t key = pair_key(merge_part(merge, left), merge_part(merge, right));
    const TokenId whole = merge_part(merge, std::string(left) + std::string(right));
    merges_.insert_or_assign(key, Merge{.rank = rank++, .id = whole});
  }
}

std::vector<Symbol> BpeModel::byte_symbols(std::string_view word) const {
  std::vector<Symbol> symbols;
  for (std::uint32_t i = 0; i < word.size(); ++i) {
    const auto id = byte_ids_[static_cast<unsigned char>(word[i])];
    if (id) {
      symbols.push_back({.begin = i, .size = 1, .id = *id});
      continue;
    }
    if (!unknown_)
      throw std::invalid_argument("no token of the vocabulary stands for the byte " +
                                  std::to_string(static_cast<unsigned char>(word[i])) + " in " +
                                  io::in_quotes(word));
    if (fuse_unknown_ && !symbols.empty() && symbols.back().id == *unknown_)
      ++symbols.back().size;
    else
      symbols.push_back({.begin = i, .size = 1, .id = *unknown_});
  }
  return symbols;
}

bool BpeModel::append_bytes(std::string_view character, std::uint32_t begin,
                            std::vector<Symbol>& symbols) const {
  if (!byte_fallback_) return false;
  for (const char byte : character)
    if (!byte_ids_[static_cast<unsigned char>(byte)]) return false;
  for (const char byte : character)
    symbols.push_back({.begin = begin++, .size = 1, .id = *byte_ids_[static_cast<unsigned char>(byte)]});
  return true;
}

std::vector<Symbol> BpeModel::first_symbols(std::string_view word) const {
  if (byte_level_) return byte_symbols(word);
  std::vector<Symbol> symbols;
  std::uint32_t begin = 0;
  for_each_character(word, [&](std::string_view character) {
    const auto size = static_cast<std::uint32_t>(character.size());
    if (const auto id = id_of(character)) {
      symbols.push_back({.begin = begin, .size = size, .id = *id});
    } else if (!append_bytes(character, begin, symbols)) {
      if (!unknown_)
        throw std::invalid_argument("no token of the vocabulary stands for " + io::in_quotes(character));
      if (fuse_unknown_ && !symbols.empty() && symbols.back().id == *unknown_)
        symbols.back().size += size;
      else
        symbols.push_back({.begin = begin, .size = size, .id = *unknown_});
    }
    begin += size;
  });
  return symbols;
}

void BpeModel::append(std::string_view word, std::vector<TokenId>& ids) const {
  if (ignore_merges_) {
    const TextMap<TokenId>& whole = byte_level_ ? ids_ : written_ids_;
    if (const auto found = whole.find(word); found != whole.end()) {
      ids.push_back(found->second);
      return;
    }
  }
  std::vector<Symbol> symbols = first_symbols(word);
  merge_symbols(symbols, [this](const Symbol& left, const Symbol& right) -> std::optional<Merge> {
    const auto found = merges_.find(pair_key(left.id, right.id));
    return found == merges_.end() ? std::nullopt : std::optional(found->second);
  });
  for (const Symbol& symbol : symbols) ids.push_back(symbol.id);
}

}  // namespace mxemu::llama
