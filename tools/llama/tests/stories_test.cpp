// Real weights: stories260K tells the story that its publisher documents.
#include <gtest/gtest.h>

#include <algorithm>

#include "tools/llama/forward/sampler.hpp"
#include "tools/llama/tests/small_model.hpp"
#include "tools/llama/tokenizer/tokenizer.hpp"

namespace mxemu::llama {
namespace {

constexpr const char* documented =
    "Once upon a time, there was a little girl named Lily. She loved to play outside in the park. One day, "
    "she "
    "saw a big, red ball.";

std::string greedy_text(const std::string& model, const std::string& tokenizer_file, SessionOptions options,
                        std::size_t count) {
  const Checkpoint checkpoint = Checkpoint::open(model);
  const auto tokenizer = open_tokenizer(tokenizer_file);
  Session session(checkpoint, options);
  Sampler sampler({.temperature = 0});
  std::vector<int> text{1};
  while (text.size() < count) text.push_back(sampler.sample(session.next(std::span(text).last(1))));
  return tokenizer->decode(text);
}

class LlamaStories : public testing::Test {
 protected:
  void SetUp() override {
    tokenizer_ = test::data_file("weights/tok512.bin");
    single_ = test::data_file("weights/stories260K.bin");
    directory_ = test::data_file("weights/stories260K-hf");
    if (tokenizer_.empty() || single_.empty() || directory_.empty())
      GTEST_SKIP() << "no stories260K in $MXEMU_DATA or ../shared/data";
  }
  std::string tokenizer_, single_, directory_;
};

TEST_F(LlamaStories, GreedyTextIsTheDocumentedOneFromBothLayouts) {
  const SessionOptions options{.compute = Compute::Float32};
  const std::string text = greedy_text(single_, tokenizer_, options, 200);
  EXPECT_EQ(text.substr(0, std::string(documented).size()), documented);
  EXPECT_EQ(greedy_text(directory_, tokenizer_, options, 200), text);
}

TEST_F(LlamaStories, GreedyTextIsTheSameUnderAnExactAccumulator) {
  const SessionOptions options{.compute = Compute::Float32, .accumulators = {spec::AccumulatorType::Exact}};
  EXPECT_EQ(greedy_text(single_, tokenizer_, options, 60),
            greedy_text(single_, tokenizer_, {.compute = Compute::Float32}, 60));
}

TEST_F(LlamaStories, BothLayoutsHoldTheSameNumbers) {
  const Checkpoint single = Checkpoint::open(single_), directory = Checkpoint::open(directory_);
  for (const ModelTensor& tensor : model_tensors(single.config()))
    EXPECT_TRUE(std::ranges::equal(single.weight(tensor.name).bytes, directory.weight(tensor.name).bytes))
        << tensor.name;
}

}  // namespace
}  // namespace mxemu::llama
