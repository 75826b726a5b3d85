// `mxemu llama synthesize` and `generate`: a checkpoint is made and goes on from a prompt.
#include <nlohmann/json.hpp>

#include "tools/llama/tokenizer/tests/made_json.hpp"
#include "tools/mxemu/tests/command.hpp"

namespace mxemu::cli::tests {
namespace {

using nlohmann::json;

/// A small model of random weights, and the made tokenizer beside it.
class Generate : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    write_file(path("small.json"), config().dump());
    const Outcome made = synthesize("--seed 3 --shards 2 -o " + path("model"));
    ASSERT_EQ(made.status, 0) << made.err;
    EXPECT_EQ(made.out, "");
    write_file(path("model/tokenizer.json"), llama::tests::byte_level_document().dump());
  }

  static json config() {
    return {{"model_type", "llama"},    {"hidden_size", 64},
            {"intermediate_size", 96},  {"num_hidden_layers", 2},
            {"num_attention_heads", 2}, {"num_key_value_heads", 1},
            {"vocab_size", 270},        {"max_position_embeddings", 40},
            {"rms_norm_eps", 1e-5},     {"tie_word_embeddings", false}};
  }
  Outcome synthesize(const std::string& arguments) const {
    return mxemu("llama synthesize --like " + path("small.json") + " " + arguments);
  }
  Outcome generate(const std::string& arguments) const {
    return mxemu("llama generate --model " + path("model") + " " + arguments);
  }
};

TEST_F(Generate, TheTextAloneIsOnStandardOutput) {
  const Outcome outcome = generate("--prompt \"hello wo\" --max-tokens 12 --temperature 0");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_TRUE(outcome.out.starts_with("hello wo")) << outcome.out;
  EXPECT_GT(outcome.out.size(), std::string("hello wo\n").size());
  EXPECT_EQ(generate("--prompt \"hello wo\" --max-tokens 12 --temperature 0").out, outcome.out);
}

TEST_F(Generate, DrawsDependOnTheSeed) {
  const auto text = [&](const char* seed) {
    return generate("--prompt he --max-tokens 20 --compute f32 --seed " + std::string(seed)).out;
  };
  EXPECT_EQ(text("1"), text("1"));
  EXPECT_NE(text("1"), text("2"));
}

TEST_F(Generate, AnAccumulatorMultipliesEverythingOrNothing) {
  EXPECT_EQ(generate("--prompt he --max-tokens 2 --accumulator exact").status, 0);
  expect_bad_input(generate("--prompt he --max-tokens 2 --accumulator hopper_fp8"),
                   {"no accumulator for layers.0.q_proj, bf16 x bf16", "hopper_fp8"});
  expect_bad_input(generate("--prompt he --accumulator hopper_fp9"), {"--accumulator", "hopper_fp9"});
}

TEST_F(Generate, RefusesWhatCannotGoOn) {
  expect_bad_input(generate("--prompt he --max-tokens 40"),
                   {"--max-tokens", "longer than the model's context of 40"});
  expect_bad_input(generate("--prompt he --temperature -1"), {"temperature"});
  expect_bad_input(generate("--prompt he --compute f16"), {"--compute", "\"f16\" is neither f32 nor bf16"});
  expect_bad_input(mxemu("llama generate --model " + path("absent")), {"absent: there is no such model"});
  write_file(path("model/tokenizer.json"), "{}");
  expect_bad_input(generate("--prompt he"), {"tokenizer.json"});
}

TEST_F(Generate, SynthesizeRefusesShapesAndPlacesThatDoNotFit) {
  expect_bad_input(synthesize("-o " + path("model")), {"model: the directory is not empty"});
  expect_bad_input(mxemu("llama synthesize --like gpt-2 -o " + path("x")), {"\"gpt-2\"", "llama-3.1-8b"});
  expect_bad_input(synthesize("--dtype f64 -o " + path("x")), {"f64"});
  expect_bad_input(synthesize("-o " + path("no/such/place")),
                   {"no/such/place: the directory cannot be made"});
  json odd = config();
  odd["model_type"] = "mamba";
  write_file(path("small.json"), odd.dump());
  expect_bad_input(synthesize("-o " + path("x")), {"small.json: model_type: \"mamba\" is not among llama"});
}

}  // namespace
}  // namespace mxemu::cli::tests
