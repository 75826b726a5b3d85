#include "tools/llama/tokenizer/tests/made_json.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "tools/io/error.hpp"
#include "tools/llama/tokenizer/byte_alphabet.hpp"

namespace mxemu::llama::tests {
namespace {

using nlohmann::json;

std::string utf8_of(char32_t c) {
  if (c < 0x80) return {static_cast<char>(c)};
  return {static_cast<char>(0xC0 | c >> 6),
          static_cast<char>(0x80 | (c & 0x3F))};  // the alphabet ends at U+0143
}

json special_token(TokenId id, const std::string& content) {
  return {{"id", id},        {"content", content},   {"special", true}, {"normalized", false},
          {"lstrip", false}, {"single_word", false}, {"rstrip", false}};
}

constexpr const char* frame = R"({"type": "TemplateProcessing",
  "single": [{"SpecialToken": {"id": "<|bos|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
  "special_tokens": {"<|bos|>": {"id": "<|bos|>", "ids": [262], "tokens": ["<|bos|>"]}}})";

constexpr const char* llama3_like_split = R"({"type": "Sequence", "pretokenizers": [
  {"type": "Split", "pattern": {"Regex": " ?\\p{L}+|\\p{N}{1,3}|\\s+(?!\\S)|\\s+"}, "behavior": "Isolated", "invert": false},
  {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]})";

constexpr const char* fallback_decoder = R"({"type": "Sequence", "decoders": [
  {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
  {"type": "Strip", "content": " ", "start": 1, "stop": 0}]})";

constexpr const char* fallback_normalizer = R"({"type": "Sequence", "normalizers": [
  {"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]})";

}  // namespace

json byte_level_document() {
  json vocab;
  for (int byte = 0; byte < 256; ++byte)
    vocab[utf8_of(character_of_byte(static_cast<unsigned char>(byte)))] = byte;
  TokenId next = he;
  for (const char* token : {"he", "ll", "hell", "hello", "Ġw", "Ġzebra"}) vocab[token] = next++;
  return {{"version", "1.0"},
          {"truncation", nullptr},
          {"padding", nullptr},
          {"added_tokens", {special_token(bos, "<|bos|>"), special_token(eot, "<|eot|>")}},
          {"normalizer", nullptr},
          {"pre_tokenizer", json::parse(llama3_like_split)},
          {"post_processor", json::parse(frame)},
          {"decoder", {{"type", "ByteLevel"}}},
          {"model",
           {{"type", "BPE"},
            {"ignore_merges", true},
            {"vocab", vocab},
            {"merges", {"h e", "l l", "he ll", "hell o", "Ġ w"}}}}};
}

json byte_fallback_document() {
  json vocab{{"<unk>", 0}};
  for (int byte = 0; byte < 256; ++byte) vocab[byte_token_name(static_cast<unsigned char>(byte))] = byte + 1;
  TokenId next = space;
  for (const char* token : {"▁", "a", "b", "▁a", "ab"}) vocab[token] = next++;
  return {{"added_tokens", json::array()},
          {"normalizer", json::parse(fallback_normalizer)},
          {"pre_tokenizer", nullptr},
          {"post_processor", nullptr},
          {"decoder", json::parse(fallback_decoder)},
          {"model",
           {{"type", "BPE"},
            {"unk_token", "<unk>"},
            {"byte_fallback", true},
            {"fuse_unk", true},
            {"vocab", vocab},
            {"merges", json::parse(R"([["▁", "a"], ["a", "b"]])")}}}};
}

void TokenizerFiles::SetUp() {
  std::string pattern = (std::filesystem::temp_directory_path() / "mxemu-tokenizer-XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  directory_ = pattern;
}

std::filesystem::path TokenizerFiles::write(const std::string& name, std::string_view content) const {
  const std::filesystem::path path = directory_ / name;
  std::ofstream(path, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
  return path;
}

std::unique_ptr<Tokenizer> TokenizerFiles::open_content(const std::string& name,
                                                        std::string_view content) const {
  return open_tokenizer(write(name, content));
}

std::unique_ptr<Tokenizer> TokenizerFiles::open(const json& document) const {
  return open_content("tokenizer.json", document.dump());
}

void TokenizerFiles::expect_fault(std::string_view content, const std::vector<std::string>& parts) const {
  try {
    open_content("faulty", content);
    ADD_FAILURE() << "opened; expected: " << testing::PrintToString(parts);
  } catch (const io::FileError& error) {
    const std::string sentence = error.what();
    EXPECT_EQ(sentence.find((directory_ / "faulty").string() + ": "), 0u) << sentence;
    EXPECT_EQ(sentence.find('\n'), std::string::npos) << sentence;
    for (const std::string& part : parts) EXPECT_NE(sentence.find(part), std::string::npos) << sentence;
  }
}

Ids plain_ids(const Tokenizer& tokenizer, std::string_view text) {
  return tokenizer.encode(text, {.bos = false, .parse_special = false});
}

std::filesystem::path data_path(const std::string& name) {
  const char* data = std::getenv("MXEMU_DATA");
  const char* source = std::getenv("MXEMU_SOURCE_DIR");
  const std::filesystem::path root =
      data ? std::filesystem::path(data) : std::filesystem::path(source ? source : ".") / "../shared/data";
  return std::filesystem::exists(root / name) ? root / name : "";
}

}  // namespace mxemu::llama::tests
