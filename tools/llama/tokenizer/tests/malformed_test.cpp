// Files that are cut short, contradict themselves or hold what we do not know: one sentence, with file and
// key.
#include <random>

#include "tools/io/error.hpp"
#include "tools/llama/tokenizer/tests/made_json.hpp"

namespace mxemu::llama::tests {
namespace {

using nlohmann::json;

class Malformed : public TokenizerFiles {
 protected:
  /// Sets the value at a JSON pointer of the small document and expects the fault.
  void expect_fault_with(const std::string& pointer, const json& value,
                         const std::vector<std::string>& parts) const {
    SCOPED_TRACE(pointer + " = " + value.dump());
    json document = byte_level_document();
    document[json::json_pointer(pointer)] = value;
    expect_fault(document.dump(), parts);
  }
};

TEST_F(Malformed, UnknownNodesAreNamedByTheirKey) {
  expect_fault_with("/normalizer", {{"type", "Lowercase"}}, {"normalizer: ", "\"Lowercase\"", "NFC"});
  expect_fault_with("/normalizer",
                    {{"type", "Sequence"}, {"normalizers", {{{"type", "NFC"}}, {{"type", "Strip"}}}}},
                    {"normalizer.normalizers[1]: ", "\"Strip\""});
  expect_fault_with("/pre_tokenizer/pretokenizers/0/type", "Whitespace",
                    {"pre_tokenizer.pretokenizers[0]: ", "Split"});
  expect_fault_with("/pre_tokenizer/pretokenizers/0/behavior", "Torn",
                    {"pretokenizers[0].behavior: ", "Isolated"});
  expect_fault_with("/decoder/type", "WordPiece", {"decoder: ", "\"WordPiece\""});
  expect_fault_with("/post_processor/type", "BertProcessing", {"post_processor: ", "\"BertProcessing\""});
  expect_fault_with("/model/type", "Unigram", {"model.type: ", "\"Unigram\"", "BPE"});
}

TEST_F(Malformed, OptionsThatChangeTheResultAreNotIgnored) {
  expect_fault_with("/truncation", {{"max_length", 512}}, {"truncation: is not supported"});
  expect_fault_with("/padding", {{"strategy", "BatchLongest"}}, {"padding: is not supported"});
  expect_fault_with("/model/dropout", 0.1, {"model.dropout: is not supported"});
  expect_fault_with("/model/end_of_word_suffix", "</w>", {"model.end_of_word_suffix"});
}

TEST_F(Malformed, MergesHaveToNameTokens) {
  expect_fault_with("/model/merges/1", "l \u00d1x", {"model.merges[1]: ", "is not in model.vocab"});
  expect_fault_with("/model/merges/1", "l e", {"model.merges[1]: ", "\"le\"", "is not in model.vocab"});
  expect_fault_with("/model/merges/1", "lll", {"model.merges[1]: ", "two tokens"});
  expect_fault_with("/model/merges/1", "l l l", {"model.merges[1]: ", "two tokens"});
  expect_fault_with("/model/merges/1", {"l"}, {"model.merges[1]: ", "pair"});
  expect_fault_with("/model/merges/1", 7, {"model.merges[1]: ", "string"});
  expect_fault_with("/model/merges", "l l", {"model.merges: ", "list"});
}

TEST_F(Malformed, IdsAreGivenOnce) {
  expect_fault_with("/model/vocab/he", ll, {"model.vocab: ", "257", "\"he\"", "\"ll\""});
  expect_fault_with("/model/vocab/he", -1, {"model.vocab: ", "\"he\""});
  expect_fault_with("/model/vocab/he", 1LL << 40, {"model.vocab: ", "\"he\""});
  expect_fault_with("/model/vocab/he", "7", {"model.vocab: ", "\"he\"", "integer"});
  expect_fault_with("/added_tokens/1/id", bos, {"added_tokens[1].id: ", "262"});
  expect_fault_with("/added_tokens/1/id", he, {"added_tokens[1]: ", "256"});
  expect_fault_with("/added_tokens/1/id", 1LL << 40, {"added_tokens[1].id: "});
  expect_fault_with("/added_tokens/1/content", "he", {"added_tokens[1]: ", "256", "model.vocab"});
  expect_fault_with("/added_tokens/1/content", "", {"added_tokens[1].content: is empty"});
  expect_fault_with("/post_processor/special_tokens/<|bos|>/ids/0", 9999, {"post_processor: ", "9999"});
}

TEST_F(Malformed, MissingAndMistypedKeysAreNamed) {
  json document = byte_level_document();
  document["model"].erase("vocab");
  expect_fault(document.dump(), {"model: has no \"vocab\""});
  document = byte_level_document();
  document.erase("decoder");
  expect_fault(document.dump(), {"has no \"decoder\""});
  expect_fault_with("/model", 3, {"model: is not an object"});
  expect_fault_with("/model/ignore_merges", "yes", {"model.ignore_merges: is not true or false"});
  expect_fault_with("/model/unk_token", "<none>", {"model.unk_token: ", "<none>"});
  expect_fault_with("/pre_tokenizer/pretokenizers/0/pattern/Regex", "(a",
                    {"pretokenizers[0].pattern.Regex: ", "at byte"});
}

TEST_F(Malformed, DeepJsonAndRepeatedKeysAreRefused) {
  expect_fault("{\"a\": " + std::string(100000, '['), {"nests deeper than 64"});
  expect_fault(R"({"a": {"b": 1, "b": 2}})", {"\"b\"", "twice"});
  expect_fault(R"({"added_tokens": [)", {"byte 18: ", "JSON"});
  expect_fault("{\"a\": \"\xff\"}", {"byte 7: ", "JSON"});
  expect_fault("{\"a\": \"\\ud800\"}", {"byte ", "JSON"});
  expect_fault("{} x", {"byte 3: "});
}

TEST_F(Malformed, EveryTruncationOfAJsonFileIsOneSentence) {
  const std::string whole = byte_level_document().dump();
  for (std::size_t size = 1; size < whole.size(); size += 37) expect_fault(whole.substr(0, size), {"JSON"});
}

TEST_F(Malformed, DamagedBytesNeverDoWorseThanASentence) {
  std::mt19937_64 random(1);  // seed
  const std::string whole = byte_level_document().dump();
  int opened = 0;
  for (int i = 0; i < 300; ++i) {
    std::string damaged = whole;
    for (std::uint64_t n = 1 + random() % 3; n > 0; --n)
      damaged[random() % damaged.size()] = "{}[],:\"0\\ax"[random() % 11];
    try {
      const auto tokenizer = open_content("damaged", damaged);
      const Ids ids = plain_ids(*tokenizer, "hello 123 world");
      EXPECT_NO_THROW(tokenizer->decode(ids));
      ++opened;
    } catch (const io::FileError&) {
    } catch (const std::invalid_argument&) {  // of the text: a byte's token is gone
    }
  }
  EXPECT_GT(opened, 0);
}

TEST_F(Malformed, ConfigurationsAreChecked) {
  write("tokenizer_config.json", R"({"bos_token": "<|nobody|>"})");
  EXPECT_THROW(open(byte_level_document()), io::FileError);
  write("tokenizer_config.json", "{");
  EXPECT_THROW(open(byte_level_document()), io::FileError);
}

TEST_F(Malformed, UnknownContentIsSaidToBeUnknown) {
  expect_fault("", {"is empty"});
  expect_fault("hello there", {"neither tokenizer.json"});
  expect_fault("   ", {"neither tokenizer.json"});
  EXPECT_THROW(open_tokenizer(directory()), io::FileError) << "a directory without a tokenizer";
  EXPECT_THROW(open_tokenizer(directory() / "absent"), io::FileError);
}

// Base64 of every byte with ranks 0 to 255.
std::string byte_ranks() {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (unsigned byte = 0; byte < 256; ++byte)
    text += std::string{digits[byte >> 2], digits[(byte & 3) << 4]} + "== " + std::to_string(byte) + "\n";
  return text;
}

TEST_F(Malformed, RankFilesAreChecked) {
  const std::string bytes = byte_ranks();
  const auto tokenizer = open_content("ranks", bytes + "aGU= 256\n");  // "he"
  EXPECT_EQ(plain_ids(*tokenizer, "he!"), (Ids{256, '!'}));
  EXPECT_EQ(tokenizer->vocabulary_size(), 257u + 256u);
  EXPECT_EQ(tokenizer->encode("<|eot_id|>", {.bos = true, .parse_special = true}), (Ids{257, 257 + 9}));
  expect_fault(bytes + "aGU= 255\n", {"line 257: ", "255"});
  expect_fault(bytes + "aGU= 300\n", {"no line has the rank 256"});
  expect_fault(bytes + "aGU= -1\n", {"line 257: ", "-1"});
  expect_fault(bytes + "aGU= 99999999999\n", {"line 257: "});
  expect_fault(bytes + "aG*= 256\n", {"line 257: ", "base64"});
  expect_fault(bytes + "aGU 256\n", {"line 257: ", "base64"});
  expect_fault(bytes + "aGU= 256 x\n", {"line 257: "});
  expect_fault(bytes + "aGU=", {"line 257: "});
  expect_fault(bytes + "aGU= 256\naGU= 257\n", {"two ranks", "256", "257"});
  expect_fault(bytes.substr(0, bytes.size() - 9), {"single byte 255"});
}

class Llama2cFile : public Malformed {
 protected:
  static std::string number(auto value) { return {reinterpret_cast<const char*>(&value), sizeof value}; }
  static std::string piece(const std::string& text, float score = 0) {
    return number(score) + number(static_cast<std::int32_t>(text.size())) + text;
  }
  static std::string small_file() {
    std::string bytes = number(std::int32_t{7}) + piece("<unk>") + piece("\n<s>\n") + piece("\n</s>\n");
    for (int byte = 0; byte < 256; ++byte) {
      char name[8];
      std::snprintf(name, sizeof name, "<0x%02X>", static_cast<unsigned>(byte));
      bytes += piece(name);
    }
    return bytes + piece(" ", -9) + piece("a", -8) + piece("aa", -1) + piece(" a", -1) + piece("aaa", -3);
  }
  static constexpr TokenId blank = 259, one = 260, two = 261, blank_one = 262, three = 263;
};

TEST_F(Llama2cFile, MergesTheHighestScoreAndOfEqualsTheLeftmost) {
  const auto tokenizer = open_content("tokenizer.bin", small_file());
  EXPECT_EQ(plain_ids(*tokenizer, "a"), Ids{blank_one});
  EXPECT_EQ(plain_ids(*tokenizer, "aaa"), (Ids{blank_one, two})) << "\" a\" and \"aa\" have one score";
  EXPECT_EQ(plain_ids(*tokenizer, "aaaa"), (Ids{blank_one, three}));
  EXPECT_EQ(plain_ids(*tokenizer, "\u00e9"), (Ids{blank, 3 + 0xC3, 3 + 0xA9}));
  EXPECT_EQ(plain_ids(*tokenizer, ""), Ids{});
  EXPECT_EQ(tokenizer->encode("a</s>a", {.bos = true, .parse_special = true}),
            (Ids{1, blank_one, 2, blank_one}));
  EXPECT_EQ(tokenizer->decode(Ids{1, blank_one, two, 3 + 0xC3, 3 + 0xA9, 2}), "aaa\u00e9");
}

TEST_F(Llama2cFile, IsChecked) {
  const std::string whole = small_file();
  for (const std::size_t cut : {1u, 5u, 9u, 13u})
    expect_fault(whole.substr(0, whole.size() - cut), {"byte ", "ends inside"});
  expect_fault(whole + piece("x", std::numeric_limits<float>::quiet_NaN()), {"score", "not finite"});
  expect_fault(whole + number(0.0f) + number(std::int32_t{-1}), {"length -1"});
  expect_fault(whole + piece("longer than seven"), {"length 17", "7"});
  expect_fault(whole + piece("\xff"), {"UTF-8"});
  expect_fault(whole.substr(0, 200), {"ends inside"});
  std::string lying = whole;
  lying.replace(lying.find("<0x41>"), 6, "<0x42>");
  expect_fault(lying, {"\"<0x42>\"", "<0x41>"});
}

TEST_F(Malformed, SentencePieceFilesAreChecked) {
  expect_fault("\n\x0e\n\x05<unk>", {"SentencePiece"});
  expect_fault("\n", {"SentencePiece"});
  const auto model = data_path("tokenizers/llama2-tokenizer.model");
  if (model.empty()) GTEST_SKIP() << "no tokenizers/llama2-tokenizer.model in MXEMU_DATA or ../shared/data";
  std::string content(std::filesystem::file_size(model), '\0');
  std::unique_ptr<std::FILE, decltype(&std::fclose)> file(std::fopen(model.c_str(), "rb"), std::fclose);
  ASSERT_EQ(std::fread(content.data(), 1, content.size(), file.get()), content.size());
  for (const std::size_t size : {std::size_t{100}, std::size_t{5000}, content.size() - 1})
    expect_fault(content.substr(0, size), {"SentencePiece"});
}

}  // namespace
}  // namespace mxemu::llama::tests
