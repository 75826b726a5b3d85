// config.json: what is read, and what is refused in one sentence.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tools/io/error.hpp"
#include "tools/llama/tests/small_model.hpp"

namespace mxemu::llama {
namespace {

using nlohmann::json;

json base() {
  return {{"model_type", "llama"},      {"hidden_size", 128},       {"intermediate_size", 352},
          {"num_hidden_layers", 3},     {"num_attention_heads", 4}, {"num_key_value_heads", 2},
          {"vocab_size", 1000},         {"rms_norm_eps", 1e-5},     {"rope_theta", 500000.0},
          {"tie_word_embeddings", true}};
}

json with(const json& changes) {
  json document = base();
  document.merge_patch(changes);
  return document;
}

Config parse(const json& document) {
  return parse_config("config.json", document.dump());
}

std::string fault_of(const json& document) {
  return io::test::sentence_of([&] { parse(document); });
}

TEST(LlamaConfig, WhatIsNotSaidFollowsFromTheRest) {
  const Config config = parse(base());
  EXPECT_EQ(config.head_dim, 32U);
  EXPECT_EQ(config.max_positions, 2048U);
  EXPECT_EQ(config.rope, (Rope{.theta = 500000}));
  EXPECT_TRUE(config.tied_head);
  EXPECT_FALSE(config.qkv_bias);
  json alone = base();
  alone.erase("num_key_value_heads");
  EXPECT_EQ(parse(alone).kv_heads, 4U);
}

TEST(LlamaConfig, OldAndNewRopeKeysSayTheSame) {
  const json scaling{{"factor", 32.0},
                     {"low_freq_factor", 1.0},
                     {"high_freq_factor", 4.0},
                     {"original_max_position_embeddings", 8192}};
  json old_scaling = scaling, new_scaling = scaling;
  old_scaling["rope_type"] = new_scaling["rope_type"] = "llama3";
  new_scaling["rope_theta"] = 500000.0;
  const json old_keys = with({{"rope_scaling", old_scaling}});
  const json new_keys = with({{"rope_theta", nullptr}, {"rope_parameters", new_scaling}});
  EXPECT_EQ(parse(old_keys), parse(new_keys));
  EXPECT_EQ(
      parse(old_keys).rope,
      (Rope{.theta = 500000, .scaling = RopeScaling::Llama3, .factor = 32, .original_positions = 8192}));
}

TEST(LlamaConfig, FamiliesDifferInBiasesAndNorms) {
  EXPECT_TRUE(parse(with({{"model_type", "qwen2"}})).qkv_bias);
  EXPECT_FALSE(parse(with({{"model_type", "qwen2"}})).output_bias);
  EXPECT_TRUE(parse(with({{"attention_bias", true}})).output_bias);
  const Config qwen3 = parse(with({{"model_type", "qwen3"}, {"head_dim", 128}}));
  EXPECT_TRUE(qwen3.head_norms);
  EXPECT_EQ(qwen3.query_width(), 512U);
  EXPECT_EQ(parse(with({{"model_type", "mistral"}, {"sliding_window", 4096}})).sliding_window, 4096U);
  EXPECT_EQ(parse(with({{"model_type", "mistral"}, {"sliding_window", nullptr}})).sliding_window, 0U);
  EXPECT_EQ(parse(with({{"model_type", "qwen2"}, {"sliding_window", 4096}})).sliding_window, 0U);
}

TEST(LlamaConfig, EndsOfTextAreOneOrMany) {
  EXPECT_EQ(parse(with({{"eos_token_id", {7, 9}}})).end_tokens, (std::vector{7, 9}));
  EXPECT_EQ(parse(with({{"eos_token_id", 7}})).end_tokens, (std::vector{7}));
}

TEST(LlamaConfig, WhatIsWrittenIsReadAgain) {
  for (const std::string& name : preset_names()) {
    const Config config = preset_config(name);
    EXPECT_EQ(parse_config("config.json", config_json(config, "bfloat16")), config) << name;
  }
}

TEST(LlamaConfig, PresetsHaveThePublishedNumbersOfParameters) {
  const auto parameters = [](const char* name) {
    return synthesized_bytes(preset_config(name), spec::FloatType::BFloat16) / 2;
  };
  EXPECT_EQ(parameters("llama-3.1-8b"), 8030261248U);
  EXPECT_EQ(parameters("llama-3.2-1b"), 1235814400U);
  EXPECT_EQ(parameters("llama-2-7b"), 6738415616U);
  EXPECT_EQ(parameters("qwen2.5-0.5b"), 494032768U);
  EXPECT_EQ(parameters("qwen3-0.6b"), 596049920U);
}

TEST(LlamaConfig, WhatCannotBeRunIsRefusedByTheKeyAtFault) {
  const std::pair<json, const char*> faults[] = {
      {{{"model_type", "mamba"}},
       "config.json: model_type: \"mamba\" is not among llama, mistral, qwen2, qwen3"},
      {{{"hidden_size", nullptr}}, "config.json: hidden_size: is missing"},
      {{{"num_hidden_layers", 2000000000}}, "config.json: num_hidden_layers: 2000000000 is more than 65536"},
      {{{"hidden_size", 0}}, "config.json: hidden_size: 0 is no whole number from 1 to 2^31 - 1"},
      {{{"vocab_size", 1e3}}, "config.json: vocab_size: 1000.0 is no whole number from 1 to 2^31 - 1"},
      {{{"hidden_size", 130}},
       "config.json: num_attention_heads: 4 do not divide the hidden size 130, and there is no head_dim"},
      {{{"num_key_value_heads", 3}},
       "config.json: num_key_value_heads: 3 do not divide the 4 attention heads"},
      {{{"head_dim", 31}}, "config.json: head_dim: 31 is odd: RoPE turns pairs"},
      {{{"hidden_act", "gelu"}}, "config.json: hidden_act: \"gelu\" is not silu"},
      {{{"rope_scaling", {{"rope_type", "yarn"}, {"factor", 4.0}}}},
       "config.json: rope_scaling.rope_type: \"yarn\" is not among default, linear, llama3"},
      {{{"rope_scaling", {{"rope_type", "llama3"}, {"factor", 4.0}}}},
       "config.json: rope_scaling.low_freq_factor: is missing"},
      {{{"rms_norm_eps", -1}}, "config.json: rms_norm_eps: -1 is no number above 0"},
      {{{"eos_token_id", 1000}}, "config.json: eos_token_id: 1000 is no id of a vocabulary of 1000"},
      {{{"tie_word_embeddings", "yes"}},
       "config.json: tie_word_embeddings: \"yes\" is neither true nor false"},
      {{{"use_sliding_window", true}},
       "config.json: use_sliding_window: windows in some of the layers are not supported"}};
  for (const auto& [changes, sentence] : faults) EXPECT_EQ(fault_of(with(changes)), sentence);
  EXPECT_EQ(io::test::sentence_of([] { parse_config("config.json", "[1]"); }),
            "config.json: is no JSON object");
}

}  // namespace
}  // namespace mxemu::llama
