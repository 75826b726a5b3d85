// Real tokenizers on real text: published ids and counts.
#include <fstream>
#include <iterator>
#include <map>

#include "tools/llama/tokenizer/tests/made_json.hpp"

namespace mxemu::llama::tests {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A tokenizer of the data folder, opened once; null where it is absent.
const Tokenizer* real(const std::string& name) {
  static std::map<std::string, std::unique_ptr<Tokenizer>> opened;
  const std::filesystem::path path = data_path(name);
  if (path.empty()) return nullptr;
  auto& tokenizer = opened[name];
  if (!tokenizer) tokenizer = open_tokenizer(path);
  return tokenizer.get();
}

class Llama3 : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    tokenizer_ = real(GetParam());
    if (!tokenizer_) GTEST_SKIP() << "no " << GetParam() << " in MXEMU_DATA or ../shared/data";
  }
  const Tokenizer* tokenizer_ = nullptr;
};

INSTANTIATE_TEST_SUITE_P(Kinds, Llama3,
                         testing::Values("tokenizers/llama3-hf", "tokenizers/llama3-tokenizer.model"),
                         [](const auto& file) { return file.index == 0 ? "Json" : "Ranks"; });

TEST_P(Llama3, ShortTextsHaveTheirPublishedIds) {
  EXPECT_EQ(plain_ids(*tokenizer_, "hello world"), (Ids{15339, 1917}));
  EXPECT_EQ(plain_ids(*tokenizer_, std::string(17, '0')), (Ids{931, 931, 931, 931, 931, 410}));
  std::vector<std::string> pieces;
  for (const TokenId id : plain_ids(*tokenizer_, "In 2024 there are 366 days"))
    pieces.push_back(tokenizer_->vocabulary().at(id).bytes);
  EXPECT_EQ(pieces, (std::vector<std::string>{"In", " ", "202", "4", " there", " are", " ", "366", " days"}));
}

TEST_P(Llama3, SpecialTokensHaveTheirIds) {
  EXPECT_EQ(tokenizer_->vocabulary_size(), 128256u);
  EXPECT_EQ(tokenizer_->special_ids().bos, 128000);
  EXPECT_EQ(tokenizer_->special_ids().eos, 128001);
  EXPECT_EQ(tokenizer_->special_ids().end_of_generation, (Ids{128001, 128008, 128009}));
  const std::string chat = "<|start_header_id|>user<|end_header_id|>\n\nhello<|eot_id|>";
  EXPECT_EQ(tokenizer_->encode(chat, {.bos = true, .parse_special = true}),
            (Ids{128000, 128006, 882, 128007, 271, 15339, 128009}));
  EXPECT_EQ(tokenizer_->decode(Ids{128000, 15339, 128009}), "hello");
  EXPECT_EQ(tokenizer_->decode(Ids{128000, 15339, 128009}, SpecialText::Written),
            "<|begin_of_text|>hello<|eot_id|>");
  for (const auto& [id, name] :
       {std::pair{128002, "<|reserved_special_token_0|>"}, std::pair{128004, "<|finetune_right_pad_id|>"},
        std::pair{128005, "<|reserved_special_token_2|>"}, std::pair{128010, "<|python_tag|>"},
        std::pair{128255, "<|reserved_special_token_247|>"}})
    EXPECT_EQ(tokenizer_->vocabulary().at(id).bytes, name);
}

TEST_P(Llama3, TheWikitextTestSplitHasItsPublishedCount) {
  const auto path = data_path("text/wiki.test.raw");
  if (path.empty()) GTEST_SKIP() << "no text/wiki.test.raw in MXEMU_DATA or ../shared/data";
  const std::string text = text_of(path);
  const Ids ids = plain_ids(*tokenizer_, text);
  EXPECT_EQ(ids.size(), 289076u);
  EXPECT_EQ(Ids(ids.begin(), ids.begin() + 6), (Ids{720, 284, 8563, 426, 11206, 466}));
  EXPECT_EQ(tokenizer_->encode(text).size(), 289077u);
  EXPECT_EQ(tokenizer_->decode(ids), text);
}

TEST_P(Llama3, AMillionTimesOneLetterIsNotSlow) {
  EXPECT_EQ(plain_ids(*tokenizer_, std::string(1000000, 'a')).size(), 125000u);
  EXPECT_EQ(plain_ids(*tokenizer_, std::string(1000000, ' ')).size(), 7813u);
}

TEST(Llama2, ShortTextsHaveTheirPublishedIds) {
  const Tokenizer* tokenizer = real("tokenizers/llama2-tokenizer.model");
  if (!tokenizer) GTEST_SKIP() << "no tokenizers/llama2-tokenizer.model in MXEMU_DATA or ../shared/data";
  EXPECT_EQ(tokenizer->vocabulary_size(), 32000u);
  EXPECT_EQ(tokenizer->encode("Hello world"), (Ids{1, 15043, 3186}));
  EXPECT_EQ(plain_ids(*tokenizer, "\u4f60\U0001F600"), (Ids{29871, 30919, 243, 162, 155, 131}));
  EXPECT_EQ(tokenizer->decode(Ids{1, 15043, 3186, 2}), "Hello world");
  EXPECT_EQ(tokenizer->decode(Ids{1, 15043, 2}, SpecialText::Written), "<s> Hello</s>");
  EXPECT_EQ(tokenizer->encode("a</s>", {.bos = false, .parse_special = true}).back(), 2);
}

TEST(Stories, TheSampleStartsAsLlama2cEncodesIt) {
  const Tokenizer* tokenizer = real("weights/tok512.bin");
  if (!tokenizer) GTEST_SKIP() << "no weights/tok512.bin in MXEMU_DATA or ../shared/data";
  EXPECT_EQ(tokenizer->vocabulary_size(), 512u);
  EXPECT_EQ(tokenizer->encode("Once upon a time"), (Ids{1, 403, 407, 261, 378}));
}

TEST(RealTokenizers, TextComesBackFromItsIds) {
  const auto path = data_path("text/tinyshakespeare.txt");
  if (path.empty()) GTEST_SKIP() << "no text/tinyshakespeare.txt in MXEMU_DATA or ../shared/data";
  const std::string text = text_of(path).substr(0, 100000) + "\u00e9\u4f60\U0001F600\u00a0\u3000 \r\n\t  ";
  for (const char* name : {"tokenizers/llama3-hf", "tokenizers/llama3-tokenizer.model",
                           "tokenizers/llama2-tokenizer.model", "weights/tok512.bin"})
    if (const Tokenizer* tokenizer = real(name)) {
      EXPECT_EQ(tokenizer->decode(tokenizer->encode(text)), text) << name;
    }
}

}  // namespace
}  // namespace mxemu::llama::tests
