// What a tokenizer does to text before it splits it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/llama/tokenizer/json_node.hpp"

namespace mxemu::llama {

/// Unicode normalisation form C (UAX #15) of UTF-8 `text`, by utf8proc's version of Unicode.
std::string normalize_nfc(std::string_view text);

/// `text` with every `from`, which is not empty, turned into `to`.
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);

/// The node "normalizer" of tokenizer.json: NFC, Prepend, Replace and Sequence of these.
class Normalizer {
 public:
  /// No normalizer.
  Normalizer() = default;
  explicit Normalizer(const JsonNode& node) { add(node); }

  std::string operator()(std::string_view text) const;

 private:
  enum class StepKind : std::uint8_t { Nfc, Prepend, Replace };
  struct Step {
    StepKind kind;
    std::string from, to;
  };

  void add(const JsonNode& node);

  std::vector<Step> steps_;
};

}  // namespace mxemu::llama
