// The node "decoder" of tokenizer.json: what each token writes.
#pragma once

#include <string>
#include <vector>

#include "tools/llama/tokenizer/json_node.hpp"
#include "tools/llama/tokenizer/streaming_decoder.hpp"

namespace mxemu::llama {

/// ByteLevel, or a Sequence of Replace, ByteFallback, Fuse and Strip, as SentencePiece's models need them.
class PieceDecoder {
 public:
  explicit PieceDecoder(const JsonNode& node);

  /// The bytes that decoding writes for a token that the file writes as `token`.
  Piece piece_of(const std::string& token) const;
  DecodeRule rule() const { return rule_; }

 private:
  void add(const JsonNode& node);

  bool byte_level_ = false;
  bool byte_fallback_ = false;
  std::vector<std::pair<std::string, std::string>> replacements_;
  DecodeRule rule_;
};

}  // namespace mxemu::llama
