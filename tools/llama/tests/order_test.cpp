// Prefill, decode, chunks, batches and threads: the same answers.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "tools/llama/tests/small_model.hpp"

namespace mxemu::llama {
namespace {

constexpr spec::AccumulatorType ordered[] = {
    spec::AccumulatorType::Exact, spec::AccumulatorType::Float32Pairwise, spec::AccumulatorType::Float32Fma};

std::vector<std::uint32_t> bits_of(const std::vector<float>& numbers) {
  std::vector<std::uint32_t> bits;
  for (const float number : numbers) bits.push_back(std::bit_cast<std::uint32_t>(number));
  return bits;
}

std::vector<float> with_library(const Checkpoint& checkpoint, const std::vector<int>& tokens,
                                std::size_t chunk) {
  PlainOperands operands(Compute::Float32);
  LibraryMultiplier multiplier;
  return test::all_logits(checkpoint, Compute::Float32, operands, multiplier, tokens, chunk);
}

std::vector<std::uint32_t> with_accumulator(const Checkpoint& checkpoint, spec::AccumulatorType accumulator,
                                            Compute compute, const std::vector<int>& tokens,
                                            std::size_t chunk, const fast::Execution& execution = {}) {
  PlainOperands operands(compute, execution);
  AccumulatorMultiplier multiplier({accumulator}, execution);
  return bits_of(test::all_logits(checkpoint, compute, operands, multiplier, tokens, chunk, execution));
}

TEST(LlamaOrder, PrefillEqualsDecodeWithinATenThousandthThroughTheLibrary) {
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  const std::vector<int> tokens = test::some_tokens(140, checkpoint.config());  // more than a tile of queries
  const std::vector<float> prefill = with_library(checkpoint, tokens, tokens.size());
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{50}}) {
    const std::vector<float> other = with_library(checkpoint, tokens, chunk);
    float worst = 0;
    for (std::size_t i = 0; i < prefill.size(); ++i)
      worst = std::max(worst, std::fabs(prefill[i] - other[i]));
    EXPECT_LE(worst, 1e-4F) << "chunks of " << chunk;
  }
}

TEST(LlamaOrder, PrefillEqualsDecodeBitForBitUnderAnAccumulatorThatFixesTheOrder) {
  Config config = test::small_config();
  const test::SmallModel whole(config);
  config.architecture = Architecture::Mistral;
  config.sliding_window = 5;
  const test::SmallModel windowed(config);
  for (const test::SmallModel* model : {&whole, &windowed}) {
    const Checkpoint checkpoint = model->open();
    const std::vector<int> tokens = test::some_tokens(37, checkpoint.config());
    for (const Compute compute : {Compute::Float32, Compute::BFloat16})
      for (const spec::AccumulatorType accumulator : ordered) {
        const auto prefill = with_accumulator(checkpoint, accumulator, compute, tokens, tokens.size());
        for (const std::size_t chunk : {std::size_t{1}, std::size_t{11}})
          EXPECT_EQ(with_accumulator(checkpoint, accumulator, compute, tokens, chunk), prefill)
              << spec::row_of(accumulator).name << " " << name_of(compute) << ", chunks of " << chunk;
      }
  }
}

TEST(LlamaOrder, TilesOfQueriesDoNotChangeTheBits) {
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  const std::vector<int> tokens = test::some_tokens(140, checkpoint.config());
  struct OneByOne final : PlainOperands {
    using PlainOperands::PlainOperands;
    AttentionTiling tiling() const override { return {.queries = 1, .key_multiple = 32}; }
  };
  OneByOne tiles(Compute::Float32);
  AccumulatorMultiplier multiplier({spec::AccumulatorType::Exact});
  const auto tiled = test::all_logits(checkpoint, Compute::Float32, tiles, multiplier, tokens, tokens.size());
  EXPECT_EQ(bits_of(tiled), with_accumulator(checkpoint, spec::AccumulatorType::Exact, Compute::Float32,
                                             tokens, tokens.size()));
}

TEST(LlamaOrder, ARaggedBatchGivesEachSequenceItsOwnBits) {
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  const Config& config = checkpoint.config();
  PlainOperands operands(Compute::BFloat16);
  AccumulatorMultiplier multiplier({spec::AccumulatorType::Exact});
  Products products(checkpoint, Compute::BFloat16, operands, multiplier);
  Transformer transformer(checkpoint, products);
  std::vector<std::vector<int>> texts;
  for (const std::size_t length : {13U, 1U, 6U}) texts.push_back(test::some_tokens(length, config, 3));
  std::vector<KvCache> caches(texts.size(), KvCache(config, Compute::BFloat16));
  // Two passes: first all but the last token, of a text of one nothing, then the last of each.
  MatrixBuffer buffer;
  Matrix logits;
  for (const bool last : {false, true}) {
    std::vector<NextTokens> batch;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::span<const int> text = texts[i];
      batch.push_back({&caches[i], last ? text.last(1) : text.first(text.size() - 1)});
    }
    const Matrix states = transformer.forward(batch);
    const MutableMatrix output = buffer.resize(states.rows, config.vocab_size);
    transformer.logits(states, output);
    logits = output;
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto alone = with_accumulator(checkpoint, spec::AccumulatorType::Exact, Compute::BFloat16, texts[i],
                                        texts[i].size());
    const std::vector<float> row(logits.row(i).begin(), logits.row(i).end());
    EXPECT_EQ(bits_of(row),
              std::vector(alone.end() - static_cast<std::ptrdiff_t>(config.vocab_size), alone.end()));
  }
}

TEST(LlamaOrder, TheNumberOfThreadsDoesNotChangeTheBits) {
  Config config = test::small_config();
  config.intermediate_size = 2048;  // wide enough that threads are worth their while
  config.layers = 1;
  const test::SmallModel model(config);
  const Checkpoint checkpoint = model.open();
  const std::vector<int> tokens = test::some_tokens(150, config);
  const auto run = [&](int threads) {
    return with_accumulator(checkpoint, spec::AccumulatorType::Exact, Compute::BFloat16, tokens, 150,
                            {.threads = threads});
  };
  EXPECT_EQ(run(1), run(2));
}

/// FNV-1a.
std::uint64_t digest_of(const std::vector<std::uint32_t>& words) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const std::uint32_t word : words) hash = (hash ^ word) * 0x100000001B3;
  return hash;
}

TEST(LlamaOrder, EveryCompilerAndEveryMachineGivesTheseBits) {
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  const std::vector<int> tokens = test::some_tokens(33, checkpoint.config());
  const auto digest = [&](Compute compute) {
    return digest_of(with_accumulator(checkpoint, spec::AccumulatorType::Exact, compute, tokens, 33));
  };
  EXPECT_EQ(digest(Compute::Float32), 10963085949688705556U);
  EXPECT_EQ(digest(Compute::BFloat16), 1696721442943881573U);
}

TEST(LlamaOrder, ATokenOutsideTheVocabularyIsRefusedAndNothingIsLost) {
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  Session session(checkpoint, {.compute = Compute::Float32});
  const std::vector<float> before = [&] {
    const auto logits = session.next(std::vector{3, 4});
    return std::vector(logits.begin(), logits.end());
  }();
  for (const int token : {-1, 80}) {
    try {
      session.next(std::vector{5, token});
      ADD_FAILURE() << token << " not refused";
    } catch (const std::invalid_argument& error) {
      EXPECT_EQ(std::string(error.what()),
                "token 1 has the id " + std::to_string(token) + ", and the vocabulary ends at 79");
    }
    EXPECT_EQ(session.length(), 2U);
  }
  session.cache().truncate(1);
  const auto again = session.next(std::vector{4});
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(again[i], before[i], 1e-4);
}

TEST(LlamaOrder, ATextLongerThanTheContextIsRefusedBeforeAnyOfItIsTakenIn) {
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  Session session(checkpoint, {.compute = Compute::Float32, .prefill_chunk = 7});
  const std::vector<int> tokens = test::some_tokens(301, checkpoint.config());
  EXPECT_THROW(session.next(tokens), std::invalid_argument);
  EXPECT_EQ(session.length(), 0U);
  EXPECT_NO_THROW(session.next(std::span(tokens).first(300)));
  EXPECT_THROW(session.next(std::span(tokens).last(1)), std::invalid_argument);
  EXPECT_THROW(session.next({}), std::invalid_argument);
}

}  // namespace
}  // namespace mxemu::llama
