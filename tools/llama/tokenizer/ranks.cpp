// The tokenizer.model of Llama 3: lines of base64 bytes and their rank, as tiktoken reads them
// (https://github.com/openai/tiktoken); the split and the special tokens are in Meta's program, not in the
// file (https://github.com/meta-llama/llama-models, models/llama3/tokenizer.py).
#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "tools/io/error.hpp"
#include "tools/llama/tokenizer/expression.hpp"
#include "tools/llama/tokenizer/kinds.hpp"
#include "tools/llama/tokenizer/literals.hpp"
#include "tools/llama/tokenizer/merge.hpp"
#include "tools/llama/tokenizer/text_map.hpp"
#include "tools/llama/tokenizer/word_cache.hpp"

namespace mxemu::llama {
namespace {

constexpr std::string_view llama3_split =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

constexpr TokenId special_count = 256;

// Special token `index`, as Llama 3.1 and later name it; Llama 3.0 reserved three of these.
std::string special_name(TokenId index) {
  constexpr std::string_view named[] = {
      "begin_of_text", "end_of_text", "",       "",          "finetune_right_pad_id", "", "start_header_id",
      "end_header_id", "eom_id",      "eot_id", "python_tag"};
  const auto at = static_cast<std::size_t>(index);
  if (at < std::size(named) && !named[at].empty()) return "<|" + std::string(named[at]) + "|>";
  TokenId reserved = 0;  // how many reserved ones come before
  for (std::size_t i = 0; i < at; ++i) reserved += i >= std::size(named) || named[i].empty();
  return "<|reserved_special_token_" + std::to_string(reserved) + "|>";
}

int base64_digit(char c) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t at = digits.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

// Nothing when `text` is not base64 with its padding.
std::optional<std::string> decode_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text.substr(0, text.size() - padding)) {
    const int digit = base64_digit(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xFFF;
    if ((count += 6) >= 8) bytes += static_cast<char>(bits >> (count -= 8));
  }
  return bytes;
}

Vocabulary read_ranks(const std::filesystem::path& path, std::string_view rest) {
  Vocabulary vocabulary;
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::string_view row = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(row.size() + 1, rest.size()));
    const std::size_t space = std::min(row.find(' '), row.size());
    const auto bytes = decode_base64(row.substr(0, space));
    const std::string_view number = row.substr(std::min(space + 1, row.size()));
    TokenId rank = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), rank);
    const std::string where = "line " + std::to_string(line) + ": ";
    if (!bytes || number.empty() || error != std::errc() || end != number.data() + number.size())
      throw io::FileError(path, where + io::in_quotes(row) + " is not base64, a space and a rank");
    try {
      vocabulary.add(rank, *bytes, PieceKind::Text);
    } catch (const std::invalid_argument& fault) {
      throw io::FileError(path, where + fault.what());
    }
  }
  for (std::size_t id = 0; id < vocabulary.size(); ++id)
    if (!vocabulary.contains(static_cast<TokenId>(id)))
      throw io::FileError(path, "no line has the rank " + std::to_string(id) + ", but one has a higher rank");
  return vocabulary;
}

TextMap<TokenId> ids_of(const std::filesystem::path& path, const Vocabulary& vocabulary) {
  TextMap<TokenId> ids;
  for (TokenId id = 0; id < static_cast<TokenId>(vocabulary.size()); ++id)
    if (const auto [at, fresh] = ids.emplace(vocabulary.at(id).bytes, id); !fresh)
      throw io::FileError(path, io::in_quotes(at->first) + " has two ranks, " + std::to_string(at->second) +
                                    " and " + std::to_string(id));
  for (int byte = 0; byte < 256; ++byte)
    if (!ids.contains(std::string(1, static_cast<char>(byte))))
      throw io::FileError(path, "no rank is that of the single byte " + std::to_string(byte));
  return ids;
}

class RankTokenizer : public Tokenizer {
 public:
  RankTokenizer(TextMap<TokenId> ids, Vocabulary vocabulary, TokenId first_special)
      : Tokenizer("Llama 3 ranks", std::move(vocabulary),
                  {.bos = first_special,
                   .eos = first_special + 1,
                   .unknown = {},
                   .end_of_generation = {first_special + 8, first_special + 9}},  // end of message, of turn
                  {}),
        ids_(std::move(ids)) {
    for (TokenId i = 0; i < special_count; ++i) special_texts_.add(special_name(i), first_special + i);
  }

 private:
  std::vector<TokenId> encode_text(std::string_view text, const EncodeOptions& options) const override;
  void append_word(std::string_view word, std::vector<TokenId>& ids) const;

  TextMap<TokenId> ids_;
  Literals special_texts_;
  Expression split_{llama3_split};
};

std::vector<TokenId> RankTokenizer::encode_text(std::string_view text, const EncodeOptions& options) const {
  std::vector<TokenId> ids;
  if (options.bos) ids.push_back(*special_ids().bos);
  WordCache cache;
  split_at_literals(
      options.parse_special ? special_texts_ : Literals(), text,
      [&](std::string_view segment) {
        split_.split(segment, [&](Span span, bool) {
          cache.append(segment.substr(span.begin, span.end - span.begin), ids,
                       [&](std::string_view word) { append_word(word, ids); });
        });
      },
      [&](TokenId id) { ids.push_back(id); });
  return ids;
}

void RankTokenizer::append_word(std::string_view word, std::vector<TokenId>& ids) const {
  if (const auto whole = ids_.find(word); whole != ids_.end()) {
    ids.push_back(whole->second);
    return;
  }
  std::vector<Symbol> symbols;
  for (std::uint32_t i = 0; i < word.size(); ++i)
    symbols.push_back({.begin = i, .size = 1, .id = ids_.find(word.substr(i, 1))->second});
  merge_symbols(symbols, [&](const Symbol& left, const Symbol& right) -> std::optional<Merge> {
    const auto found = ids_.find(text_of(word, left, right));
    if (found == ids_.end()) return std::nullopt;
    return Merge{.rank = static_cast<std::uint32_t>(found->second), .id = found->second};
  });
  for (const Symbol& symbol : symbols) ids.push_back(symbol.id);
}

}  // namespace

std::unique_ptr<Tokenizer> open_ranks(const std::filesystem::path& path, std::string_view text) {
  Vocabulary vocabulary = read_ranks(path, text);
  TextMap<TokenId> ids = ids_of(path, vocabulary);
  const auto first_special = static_cast<TokenId>(vocabulary.size());
  for (TokenId i = 0; i < special_count; ++i)
    vocabulary.add(first_special + i, special_name(i), PieceKind::Special);
  return std::make_unique<RankTokenizer>(std::move(ids), std::move(vocabulary), first_special);
}

}  // namespace mxemu::llama
