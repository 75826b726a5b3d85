// Finds the texts of special tokens: the leftmost, and of those that start there the longest.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tools/llama/tokenizer/text_map.hpp"
#include "tools/llama/tokenizer/vocabulary.hpp"

namespace mxemu::llama {

struct LiteralMatch {
  std::size_t begin = 0;
  std::size_t size = 0;
  TokenId id = 0;
};

class Literals {
 public:
  /// `text` must not be empty; the first id given to a text stays.
  void add(std::string_view text, TokenId id);
  bool empty() const { return ids_.empty(); }
  /// The first match that starts at or after `from`.
  std::optional<LiteralMatch> find(std::string_view text, std::size_t from) const;

 private:
  TextMap<TokenId> ids_;
  std::array<std::vector<std::size_t>, 256> sizes_;  // by first byte: of the texts that start so, descending
};

/// Calls `on_text` with what lies between the literals and `on_token` with their ids, in order; `on_text` is
/// not called with nothing.
template <class OnText, class OnToken>
void split_at_literals(const Literals& literals, std::string_view text, OnText on_text, OnToken on_token) {
  std::size_t done = 0;
  while (const auto match = literals.find(text, done)) {
    if (match->begin > done) on_text(text.substr(done, match->begin - done));
    on_token(match->id);
    done = match->begin + match->size;
  }
  if (done < text.size()) on_text(text.substr(done));
}

}  // namespace mxemu::llama
