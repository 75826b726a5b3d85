#include "tools/llama/tokenizer/added_tokens.hpp"

#include <algorithm>

#include "tools/llama/tokenizer/utf8_steps.hpp"

namespace mxemu::llama {
namespace {

AddedToken read_token(const JsonNode& node) {
  AddedToken token;
  const std::int64_t id = node.at("id").integer();
  if (id < 0 || id > Vocabulary::largest_id)
    node.at("id").fail(std::to_string(id) + " is not between 0 and " +
                       std::to_string(Vocabulary::largest_id));
  token.id = static_cast<TokenId>(id);
  token.content = node.at("content").text();
  if (token.content.empty()) node.at("content").fail("is empty");
  token.special = node.flag("special", false);
  token.normalized = node.flag("normalized", !token.special);
  token.single_word = node.flag("single_word", false);
  token.strips_left = node.flag("lstrip", false);
  token.strips_right = node.flag("rstrip", false);
  return token;
}

std::size_t last_character(std::string_view text) {
  std::size_t at = text.size() - 1;
  while ((text[at] & 0xC0) == 0x80) --at;
  return at;
}

bool starts_with_space(std::string_view text) {
  return !text.empty() && is_white_space(code_point(text.substr(0, character_size(text[0]))));
}

}  // namespace

AddedTokens::AddedTokens(const JsonNode& node, const Normalizer& normalizer) {
  for (const JsonNode& item : node.items()) {
    const AddedToken token = read_token(item);
    const std::string content = token.normalized ? normalizer(token.content) : token.content;
    for (const bool parse_special : {false, true})
      if (parse_special || !token.special) literals_[token.normalized][parse_special].add(content, token.id);
    if (!by_id_.emplace(token.id, tokens_.size()).second)
      item.at("id").fail(std::to_string(token.id) + " is given to two added tokens");
    tokens_.push_back(token);
  }
}

bool AddedTokens::stands_alone(std::string_view text, const LiteralMatch& match) const {
  const std::string_view before = text.substr(0, match.begin), after = text.substr(match.begin + match.size);
  const auto is_word = [this](std::string_view character) { return word_.find(character, 0).has_value(); };
  return (before.empty() || !is_word(before.substr(last_character(before)))) &&
         (after.empty() || !is_word(after.substr(0, character_size(after[0]))));
}

void AddedTokens::split(std::string_view text, Stage stage, bool parse_special, const OnText& on_text,
                        const OnToken& on_token) const {
  const Literals& literals = literals_[stage == Stage::Normalized][parse_special];
  std::size_t done = 0;  // what comes before is handed out
  for (std::size_t from = 0; const auto match = literals.find(text, from);) {
    from = match->begin + match->size;
    const AddedToken& token = tokens_[by_id_.at(match->id)];
    if (token.single_word && !stands_alone(text, *match)) continue;
    std::size_t begin = match->begin, end = from;
    if (token.strips_left)
      while (begin > done) {
        const std::size_t previous = last_character(text.substr(0, begin));
        if (!starts_with_space(text.substr(previous))) break;
        begin = previous;
      }
    if (token.strips_right)
      while (starts_with_space(text.substr(end))) end += character_size(text[end]);
    if (begin > done) on_text(text.substr(done, begin - done), done);
    on_token(token.id);
    done =
        end;  // the next token may start before it: white space that it shares with this one counts for both
  }
  if (done < text.size()) on_text(text.substr(done), done);
}

}  // namespace mxemu::llama
