// Random checkpoints: the same numbers for the same seed, whatever the files, and nothing half-written.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tools/io/error.hpp"
#include "tools/llama/tests/small_model.hpp"

namespace mxemu::llama {
namespace {

std::vector<float> numbers_of(const Checkpoint& checkpoint, const std::string& name) {
  const Weight& weight = checkpoint.weight(name);
  std::vector<float> numbers(weight.rows * weight.columns);
  expand(weight, numbers);
  return numbers;
}

TEST(LlamaSynthesis, NumbersDependOnTheSeedAndNotOnTheFiles) {
  const Config config = test::small_config();
  const test::SmallModel one(config, {.seed = 5}), three(config, {.seed = 5, .shards = 3}),
      other(config, {.seed = 6});
  const Checkpoint a = one.open(), b = three.open(), c = other.open();
  for (const ModelTensor& tensor : model_tensors(config)) {
    EXPECT_EQ(numbers_of(a, tensor.name), numbers_of(b, tensor.name)) << tensor.name;
    EXPECT_NE(numbers_of(a, tensor.name), numbers_of(c, tensor.name)) << tensor.name;
  }
  EXPECT_NE(numbers_of(a, "model.layers.0.mlp.up_proj.weight"),
            numbers_of(a, "model.layers.0.mlp.gate_proj.weight"));
}

TEST(LlamaSynthesis, NarrowTypesAreTheRoundedNumbersOfFloat32) {
  const Config config = test::small_config();
  using spec::FloatType;
  const test::SmallModel wide(config, {.type = FloatType::Float32}),
      brain(config, {.type = FloatType::BFloat16}), half(config, {.type = FloatType::Float16});
  const Checkpoint a = wide.open(), b = brain.open(), c = half.open();
  for (const char* name : {"model.norm.weight", "model.layers.1.self_attn.k_proj.weight"}) {
    std::vector<float> expected = numbers_of(a, name);
    std::vector<float> rounded = expected;
    std::ranges::transform(expected, rounded.begin(), round_to_bfloat16);
    EXPECT_EQ(numbers_of(b, name), rounded);
    std::ranges::transform(expected, rounded.begin(), [](float x) { return from_float16(to_float16(x)); });
    EXPECT_EQ(numbers_of(c, name), rounded);
  }
}

TEST(LlamaSynthesis, WeightsHaveTheVarianceThatKeepsActivationsInBounds) {
  const Config config = test::small_config();
  const test::SmallModel model(config);
  const Checkpoint checkpoint = model.open();
  const std::vector<float> weights = numbers_of(checkpoint, "model.layers.0.mlp.down_proj.weight");
  double sum = 0, squares = 0;
  for (const float x : weights) {
    sum += static_cast<double>(x);
    squares += static_cast<double>(x) * static_cast<double>(x);
  }
  const auto count = static_cast<double>(weights.size());
  EXPECT_NEAR(sum / count, 0, 5 / std::sqrt(172 * count));
  EXPECT_NEAR(squares / count * 172, 1, 0.05);
}

TEST(LlamaSynthesis, ADirectoryWithSomethingInItIsLeftAlone) {
  const io::test::TempDir folder;
  io::test::write_file(folder / "mine.txt", "keep");
  EXPECT_EQ(io::test::sentence_of([&] { synthesize(test::small_config(), folder.path(), {}); }),
            folder.path().string() + ": the directory is not empty");
  EXPECT_EQ(folder.count(), 1);
}

TEST(LlamaSynthesis, AfterAFailureNothingIsLeft) {
  const io::test::TempDir folder;
  const auto directory = folder / "model";
  int chunks = 0;
  const auto stop = [&](std::uint64_t) {
    if (++chunks == 9) throw std::runtime_error("stop");
  };
  EXPECT_THROW(synthesize(test::small_config(), directory, {.shards = 4}, stop), std::runtime_error);
  EXPECT_EQ(chunks, 9);
  EXPECT_FALSE(std::filesystem::exists(directory));
  EXPECT_THROW(synthesize(test::small_config(), directory, {.shards = 1000}), std::invalid_argument);
  EXPECT_FALSE(std::filesystem::exists(directory));
}

TEST(LlamaSynthesis, AnUnknownModelIsAnsweredWithTheKnownOnes) {
  try {
    preset_config("gpt-2");
    FAIL();
  } catch (const std::invalid_argument& error) {
    const std::string sentence = error.what();
    for (const std::string& name : preset_names()) EXPECT_NE(sentence.find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace mxemu::llama
