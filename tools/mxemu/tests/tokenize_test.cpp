// `mxemu llama tokenize`: where text comes from, what is printed, and what is refused.
#include <nlohmann/json.hpp>

#include "tools/llama/tokenizer/tests/made_json.hpp"
#include "tools/mxemu/tests/command.hpp"

namespace mxemu::cli::tests {
namespace {

using nlohmann::json;

class Tokenize : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    write_file(path("tokenizer.json"), llama::tests::byte_level_document().dump());
  }

  Outcome tokenize(const std::string& arguments, const std::string& prefix = "") const {
    return mxemu("llama tokenize --tokenizer " + path("tokenizer.json") + " " + arguments, prefix);
  }
};

TEST_F(Tokenize, PrintsTheIdsOfAnArgumentAFileOrStandardInput) {
  write_file(path("text"), "hello hello\n");
  EXPECT_EQ(tokenize("\"hello hello\"").out, "259 32 259\n");
  EXPECT_EQ(tokenize("--file " + path("text")).out, "259 32 259 10\n") << "every byte of the file counts";
  EXPECT_EQ(mxemu("llama tokenize --model " + directory().string() + " hello").out, "259\n");
  EXPECT_EQ(tokenize("<" + path("text")).out, "259 32 259 10\n");
  EXPECT_EQ(tokenize("\"\"").out, "\n");
  EXPECT_EQ(tokenize("").out, "\n") << "empty standard input";
}

TEST_F(Tokenize, FlagsAddBosAndParseSpecialTokens) {
  EXPECT_EQ(tokenize("--bos hello").out, "262 259\n");
  EXPECT_EQ(tokenize("--special \"hello<|eot|>\"").out, "259 263\n");
  EXPECT_EQ(tokenize("--count \"hello<|eot|>\"").out, "8\n");
  EXPECT_EQ(json::parse(tokenize("--json --bos hello").out),
            json({{"tokenizer", "tokenizer.json"}, {"count", 2}, {"ids", {262, 259}}}));
}

TEST_F(Tokenize, DecodesIdsInAnyListing) {
  EXPECT_EQ(tokenize("--decode 262 259 32 259").out, "hello hello\n");
  EXPECT_EQ(tokenize("--decode --special \"[262, 259]\"").out, "<|bos|>hello\n");
  EXPECT_EQ(json::parse(tokenize("--decode --json 195").out), json({{"text", "\uFFFD"}}));
}

TEST_F(Tokenize, RecordsGetALineEach) {
  write_file(path("records"), std::string("hello\0\0hell\nhe\0", 15));
  EXPECT_EQ(tokenize("--records --file " + path("records")).out, "259\n\n258 10 256\n");
  write_file(path("ids"), std::string("259 32\0"
                                      "259\0",
                                      11));
  EXPECT_EQ(tokenize("--records --decode --file " + path("ids")).out, std::string("hello \0hello\0", 13));
}

TEST_F(Tokenize, RefusesBadInputInOneSentence) {
  expect_bad_input(tokenize("$(printf \"a\\303\")"), {"not UTF-8", "byte 1"});
  expect_bad_input(tokenize("--decode 264"), {"no token has the id 264", "263"});
  expect_bad_input(tokenize("--decode 12x"), {"\"12x\"", "not a token id"});
  expect_bad_input(tokenize("--decode 99999999999"), {"99999999999"});
  expect_bad_input(tokenize("one two"), {"one text"});
  expect_bad_input(tokenize("--file " + path("absent")), {"absent"});
  expect_bad_input(tokenize("--file " + directory().string()), {"directory"});
  expect_bad_input(tokenize("text --file " + path("tokenizer.json")), {"not from both"});
  expect_bad_input(mxemu("llama tokenize hello"), {"--tokenizer", "--model"});
  expect_bad_input(mxemu("llama tokenize --model " + path("absent") + " hello"), {"absent"});
  write_file(path("damaged.json"), "{\"model\": ");
  expect_bad_input(mxemu("llama tokenize --tokenizer " + path("damaged.json") + " hello"),
                   {"damaged.json", "JSON"});
  expect_bad_input(mxemu("llama"), {"subcommand"});
}

TEST_F(Tokenize, HelpHasAnExample) {
  const Outcome help = mxemu("llama tokenize --help");
  EXPECT_EQ(help.status, 0);
  EXPECT_NE(help.out.find("  mxemu llama tokenize --"), std::string::npos) << help.out;
}

}  // namespace
}  // namespace mxemu::cli::tests
