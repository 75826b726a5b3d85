// quantize_both against the reference's two single calls.
#include <gtest/gtest.h>

#include "conformance/tests/golden/seed.hpp"
#include "device_array.hpp"
#include "device_tensor.hpp"
#include "reference/packing.hpp"

namespace mxemu::cuda_tests {
namespace {

using fast_tests::random_tensor;

/// The arrays of one direction, with what the reference expects in them.
class Direction {
 public:
  Direction(const GoldenTensor& tensor, const cuda::Storage& storage, std::size_t offset)
      : tensor_(tensor),
        storage_(storage),
        codes_(tensor.packed_codes(storage.packing).size(), offset),
        scales_(cuda::scale_bytes(tensor.grid(), storage), offset) {}

  cuda::QuantizedArrays arrays() { return {codes_.codes(), scales_.codes(), storage_}; }

  void expect_golden(const char* what) const {
    const fast::BlockGrid grid = tensor_.grid();
    const std::size_t columns = grid.inner == 1 ? grid.blocks_per_line() : grid.inner;
    EXPECT_EQ(scales_.read_codes(), reference::arrange_scales(storage_.scales, grid.block_count() / columns,
                                                              columns, tensor_.scales()))
        << what << " scales of " << fast_tests::describe(tensor_.request());
    EXPECT_EQ(codes_.read_codes(), tensor_.packed_codes(storage_.packing))
        << what << " codes of " << fast_tests::describe(tensor_.request());
    EXPECT_TRUE(codes_.canaries_live() && scales_.canaries_live()) << what;
  }

 private:
  const GoldenTensor& tensor_;
  cuda::Storage storage_;
  DeviceArray codes_;
  DeviceArray scales_;
};

struct BothSetting {
  cuda::Storage rows = {};
  cuda::Storage columns = {};
  std::size_t source_offset = 0;  ///< in numbers
  std::size_t codes_offset = 0;
};

void expect_both(const fast_tests::GivenTensor& given, const BothSetting& setting) {
  auto across = given;
  across.axis = 0;
  const GoldenTensor along_rows(given);
  const GoldenTensor along_columns(std::move(across));
  const auto width = static_cast<std::size_t>(spec::format_of(given.type).bytes());
  DeviceArray source(given.source, setting.source_offset * width);
  DeviceArray words(std::as_bytes(std::span(given.random_words)), 4);
  Direction rows(along_rows, setting.rows, setting.codes_offset);
  Direction columns(along_columns, setting.columns, setting.codes_offset);
  cuda::quantize_both(given.request, static_cast<std::size_t>(given.shape[0]),
                      static_cast<std::size_t>(given.shape[1]), {given.type, source.bytes()}, rows.arrays(),
                      columns.arrays(), words.words());
  rows.expect_golden("row");
  columns.expect_golden("column");
}

constexpr spec::FloatType types[] = {spec::FloatType::Float32, spec::FloatType::BFloat16,
                                     spec::FloatType::Float16};
constexpr cuda::Storage streams = {.packing = spec::ElementPacking::BitStream};

TEST(BothDirections, HaveTheBitsOfTheTwoSingleCallsOfTheReference) {
  Random random = golden::seeded_generator();
  for (const auto& format : spec::block_formats)
    for (const auto type : types)
      for (const auto& storage : {cuda::Storage{}, streams})
        expect_both(random_tensor(random, spec::make_request(format.type), {96, 64}, 1, type),
                    {.rows = storage, .columns = storage});
}

TEST(BothDirections, OfMatricesAroundTheEdgesOfATileHaveTheReferencesBits) {
  Random random = golden::seeded_generator();
  std::size_t turn = 0;
  for (const std::int64_t rows : {1, 31, 32, 33, 70})
    for (const std::int64_t columns : {1, 2, 4, 8, 12, 31, 32, 33, 40, 100}) {
      const auto& format = spec::block_formats[turn % std::size(spec::block_formats)];
      const cuda::Storage storage = turn % 2 == 0 ? streams : cuda::Storage{};
      expect_both(
          random_tensor(random, spec::make_request(format.type), {rows, columns}, 1, types[turn++ % 3]),
          {.rows = storage, .columns = storage});
    }
}

TEST(BothDirections, PutScalesInTilesWithPaddingAsTheReferenceDoes) {
  Random random = golden::seeded_generator();
  const cuda::Storage tiles = {.packing = spec::ElementPacking::BitStream,
                               .scales = spec::ScaleLayout::Tile128x4};
  for (const std::int64_t rows : {5, 128, 150})
    for (const std::int64_t columns : {32, 136, 160})
      expect_both(random_tensor(random, spec::make_request(spec::BlockType::MXFP4_E2M1), {rows, columns}, 1,
                                spec::FloatType::BFloat16),
                  {.rows = tiles, .columns = tiles});
}

TEST(BothDirections, MayHaveStoragesOfTheirOwn) {
  Random random = golden::seeded_generator();
  const auto given = random_tensor(random, spec::make_request(spec::BlockType::MXFP6_E3M2), {64, 64}, 1,
                                   spec::FloatType::Float32);
  expect_both(given, {.rows = streams});
  expect_both(given, {.columns = streams});
}

TEST(BothDirections, OfArraysAtAnyAddressHaveTheReferencesBits) {
  Random random = golden::seeded_generator();
  for (const auto& format : spec::block_formats)
    for (const std::size_t offset : {1u, 2u, 4u}) {
      const auto given =
          random_tensor(random, spec::make_request(format.type), {33, 64}, 1, spec::FloatType::BFloat16);
      expect_both(given, {.rows = streams, .columns = streams, .source_offset = offset});
      expect_both(given, {.rows = streams, .columns = streams, .codes_offset = offset});
    }
}

TEST(BothDirections, OfAnyRequestHaveTheReferencesBits) {
  Random random = golden::seeded_generator();
  for (int round = 0; round < 40; ++round) {
    const auto type = fast_tests::any_word<spec::FloatType>(random);
    expect_both(random_tensor(random, fast_tests::arbitrary_request(random), {37, 41}, 1, type), {});
  }
}

TEST(BothDirections, RefuseArraysOfAnotherSize) {
  const spec::Request request = spec::make_request(spec::BlockType::MXFP8_E4M3);
  DeviceArray source(4 * 64 * 32);
  DeviceArray codes(64 * 32), scales(64), few(63);
  const cuda::FloatArray numbers = {spec::FloatType::Float32, source.bytes()};
  const auto message_of = [&](const cuda::QuantizedArrays& rows, const cuda::QuantizedArrays& columns) {
    try {
      cuda::quantize_both(request, 64, 32, numbers, rows, columns);
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const cuda::QuantizedArrays right = {codes.codes(), scales.codes()};
  EXPECT_EQ(message_of({codes.codes(), few.codes()}, right), "row scales: 63 where 64 are needed");
  EXPECT_EQ(message_of(right, {few.codes(), scales.codes()}), "column codes: 63 where 2048 are needed");
}

}  // namespace
}  // namespace mxemu::cuda_tests
