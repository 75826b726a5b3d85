// What tokenizer.json and tokenizer_config.json say of BOS, EOS and what goes around every text.
#pragma once

#include <filesystem>
#include <vector>

#include "tools/llama/tokenizer/added_tokens.hpp"
#include "tools/llama/tokenizer/bpe_model.hpp"
#include "tools/llama/tokenizer/json_node.hpp"
#include "tools/llama/tokenizer/tokenizer.hpp"

namespace mxemu::llama {

/// The node "post_processor": the template for a single text. TemplateProcessing, ByteLevel (which adds
/// nothing) and Sequence of these.
struct Frame {
  /// No post-processor.
  Frame() = default;
  explicit Frame(const JsonNode& node) { add(node); }

  std::vector<TokenId> before, after;
  bool has_template = false;

 private:
  void add(const JsonNode& node);
  void add_template(const JsonNode& node);
};

/// Throws io::FileError, naming post_processor, when no token has one of the frame's ids.
void check_frame(const JsonNode& document, const Frame& frame, const Vocabulary& vocabulary);

/// Reads `config` if there is such a file. Without a template in `frame`, its bos_token becomes one unless
/// add_bos_token is false.
SpecialIds special_ids_of(const std::filesystem::path& config, const std::vector<AddedToken>& added,
                          const BpeModel& model, Frame& frame);

}  // namespace mxemu::llama
