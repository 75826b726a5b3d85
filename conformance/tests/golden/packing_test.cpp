// The declared layouts, with vectors worked by hand.
#include "reference/packing.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "spec/element_format.hpp"

namespace mxemu::golden {
namespace {

using Bytes = std::vector<std::uint8_t>;
using spec::ElementPacking;
using spec::ScaleLayout;

Bytes counting(std::size_t count, int bits) {
  Bytes codes(count);
  for (std::size_t i = 0; i < count; ++i) codes[i] = static_cast<std::uint8_t>((7 * i + 3) % (1u << bits));
  return codes;
}

TEST(ElementPacking, Fp4PutsTheEvenElementInTheLowNibble) {
  EXPECT_EQ(reference::pack_codes(ElementPacking::BitStream, 4, Bytes{0x1, 0x2, 0xf, 0x0}),
            (Bytes{0x21, 0x0f}));
}

TEST(ElementPacking, AnOddFp4CountLeavesTheLastHighNibbleZero) {
  EXPECT_EQ(reference::pack_codes(ElementPacking::BitStream, 4, Bytes{0x1, 0x2, 0xf}), (Bytes{0x21, 0x0f}));
  EXPECT_EQ(reference::packed_size(ElementPacking::BitStream, 4, 3), 2u);
}

TEST(ElementPacking, FourFp6CodesAreThreeBytesLeastSignificantFirst) {
  // 000001 | 000010 | 000100 | 111111, from the least significant bit up: 1 + 2 * 2^6 + 4 * 2^12 + 63 * 2^18.
  EXPECT_EQ(reference::pack_codes(ElementPacking::BitStream, 6, Bytes{0x01, 0x02, 0x04, 0x3f}),
            (Bytes{0x81, 0x40, 0xfc}));
  EXPECT_EQ(reference::pack_codes(ElementPacking::BitStream, 6, Bytes{0x3f}), (Bytes{0x3f}));
  EXPECT_EQ(reference::pack_codes(ElementPacking::BitStream, 6, Bytes{0x00, 0x3f}), (Bytes{0xc0, 0x0f}));
}

TEST(ElementPacking, BytesKeepOneCodeEach) {
  EXPECT_EQ(reference::pack_codes(ElementPacking::Bytes, 6, Bytes{0x01, 0x3f}), (Bytes{0x01, 0x3f}));
  EXPECT_EQ(reference::pack_codes(ElementPacking::BitStream, 8, Bytes{0x80, 0x7f}), (Bytes{0x80, 0x7f}));
}

TEST(ElementPacking, UnpackingInvertsPackingAtEveryCount) {
  for (const auto packing : {ElementPacking::Bytes, ElementPacking::BitStream})
    for (const auto& row : spec::element_formats)
      for (std::size_t count = 0; count <= 67; ++count) {
        const Bytes codes = counting(count, row.bits);
        const Bytes packed = reference::pack_codes(packing, row.bits, codes);
        EXPECT_EQ(packed.size(), reference::packed_size(packing, row.bits, count));
        EXPECT_EQ(reference::unpack_codes(packing, row.bits, count, packed), codes)
            << row.name << " " << count;
      }
}

TEST(ElementPacking, CodesWiderThanTheFormatAreRefused) {
  for (const auto packing : {ElementPacking::Bytes, ElementPacking::BitStream}) {
    EXPECT_THROW(reference::pack_codes(packing, 4, Bytes{0x0f, 0x10}), std::invalid_argument);
    EXPECT_THROW(reference::pack_codes(packing, 6, Bytes{0x40}), std::invalid_argument);
  }
}

TEST(ElementPacking, AWrongNumberOfBytesIsRefusedWithBothNumbers) {
  try {
    reference::unpack_codes(ElementPacking::BitStream, 6, 4, Bytes{1, 2});
    FAIL() << "two bytes were taken for four 6-bit codes";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("2 bytes where 3"), std::string::npos) << error.what();
  }
  EXPECT_THROW(reference::unpack_codes(ElementPacking::Bytes, 8, 4, Bytes{1, 2, 3, 4, 5}),
               std::invalid_argument);
}

TEST(GgmlBlock, HoldsTheScaleThenElementsJAndJPlus16) {
  Bytes codes(32, 0);
  codes[0] = 0x1;
  codes[16] = 0x2;
  codes[15] = 0x3;
  codes[31] = 0xf;
  Bytes expected(17, 0);
  expected[0] = 0x7f;
  expected[1] = 0x21;
  expected[16] = 0xf3;
  EXPECT_EQ(reference::pack_ggml_blocks(codes, Bytes{0x7f}), expected);
}

TEST(GgmlBlock, UnpackingInvertsPacking) {
  const Bytes codes = counting(3 * 32, 4);
  const Bytes scales = {0x00, 0x7f, 0xff};
  const Bytes blocks = reference::pack_ggml_blocks(codes, scales);
  EXPECT_EQ(blocks.size(), 3u * 17u);
  const auto again = reference::unpack_ggml_blocks(blocks);
  EXPECT_EQ(again.codes, codes);
  EXPECT_EQ(again.scales, scales);
}

TEST(GgmlBlock, SizesThatAreNotWholeBlocksAreRefused) {
  EXPECT_THROW(reference::pack_ggml_blocks(Bytes(31), Bytes(1)), std::invalid_argument);
  EXPECT_THROW(reference::pack_ggml_blocks(Bytes(64), Bytes(1)), std::invalid_argument);
  EXPECT_THROW(reference::unpack_ggml_blocks(Bytes(16)), std::invalid_argument);
  EXPECT_THROW(reference::unpack_ggml_blocks(Bytes(18)), std::invalid_argument);
}

TEST(GgmlBlock, CodesWiderThanANibbleAreRefused) {
  Bytes codes(32, 0);
  codes[5] = 0x10;
  EXPECT_THROW(reference::pack_ggml_blocks(codes, Bytes{0}), std::invalid_argument);
}

TEST(GgmlBlock, IsNoPackingOfCodesAlone) {
  EXPECT_THROW(reference::packed_size(ElementPacking::GgmlBlock, 4, 32), std::invalid_argument);
}

TEST(ScaleTile, OffsetsAreThoseWorkedByHand) {
  struct Row {
    std::size_t columns, row, column, offset;
  };
  const Row rows[] = {
      {4, 0, 0, 0},      {4, 0, 3, 3},      {4, 1, 0, 16},     {4, 31, 3, 499},   // (31 * 16) + 3
      {4, 32, 0, 4},     {4, 33, 2, 22},    {4, 96, 0, 12},    {4, 127, 3, 511},  // (31 * 16) + 12 + 3
      {4, 128, 0, 512},  {8, 0, 4, 512},    {8, 128, 0, 1024}, {5, 0, 4, 512},    // 5 columns are two tiles
      {5, 128, 4, 1536}, {5, 200, 4, 1672},  // tile 3, r = 72: 1536 + 8 * 16 + 2 * 4
  };
  for (const auto& [columns, row, column, offset] : rows)
    EXPECT_EQ(reference::scale_offset(ScaleLayout::Tile128x4, columns, row, column), offset)
        << columns << " columns, row " << row << ", column " << column;
}

TEST(ScaleTile, PadsRowsTo128AndColumnsTo4) {
  EXPECT_EQ(reference::scale_layout_size(ScaleLayout::Tile128x4, 1, 1), 512u);
  EXPECT_EQ(reference::scale_layout_size(ScaleLayout::Tile128x4, 129, 5), 2048u);
  EXPECT_EQ(reference::scale_layout_size(ScaleLayout::Tile128x4, 0, 5), 0u);
  EXPECT_EQ(reference::scale_layout_size(ScaleLayout::RowMajor, 129, 5), 645u);
}

TEST(ScaleTile, EveryPlaceIsUsedOnceAndTheRestIsZero) {
  for (const auto& word : spec::words<ScaleLayout>) {
    const std::size_t rows = 130, columns = 6;
    const Bytes scales(rows * columns, 0xab);
    const Bytes arranged = reference::arrange_scales(word.value, rows, columns, scales);
    EXPECT_EQ(std::accumulate(arranged.begin(), arranged.end(), 0), static_cast<int>(rows * columns) * 0xab);
    std::set<std::size_t> places;
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t column = 0; column < columns; ++column)
        places.insert(reference::scale_offset(word.value, columns, row, column));
    EXPECT_EQ(places.size(), rows * columns) << word.name;
  }
}

TEST(ScaleTile, RestoringInvertsArranging) {
  for (const auto& word : spec::words<ScaleLayout>)
    for (const std::size_t rows : {0u, 1u, 31u, 128u, 129u, 300u})
      for (const std::size_t columns : {1u, 3u, 4u, 5u, 9u}) {
        const Bytes scales = counting(rows * columns, 8);
        const Bytes arranged = reference::arrange_scales(word.value, rows, columns, scales);
        EXPECT_EQ(reference::restore_scales(word.value, rows, columns, arranged), scales) << word.name;
      }
}

TEST(ScaleTile, WrongSizesAreRefused) {
  EXPECT_THROW(reference::arrange_scales(ScaleLayout::RowMajor, 2, 3, Bytes(5)), std::invalid_argument);
  EXPECT_THROW(reference::restore_scales(ScaleLayout::Tile128x4, 2, 3, Bytes(6)), std::invalid_argument);
}

}  // namespace
}  // namespace mxemu::golden
