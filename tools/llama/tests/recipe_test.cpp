// Recipes: built in, as files, and what files are refused for.
#include <gtest/gtest.h>

#include <set>

#include "tools/io/error.hpp"
#include "tools/llama/recipe/built_in.hpp"
#include "tools/llama/recipe/recipe_json.hpp"
#include "tools/llama/recipe/weight_bits.hpp"
#include "tools/llama/tests/small_model.hpp"

namespace mxemu::llama {
namespace {

constexpr Place query_projection{.site = Site::QueryProjection, .layer = 1};
constexpr Place down_projection{.site = Site::DownProjection, .layer = 1};

Recipe parse(const std::string& text) {
  return parse_recipe("recipe.json", text);
}

void expect_refused(const std::string& text, const std::string& fault) {
  try {
    parse(text);
    FAIL() << "not refused: " << text;
  } catch (const io::FileError& error) {
    EXPECT_NE(std::string(error.what()).find(fault), std::string::npos) << error.what();
  }
}

spec::BlockType format_at(const Recipe& recipe, Slot slot, const Place& place) {
  const Quantization* found = recipe.find(slot, place);
  if (found == nullptr) throw std::logic_error("not quantised");
  return found->request.format;
}

TEST(LlamaRecipe, EveryBuiltInRecipeHasANameOfItsOwnAndComesBackFromItsFile) {
  std::set<std::string> names;
  for (const Recipe& recipe : built_in_recipes()) {
    EXPECT_TRUE(names.insert(recipe.name).second) << recipe.name;
    EXPECT_FALSE(recipe.summary.empty()) << recipe.name;
    EXPECT_EQ(parse(recipe_json(recipe)), recipe) << recipe_json(recipe);
    EXPECT_EQ(find_recipe(recipe.name), recipe);
  }
}

TEST(LlamaRecipe, TorchmxQuantisesTheHeadAsTheMlpAndPureFormatsLeaveItAlone) {
  for (const Recipe& recipe : built_in_recipes()) {
    if (!recipe.name.starts_with("torchmx")) continue;
    EXPECT_EQ(recipe.slots[static_cast<int>(Slot::HeadWeights)],
              recipe.slots[static_cast<int>(Slot::MlpWeights)]);
    EXPECT_EQ(recipe.slots[static_cast<int>(Slot::HeadActivations)],
              recipe.slots[static_cast<int>(Slot::MlpActivations)]);
  }
  EXPECT_EQ(find_recipe("mxfp4").find(Slot::HeadWeights, {}), nullptr);
  const Recipe mixed = find_recipe("torchmx-70b-w6a8-mlp-a6-qkvp6");
  EXPECT_EQ(format_at(mixed, Slot::ProjectionActivations, query_projection), spec::BlockType::MXFP8_E4M3);
  EXPECT_EQ(format_at(mixed, Slot::MlpActivations, down_projection), spec::BlockType::MXFP6_E3M2);
  EXPECT_EQ(format_at(find_recipe("torchmx-8b-w6a8-qkp6-v4"), Slot::Value, {}), spec::BlockType::MXFP4_E2M1);
}

TEST(LlamaRecipe, AFileSaysEverythingOfATensor) {
  const Recipe recipe = parse(R"({"mlp_weights": {"format": "MXFP4_E2M1", "profile": "ggml-mxfp4",
    "scale_rule": "even", "rounding": "stochastic:8", "seed": 5, "block_size": 16, "policy": {"zero_sign": "keep"}},
    "value": {"format": "MXINT8", "axis": "head_dim"}})");
  const Quantization* how = recipe.find(Slot::MlpWeights, down_projection);
  ASSERT_NE(how, nullptr);
  spec::Request expected = spec::make_request(spec::BlockType::MXFP4_E2M1, *spec::find_profile("ggml-mxfp4"));
  expected.scale_rule = spec::ScaleRuleType::Even;
  expected.rounding = {.mode = spec::RoundingMode::Stochastic, .random_bits = 8, .seed = 5};
  expected.block_size = 16;
  expected.policy.zero_sign = spec::ZeroSign::Keep;
  EXPECT_EQ(how->request, expected);
  EXPECT_EQ(recipe.find(Slot::Value, {})->value_axis, ValueAxis::HeadDimension);
  EXPECT_EQ(recipe.find(Slot::Key, {}), nullptr);
  EXPECT_EQ(parse(recipe_json(recipe)), recipe) << recipe_json(recipe);
}

TEST(LlamaRecipe, OfRulesForALayerTheLastThatSpeaksOfATensorCounts) {
  const Recipe recipe = parse(R"({"proj_weights": "MXFP8_E4M3", "mlp_weights": "MXFP8_E4M3", "layers": {
    "0,1-3": {"mlp_weights": "MXFP4_E2M1", "key": "MXINT8"},
    "*.down_proj": {"weights": "MXFP6_E2M3"},
    "layers.1.q_*": {"weights": null, "activations": "MXINT8"}}})");
  EXPECT_EQ(recipe.find(Slot::ProjectionWeights, query_projection), nullptr);
  EXPECT_EQ(format_at(recipe, Slot::ProjectionActivations, query_projection), spec::BlockType::MXINT8);
  EXPECT_EQ(format_at(recipe, Slot::MlpWeights, down_projection), spec::BlockType::MXFP6_E2M3);
  const Place gate{.site = Site::GateProjection, .layer = 3}, later{.site = Site::GateProjection, .layer = 4};
  EXPECT_EQ(format_at(recipe, Slot::MlpWeights, gate), spec::BlockType::MXFP4_E2M1);
  EXPECT_EQ(format_at(recipe, Slot::MlpWeights, later), spec::BlockType::MXFP8_E4M3);
  EXPECT_NE(recipe.find(Slot::Key, {.site = Site::Scores, .layer = 2}), nullptr);
  EXPECT_EQ(recipe.find(Slot::Key, {.site = Site::Scores, .layer = 4}), nullptr);
  EXPECT_EQ(parse(recipe_json(recipe)), recipe) << recipe_json(recipe);
}

TEST(LlamaRecipe, WhatCannotBeReadIsRefusedByItsKey) {
  expect_refused("{", "recipe.json: byte 2: this is no JSON");
  expect_refused("[]", "the recipe is no JSON object");
  expect_refused(R"({"quary": "MXINT8"})", "there is no key \"quary\"; did you mean \"query\"?");
  expect_refused(R"({"query": "MXFP4_E2M2"})",
                 "query: there is no format \"MXFP4_E2M2\"; did you mean \"MXFP4_E2M1\"?");
  expect_refused(R"({"query": {"formet": "MXINT8"}})",
                 "query: there is no key \"formet\"; did you mean \"format\"?");
  expect_refused(R"({"query": {"scale_rule": "even"}})", "query names no format");
  expect_refused(R"({"query": 8})", "query is no format, object or null");
  expect_refused(R"({"query": {"format": "MXINT8", "axis": "head_dim"}})", "query: there is no key \"axis\"");
  expect_refused(R"({"value": {"format": "MXINT8", "axis": "sideways"}})",
                 "value.axis: \"sideways\" is none of");
  expect_refused(R"({"query": {"format": "MXINT8", "block_size": 0}})",
                 "query.block_size is no whole number");
  expect_refused(R"({"query": {"format": "MXINT8", "profile": "opc"}})",
                 "query: profile: \"opc\" is none of");
  expect_refused(R"({"query": {"format": "MXINT8", "profile": "te-mxfp8"}})",
                 "profile te-mxfp8 has no MXINT8");
  expect_refused(R"({"query": {"format": "MXFP4_E2M1", "profile": "ptx"}})", "profile ptx chooses no scales");
  expect_refused(R"({"query": "MXINT8", "query": "MXINT8"})", "the key \"query\" is there twice");
  expect_refused(R"({"layers": {"0-": {}}})", "\"0-\" is neither numbers of layers");
  expect_refused(R"({"layers": {"3-1": {}}})", "\"3-1\" ends before it begins");
  expect_refused(R"({"layers": {"0": {"lm_head_weights": null}}})",
                 "layers.0: there is no key \"lm_head_weights\"");
  expect_refused(R"({"layers": {"*.q_proj": {"weight": null}}})", "did you mean \"weights\"?");
  EXPECT_THROW(find_recipe("w4a9"), std::invalid_argument);
}

TEST(LlamaRecipe, ARuleThatSpeaksOfNoLayerOfTheModelIsRefused) {
  const Config config = test::small_config();
  parse(R"({"layers": {"0-1": {}, "lm_head": {}}})").require_fits(config);
  EXPECT_THROW(parse(R"({"layers": {"0-2": {}}})").require_fits(config), std::invalid_argument);
  EXPECT_THROW(parse(R"({"layers": {"*.dawn_proj": {}}})").require_fits(config), std::invalid_argument);
}

TEST(LlamaRecipe, BitsOfWeightsAreCountedWithTheirScalesAndShortBlocks) {
  const Config config = test::small_config();  // 96 x 172: down_proj has 6 blocks a row, the last of 12
  const WeightBits bits =
      weight_bits(parse(R"({"layers": {"*.down_proj": {"weights": "MXFP4_E2M1"}}})"), config, 16);
  EXPECT_EQ(bits.quantized, 2U * 96 * 172);
  EXPECT_EQ(bits.element_bits, 2U * 96 * 172 * 4);
  EXPECT_EQ(bits.scale_bits, 2U * 96 * 6 * 8);
  EXPECT_EQ(bits.unquantized_bits, (bits.weights - bits.quantized) * 16);
  EXPECT_DOUBLE_EQ(bits.average(false), 4);
  EXPECT_DOUBLE_EQ(bits.average(true), 4 + 48.0 / 172);
  EXPECT_EQ(weight_bits({}, config, 16).average(true), 0);
  const Config llama = preset_config("llama-3.1-8b");
  EXPECT_DOUBLE_EQ(weight_bits(find_recipe("mxfp4"), llama, 16).average(true), 4.25);
  EXPECT_EQ(weight_bits(find_recipe("mxfp4"), llama, 16).quantized, 32ULL * 218103808);
}

}  // namespace
}  // namespace mxemu::llama
