// Every product of a forward pass goes through Products, and only there.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tools/llama/tests/small_model.hpp"

namespace mxemu::llama {
namespace {

/// Notes every product; leaves out those of some sites.
class NotingMultiplier final : public Multiplier {
 public:
  void multiply(const Place& place, const Operand& a, const Operand& b, MutableMatrix output) override {
    ASSERT_EQ(a.depth, b.depth) << name_of(place);
    ++calls[place.site];
    multiplications[place.site] += a.rows * b.rows * a.depth;
    if (std::ranges::find(left_out, place.site) == left_out.end())
      return library_.multiply(place, a, b, output);
    for (std::size_t row = 0; row < output.rows; ++row) std::ranges::fill(output.row(row), 0.0F);
  }
  std::vector<Site> left_out;
  std::map<Site, std::size_t> calls, multiplications;

 private:
  LibraryMultiplier library_;
};

std::vector<float> logits_of(const Checkpoint& checkpoint, Multiplier& multiplier,
                             const std::vector<int>& tokens) {
  PlainOperands operands(Compute::Float32);
  return test::all_logits(checkpoint, Compute::Float32, operands, multiplier, tokens, tokens.size());
}

TEST(LlamaProducts, EveryProductOfTheModelIsCountedOnce) {
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  const Config& config = checkpoint.config();
  NotingMultiplier multiplier;
  const std::size_t tokens = 20;
  logits_of(checkpoint, multiplier, test::some_tokens(tokens, config));
  const std::map<Site, std::size_t> widths{
      {Site::QueryProjection, config.hidden_size * config.query_width()},
      {Site::KeyProjection, config.hidden_size * config.kv_width()},
      {Site::ValueProjection, config.hidden_size * config.kv_width()},
      {Site::OutputProjection, config.hidden_size * config.query_width()},
      {Site::GateProjection, config.hidden_size * config.intermediate_size},
      {Site::UpProjection, config.hidden_size * config.intermediate_size},
      {Site::DownProjection, config.hidden_size * config.intermediate_size},
      {Site::Scores, config.query_width() * tokens},
      {Site::Mix, config.query_width() * tokens}};
  for (const auto& [site, width] : widths) {
    EXPECT_EQ(multiplier.multiplications[site], config.layers * tokens * width) << name_of(site);
    const bool attention = site == Site::Scores || site == Site::Mix;
    EXPECT_EQ(multiplier.calls[site], config.layers * (attention ? config.kv_heads : 1)) << name_of(site);
  }
  EXPECT_EQ(multiplier.multiplications[Site::Head], tokens * config.hidden_size * config.vocab_size);
  EXPECT_EQ(multiplier.calls.size(), static_cast<std::size_t>(site_count));
}

TEST(LlamaProducts, NoSourceButTheMultipliersKnowsAMatrixLibrary) {
  const char* root = std::getenv("MXEMU_SOURCE_DIR");
  if (root == nullptr) GTEST_SKIP() << "no MXEMU_SOURCE_DIR, which ctest sets";
  int multipliers = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(root) / "tools/llama/forward")) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".cpp" && extension != ".hpp") continue;
    const std::string name = entry.path().filename().string(), text = io::test::read_file(entry.path());
    const bool multiplies =
        text.find("fast::matmul(") != std::string::npos || text.find("dnnl") != std::string::npos;
    multipliers += multiplies && name.ends_with("_multiplier.cpp");
    EXPECT_TRUE(!multiplies || name.ends_with("_multiplier.cpp")) << name;
    const bool calls = text.find(".multiply(") != std::string::npos;
    EXPECT_TRUE(!calls || name == "products.cpp" || name.ends_with("_multiplier.cpp")) << name;
  }
  EXPECT_EQ(multipliers, 2);
}

TEST(LlamaProducts, WithoutTheProductsThatLeadBackNothingButTheEmbeddingIsLeft) {
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  NotingMultiplier multiplier;
  multiplier.left_out = {Site::OutputProjection, Site::DownProjection};
  const std::vector<float> logits = logits_of(checkpoint, multiplier, {5, 9, 5, 5, 9});
  const std::size_t vocabulary = checkpoint.config().vocab_size;
  const auto row = [&](std::size_t index) {
    return std::vector(logits.begin() + static_cast<std::ptrdiff_t>(index * vocabulary),
                       logits.begin() + static_cast<std::ptrdiff_t>((index + 1) * vocabulary));
  };
  EXPECT_EQ(row(0), row(2));
  EXPECT_EQ(row(0), row(3));
  EXPECT_EQ(row(1), row(4));
  EXPECT_NE(row(0), row(1));
}

TEST(LlamaProducts, EverySiteMattersToTheLogits) {
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  const std::vector<int> tokens = test::some_tokens(6, checkpoint.config());
  NotingMultiplier whole;
  const std::vector<float> logits = logits_of(checkpoint, whole, tokens);
  for (int site = 0; site < site_count; ++site) {
    NotingMultiplier part;
    part.left_out = {static_cast<Site>(site)};
    EXPECT_NE(logits_of(checkpoint, part, tokens), logits) << name_of(static_cast<Site>(site));
  }
}

/// Linear layers in MXFP8: as codes and scales, or as the numbers that these stand for.
class Mxfp8Operands final : public PlainOperands {
 public:
  explicit Mxfp8Operands(bool as_codes) : PlainOperands(Compute::Float32), as_codes_(as_codes) {}

  Operand activations(const Place&, Matrix x, OperandBuffer& buffer) override {
    return quantized({x.data, x.rows * x.columns}, x.rows, x.columns, buffer, left_scales_);
  }
  Operand weight(const Place&, const Weight& weight, std::size_t first, std::size_t count,
                 OperandBuffer& buffer) override {
    numbers_.resize(count * weight.columns);
    expand(weight.slice(first, count), numbers_);
    return quantized(numbers_, count, weight.columns, buffer, right_scales_);
  }
  std::size_t weight_rows(const Place&, const Weight&) const override { return 33; }

 private:
  Operand quantized(std::span<const float> numbers, std::size_t rows, std::size_t depth,
                    OperandBuffer& buffer, std::vector<std::uint8_t>& scales) const {
    const auto request = spec::make_request(spec::BlockType::MXFP8_E4M3);
    const fast::BlockGrid grid{.outer = rows, .length = depth, .block_size = 32};
    const fast::FloatArray source{spec::FloatType::Float32, std::as_bytes(numbers)};
    if (!as_codes_) {
      const auto output = buffer.resize<float>(numbers.size());
      fast::roundtrip_tensor(request, grid, source,
                             {spec::FloatType::Float32, std::as_writable_bytes(output)});
      return operand_of(Matrix{output.data(), rows, depth, depth});
    }
    const auto codes = buffer.resize<std::uint8_t>(numbers.size());
    scales.resize(grid.block_count());
    fast::quantize_tensor(request, grid, source, codes, scales);
    return {.type = spec::OperandType::E4M3,
            .rows = rows,
            .depth = depth,
            .codes = std::as_bytes(codes).data(),
            .row_stride = depth,
            .scales = scales,
            .scale_stride = scales.size() / rows};
  }

  bool as_codes_;
  std::vector<float> numbers_;
  mutable std::vector<std::uint8_t> left_scales_, right_scales_;
};

TEST(LlamaProducts, CodesAndTheNumbersTheyStandForGiveTheSameBitsWhenSummedExactly) {
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  const std::vector<int> tokens = test::some_tokens(9, checkpoint.config());
  AccumulatorMultiplier multiplier({spec::AccumulatorType::Exact});
  std::vector<std::vector<float>> logits;
  for (const bool as_codes : {true, false}) {
    Mxfp8Operands operands(as_codes);
    logits.push_back(test::all_logits(checkpoint, Compute::Float32, operands, multiplier, tokens, 4));
  }
  EXPECT_EQ(logits[0], logits[1]);
  PlainOperands plain(Compute::Float32);
  EXPECT_NE(test::all_logits(checkpoint, Compute::Float32, plain, multiplier, tokens, 4), logits[0]);
}

TEST(LlamaProducts, OfSeveralAccumulatorsTheFirstThatTakesTheOperandsMultiplies) {
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  const std::vector<int> tokens = test::some_tokens(9, checkpoint.config());
  const auto logits_under = [&](std::vector<spec::AccumulatorType> accumulators, bool as_codes) {
    AccumulatorMultiplier multiplier(std::move(accumulators));
    Mxfp8Operands operands(as_codes);
    return test::all_logits(checkpoint, Compute::Float32, operands, multiplier, tokens, 4);
  };
  using enum spec::AccumulatorType;
  EXPECT_EQ(logits_under({BlockExact, Float32Fma}, false), logits_under({Float32Fma}, false));
  EXPECT_NE(logits_under({BlockExact, Float32Fma}, true), logits_under({Float32Fma}, true));
  EXPECT_THROW(logits_under({BlockExact}, true), std::invalid_argument);  // queries are float32
}

TEST(LlamaProducts, AnAccumulatorThatDoesNotTakeTheOperandsIsRefusedByTheNameOfTheProduct) {
  const test::SmallModel model;
  const Checkpoint checkpoint = model.open();
  Session session(checkpoint, {.accumulators = {spec::AccumulatorType::HopperFp8}});
  try {
    session.next(std::vector{1, 2});
    FAIL() << "not refused";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "no accumulator for layers.0.q_proj, bf16 x bf16; hopper_fp8: the accumulator does not take "
                 "this type of operand");
  }
  EXPECT_EQ(session.length(), 0U);
}

}  // namespace
}  // namespace mxemu::llama
