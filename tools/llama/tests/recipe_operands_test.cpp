// Under a recipe every operand is the reference's, quantised and dequantised, bit for bit.
#include <gtest/gtest.h>

#include <map>

#include "reference/tensor.hpp"
#include "tools/llama/recipe/built_in.hpp"
#include "tools/llama/recipe/recipe_json.hpp"
#include "tools/llama/recipe/recipe_operands.hpp"
#include "tools/llama/tests/small_model.hpp"

namespace mxemu::llama {
namespace {

/// An operand's numbers, row by row, without the gaps.
struct Numbers {
  std::size_t rows = 0, depth = 0;
  std::vector<std::byte> bytes;
};

Numbers numbers_of(const Operand& operand) {
  const auto size = static_cast<std::size_t>(spec::code_bytes(operand.type));
  Numbers numbers{operand.rows, operand.depth, {}};
  for (std::size_t row = 0; row < operand.rows; ++row)
    for (std::size_t i = 0; i < operand.depth; ++i) {
      const std::byte* at = operand.codes + (row * operand.row_stride + i * operand.step) * size;
      numbers.bytes.insert(numbers.bytes.end(), at, at + size);
    }
  return numbers;
}

std::vector<std::byte> by_reference(const spec::Request& request, const Numbers& numbers, int axis,
                                    spec::FloatType type) {
  const std::int64_t shape[] = {static_cast<std::int64_t>(numbers.rows),
                                static_cast<std::int64_t>(numbers.depth)};
  const auto tensor = reference::quantize_tensor(request, shape, axis, {type, numbers.bytes});
  return reference::dequantize_tensor(request, tensor, type);
}

/// Takes every operand from the recipe and compares it with the reference's.
class CheckedOperands final : public PlainOperands {
 public:
  CheckedOperands(const Recipe& recipe, const Config& config, Compute compute)
      : PlainOperands(compute), operands_(recipe, config, compute) {}

  Operand activations(const Place& place, Matrix x, OperandBuffer& buffer) override {
    const Operand made = operands_.activations(place, x, buffer);
    return checked(activations_slot(place.site), place, numbers(x, plain_), made);
  }
  bool shares_activations(const Place& one, const Place& other) const override {
    return operands_.shares_activations(one, other);
  }
  Operand weight(const Place& place, const Weight& weight, std::size_t first, std::size_t count,
                 OperandBuffer& buffer) override {
    const Operand made = operands_.weight(place, weight, first, count, buffer);
    return checked(weights_slot(place.site), place,
                   PlainOperands::weight(place, weight, first, count, plain_), made);
  }
  std::size_t weight_rows(const Place&, const Weight&) const override { return 50; }
  Operand query(const Place& place, Matrix x, OperandBuffer& buffer) override {
    const Operand made = operands_.query(place, x, buffer);
    return checked(Slot::Query, place, numbers(x, plain_), made);
  }
  Operand key(const Place& place, const Operand& cached, std::size_t seen, OperandBuffer& buffer) override {
    return checked(Slot::Key, place, PlainOperands::key(place, cached, seen, plain_),
                   operands_.key(place, cached, seen, buffer));
  }
  Operand attention_weights(const Place& place, Matrix x, OperandBuffer& buffer) override {
    const Operand made = operands_.attention_weights(place, x, buffer);
    return checked(Slot::AttentionWeights, place, numbers(x, plain_), made);
  }
  Operand value(const Place& place, const Operand& cached, std::size_t seen, OperandBuffer& buffer) override {
    const Operand made = operands_.value(place, cached, seen, buffer);
    const Quantization* how = operands_.recipe().find(Slot::Value, place);
    const bool whole = how != nullptr && how->value_axis == ValueAxis::SequencePrefill;
    // Only a block's whole row tells its scale: all tokens are compared, of which `seen` are used.
    Operand all = made;
    all.depth = whole ? cached.depth : seen;
    checked(Slot::Value, place, whole ? cached : PlainOperands::value(place, cached, seen, plain_), all);
    EXPECT_EQ(made.depth, seen);
    return made;
  }
  AttentionTiling tiling() const override { return operands_.tiling(); }

  std::map<Slot, std::size_t> changed;  ///< operands that the recipe made others

 private:
  const Operand& checked(Slot slot, const Place& place, const Operand& plain, const Operand& made) {
    const Quantization* how = operands_.recipe().find(slot, place);
    const Numbers numbers = numbers_of(plain);
    const int axis =
        how != nullptr && slot == Slot::Value && how->value_axis == ValueAxis::HeadDimension ? 0 : 1;
    const spec::FloatType type = spec::float_format_of(plain.type).type;
    const auto expected = how == nullptr ? numbers.bytes : by_reference(how->request, numbers, axis, type);
    EXPECT_EQ(numbers_of(made).bytes, expected) << spec::name_of(slot) << " of " << name_of(place);
    changed[slot] += expected != numbers.bytes;
    return made;
  }

  RecipeOperands operands_;
  OperandBuffer plain_;
};

/// One format for each slot, so that none can stand for another; one layer differs.
Recipe mixed_recipe(const std::string& value_axis) {
  return parse_recipe("mixed", R"({
    "proj_weights": "MXFP6_E3M2", "proj_activations": "MXFP8_E4M3", "mlp_weights": "MXFP4_E2M1",
    "mlp_activations": {"format": "MXFP6_E2M3", "scale_rule": "rceil"}, "query": "MXINT8",
    "key": {"format": "MXFP8_E5M2", "block_size": 16}, "attention_weights": {"format": "MXFP4_E2M1",
    "rounding": "toward_zero"}, "lm_head_weights": {"format": "MXFP4_E2M1", "profile": "ggml-mxfp4"},
    "lm_head_activations": "MXFP8_E5M2", "value": {"format": "MXFP4_E2M1", "axis": ")" +
                                   value_axis + R"("},
    "layers": {"1": {"query": "MXFP4_E2M1"}, "*.k_proj": {"activations": "MXFP4_E2M1"}}})");
}

class LlamaRecipeOperands : public testing::TestWithParam<std::tuple<Compute, const char*>> {};

TEST_P(LlamaRecipeOperands, EveryOperandIsTheReferences) {
  const auto [compute, axis] = GetParam();
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  CheckedOperands operands(mixed_recipe(axis), checkpoint.config(), compute);
  LibraryMultiplier multiplier;
  const std::vector<int> tokens = test::some_tokens(11, checkpoint.config());
  test::all_logits(checkpoint, compute, operands, multiplier, tokens, 7);
  for (const auto& word : spec::words<Slot>) {
    if (word.value == Slot::Cache) continue;
    EXPECT_GT(operands.changed[word.value], 0U) << word.name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, LlamaRecipeOperands,
                         testing::Combine(testing::Values(Compute::Float32, Compute::BFloat16),
                                          testing::Values("seq_prefill", "seq_causal", "head_dim")));

TEST(LlamaRecipeSharing, LayersShareActivationsWhereTheRecipeTreatsThemAlike) {
  const RecipeOperands operands(mixed_recipe("head_dim"), test::small_config(), Compute::Float32);
  const auto share = [&](Site one, Site other) {
    return operands.shares_activations({.site = one}, {.site = other});
  };
  EXPECT_TRUE(share(Site::GateProjection, Site::UpProjection));
  EXPECT_TRUE(share(Site::QueryProjection, Site::ValueProjection));
  EXPECT_FALSE(share(Site::QueryProjection, Site::KeyProjection));
}

TEST(LlamaRecipeCache, KeysAndValuesAreStoredQuantisedHeadByHead) {
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  const Config& config = checkpoint.config();
  const Recipe recipe = parse_recipe("cache", R"({"kv_cache": "MXFP4_E2M1"})");
  RecipeOperands operands(recipe, config, Compute::Float32);
  std::vector<float> x(3 * config.kv_width());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 37 % 101) - 50;
  const Numbers plain{3 * config.kv_heads,
                      config.head_dim,
                      {std::as_bytes(std::span(x)).begin(), std::as_bytes(std::span(x)).end()}};
  std::vector<float> apart(3 * (config.kv_width() + 5));
  const MutableMatrix gaps{apart.data(), 3, config.kv_width(), config.kv_width() + 5};
  for (std::size_t row = 0; row < 3; ++row)
    std::ranges::copy(std::span(x).subspan(row * config.kv_width(), config.kv_width()),
                      gaps.row(row).begin());
  operands.to_cache({.site = Site::KeyProjection}, gaps);
  operands.to_cache({.site = Site::KeyProjection}, {x.data(), 3, config.kv_width(), config.kv_width()});
  const auto expected =
      by_reference(recipe.find(Slot::Cache, {})->request, plain, 1, spec::FloatType::Float32);
  EXPECT_TRUE(std::ranges::equal(std::as_bytes(std::span(x)), expected));
  for (std::size_t row = 0; row < 3; ++row)
    EXPECT_TRUE(
        std::ranges::equal(gaps.row(row), std::span(x).subspan(row * config.kv_width(), config.kv_width())));
}

std::vector<float> logits_by(const Checkpoint& checkpoint, const Recipe& recipe, Compute compute,
                             std::size_t chunk) {
  RecipeOperands operands(recipe, checkpoint.config(), compute);
  AccumulatorMultiplier multiplier({spec::AccumulatorType::Float32Fma});
  return test::all_logits(checkpoint, compute, operands, multiplier,
                          test::some_tokens(40, checkpoint.config()), chunk);
}

std::vector<float> some_logits(const Checkpoint& checkpoint, const Recipe& recipe) {
  RecipeOperands operands(recipe, checkpoint.config(), Compute::BFloat16);
  LibraryMultiplier multiplier;
  return test::all_logits(checkpoint, Compute::BFloat16, operands, multiplier,
                          test::some_tokens(5, checkpoint.config()), 5);
}

TEST(LlamaRecipeOrder, PrefillIsDecodeBitForBitUnlessValuesAreCutAlongKnownTokens) {
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  const Compute compute = Compute::BFloat16;
  for (const char* axis : {"seq_causal", "head_dim"}) {
    const Recipe recipe = mixed_recipe(axis);
    EXPECT_EQ(logits_by(checkpoint, recipe, compute, 40), logits_by(checkpoint, recipe, compute, 1)) << axis;
  }
  const Recipe stored = find_recipe("w4a8kv8");
  EXPECT_EQ(logits_by(checkpoint, stored, compute, 40), logits_by(checkpoint, stored, compute, 1));
  const Recipe recipe = mixed_recipe("seq_prefill");
  EXPECT_NE(logits_by(checkpoint, recipe, compute, 40), logits_by(checkpoint, recipe, compute, 1));
}

TEST(LlamaRecipeOrder, EveryBuiltInRecipeChangesTheLogitsAndNoneMakesThemNaN) {
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  const std::vector<float> plain = some_logits(checkpoint, {});
  for (const Recipe& recipe : built_in_recipes()) {
    const std::vector<float> logits = some_logits(checkpoint, recipe);
    EXPECT_NE(logits, plain) << recipe.name;
    EXPECT_TRUE(std::ranges::none_of(logits, [](float x) { return x != x; })) << recipe.name;
  }
}

}  // namespace
}  // namespace mxemu::llama
