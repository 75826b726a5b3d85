// Which kind of tokenizer a file holds.
#include "tools/io/error.hpp"
#include "tools/io/mapped_file.hpp"
#include "tools/llama/tokenizer/kinds.hpp"

namespace mxemu::llama {
namespace {

std::filesystem::path tokenizer_file(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return path;
  for (const char* name : {"tokenizer.json", "tokenizer.model", "tokenizer.bin"})
    if (std::filesystem::exists(path / name)) return path / name;
  throw io::FileError(path, "holds none of tokenizer.json, tokenizer.model and tokenizer.bin");
}

enum class Kind : std::uint8_t { Json, Ranks, SentencePiece, Llama2c, Unknown };

Kind kind_of(std::string_view content) {
  // An int32 that is a length: no text has NUL in its upper half, and no SentencePiece model starts so.
  if (content.size() >= 4 && content[2] == 0 && content[3] == 0) return Kind::Llama2c;
  if (content.starts_with('\n')) return Kind::SentencePiece;  // the tag of the field "pieces"
  const std::size_t start = content.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return Kind::Unknown;
  if (content[start] == '{') return Kind::Json;
  // "IQ== 0": the first line ends in a rank.
  const std::string_view line = content.substr(0, content.find('\n'));
  const std::size_t space = line.find(' ');
  const bool is_rank = space != std::string_view::npos && space > 0 && space + 1 < line.size() &&
                       line.find_first_not_of("0123456789", space + 1) == std::string_view::npos;
  return is_rank ? Kind::Ranks : Kind::Unknown;
}

}  // namespace

std::unique_ptr<Tokenizer> open_tokenizer(const std::filesystem::path& path) {
  const std::filesystem::path file = tokenizer_file(path);
  const io::MappedFile mapped(file);
  const std::span<const std::byte> bytes = mapped.bytes();
  const std::string_view content(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  switch (kind_of(content)) {
    case Kind::Json: return open_tokenizer_json(file, content);
    case Kind::Ranks: return open_ranks(file, content);
    case Kind::SentencePiece: return open_sentencepiece(file, content);
    case Kind::Llama2c: return open_llama2c(file, bytes);
    case Kind::Unknown: break;
  }
  throw io::FileError(file, bytes.empty() ? "is empty"
                                          : "is neither tokenizer.json, SentencePiece's or Llama 3's "
                                            "tokenizer.model, nor llama2.c's tokenizer.bin");
}

}  // namespace mxemu::llama
