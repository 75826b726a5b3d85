// Tensors: axes, block sizes, tails, source types, ranges of blocks and random words.
#include <gtest/gtest.h>

#include <cmath>

#include "blocks.hpp"
#include "reference/random.hpp"
#include "tensors.hpp"

namespace mxemu::golden {
namespace {

using reference::BlockGrid;
using reference::QuantizedTensor;
using spec::BlockType;
using Numbers = std::vector<double>;

spec::Request request_of(int block_size, spec::Tail tail = spec::Tail::ZeroPad,
                         BlockType type = BlockType::MXFP4_E2M1) {
  spec::Request request = spec::make_request(type);
  request.block_size = block_size;
  request.policy.tail = tail;
  return request;
}

void expect_same(const QuantizedTensor& a, const QuantizedTensor& b) {
  EXPECT_EQ(a.codes, b.codes);
  EXPECT_EQ(a.scales, b.scales);
}

/// The blocks of a tensor one by one, gathered by hand.
void expect_blocks_gathered_by_hand(const Shape& shape, int axis, int block_size) {
  const auto request = request_of(block_size);
  const BlockGrid grid = reference::make_block_grid(shape, axis, request);
  const Numbers numbers = sample_numbers(grid.element_count());
  const QuantizedTensor tensor = quantized_tensor(request, shape, axis, numbers);
  std::size_t block = 0, seen = 0;
  for (std::size_t o = 0; o < grid.outer; ++o)
    for (std::size_t start = 0; start < grid.length; start += grid.block_size)
      for (std::size_t i = 0; i < grid.inner; ++i, ++block) {
        Numbers gathered;
        std::vector<std::uint8_t> codes;
        for (std::size_t j = start; j < std::min(start + grid.block_size, grid.length); ++j, ++seen) {
          gathered.push_back(numbers[(o * grid.length + j) * grid.inner + i]);
          codes.push_back(tensor.codes[(o * grid.length + j) * grid.inner + i]);
        }
        EXPECT_EQ((reference::Block{tensor.scales[block], codes}), quantized(request, gathered));
      }
  EXPECT_EQ(block, tensor.scales.size());
  EXPECT_EQ(seen, tensor.codes.size());
}

TEST(Tensor, EveryAxisAndBlockSizeAgreesWithBlocksGatheredByHand) {
  for (const int block_size : {1, 3, 32, 100})
    for (const Shape& shape : {Shape{70}, Shape{5, 33}, Shape{33, 5}, Shape{2, 7, 3}, Shape{1, 1, 64}})
      for (int axis = 0; axis < static_cast<int>(shape.size()); ++axis)
        expect_blocks_gathered_by_hand(shape, axis, block_size);
}

TEST(Tensor, AScalarIsALineOfOneElement) {
  for (const int axis : {0, -1}) {
    const QuantizedTensor tensor = quantized_tensor(request_of(32), {}, axis, {4.0});
    EXPECT_EQ(tensor.scales, std::vector<std::uint8_t>{127});
    EXPECT_EQ(tensor.codes, std::vector<std::uint8_t>{0x6});
  }
}

TEST(Tensor, ZeroElementsHaveNoBlocks) {
  for (const Shape& shape : {Shape{0}, Shape{3, 0}, Shape{0, 3}, Shape{2, 0, 5}})
    for (int axis = 0; axis < static_cast<int>(shape.size()); ++axis) {
      const QuantizedTensor tensor = quantized_tensor(request_of(32), shape, axis, {});
      EXPECT_TRUE(tensor.codes.empty());
      EXPECT_TRUE(tensor.scales.empty());
      EXPECT_TRUE(reference::dequantize_tensor(request_of(32), tensor, spec::FloatType::Float32).empty());
    }
}

TEST(Tensor, PaddedAndShortTailsGiveTheSameCodes) {
  for (const auto& format : spec::block_formats)
    for (std::int64_t length = 1; length <= 67; length += 3) {
      const Numbers numbers = sample_numbers(static_cast<std::size_t>(2 * length));
      expect_same(
          quantized_tensor(request_of(32, spec::Tail::ZeroPad, format.type), {2, length}, 1, numbers),
          quantized_tensor(request_of(32, spec::Tail::ShortBlock, format.type), {2, length}, 1, numbers));
    }
}

TEST(Tensor, PaddingALineWithZerosByHandChangesNoCode) {
  Numbers numbers = sample_numbers(70);
  const QuantizedTensor ragged = quantized_tensor(request_of(32), {70}, 0, numbers);
  numbers.resize(96, 0.0);
  QuantizedTensor padded = quantized_tensor(request_of(32), {96}, 0, numbers);
  EXPECT_EQ(padded.scales, ragged.scales);
  padded.codes.resize(70);
  EXPECT_EQ(padded.codes, ragged.codes);
}

TEST(Tensor, QuantisingAlongTheFirstAxisIsQuantisingTheTransposeAlongTheLast) {
  const std::size_t rows = 40, columns = 7;
  const Numbers numbers = sample_numbers(rows * columns);
  Numbers transposed(numbers.size());
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) transposed[c * rows + r] = numbers[r * columns + c];
  const auto down = quantized_tensor(request_of(32), {40, 7}, 0, numbers);
  const auto across = quantized_tensor(request_of(32), {7, 40}, 1, transposed);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) {
      EXPECT_EQ(down.codes[r * columns + c], across.codes[c * rows + r]);
      EXPECT_EQ(down.scales[r / 32 * columns + c], across.scales[c * 2 + r / 32]);
    }
}

TEST(Tensor, TranspositionAndConversionDoNotCommute) {
  const Numbers numbers = {1.0, 16.0, 16.0, 16.0};
  EXPECT_NE(quantized_tensor(request_of(2), {2, 2}, 0, numbers).scales,
            quantized_tensor(request_of(1), {2, 2}, 1, numbers).scales);
  const auto along_rows = quantized_tensor(request_of(2), {2, 2}, 1, {1.0, 0.25, 16.0, 16.0});
  const auto along_columns = quantized_tensor(request_of(2), {2, 2}, 0, {1.0, 0.25, 16.0, 16.0});
  EXPECT_EQ(along_rows.codes[0], 0x6);
  EXPECT_EQ(along_columns.codes[0], 0x0);
}

TEST(Tensor, TheFourSourceTypesGiveTheSameCodesForTheSameNumbers) {
  const Numbers numbers = sample_numbers(70);
  for (const auto& format : spec::block_formats) {
    const auto request = request_of(32, spec::Tail::ZeroPad, format.type);
    const auto expected = quantized_tensor(request, {70}, 0, numbers, spec::FloatType::Float64);
    for (const auto& source : spec::float_formats)
      expect_same(quantized_tensor(request, {70}, 0, numbers, source.type), expected);
  }
}

TEST(Tensor, SubnormalsOfTheSourceTypeAreExactOrFlushedInAmaxToo) {
  const std::pair<spec::FloatType, double> smallest_normals[] = {{spec::FloatType::Float32, 0x1p-126},
                                                                 {spec::FloatType::BFloat16, 0x1p-126},
                                                                 {spec::FloatType::Float16, 0x1p-14},
                                                                 {spec::FloatType::Float64, 0x1p-1022}};
  auto request = request_of(4);
  for (const auto& [type, normal] : smallest_normals) {
    request.policy.subnormal_input = spec::SubnormalInput::FlushToZero;
    const Numbers subnormals = {normal / 2, -normal / 2};
    const auto flushed = quantized_tensor(request, {2}, 0, subnormals, type);
    EXPECT_EQ(flushed.scales[0], 0x00);
    EXPECT_EQ(flushed.codes, (std::vector<std::uint8_t>{0x0, 0x8}));
    const auto kept = quantized_tensor(request, {2}, 0, {normal, normal / 2}, type);
    request.policy.subnormal_input = spec::SubnormalInput::Exact;
    const auto exact = quantized_tensor(request, {2}, 0, {normal, normal / 2}, type);
    EXPECT_EQ(kept.scales, exact.scales) << "the smallest normal number is no subnormal";
    EXPECT_EQ(kept.codes[0], exact.codes[0]);
    EXPECT_EQ(kept.codes[1], 0x0);
    const bool reaches_the_scales = normal > 0x1p-127;  // binary64's subnormals lie below every element
    EXPECT_EQ(exact.codes[1] != 0x0, reaches_the_scales);
  }
}

TEST(Tensor, AnySplitOfTheBlockRangeGivesTheSameBits) {
  auto request = request_of(3);
  request.rounding = {.mode = spec::RoundingMode::Stochastic, .random_bits = 16, .seed = 99};
  const Shape shape = {4, 11, 5};
  const Array source(spec::FloatType::BFloat16, sample_numbers(220));
  const QuantizedTensor whole = reference::quantize_tensor(request, shape, 1, source.view());
  const std::size_t count = whole.grid.block_count();
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, count}) {
    QuantizedTensor parts{whole.grid, std::vector<std::uint8_t>(220), std::vector<std::uint8_t>(count)};
    std::vector<std::byte> values(220 * 4);
    for (std::size_t last = count; last > 0; last -= std::min(step, last)) {
      const std::size_t first = last - std::min(step, last);
      reference::quantize_blocks(request, whole.grid, source.view(), first, last, parts.codes, parts.scales);
      reference::dequantize_blocks(request, whole.grid, first, last, whole.codes, whole.scales,
                                   spec::FloatType::Float32, values);
    }
    expect_same(parts, whole);
    EXPECT_EQ(values, reference::dequantize_tensor(request, whole, spec::FloatType::Float32));
  }
}

TEST(Tensor, AnEmptyRangeTouchesNothing) {
  const Array source(spec::FloatType::Float32, sample_numbers(64));
  const auto request = request_of(32);
  const Shape shape = {64};
  const BlockGrid grid = reference::make_block_grid(shape, 0, request);
  std::vector<std::uint8_t> codes(64, 0xee), scales(2, 0xee);
  reference::quantize_blocks(request, grid, source.view(), 1, 1, codes, scales);
  EXPECT_EQ(codes, std::vector<std::uint8_t>(64, 0xee));
  EXPECT_EQ(scales, std::vector<std::uint8_t>(2, 0xee));
  reference::quantize_blocks(request, grid, source.view(), 1, 2, codes, scales);
  EXPECT_EQ(codes[31], 0xee) << "the first block is not in the range";
  EXPECT_EQ(scales[0], 0xee);
  EXPECT_NE(scales[1], 0xee);
}

TEST(Tensor, ASeedIsPhiloxCountedByTheElement) {
  auto request = request_of(32);
  request.rounding = {.mode = spec::RoundingMode::Stochastic, .random_bits = 16, .seed = 0x123456789abcdef0};
  const Array source(spec::FloatType::Float32, sample_numbers(210));
  std::vector<std::uint32_t> words;
  for (std::uint64_t i = 0; i < 210; ++i) words.push_back(reference::random_word(request.rounding.seed, i));
  const Shape shape = {70, 3};
  for (const int axis : {0, 1}) {
    const auto seeded = reference::quantize_tensor(request, shape, axis, source.view());
    expect_same(seeded, reference::quantize_tensor(request, shape, axis, source.view(), words));
    auto other = request;
    other.rounding.seed += 1;
    EXPECT_NE(reference::quantize_tensor(other, shape, axis, source.view()).codes, seeded.codes);
  }
}

TEST(Tensor, DequantisedValuesStandAtTheirElements) {
  const auto request = request_of(2);
  const auto tensor = quantized_tensor(request, {3, 2}, 0, {1, 2, 3, 4, 6, 0.5});
  const auto bytes = reference::dequantize_tensor(request, tensor, spec::FloatType::Float16);
  EXPECT_EQ(bytes, Array(spec::FloatType::Float16, {1, 2, 3, 4, 6, 0.5}).bytes);
}

TEST(Tensor, ArraysAreLittleEndian) {
  std::vector<std::byte> bytes(8);
  reference::store_float(spec::FloatType::Float32, bytes, 1, 0x3f800102);
  EXPECT_EQ(std::to_integer<int>(bytes[4]), 0x02);
  EXPECT_EQ(std::to_integer<int>(bytes[7]), 0x3f);
  EXPECT_EQ((reference::FloatArray{spec::FloatType::Float32, bytes}).bits_at(1), 0x3f800102u);
  EXPECT_EQ((reference::FloatArray{spec::FloatType::BFloat16, bytes}).bits_at(3), 0x3f80u);
}

}  // namespace
}  // namespace mxemu::golden
