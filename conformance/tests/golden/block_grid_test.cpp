// How a shape is cut into blocks, and the requests that are refused.
#include <gtest/gtest.h>

#include <string>

#include "tensors.hpp"

namespace mxemu::golden {
namespace {

using reference::BlockGrid;

spec::Request request_of(int block_size, spec::Tail tail = spec::Tail::ZeroPad) {
  spec::Request request = spec::make_request(spec::BlockType::MXFP4_E2M1);
  request.block_size = block_size;
  request.policy.tail = tail;
  return request;
}

BlockGrid grid_of(const Shape& shape, int axis, int block_size) {
  return reference::make_block_grid(shape, axis, request_of(block_size));
}

TEST(BlockGrid, CutsEveryLineAlongTheAxis) {
  const Shape shape = {2, 70, 3};
  const BlockGrid grid = grid_of(shape, 1, 32);
  EXPECT_EQ(grid.outer, 2u);
  EXPECT_EQ(grid.length, 70u);
  EXPECT_EQ(grid.inner, 3u);
  EXPECT_EQ(grid.blocks_per_line(), 3u);
  EXPECT_EQ(grid.block_count(), 18u);
  EXPECT_EQ(grid.element_count(), 420u);
}

TEST(BlockGrid, NegativeAxesCountFromTheEnd) {
  const Shape shape = {2, 3, 5, 7};
  const int rank = static_cast<int>(shape.size());
  for (int axis = 0; axis < rank; ++axis) {
    const BlockGrid from_front = grid_of(shape, axis, 4), from_back = grid_of(shape, axis - rank, 4);
    EXPECT_EQ(from_front.outer, from_back.outer);
    EXPECT_EQ(from_front.inner, from_back.inner);
    EXPECT_EQ(from_front.length, static_cast<std::size_t>(shape[static_cast<std::size_t>(axis)]));
    EXPECT_EQ(from_back.length, from_front.length);
  }
}

TEST(BlockGrid, ImpossibleRequestsAreRefused) {
  EXPECT_THROW(grid_of({2, 3}, 2, 32), std::invalid_argument);
  EXPECT_THROW(grid_of({2, 3}, -3, 32), std::invalid_argument);
  EXPECT_THROW(grid_of({2, -3}, 1, 32), std::invalid_argument);
  EXPECT_THROW(grid_of({2, 3}, 1, 0), std::invalid_argument);
  EXPECT_THROW(grid_of({}, 1, 32), std::invalid_argument);
}

TEST(BlockGrid, ARefusedTailNamesBothNumbers) {
  const Shape whole = {4, 64}, ragged = {4, 70};
  EXPECT_NO_THROW(reference::make_block_grid(whole, -1, request_of(32, spec::Tail::Refuse)));
  try {
    reference::make_block_grid(ragged, -1, request_of(32, spec::Tail::Refuse));
    FAIL() << "70 elements were cut into blocks of 32";
  } catch (const std::invalid_argument& error) {
    const std::string sentence = error.what();
    EXPECT_NE(sentence.find("70"), std::string::npos) << sentence;
    EXPECT_NE(sentence.find("32"), std::string::npos) << sentence;
  }
}

TEST(TensorErrors, WrongSizesAndRangesAreRefused) {
  const auto request = request_of(32);
  const Shape shape = {64};
  const BlockGrid grid = reference::make_block_grid(shape, 0, request);
  const Array source(spec::FloatType::Float32, sample_numbers(64));
  std::vector<std::uint8_t> codes(64), scales(2), wrong(63);
  const auto quantise = [&](auto& some_codes, auto& some_scales, std::size_t first, std::size_t last) {
    reference::quantize_blocks(request, grid, source.view(), first, last, some_codes, some_scales);
  };
  EXPECT_THROW(quantise(wrong, scales, 0, 2), std::invalid_argument);
  EXPECT_THROW(quantise(codes, wrong, 0, 2), std::invalid_argument);
  EXPECT_THROW(quantise(codes, scales, 0, 3), std::invalid_argument);
  EXPECT_THROW(quantise(codes, scales, 2, 1), std::invalid_argument);
  EXPECT_THROW(quantized_tensor(request, {65}, 0, sample_numbers(64)), std::invalid_argument);
  std::vector<std::byte> output(64 * 4 - 1);
  EXPECT_THROW(
      reference::dequantize_blocks(request, grid, 0, 2, codes, scales, spec::FloatType::Float32, output),
      std::invalid_argument);
}

TEST(TensorErrors, AWrongNumberOfRandomWordsIsRefused) {
  auto request = request_of(32);
  request.rounding.mode = spec::RoundingMode::Stochastic;
  const Array source(spec::FloatType::Float32, sample_numbers(64));
  const Shape shape = {64};
  const std::vector<std::uint32_t> words(63);
  EXPECT_THROW(reference::quantize_tensor(request, shape, 0, source.view(), words), std::invalid_argument);
}

}  // namespace
}  // namespace mxemu::golden
