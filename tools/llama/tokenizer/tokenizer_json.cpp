// tokenizer.json of Hugging Face's tokenizers (https://github.com/huggingface/tokenizers): normalise, split,
// merge.
#include <stdexcept>

#include "tools/io/error.hpp"
#include "tools/io/mapped_file.hpp"
#include "tools/llama/tokenizer/added_tokens.hpp"
#include "tools/llama/tokenizer/bpe_model.hpp"
#include "tools/llama/tokenizer/kinds.hpp"
#include "tools/llama/tokenizer/piece_decoder.hpp"
#include "tools/llama/tokenizer/pre_tokenizer.hpp"
#include "tools/llama/tokenizer/special_ids.hpp"
#include "tools/llama/tokenizer/word_cache.hpp"

namespace mxemu::llama {
namespace {

/// The document's parts, in the order in which text passes them.
struct Pipeline {
  Normalizer normalizer;
  AddedTokens added;
  PreTokenizer pre_tokenizer;
  BpeModel model;
  Frame frame;
};

template <class Part>
Part part_of(const JsonNode& document, std::string_view name) {
  const auto node = document.find(name);
  return node ? Part(*node) : Part();
}

Pipeline read_pipeline(const JsonNode& document) {
  document.expect_off("truncation");
  document.expect_off("padding");
  auto normalizer = part_of<Normalizer>(document, "normalizer");
  const auto added = document.find("added_tokens");
  AddedTokens added_tokens = added ? AddedTokens(*added, normalizer) : AddedTokens();
  auto pre_tokenizer = part_of<PreTokenizer>(document, "pre_tokenizer");
  BpeModel model(document.at("model"), pre_tokenizer.byte_level());
  return {.normalizer = std::move(normalizer),
          .added = std::move(added_tokens),
          .pre_tokenizer = std::move(pre_tokenizer),
          .model = std::move(model),
          .frame = part_of<Frame>(document, "post_processor")};
}

void add_added_token(const JsonNode& document, const Pipeline& pipeline, const PieceDecoder& decoder,
                     std::size_t index, Vocabulary& vocabulary) {
  const AddedToken& token = pipeline.added.all()[index];
  Piece piece = decoder.piece_of(token.content);
  if (token.special) piece.kind = PieceKind::Special;
  const auto known = pipeline.model.id_of(token.content);
  try {
    if (known == token.id)
      vocabulary.replace(token.id, piece.bytes, piece.kind);
    else if (!known)
      vocabulary.add(token.id, piece.bytes, piece.kind);
    else
      throw std::invalid_argument(io::in_quotes(token.content) + " has the id " + std::to_string(token.id) +
                                  " here and " + std::to_string(*known) + " in model.vocab");
  } catch (const std::invalid_argument& fault) {
    document.at("added_tokens").items()[index].fail(fault.what());
  }
}

Vocabulary vocabulary_of(const JsonNode& document, const Pipeline& pipeline, const PieceDecoder& decoder) {
  Vocabulary vocabulary;
  for (const auto& [token, id] : pipeline.model.tokens()) {
    const Piece piece = decoder.piece_of(token);
    const bool unknown = pipeline.model.unknown_id() == id;
    vocabulary.add(id, piece.bytes, unknown ? PieceKind::Unknown : piece.kind);
  }
  for (std::size_t i = 0; i < pipeline.added.all().size(); ++i)
    add_added_token(document, pipeline, decoder, i, vocabulary);
  if (vocabulary.size() == 0) document.at("model").at("vocab").fail("is empty");
  return vocabulary;
}

class JsonTokenizer : public Tokenizer {
 public:
  JsonTokenizer(Pipeline pipeline, Vocabulary vocabulary, SpecialIds special, DecodeRule rule)
      : Tokenizer("tokenizer.json", std::move(vocabulary), std::move(special), rule),
        pipeline_(std::move(pipeline)) {}

 private:
  std::vector<TokenId> encode_text(std::string_view text, const EncodeOptions& options) const override;
  void append_part(std::string_view part, bool first, bool parse_special, WordCache& cache,
                   std::vector<TokenId>& ids) const;

  Pipeline pipeline_;
};

std::vector<TokenId> JsonTokenizer::encode_text(std::string_view text, const EncodeOptions& options) const {
  std::vector<TokenId> ids;
  if (options.bos) ids = pipeline_.frame.before;
  WordCache cache;
  pipeline_.added.split(
      text, AddedTokens::Stage::Raw, options.parse_special,
      [&](std::string_view part, std::size_t begin) {
        append_part(part, begin == 0, options.parse_special, cache, ids);
      },
      [&](TokenId id) { ids.push_back(id); });
  if (options.bos) ids.insert(ids.end(), pipeline_.frame.after.begin(), pipeline_.frame.after.end());
  return ids;
}

void JsonTokenizer::append_part(std::string_view part, bool first, bool parse_special, WordCache& cache,
                                std::vector<TokenId>& ids) const {
  const std::string normalized = pipeline_.normalizer(part);
  pipeline_.added.split(
      normalized, AddedTokens::Stage::Normalized, parse_special,
      [&](std::string_view text, std::size_t begin) {
        pipeline_.pre_tokenizer.split(text, first && begin == 0, [&](std::string_view word) {
          cache.append(word, ids, [&](std::string_view fresh) { pipeline_.model.append(fresh, ids); });
        });
      },
      [&](TokenId id) { ids.push_back(id); });
}

}  // namespace

std::unique_ptr<Tokenizer> open_tokenizer_json(const std::filesystem::path& path, std::string_view text) {
  const nlohmann::json parsed = parse_json(path, text);
  const JsonNode document(path, parsed);
  Pipeline pipeline = read_pipeline(document);
  const PieceDecoder decoder(document.at("decoder"));
  Vocabulary vocabulary = vocabulary_of(document, pipeline, decoder);
  check_frame(document, pipeline.frame, vocabulary);
  SpecialIds special = special_ids_of(path.parent_path() / "tokenizer_config.json", pipeline.added.all(),
                                      pipeline.model, pipeline.frame);
  return std::make_unique<JsonTokenizer>(std::move(pipeline), std::move(vocabulary), std::move(special),
                                         decoder.rule());
}

}  // namespace mxemu::llama
