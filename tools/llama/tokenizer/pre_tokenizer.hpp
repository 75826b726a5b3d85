// How a tokenizer cuts text into words, which merges never cross.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/llama/tokenizer/expression.hpp"
#include "tools/llama/tokenizer/json_node.hpp"

namespace mxemu::llama {

/// What becomes of the parts that a Split's pattern matches.
enum class SplitBehavior : std::uint8_t { Isolated, Removed, Contiguous, MergedWithPrevious, MergedWithNext };

/// The node "pre_tokenizer" of tokenizer.json: Split, Digits, ByteLevel, Metaspace and Sequence of these.
class PreTokenizer {
 public:
  /// No pre-tokenizer: all text is one word.
  PreTokenizer() = default;
  explicit PreTokenizer(const JsonNode& node) { add(node); }

  /// Whether words are bytes, written in GPT-2's alphabet, rather than characters.
  bool byte_level() const { return byte_level_; }

  /// Calls `visit` with the words of a part of the text, in order; `first` says that the part starts it.
  void split(std::string_view text, bool first, const std::function<void(std::string_view)>& visit) const;

 private:
  enum class Where : std::uint8_t { Nowhere, First, Everywhere };
  struct Step {
    std::optional<Expression> pattern;  // what to split by
    SplitBehavior behavior = SplitBehavior::Isolated;
    bool invert = false;
    std::string space;               // what stands for a space, if anything
    Where prepend = Where::Nowhere;  // where a word that starts without one gets one
    std::string prepended;
  };

  void add(const JsonNode& node);
  void add_split(const JsonNode& node);
  void add_byte_level(const JsonNode& node);
  void add_metaspace(const JsonNode& node);
  void apply(std::size_t step, std::string_view text, bool first,
             const std::function<void(std::string_view)>& visit) const;

  std::vector<Step> steps_;
  bool byte_level_ = false;
};

}  // namespace mxemu::llama
