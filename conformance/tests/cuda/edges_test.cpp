// Every length of a line, every address, every layout, of the requests that have kernels of their own.
#include <gtest/gtest.h>

#include "conformance/tests/golden/seed.hpp"
#include "device_array.hpp"
#include "device_tensor.hpp"

namespace mxemu::cuda_tests {
namespace {

using fast_tests::random_tensor;

constexpr spec::BlockType formats[] = {spec::BlockType::MXFP8_E4M3, spec::BlockType::MXFP6_E2M3,
                                       spec::BlockType::MXFP4_E2M1, spec::BlockType::MXINT8};
constexpr spec::ElementPacking packings[] = {spec::ElementPacking::Bytes, spec::ElementPacking::BitStream};
constexpr spec::ScaleLayout orders[] = {spec::ScaleLayout::RowMajor, spec::ScaleLayout::Tile128x4};

TEST(Edges, LinesOfEveryLengthHaveTheReferencesBits) {
  Random random = golden::seeded_generator();
  for (const spec::BlockType format : formats)
    for (std::int64_t length = 0; length <= 68; ++length) {
      const auto type = length % 2 == 0 ? spec::FloatType::Float32 : spec::FloatType::Float16;
      const GoldenTensor tensor(random_tensor(random, spec::make_request(format), {3, length}, 1, type));
      for (const spec::ElementPacking packing : packings)
        expect_everything(tensor, {.storage = {.packing = packing}}, type);
    }
}

TEST(Edges, ArraysAtEveryAddressHaveTheReferencesBits) {
  Random random = golden::seeded_generator();
  for (const spec::BlockType format : formats)
    for (const auto type : {spec::FloatType::Float32, spec::FloatType::BFloat16}) {
      const GoldenTensor tensor(random_tensor(random, spec::make_request(format), {2, 96}, 1, type));
      for (const spec::ElementPacking packing : packings)
        for (std::size_t offset = 0; offset <= 16; ++offset) {
          expect_everything(tensor, {.storage = {.packing = packing}, .source_offset = offset}, type);
          expect_everything(tensor, {.storage = {.packing = packing}, .codes_offset = offset}, type);
        }
    }
}

/// Fewer and more rows and columns than a tile has.
TEST(Edges, ScalesInTilesStandWhereTheReferencePutsThem) {
  Random random = golden::seeded_generator();
  for (const std::int64_t rows : {1, 31, 33, 127, 128, 129, 260})
    for (const std::int64_t columns : {1, 3, 4, 5, 9})
      for (const int axis : {0, 1}) {
        const fast_tests::Shape shape =
            axis == 1 ? fast_tests::Shape{rows, 32 * columns - 7} : fast_tests::Shape{32 * columns - 7, rows};
        const GoldenTensor tensor(random_tensor(random, spec::make_request(spec::BlockType::MXFP4_E2M1),
                                                shape, axis, spec::FloatType::BFloat16));
        for (const spec::ScaleLayout order : orders) {
          const Setting setting = {.storage = {.packing = spec::ElementPacking::BitStream, .scales = order}};
          expect_quantized(tensor, setting);
          expect_dequantized(tensor, setting, spec::FloatType::Float32);
        }
      }
}

TEST(Edges, FormatsOfFewerBitsIgnoreWhatStandsAboveThem) {
  for (const spec::BlockType format : {spec::BlockType::MXFP6_E3M2, spec::BlockType::MXFP4_E2M1}) {
    const spec::Request request = spec::make_request(format);
    std::vector<std::uint8_t> codes(256), masked(256);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      codes[i] = static_cast<std::uint8_t>(i);
      masked[i] = static_cast<std::uint8_t>(i % (1u << request.element_format().bits));
    }
    DeviceArray given(std::as_bytes(std::span(codes)), 0);
    DeviceArray clean(std::as_bytes(std::span(masked)), 0);
    DeviceArray values(4 * codes.size());
    DeviceArray expected(4 * codes.size());
    cuda::decode_elements(request, given.codes(), {spec::FloatType::Float32, values.bytes()}, 130);
    cuda::decode_elements(request, clean.codes(), {spec::FloatType::Float32, expected.bytes()}, 130);
    EXPECT_EQ(values.read(), expected.read());
  }
}

/// Exponents that no scale byte has among them.
TEST(Edges, ElementsUnderAnyExponentHaveTheReferencesBits) {
  Random random = golden::seeded_generator();
  for (int round = 0; round < 60; ++round) {
    const spec::Request request = fast_tests::arbitrary_request(random);
    const auto type = fast_tests::any_word<spec::FloatType>(random);
    const int exponent = static_cast<int>(fast_tests::below(random, 601)) - 300;
    auto given = random_tensor(random, request, {101}, 0, type);
    given.random_words.resize(101);
    DeviceArray source(given.source, 0);
    DeviceArray words(std::as_bytes(std::span(given.random_words)), 0);
    DeviceArray got(101, 3);
    cuda::encode_elements(request, {type, source.bytes()}, got.codes(), exponent, words.words());
    std::vector<std::uint8_t> expected(101);
    for (std::size_t i = 0; i < expected.size(); ++i)
      expected[i] = golden_element(request, spec::format_of(type), given.view().bits_at(i), exponent,
                                   given.random_words[i]);
    EXPECT_EQ(got.read_codes(), expected) << fast_tests::describe(request) << " exponent " << exponent;
    EXPECT_TRUE(got.canaries_live());
  }
}

}  // namespace
}  // namespace mxemu::cuda_tests
