// The node "model" of tokenizer.json: a vocabulary and the merges that lead to it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "tools/llama/tokenizer/json_node.hpp"
#include "tools/llama/tokenizer/merge.hpp"
#include "tools/llama/tokenizer/text_map.hpp"
#include "tools/llama/tokenizer/vocabulary.hpp"

namespace mxemu::llama {

class BpeModel {
 public:
  /// `byte_level`: the tokens are written in GPT-2's alphabet and stand for bytes.
  BpeModel(const JsonNode& node, bool byte_level);

  /// Appends the ids of one word. Throws std::invalid_argument when nothing stands for a part of it.
  void append(std::string_view word, std::vector<TokenId>& ids) const;

  /// Every token as the file writes it.
  const std::vector<std::pair<std::string, TokenId>>& tokens() const { return tokens_; }
  std::optional<TokenId> id_of(std::string_view token) const;
  std::optional<TokenId> unknown_id() const { return unknown_; }

 private:
  void read_vocabulary(const JsonNode& node);
  void read_merges(const JsonNode& node);
  TokenId merge_part(const JsonNode& merge, std::string_view token) const;
  std::vector<Symbol> first_symbols(std::string_view word) const;
  std::vector<Symbol> byte_symbols(std::string_view word) const;
  /// The byte tokens of one character, when there is one for each byte.
  bool append_bytes(std::string_view character, std::uint32_t begin, std::vector<Symbol>& symbols) const;

  bool byte_level_;
  bool ignore_merges_, byte_fallback_, fuse_unknown_;
  std::vector<std::pair<std::string, TokenId>> tokens_;
  TextMap<TokenId> written_ids_;  // by what the file writes
  TextMap<TokenId> ids_;          // by what stands in the text; empty unless byte_level_
  std::unordered_map<std::uint64_t, Merge> merges_;
  std::array<std::optional<TokenId>, 256> byte_ids_;  // byte-level letters, or <0x00> to <0xFF>
  std::optional<TokenId> unknown_;
};

}  // namespace mxemu::llama
