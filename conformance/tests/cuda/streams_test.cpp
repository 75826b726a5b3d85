// What a GPU has and this machine has not: several streams at once, and calls captured into a graph.
#include <gtest/gtest.h>

#include <array>
#include <deque>

#include "captured_graph.hpp"
#include "conformance/tests/golden/seed.hpp"
#include "device_array.hpp"
#include "device_tensor.hpp"
#include "reference/packing.hpp"

namespace mxemu::cuda_tests {
namespace {

constexpr auto type = spec::FloatType::Float32;
constexpr std::int64_t columns = 1024;
constexpr std::size_t elements = 1024;  ///< that are converted by themselves: the first row
constexpr std::uint8_t scale_of_elements = 130;
constexpr cuda::Storage packed = {.packing = spec::ElementPacking::BitStream,
                                  .scales = spec::ScaleLayout::Tile128x4};
constexpr cuda::Storage plain = {.packing = spec::ElementPacking::BitStream};

fast_tests::GivenTensor across(fast_tests::GivenTensor given) {
  given.axis = 0;
  return given;
}

/// What the reference makes of a matrix.
struct GoldenMatrix {
  GoldenMatrix(Random& random, spec::BlockType format, std::int64_t rows)
      : along_rows(fast_tests::random_tensor(random, spec::make_request(format), {rows, columns}, 1, type)),
        along_columns(across(along_rows.given())),
        row_scales(reference::arrange_scales(packed.scales, static_cast<std::size_t>(rows),
                                             along_rows.grid().blocks_per_line(), along_rows.scales())),
        element_codes(elements),
        element_values(4 * elements) {
    const spec::Request& request = along_rows.request();
    for (std::size_t i = 0; i < elements; ++i)
      element_codes[i] =
          golden_element(request, spec::format_of(type), along_rows.given().view().bits_at(i), 0, 0);
    const reference::BlockGrid grid = {.length = elements};
    const std::vector<std::uint8_t> scales(grid.block_count(), scale_of_elements);
    reference::dequantize_blocks(request, grid, 0, grid.block_count(), element_codes, scales, type,
                                 element_values);
  }

  GoldenTensor along_rows;
  GoldenTensor along_columns;
  std::vector<std::uint8_t> row_scales;  ///< in tiles
  std::vector<std::uint8_t> element_codes;
  std::vector<std::byte> element_values;  ///< of those codes
};

/// A matrix on the device, with room for everything that is made of it.
struct Work {
  explicit Work(const GoldenMatrix& matrix)
      : golden(matrix),
        request(matrix.along_rows.request()),
        grid(matrix.along_rows.grid()),
        source(matrix.along_rows.given().source, 0),
        codes(cuda::code_bytes(request, grid, packed)),
        scales(matrix.row_scales.size()),
        scales_alone(matrix.row_scales.size()),
        values(matrix.along_rows.given().source.size()),
        round_trip(matrix.along_rows.given().source.size()),
        row_codes(codes.bytes().size()),
        row_scales(matrix.row_scales.size()),
        column_codes(codes.bytes().size()),
        column_scales(matrix.along_columns.scales().size()),
        element_codes(elements),
        element_values(matrix.element_values.size()) {}

  void start(cuda::Stream stream) {
    const cuda::FloatArray numbers = {type, source.bytes()};
    cuda::quantize_tensor(request, grid, numbers, codes.codes(), scales.codes(), packed, {}, stream);
    cuda::shared_scales(request, grid, numbers, scales_alone.codes(), packed, stream);
    cuda::dequantize_tensor(request, grid, codes.codes(), scales.codes(), {type, values.bytes()}, packed,
                            stream);
    cuda::roundtrip_tensor(request, grid, numbers, {type, round_trip.bytes()}, {}, stream);
    cuda::quantize_both(request, grid.outer, grid.length, numbers,
                        {row_codes.codes(), row_scales.codes(), packed},
                        {column_codes.codes(), column_scales.codes(), plain}, {}, stream);
    cuda::encode_elements(request, {type, source.bytes().first(4 * elements)}, element_codes.codes(), 0, {},
                          stream);
    cuda::decode_elements(request, element_codes.codes(), {type, element_values.bytes()}, scale_of_elements,
                          stream);
  }

  std::array<DeviceArray*, 11> outputs() {
    return {&codes,      &scales,       &scales_alone,  &values,        &round_trip,    &row_codes,
            &row_scales, &column_codes, &column_scales, &element_codes, &element_values};
  }

  void clear() {
    for (DeviceArray* array : outputs()) cuda::fill_bytes(array->bytes().data(), 0x5a, array->bytes().size());
  }

  void expect_golden() {
    const GoldenTensor& rows = golden.along_rows;
    EXPECT_EQ(codes.read_codes(), rows.packed_codes(packed.packing));
    EXPECT_EQ(scales.read_codes(), golden.row_scales);
    EXPECT_EQ(scales_alone.read_codes(), golden.row_scales);
    EXPECT_EQ(values.read(), rows.values(type));
    EXPECT_EQ(round_trip.read(), rows.values(type));
    EXPECT_EQ(row_codes.read_codes(), rows.packed_codes(packed.packing));
    EXPECT_EQ(row_scales.read_codes(), golden.row_scales);
    EXPECT_EQ(column_codes.read_codes(), golden.along_columns.packed_codes(plain.packing));
    EXPECT_EQ(column_scales.read_codes(), golden.along_columns.scales());
    EXPECT_EQ(element_codes.read_codes(), golden.element_codes);
    EXPECT_EQ(element_values.read(), golden.element_values);
    for (const DeviceArray* array : outputs()) EXPECT_TRUE(array->canaries_live());
  }

  const GoldenMatrix& golden;
  const spec::Request& request;
  fast::BlockGrid grid;
  DeviceArray source, codes, scales, scales_alone, values, round_trip;
  DeviceArray row_codes, row_scales, column_codes, column_scales;  ///< both directions at once
  DeviceArray element_codes, element_values;
};

TEST(Streams, AtWorkAtOnceDoNotDisturbEachOther) {
  Random random = golden::seeded_generator();
  std::deque<GoldenMatrix> matrices;
  std::deque<Work> works;
  for (const auto& format : spec::block_formats)
    works.emplace_back(matrices.emplace_back(random, format.type, 192));
  cuda::synchronize();
  const std::vector<OwnStream> streams(works.size());
  for (int round = 0; round < 20; ++round)
    for (std::size_t i = 0; i < works.size(); ++i) works[i].start(streams[i].get());
  for (const OwnStream& stream : streams) cuda::synchronize(stream.get());
  for (Work& work : works) work.expect_golden();
}

/// No call allocates or synchronises: either would end the capture with an error.
TEST(Graphs, OfEveryCallGiveTheReferencesBitsEachTimeTheyAreLaunched) {
  Random random = golden::seeded_generator();
  const OwnStream stream;
  for (const auto& format : spec::block_formats) {
    const GoldenMatrix matrix(random, format.type, 64);
    Work work(matrix);
    cuda::synchronize();
    const CapturedGraph graph(stream.get(), [&] { work.start(stream.get()); });
    for (int round = 0; round < 3; ++round) {
      work.clear();
      cuda::synchronize();
      graph.launch(stream.get());
      cuda::synchronize(stream.get());
      work.expect_golden();
    }
  }
}

}  // namespace
}  // namespace mxemu::cuda_tests
