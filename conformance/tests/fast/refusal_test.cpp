// What the C++ interface refuses: sizes that do not fit, grids beyond memory, tails under Tail::Refuse.
#include <gtest/gtest.h>

#include <stdexcept>

#include "fast/mxemu.hpp"
#include "reference/tensor.hpp"

namespace mxemu::fast_tests {
namespace {

constexpr spec::Request fp4 = spec::make_request(spec::BlockType::MXFP4_E2M1);
constexpr std::size_t count = 64;

/// Buffers of a tensor of 64 float32, each of which a test may make a byte too short or too long.
struct Buffers {
  std::vector<std::byte> source = std::vector<std::byte>(4 * count);
  std::vector<std::uint8_t> codes = std::vector<std::uint8_t>(count / 2);
  std::vector<std::uint8_t> scales = std::vector<std::uint8_t>(2);
  std::vector<std::byte> values = std::vector<std::byte>(4 * count);
  std::vector<std::uint32_t> random_words = {};
  spec::Request request = fp4;
  fast::BlockGrid grid = {.length = count};

  void quantize() {
    fast::quantize_tensor(request, grid, {spec::FloatType::Float32, source}, codes, scales,
                          spec::ElementPacking::BitStream, random_words);
  }
  void dequantize() {
    fast::dequantize_tensor(request, grid, codes, scales, {spec::FloatType::Float32, values},
                            spec::ElementPacking::BitStream);
  }
  void round_trip() {
    fast::roundtrip_tensor(request, grid, {spec::FloatType::Float32, source},
                           {spec::FloatType::Float32, values}, random_words);
  }
  void find_scales() { fast::shared_scales(request, grid, {spec::FloatType::Float32, source}, scales); }
};

TEST(Refusal, OfNothingWhenSizesFit) {
  Buffers buffers;
  EXPECT_NO_THROW(buffers.quantize());
  EXPECT_NO_THROW(buffers.dequantize());
  EXPECT_NO_THROW(buffers.round_trip());
  EXPECT_NO_THROW(buffers.find_scales());
}

TEST(Refusal, OfASourceOfTheWrongSize) {
  for (const std::size_t size : {0u, 255u, 257u}) {
    Buffers buffers;
    buffers.source.resize(size);
    EXPECT_THROW(buffers.quantize(), std::invalid_argument) << size;
    EXPECT_THROW(buffers.round_trip(), std::invalid_argument) << size;
    EXPECT_THROW(buffers.find_scales(), std::invalid_argument) << size;
  }
}

TEST(Refusal, OfOutputsOfTheWrongSize) {
  for (const int beside : {-1, 1}) {
    Buffers buffers;
    buffers.codes.resize(count / 2 + static_cast<std::size_t>(beside));
    EXPECT_THROW(buffers.quantize(), std::invalid_argument);
    EXPECT_THROW(buffers.dequantize(), std::invalid_argument);
    buffers = {};
    buffers.scales.resize(2 + static_cast<std::size_t>(beside));
    EXPECT_THROW(buffers.quantize(), std::invalid_argument);
    EXPECT_THROW(buffers.dequantize(), std::invalid_argument);
    EXPECT_THROW(buffers.find_scales(), std::invalid_argument);
    buffers = {};
    buffers.values.resize(4 * count + static_cast<std::size_t>(beside));
    EXPECT_THROW(buffers.dequantize(), std::invalid_argument);
    EXPECT_THROW(buffers.round_trip(), std::invalid_argument);
  }
}

TEST(Refusal, OfAGridWithAnotherBlockSizeThanTheRequest) {
  Buffers buffers;
  buffers.grid.block_size = 16;
  buffers.scales.resize(4);
  EXPECT_THROW(buffers.quantize(), std::invalid_argument);
  EXPECT_THROW(buffers.dequantize(), std::invalid_argument);
}

TEST(Refusal, OfRandomWordsAndBitsThatCannotBe) {
  Buffers buffers;
  buffers.request.rounding.mode = spec::RoundingMode::Stochastic;
  buffers.random_words.resize(count - 1);
  EXPECT_THROW(buffers.quantize(), std::invalid_argument);
  EXPECT_THROW(buffers.round_trip(), std::invalid_argument);
  buffers.random_words.clear();
  for (const int bits : {-1, 0, 33}) {
    buffers.request.rounding.random_bits = bits;
    EXPECT_THROW(buffers.quantize(), std::invalid_argument) << bits;
  }
}

TEST(Refusal, NamesBothNumbers) {
  Buffers buffers;
  buffers.scales.resize(3);
  try {
    buffers.quantize();
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "scales: 3 where 2 are needed");
  }
}

/// What both libraries say of a shape: the grid's counts, or that it is refused.
template <class MakeGrid>
std::string grid_text(const MakeGrid& make) {
  try {
    const auto grid = make();
    return std::to_string(grid.element_count()) + " in " + std::to_string(grid.block_count());
  } catch (const std::invalid_argument&) {
    return "refused";
  }
}

TEST(Refusal, OfShapesAndAxesIsTheReferences) {
  using Shape = std::vector<std::int64_t>;
  spec::Request odd = fp4, none = fp4, strict = fp4;
  odd.block_size = 7;
  none.block_size = 0;
  strict.policy.tail = spec::Tail::Refuse;
  for (const spec::Request& request : {fp4, odd, none, strict})
    for (const Shape& shape : {Shape{}, Shape{0}, Shape{64}, Shape{65}, Shape{3, 64}, Shape{2, 0, 3},
                               Shape{-1}, Shape{4, -2}, Shape{2, 32, 5}})
      for (int axis = -4; axis <= 3; ++axis)
        EXPECT_EQ(grid_text([&] { return fast::make_block_grid(shape, axis, request); }),
                  grid_text([&] { return reference::make_block_grid(shape, axis, request); }));
}

TEST(Refusal, OfTensorsBeyondTheAddressSpace) {
  constexpr std::int64_t huge = std::int64_t{1} << 40;
  const std::vector<std::int64_t> shapes[] = {{huge, huge}, {huge, huge, 1}, {1, huge, huge}, {huge << 22}};
  for (const auto& shape : shapes)
    EXPECT_THROW(fast::make_block_grid(shape, 0, fp4), std::invalid_argument) << shape.size();
  const std::int64_t line[] = {huge};
  const fast::BlockGrid grid = fast::make_block_grid(line, 0, fp4);
  EXPECT_EQ(grid.element_count(), std::size_t{1} << 40);
  EXPECT_EQ(grid.block_count(), std::size_t{1} << 35);
  Buffers buffers;
  buffers.grid = grid;
  EXPECT_THROW(buffers.quantize(), std::invalid_argument);
}

TEST(Refusal, OfATierThatTheMachineLacks) {
  for (const auto& word : spec::words<fast::Isa>) {
    if (fast::supports(word.value))
      EXPECT_EQ(fast::choose_isa(word.value), word.value);
    else
      EXPECT_THROW(fast::choose_isa(word.value), std::invalid_argument) << word.name;
  }
}

}  // namespace
}  // namespace mxemu::fast_tests
