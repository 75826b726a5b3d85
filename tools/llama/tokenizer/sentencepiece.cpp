// The tokenizer.model of Llama 2: a SentencePiece model (https://github.com/google/sentencepiece), run by
// that library.
#include <sentencepiece_processor.h>

#include "tools/io/error.hpp"
#include "tools/llama/tokenizer/byte_alphabet.hpp"
#include "tools/llama/tokenizer/kinds.hpp"
#include "tools/llama/tokenizer/literals.hpp"

namespace mxemu::llama {
namespace {

using sentencepiece::SentencePieceProcessor;

constexpr std::string_view space_symbol = "\xE2\x96\x81";  // U+2581

std::string with_spaces(std::string_view piece) {
  std::string text;
  for (std::size_t at; (at = piece.find(space_symbol)) != std::string_view::npos;) {
    (text += piece.substr(0, at)) += ' ';
    piece.remove_prefix(at + space_symbol.size());
  }
  return text += piece;
}

PieceKind kind_of(const SentencePieceProcessor& processor, TokenId id) {
  if (processor.IsControl(id)) return PieceKind::Special;
  if (processor.IsUnknown(id)) return PieceKind::Unknown;
  return processor.IsByte(id) ? PieceKind::Byte : PieceKind::Text;
}

Vocabulary vocabulary_of(const SentencePieceProcessor& processor) {
  Vocabulary vocabulary;
  for (TokenId id = 0; id < processor.GetPieceSize(); ++id) {
    const std::string& piece = processor.IdToPiece(id);
    const PieceKind kind = kind_of(processor, id);
    std::string bytes = with_spaces(piece);
    // What is written for the unknown is the model's choice, often " \u2047 ".
    if (kind == PieceKind::Unknown) bytes = processor.DecodeIds({id});
    if (kind == PieceKind::Byte)
      if (const auto byte = byte_of_token_name(piece)) bytes = static_cast<char>(*byte);
    vocabulary.add(id, bytes, kind);
  }
  return vocabulary;
}

// Whether decoding drops the space that encoding puts before a text: it shows in any piece that starts with
// one.
DecodeRule rule_of(const SentencePieceProcessor& processor) {
  DecodeRule rule{.first_space = FirstSpace::Kept, .ill_formed = IllFormed::EachByte};
  for (TokenId id = 0; id < processor.GetPieceSize(); ++id) {
    if (processor.IsControl(id) || processor.IsUnknown(id)) continue;
    const std::string& piece = processor.IdToPiece(id);
    if (!piece.starts_with(space_symbol)) continue;
    if (processor.DecodeIds({id}) != with_spaces(piece)) rule.first_space = FirstSpace::DroppedFromText;
    break;
  }
  return rule;
}

std::optional<TokenId> id_unless_negative(int id) {
  return id < 0 ? std::nullopt : std::optional<TokenId>(id);
}

class SentencePieceTokenizer : public Tokenizer {
 public:
  explicit SentencePieceTokenizer(std::unique_ptr<SentencePieceProcessor> processor)
      : Tokenizer("SentencePiece", vocabulary_of(*processor),
                  {.bos = id_unless_negative(processor->bos_id()),
                   .eos = id_unless_negative(processor->eos_id()),
                   .unknown = id_unless_negative(processor->unk_id()),
                   .end_of_generation = {}},
                  rule_of(*processor)),
        processor_(std::move(processor)) {
    for (TokenId id = 0; id < processor_->GetPieceSize(); ++id)
      if (processor_->IsControl(id) && !processor_->IdToPiece(id).empty())
        special_texts_.add(processor_->IdToPiece(id), id);
  }

 private:
  std::vector<TokenId> encode_text(std::string_view text, const EncodeOptions& options) const override {
    std::vector<TokenId> ids;
    if (options.bos && special_ids().bos) ids.push_back(*special_ids().bos);
    split_at_literals(
        options.parse_special ? special_texts_ : Literals(), text,
        [&](std::string_view segment) {
          const std::vector<int> found = processor_->EncodeAsIds({segment.data(), segment.size()});
          ids.insert(ids.end(), found.begin(), found.end());
        },
        [&](TokenId id) { ids.push_back(id); });
    return ids;
  }

  std::unique_ptr<SentencePieceProcessor> processor_;
  Literals special_texts_;
};

}  // namespace

std::unique_ptr<Tokenizer> open_sentencepiece(const std::filesystem::path& path, std::string_view bytes) {
  auto processor = std::make_unique<SentencePieceProcessor>();
  const auto status = processor->LoadFromSerializedProto({bytes.data(), bytes.size()});
  if (!status.ok()) {
    // A message that does not parse gets a line of the library's source, which helps nobody.
    const std::string reason = io::printable(status.message());
    const bool parsed = reason.find("ParseFromArray") == std::string::npos;
    throw io::FileError(path, parsed ? "is no SentencePiece model that can be used: " + reason
                                     : "is cut short or damaged: not a whole SentencePiece model");
  }
  return std::make_unique<SentencePieceTokenizer>(std::move(processor));
}

}  // namespace mxemu::llama
