#include "tools/llama/tokenizer/literals.hpp"

#include <algorithm>

namespace mxemu::llama {

void Literals::add(std::string_view text, TokenId id) {
  ids_.emplace(text, id);
  std::vector<std::size_t>& sizes = sizes_[static_cast<unsigned char>(text.front())];
  const auto at = std::lower_bound(sizes.begin(), sizes.end(), text.size(), std::greater<>());
  if (at == sizes.end() || *at != text.size()) sizes.insert(at, text.size());
}

std::optional<LiteralMatch> Literals::find(std::string_view text, std::size_t from) const {
  for (std::size_t begin = from; begin < text.size(); ++begin)
    for (const std::size_t size : sizes_[static_cast<unsigned char>(text[begin])]) {
      if (size > text.size() - begin) continue;
      if (const auto found = ids_.find(text.substr(begin, size)); found != ids_.end())
        return LiteralMatch{.begin = begin, .size = size, .id = found->second};
    }
  return std::nullopt;
}

}  // namespace mxemu::llama
