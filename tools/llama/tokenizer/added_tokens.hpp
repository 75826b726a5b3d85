// The node "added_tokens" of tokenizer.json: texts that are tokens before anything splits or merges.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tools/llama/tokenizer/expression.hpp"
#include "tools/llama/tokenizer/json_node.hpp"
#include "tools/llama/tokenizer/literals.hpp"
#include "tools/llama/tokenizer/normalizer.hpp"

namespace mxemu::llama {

struct AddedToken {
  TokenId id = 0;
  std::string content;
  bool special = false;                            ///< left as text unless special tokens are parsed
  bool normalized = false;                         ///< looked for after normalisation
  bool single_word = false;                        ///< only where no letter, digit or underscore touches it
  bool strips_left = false, strips_right = false;  ///< takes the white space beside it
};

class AddedTokens {
 public:
  AddedTokens() = default;
  AddedTokens(const JsonNode& node, const Normalizer& normalizer);

  const std::vector<AddedToken>& all() const { return tokens_; }

  /// Whether tokens are looked for in the text as it is, or once it is normalised.
  enum class Stage : std::uint8_t { Raw, Normalized };

  using OnText = std::function<void(std::string_view text, std::size_t begin)>;
  using OnToken = std::function<void(TokenId)>;
  /// Calls `on_text` with what lies between the tokens and `on_token` with the tokens, in order.
  void split(std::string_view text, Stage stage, bool parse_special, const OnText& on_text,
             const OnToken& on_token) const;

 private:
  bool stands_alone(std::string_view text, const LiteralMatch& match) const;

  std::vector<AddedToken> tokens_;
  std::unordered_map<TokenId, std::size_t> by_id_;  // index in tokens_
  Literals literals_[2][2];                         // by stage, and whether special tokens are among them
  Expression word_{R"([\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}])"};
};

}  // namespace mxemu::llama
