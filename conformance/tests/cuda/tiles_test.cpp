// The kernels of the common request around the edges of what a warp and a thread hold: blocks of 32 along any
// axis, every format, every scale rule.
#include <gtest/gtest.h>

#include "conformance/tests/golden/seed.hpp"
#include "device_array.hpp"
#include "device_tensor.hpp"
#include "reference/packing.hpp"

namespace mxemu::cuda_tests {
namespace {

using fast_tests::random_tensor;
using fast_tests::Shape;

constexpr spec::FloatType types[] = {spec::FloatType::Float32, spec::FloatType::BFloat16,
                                     spec::FloatType::Float16};
constexpr spec::ElementPacking packings[] = {spec::ElementPacking::Bytes, spec::ElementPacking::BitStream};

TEST(Tiles, MatricesAroundTheEdgesOfATileHaveTheReferencesBitsAlongBothAxes) {
  Random random = golden::seeded_generator();
  std::size_t turn = 0;
  for (const std::int64_t rows : {1, 7, 8, 31, 32, 33, 65})
    for (const std::int64_t columns : {2, 4, 7, 8, 12, 31, 32, 33, 40, 64, 72})
      for (const int axis : {0, 1}) {
        const auto& format = spec::block_formats[turn % std::size(spec::block_formats)];
        const GoldenTensor tensor(random_tensor(random, spec::make_request(format.type), {rows, columns},
                                                axis, types[turn / 2 % 3]));
        expect_everything(tensor, {.storage = {.packing = packings[turn / 6 % 2]}}, types[turn % 3]);
        ++turn;
      }
}

TEST(Tiles, EveryFormatAndEveryPairOfTypesHasTheReferencesBitsAlongBothAxes) {
  Random random = golden::seeded_generator();
  for (const auto& format : spec::block_formats)
    for (const auto type : types)
      for (const int axis : {0, 1}) {
        const GoldenTensor tensor(
            random_tensor(random, spec::make_request(format.type), {64, 64}, axis, type));
        for (const auto output : types)
          for (const auto packing : packings)
            expect_everything(tensor, {.storage = {.packing = packing}}, output);
      }
}

TEST(Tiles, EveryScaleRuleHasTheReferencesBitsAlongBothAxes) {
  Random random = golden::seeded_generator();
  for (const spec::Request& request : fast_tests::common_requests())
    for (const int axis : {0, 1}) {
      const auto type = types[fast_tests::below(random, 3)];
      expect_everything(GoldenTensor(random_tensor(random, request, {40, 72}, axis, type)), Setting{}, type);
    }
}

TEST(Tiles, AnAxisInTheMiddleHasTheReferencesBits) {
  Random random = golden::seeded_generator();
  for (const auto& format : spec::block_formats)
    for (const Shape& shape : {Shape{3, 33, 40}, {2, 64, 3}, {5, 1, 64}}) {
      const GoldenTensor tensor(
          random_tensor(random, spec::make_request(format.type), shape, 1, spec::FloatType::BFloat16));
      for (const auto packing : packings)
        expect_everything(tensor, {.storage = {.packing = packing}}, spec::FloatType::Float32);
    }
}

/// A line of 1032 elements of six bits is 774 bytes: whole blocks of the second line begin at odd places.
TEST(Tiles, WideAccessesAreMadeOnlyWhereLinesBeginForThem) {
  Random random = golden::seeded_generator();
  for (const auto& format : spec::block_formats)
    for (const std::int64_t length : {1026, 1028, 1032, 1040})
      for (const int axis : {0, 1}) {
        const GoldenTensor tensor(random_tensor(random, spec::make_request(format.type), {3, length}, axis,
                                                spec::FloatType::BFloat16));
        expect_everything(tensor, {.storage = {.packing = spec::ElementPacking::BitStream}},
                          spec::FloatType::BFloat16);
      }
}

TEST(Tiles, ArraysAtAnyAddressHaveTheReferencesBitsAlongTheFirstAxis) {
  Random random = golden::seeded_generator();
  for (const auto& format : spec::block_formats) {
    const GoldenTensor tensor(
        random_tensor(random, spec::make_request(format.type), {33, 64}, 0, spec::FloatType::Float16));
    for (const auto packing : packings)
      for (const std::size_t offset : {1u, 2u, 4u, 8u}) {
        expect_everything(tensor, {.storage = {.packing = packing}, .source_offset = offset},
                          spec::FloatType::Float16);
        expect_everything(tensor, {.storage = {.packing = packing}, .codes_offset = offset},
                          spec::FloatType::Float16);
      }
  }
}

/// On this machine a grid has at most 8192 threads: 16384 eights in a stride, or 256 tiles.
TEST(Tiles, TensorsLargerThanAGridHaveTheReferencesBits) {
  Random random = golden::seeded_generator();
  const spec::Request request = spec::make_request(spec::BlockType::MXFP4_E2M1);
  const auto type = spec::FloatType::BFloat16;
  const GoldenTensor rows(random_tensor(random, request, {131, 1024}, 1, type));
  const GoldenTensor columns(random_tensor(random, request, {544, 512}, 0, type));
  for (const std::size_t offset : {0u, 1u}) {  // whole and wide, or by the path that asks
    expect_everything(rows, Setting{.source_offset = offset}, type);
    expect_everything(columns, Setting{.source_offset = offset}, type);
  }
}

/// Codes and scales that no quantiser makes: every byte under every scale byte.
TEST(Tiles, AnyCodesUnderAnyScalesHaveTheReferencesValuesAlongBothAxes) {
  Random random = golden::seeded_generator();
  for (const auto& format : spec::block_formats)
    for (const int axis : {0, 1}) {
      const spec::Request request = spec::make_request(format.type);
      const Shape shape = {256, 256};
      const auto grid = fast::make_block_grid(shape, axis, request);
      reference::QuantizedTensor golden = {reference::make_block_grid(shape, axis, request),
                                           std::vector<std::uint8_t>(grid.element_count()),
                                           std::vector<std::uint8_t>(grid.block_count())};
      const unsigned mask = request.element_format().sign_mask * 2u - 1;
      for (std::size_t i = 0; i < golden.codes.size(); ++i)
        golden.codes[i] = static_cast<std::uint8_t>(random() & mask);
      for (std::size_t i = 0; i < golden.scales.size(); ++i) golden.scales[i] = static_cast<std::uint8_t>(i);
      const auto packing = packings[fast_tests::below(random, 2)];
      const auto stored = reference::pack_codes(packing, request.element_format().bits, golden.codes);
      DeviceArray codes(std::as_bytes(std::span(stored)), 0);
      DeviceArray scales(std::as_bytes(std::span(golden.scales)), 0);
      for (const auto type : types) {
        const std::vector<std::byte> expected = reference::dequantize_tensor(request, golden, type);
        DeviceArray values(expected.size());
        cuda::dequantize_tensor(request, grid, codes.codes(), scales.codes(), {type, values.bytes()},
                                {.packing = packing});
        EXPECT_EQ(values.read(), expected) << fast_tests::describe(request) << " axis " << axis;
      }
    }
}

}  // namespace
}  // namespace mxemu::cuda_tests
