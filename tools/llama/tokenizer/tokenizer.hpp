// Text to token ids and back: one interface to every kind of tokenizer that LLaMA-family checkpoints have.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/llama/tokenizer/streaming_decoder.hpp"
#include "tools/llama/tokenizer/vocabulary.hpp"

namespace mxemu::llama {

struct EncodeOptions {
  /// Begin with BOS where the tokenizer has one, and whatever else its file puts around every text.
  bool bos = true;
  /// Special tokens written out in the text ("<|eot_id|>") become their ids rather than ordinary text.
  bool parse_special = false;
};

struct SpecialIds {
  std::optional<TokenId> bos;
  std::optional<TokenId> eos;
  std::optional<TokenId> unknown;
  std::vector<TokenId> end_of_generation;  ///< eos and the other ids (end of turn) that end a text; ascending
};

/// Immutable, so that threads may share one.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  /// Token ids of UTF-8 `text`, which may be empty and may contain NUL. Throws std::invalid_argument when
  /// `text` is not UTF-8, or when nothing in the vocabulary stands for a part of it.
  std::vector<TokenId> encode(std::string_view text, const EncodeOptions& options = {}) const;

  /// The text of `ids`, in UTF-8: bytes that form no character are U+FFFD. Throws std::invalid_argument for
  /// an id that no token has.
  std::string decode(std::span<const TokenId> ids, SpecialText special = SpecialText::Omitted) const;

  /// Decodes id by id; must not outlive the tokenizer.
  StreamingDecoder streaming_decoder(SpecialText special = SpecialText::Omitted) const;

  /// One more than the largest id. A model may have more rows than that, never fewer.
  std::size_t vocabulary_size() const { return vocabulary_.size(); }
  const Vocabulary& vocabulary() const { return vocabulary_; }
  const SpecialIds& special_ids() const { return special_ids_; }
  /// "tokenizer.json", "Llama 3 ranks", "SentencePiece", "llama2.c": what kind of file it came from.
  std::string_view kind() const { return kind_; }

 protected:
  Tokenizer(std::string_view kind, Vocabulary vocabulary, SpecialIds special_ids, DecodeRule rule);

 private:
  virtual std::vector<TokenId> encode_text(std::string_view text, const EncodeOptions& options) const = 0;

  std::string_view kind_;
  Vocabulary vocabulary_;
  SpecialIds special_ids_;
  DecodeRule rule_;
};

/// The tokenizer in a file, or in a model directory (tokenizer.json, tokenizer.model or tokenizer.bin; the
/// first there is). The content of a file, not its name, tells its kind. Throws io::FileError.
std::unique_ptr<Tokenizer> open_tokenizer(const std::filesystem::path& path);

}  // namespace mxemu::llama
