// `mxemu llama recipes`, `perplexity` and `kld`: a recipe is found, shown, and measured on a text.
#include <nlohmann/json.hpp>

#include "tools/llama/tokenizer/tests/made_json.hpp"
#include "tools/mxemu/tests/command.hpp"

namespace mxemu::cli::tests {
namespace {

using nlohmann::json;

/// A small model of random weights, a tokenizer and a text.
class LlamaRecipes : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    const json config{{"model_type", "llama"},    {"hidden_size", 64},
                      {"intermediate_size", 96},  {"num_hidden_layers", 2},
                      {"num_attention_heads", 2}, {"num_key_value_heads", 1},
                      {"vocab_size", 270},        {"max_position_embeddings", 40},
                      {"rms_norm_eps", 1e-5},     {"tie_word_embeddings", false}};
    write_file(path("small.json"), config.dump());
    const Outcome made = mxemu("llama synthesize --like " + path("small.json") + " -o " + path("model"));
    ASSERT_EQ(made.status, 0) << made.err;
    write_file(path("model/tokenizer.json"), llama::tests::byte_level_document().dump());
    std::string text;
    for (int line = 0; line < 12; ++line) text += "hello world, line " + std::to_string(line) + "\n";
    write_file(path("text.txt"), text);
  }
  Outcome measure(const std::string& command, const std::string& arguments) const {
    return mxemu("llama " + command + " --model " + path("model") + " --text " + path("text.txt") +
                 " --convention gptq " +
                 (arguments.find("--window") == std::string::npos ? "--window 16 " : "") + arguments);
  }
};

TEST_F(LlamaRecipes, AreListedAndShownAsFilesThatCanBeUsed) {
  const Outcome list = mxemu("llama recipes");
  EXPECT_EQ(list.status, 0) << list.err;
  EXPECT_NE(list.out.find("\nw4a8 "), std::string::npos) << list.out;
  EXPECT_GT(json::parse(mxemu("llama recipes --json").out).size(), 25U);
  const Outcome shown = mxemu("llama recipes --show w4a8");
  EXPECT_EQ(json::parse(shown.out).at("mlp_weights"), "MXFP4_E2M1");
  write_file(path("mine.json"), shown.out);
  const Outcome named = measure("perplexity", "--recipe w4a8"),
                from_file = measure("perplexity", "--recipe " + path("mine.json"));
  EXPECT_EQ(named.status, 0) << named.err;
  EXPECT_EQ(named.out, from_file.out);
  expect_bad_input(mxemu("llama recipes --show w4a9"), {"\"w4a9\"", "did you mean"});
}

TEST_F(LlamaRecipes, PerplexityAndDivergenceAgreeOnWhatTheyShare) {
  const json plain = json::parse(measure("perplexity", "--json").out);
  const json quantized = json::parse(measure("perplexity", "--json --recipe mxfp4-all").out);
  const json both = json::parse(measure("kld", "--json --recipe mxfp4-all").out);
  EXPECT_EQ(both["perplexity"], quantized["perplexity"]);
  EXPECT_EQ(both["baseline_perplexity"], plain["perplexity"]);
  EXPECT_NE(plain["perplexity"], quantized["perplexity"]);
  EXPECT_GT(both["kl_divergence"]["mean"], 0);
  EXPECT_EQ(both["recipe"]["bits_per_quantized_weight"], 4.25);
  EXPECT_EQ(plain["scored_tokens"], plain["windows"].get<int>() * 15);
  EXPECT_EQ(json::parse(measure("perplexity", "--json --chunks 2").out)["windows"], 2);
}

TEST_F(LlamaRecipes, GenerateTakesARecipe) {
  const std::string generate =
      "llama generate --model " + path("model") + " --prompt hello --max-tokens 20 --temperature 0";
  const Outcome quantized = mxemu(generate + " --recipe mxfp4-all");
  EXPECT_EQ(quantized.status, 0) << quantized.err;
  EXPECT_NE(quantized.out, mxemu(generate).out);
}

TEST_F(LlamaRecipes, WhatCannotBeMeasuredIsRefused) {
  expect_bad_input(measure("perplexity", "--recipe w4a9"), {"--recipe", "\"w4a9\"", "did you mean"});
  write_file(path("bad.json"), R"({"layers": {"0-9": {"query": "MXINT8"}}})");
  expect_bad_input(measure("perplexity", "--recipe " + path("bad.json")), {"bad.json", "\"0-9\" end at 9"});
  write_file(path("bad.json"), R"({"quary": "MXINT8"})");
  expect_bad_input(measure("perplexity", "--recipe " + path("bad.json")), {"bad.json", "quary", "query"});
  expect_bad_input(measure("perplexity", "--window 41"), {"longer than the model's context of 40"});
  expect_bad_input(measure("perplexity", "--window 4000"), {"text.txt", "no window of 4000 tokens"});
  expect_bad_input(measure("kld", ""), {"--recipe", "nothing differs"});
  write_file(path("text.txt"), "");
  expect_bad_input(measure("perplexity", ""), {"text.txt", "the text is empty"});
}

}  // namespace
}  // namespace mxemu::cli::tests
