#include "tools/llama/tokenizer/tokenizer.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "tools/io/utf8.hpp"

namespace mxemu::llama {
namespace {

// Positions within a text are 32-bit.
constexpr std::size_t longest_text = std::size_t{1} << 30;

}  // namespace

Tokenizer::Tokenizer(std::string_view kind, Vocabulary vocabulary, SpecialIds special_ids, DecodeRule rule)
    : kind_(kind), vocabulary_(std::move(vocabulary)), special_ids_(std::move(special_ids)), rule_(rule) {
  std::vector<TokenId>& ends = special_ids_.end_of_generation;
  if (special_ids_.eos) ends.push_back(*special_ids_.eos);
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
}

std::vector<TokenId> Tokenizer::encode(std::string_view text, const EncodeOptions& options) const {
  if (text.size() > longest_text)
    throw std::invalid_argument("a text of " + std::to_string(text.size()) + " bytes is longer than " +
                                std::to_string(longest_text));
  if (const auto at = io::first_invalid_utf8(text))
    throw std::invalid_argument("the text is not UTF-8 at byte " + std::to_string(*at));
  return encode_text(text, options);
}

std::string Tokenizer::decode(std::span<const TokenId> ids, SpecialText special) const {
  StreamingDecoder decoder = streaming_decoder(special);
  std::string text;
  for (const TokenId id : ids) text += decoder.push(id);
  return text + decoder.finish();
}

StreamingDecoder Tokenizer::streaming_decoder(SpecialText special) const {
  return {vocabulary_, rule_, special};
}

}  // namespace mxemu::llama
