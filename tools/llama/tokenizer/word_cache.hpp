// Words recur: what each became is kept while one text is encoded.
#pragma once

#include <string_view>
#include <vector>

#include "tools/llama/tokenizer/text_map.hpp"
#include "tools/llama/tokenizer/vocabulary.hpp"

namespace mxemu::llama {

class WordCache {
 public:
  /// Appends the ids of `word`, which `encode(word)` appends when they are not known yet.
  template <class Encode>
  void append(std::string_view word, std::vector<TokenId>& ids, Encode encode) {
    if (const auto known = ids_.find(word); known != ids_.end()) {
      ids.insert(ids.end(), known->second.begin(), known->second.end());
      return;
    }
    const auto before = static_cast<std::ptrdiff_t>(ids.size());
    encode(word);
    if (word.size() <= longest && ids_.size() < most)
      ids_.emplace(word, std::vector<TokenId>(ids.begin() + before, ids.end()));
  }

 private:
  static constexpr std::size_t longest = 64;  // bytes: longer words seldom recur
  static constexpr std::size_t most = 100000;
  TextMap<std::vector<TokenId>> ids_;
};

}  // namespace mxemu::llama
