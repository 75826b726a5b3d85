// Perplexity and divergence: windows, statistics, and the figures of real weights.
#include <gtest/gtest.h>

#include <cmath>

#include "tools/llama/measure/perplexity.hpp"
#include "tools/llama/recipe/built_in.hpp"
#include "tools/llama/recipe/recipe_operands.hpp"
#include "tools/llama/tests/small_model.hpp"

namespace mxemu::llama {
namespace {

TEST(LlamaMeasure, ScoresArePlainSoftmaxInDouble) {
  const std::vector<float> logits{1, 2, 3, 80};
  const double sum = std::exp(1.0) + std::exp(2.0) + std::exp(3.0) + std::exp(80.0);
  EXPECT_DOUBLE_EQ(negative_log_likelihood(logits, 1), std::log(sum) - 2);
  const std::vector<double> numbers{1, 2, 6};
  EXPECT_DOUBLE_EQ(mean_of(numbers).mean, 3);
  EXPECT_DOUBLE_EQ(mean_of(numbers).error, std::sqrt((41.0 / 3 - 9) / 2));
  EXPECT_DOUBLE_EQ(quantile(numbers, 0.75), 4);
  EXPECT_DOUBLE_EQ(quantile(numbers, 1), 6);
}

TEST(LlamaMeasure, DivergenceOfKnownDistributions) {
  Divergence divergence;
  const float half = std::log(0.5F), quarter = std::log(0.25F), least = -40;
  divergence.add(std::vector{quarter, half, quarter}, std::vector{half, quarter, quarter}, 0);
  EXPECT_NEAR(divergence.divergences()[0], 0.25 * std::log(2.0), 1e-7);
  EXPECT_NEAR(divergence.probability_changes()[0], -0.25, 1e-7);
  EXPECT_EQ(divergence.same_top(), 0U);
  // What the baseline gives less than e^-16 does not count, whatever the other gives it.
  divergence.add(std::vector{0.0F, -1000.0F}, std::vector{0.0F, least}, 0);
  EXPECT_NEAR(divergence.divergences()[1], 0, 1e-12);
  EXPECT_EQ(divergence.same_top(), 1U);
}

TEST(LlamaMeasure, RowsOfADatasetAreLinesBlankOnesEmpty) {
  EXPECT_EQ(join_rows(" \n = T = \n \nx\n"), "\n\n = T = \n\n\n\n\nx\n");
}

TEST(LlamaMeasure, AWindowAtATimeScoresAsChunksDoAndARecipeScoresDifferently) {
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  const std::vector<Window> windows{{test::some_tokens(150, checkpoint.config()), 76},
                                    {test::some_tokens(9, checkpoint.config(), 3), 1}};
  const auto scores = [&](std::size_t chunk, std::unique_ptr<Operands> operands = nullptr) {
    Session session(checkpoint,
                    {.compute = Compute::Float32,
                     .accumulators = {spec::AccumulatorType::Float32Fma},
                     .prefill_chunk = chunk},
                    std::move(operands));
    return score(session, windows);
  };
  const std::vector<double> whole = scores(512);
  EXPECT_EQ(whole.size(), 74U + 8);
  EXPECT_EQ(whole, scores(64));
  EXPECT_NE(whole, scores(512, std::make_unique<RecipeOperands>(find_recipe("mxint8"), checkpoint.config(),
                                                                Compute::Float32)));
}

TEST(LlamaMeasure, AModelDoesNotDivergeFromItselfAndWindowsMustFit) {
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  Session one(checkpoint, {.compute = Compute::Float32}), other(checkpoint, {.compute = Compute::Float32});
  const std::vector<Window> windows{{test::some_tokens(30, checkpoint.config()), 5}};
  const Divergence divergence = compare(one, other, windows);
  EXPECT_EQ(divergence.count(), 25U);
  EXPECT_EQ(divergence.divergences(), std::vector<double>(25, 0));
  EXPECT_EQ(divergence.same_top(), 25U);
  EXPECT_EQ(divergence.scores(), score(one, windows));
  const std::vector<Window> longer{{test::some_tokens(301, checkpoint.config()), 1}};
  EXPECT_THROW(score(one, longer), std::invalid_argument);
  const std::vector<Window> nothing{{{1, 2}, 2}};
  EXPECT_THROW(score(one, nothing), std::invalid_argument);
}

/// Real weights on text of their own, by the convention of records.
class LlamaMeasureStories : public testing::Test {
 protected:
  void SetUp() override {
    const std::string tokenizer = test::data_file("weights/tok512.bin");
    model_ = test::data_file("weights/stories260K.bin");
    const std::string text = test::data_file("text/stories260K_self_samples.txt");
    if (tokenizer.empty() || model_.empty() || text.empty())
      GTEST_SKIP() << "no stories260K in $MXEMU_DATA or ../shared/data";
    windows_ =
        cut_windows(WindowConvention::Records, *open_tokenizer(tokenizer), io::test::read_file(text), 256);
  }
  /// The mean divergence of a recipe from the model in float32.
  double mean_divergence(const char* recipe, Compute compute) const {
    const Checkpoint checkpoint = Checkpoint::open(model_);
    Session session(checkpoint, {.compute = compute},
                    std::make_unique<RecipeOperands>(find_recipe(recipe), checkpoint.config(), compute));
    Session baseline(checkpoint, {.compute = Compute::Float32});
    return mean_of(compare(session, baseline, windows_).divergences()).mean;
  }
  std::string model_;
  std::vector<Window> windows_;
};

TEST_F(LlamaMeasureStories, ThePerplexityIsTheKnownOne) {
  const Checkpoint checkpoint = Checkpoint::open(model_);
  Session session(checkpoint, {.compute = Compute::Float32});
  const std::vector<double> scores = score(session, windows_);
  EXPECT_EQ(scores.size(), 14887U);
  EXPECT_NEAR(mean_of(scores).mean, 1.2811, 0.0002);
}

TEST_F(LlamaMeasureStories, DivergencesOfRecipesAreTheKnownOnes) {
  EXPECT_NEAR(mean_divergence("torchmx-8b-w6a8-qkvp6", Compute::Float32), 0.1989, 0.03 * 0.1989);
  EXPECT_NEAR(mean_divergence("mxfp4", Compute::BFloat16), 0.400, 0.08 * 0.400);
}

TEST(LlamaWindows, WikitextHasAsManyWindowsAsOthersCount) {
  const std::string tokenizer = test::data_file("tokenizers/llama3-hf/tokenizer.json");
  const std::string text = test::data_file("text/wiki.test.raw");
  if (tokenizer.empty() || text.empty()) GTEST_SKIP() << "no WikiText in $MXEMU_DATA or ../shared/data";
  const auto opened = open_tokenizer(tokenizer);
  const std::string wiki = io::test::read_file(text);
  const auto llama_cpp = cut_windows(WindowConvention::LlamaCpp, *opened, wiki, 512);
  EXPECT_EQ(llama_cpp.size(), 564U);
  EXPECT_EQ(llama_cpp[7].tokens[0], 128000);
  EXPECT_EQ(llama_cpp[7].scored(), 255U);
  const auto gptq = cut_windows(WindowConvention::Gptq, *opened, wiki, 2048);
  EXPECT_EQ(gptq.size(), 141U);
  EXPECT_EQ(gptq[1].scored(), 2047U);
  EXPECT_NE(gptq[1].tokens[0], 128000);
}

}  // namespace
}  // namespace mxemu::llama
