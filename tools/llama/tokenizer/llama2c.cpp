// tokenizer.bin of llama2.c (https://github.com/karpathy/llama2.c, tokenizer.py writes it and run.c reads
// it).
#include <cmath>
#include <map>

#include "tools/io/byte_reader.hpp"
#include "tools/io/utf8.hpp"
#include "tools/llama/tokenizer/byte_alphabet.hpp"
#include "tools/llama/tokenizer/kinds.hpp"
#include "tools/llama/tokenizer/literals.hpp"
#include "tools/llama/tokenizer/merge.hpp"
#include "tools/llama/tokenizer/text_map.hpp"
#include "tools/llama/tokenizer/utf8_steps.hpp"

namespace mxemu::llama {
namespace {

constexpr TokenId unknown_id = 0, bos_id = 1, eos_id = 2, first_byte_id = 3;
constexpr TokenId first_text_id = first_byte_id + 256;

struct ScoredPiece {
  std::string text;
  float score;
};

std::vector<ScoredPiece> read_pieces(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  io::ByteReader reader(path, bytes);
  const auto longest = reader.read<std::int32_t>("the length of the longest piece");
  std::vector<ScoredPiece> pieces;
  while (reader.remaining() > 0) {
    const std::string what = "piece " + std::to_string(pieces.size());
    const std::uint64_t start = reader.offset();
    const auto score = reader.read<float>("the score of " + what);
    const auto size = reader.read<std::int32_t>("the length of " + what);
    if (!std::isfinite(score)) reader.fail(start, "the score of " + what + " is not finite");
    if (size < 0 || size > longest)
      reader.fail(start + 4, "the length " + std::to_string(size) + " of " + what +
                                 " is not between 0 and that of the longest, " + std::to_string(longest));
    pieces.push_back(
        {.text = std::string(reader.read_text(static_cast<std::uint64_t>(size), what)), .score = score});
    if (!io::is_utf8(pieces.back().text)) reader.fail(start + 8, what + " is not UTF-8");
  }
  return pieces;
}

Vocabulary make_vocabulary(const std::filesystem::path& path, const std::vector<ScoredPiece>& pieces) {
  if (pieces.size() < first_text_id)
    throw io::FileError(path, "has " + std::to_string(pieces.size()) + " pieces, fewer than the " +
                                  std::to_string(first_text_id) + " of special tokens and bytes");
  Vocabulary vocabulary;
  vocabulary.add(unknown_id, "<unk>", PieceKind::Unknown);
  vocabulary.add(bos_id, "<s>", PieceKind::Special);
  vocabulary.add(eos_id, "</s>", PieceKind::Special);
  for (TokenId byte = 0; byte < 256; ++byte) {
    const std::string& name = pieces[static_cast<std::size_t>(first_byte_id + byte)].text;
    const std::string expected = byte_token_name(static_cast<unsigned char>(byte));
    if (name != expected)
      throw io::FileError(path, "piece " + std::to_string(first_byte_id + byte) + " is " +
                                    io::in_quotes(name) + " where " + expected + " belongs");
    vocabulary.add(first_byte_id + byte, std::string(1, static_cast<char>(byte)), PieceKind::Byte);
  }
  for (std::size_t i = first_text_id; i < pieces.size(); ++i)
    vocabulary.add(static_cast<TokenId>(i), pieces[i].text, PieceKind::Text);
  return vocabulary;
}

class Llama2cTokenizer : public Tokenizer {
 public:
  Llama2cTokenizer(const std::vector<ScoredPiece>& pieces, Vocabulary vocabulary)
      : Tokenizer("llama2.c", std::move(vocabulary),
                  {.bos = bos_id, .eos = eos_id, .unknown = unknown_id, .end_of_generation = {}},
                  {.first_space = FirstSpace::DroppedFromText, .ill_formed = IllFormed::EachByte}) {
    // Equal scores have equal ranks, so that the leftmost pair wins.
    std::map<float, std::uint32_t, std::greater<>> ranks;
    for (const ScoredPiece& piece : pieces) ranks.emplace(piece.score, 0);
    std::uint32_t next = 0;
    for (auto& [score, rank] : ranks) rank = next++;
    for (std::size_t i = first_text_id; i < pieces.size(); ++i)
      merges_.emplace(pieces[i].text,
                      Merge{.rank = ranks.at(pieces[i].score), .id = static_cast<TokenId>(i)});
    for (const TokenId id : {bos_id, eos_id}) special_texts_.add(Tokenizer::vocabulary().at(id).bytes, id);
  }

 private:
  std::vector<TokenId> encode_text(std::string_view text, const EncodeOptions& options) const override;
  void append_segment(std::string_view segment, std::vector<TokenId>& ids) const;

  TextMap<Merge> merges_;
  Literals special_texts_;
};

std::vector<TokenId> Llama2cTokenizer::encode_text(std::string_view text,
                                                   const EncodeOptions& options) const {
  std::vector<TokenId> ids;
  if (options.bos) ids.push_back(bos_id);
  split_at_literals(
      options.parse_special ? special_texts_ : Literals(), text,
      [&](std::string_view segment) { append_segment(segment, ids); },
      [&](TokenId id) { ids.push_back(id); });
  return ids;
}

void Llama2cTokenizer::append_segment(std::string_view segment, std::vector<TokenId>& ids) const {
  const std::string text = " " + std::string(segment);  // every text starts as if a word came before
  std::vector<Symbol> symbols;
  std::uint32_t begin = 0;
  const auto append = [&](std::size_t size, TokenId id) {
    symbols.push_back({.begin = begin, .size = static_cast<std::uint32_t>(size), .id = id});
    begin += symbols.back().size;
  };
  for_each_character(text, [&](std::string_view character) {
    if (const auto found = merges_.find(character); found != merges_.end())
      append(character.size(), found->second.id);
    else
      for (const char byte : character) append(1, first_byte_id + static_cast<unsigned char>(byte));
  });
  merge_symbols(symbols, [&](const Symbol& left, const Symbol& right) -> std::optional<Merge> {
    if (left.id < first_text_id || right.id < first_text_id) return std::nullopt;  // bytes stay bytes
    const auto found = merges_.find(text_of(text, left, right));
    return found == merges_.end() ? std::nullopt : std::optional(found->second);
  });
  for (const Symbol& symbol : symbols) ids.push_back(symbol.id);
}

}  // namespace

std::unique_ptr<Tokenizer> open_llama2c(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  const std::vector<ScoredPiece> pieces = read_pieces(path, bytes);
  return std::make_unique<Llama2cTokenizer>(pieces, make_vocabulary(path, pieces));
}

}  // namespace mxemu::llama
