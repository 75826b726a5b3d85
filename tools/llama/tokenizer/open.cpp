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

}  // namespace

std::unique_ptr<Tokenizer> open_tokenizer(const std::filesystem::path& path) {
  const std::filesystem::path file = tokenizer_file(path);
  const io::MappedFile mapped(file);
  return open_llama2c(file, mapped.bytes());
}

}  // namespace mxemu::llama
