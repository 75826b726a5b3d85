// Matrix products of the CUDA library against the reference, cell by cell, and against the fast library,
// which has been compared with it on every cell.
#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/tests/golden/seed.hpp"
#include "device_product.hpp"

namespace mxemu::cuda_tests {
namespace {

using fast_tests::below;
using fast_tests::Product;
using fast_tests::Random;
using fast_tests::Terms;

spec::DotRequest request_of(spec::AccumulatorType accumulator, int a, int b) {
  return {.accumulator = accumulator,
          .a = static_cast<spec::OperandType>(a),
          .b = static_cast<spec::OperandType>(b)};
}

fast_tests::Placement random_placement(Random& random) {
  const std::size_t gaps[] = {0, 0, 1, 16};
  return {below(random, 2) != 0 ? spec::ElementPacking::BitStream : spec::ElementPacking::Bytes, 0,
          gaps[below(random, std::size(gaps))], below(random, 4) == 0, below(random, 4) == 0};
}

/// All codes as the fast library's, some as the reference's.
void expect_right(Random& random, const Product& product, std::size_t cells) {
  const auto placement = random_placement(random);
  const auto got = fast_tests::product_by(
      multiply_on_device(product.request, below(random, 3), product.factors), product, placement);
  EXPECT_EQ(got, fast_tests::fast_product(product, placement, {.threads = 1})) << product.describe();
  for (const std::size_t cell : fast_tests::sample_cells(random, product, cells))
    EXPECT_EQ(got[cell], fast_tests::golden_cell(product, cell / product.columns, cell % product.columns))
        << product.describe() << ", cell " << cell;
}

/// Around the sides of tiles, of 16 and of 128.
std::size_t random_side(Random& random) {
  const std::size_t sides[] = {1, 2, 3, 15, 16, 17, 33, 40};
  return sides[below(random, std::size(sides))];
}

std::size_t random_depth(Random& random) {
  return below(random, 3) == 0 ? 32 * below(random, 6) : below(random, 200);
}

Terms any_terms(Random& random) {
  return static_cast<Terms>(below(random, fast_tests::terms_count));
}

TEST(CudaMatmul, BlockSumsOfEveryPairOfFormatsAreTheReferences) {
  Random random = golden::seeded_generator();
  for (int a = 0; a < spec::element_operand_count; ++a)
    for (int b = 0; b < spec::element_operand_count; ++b)
      for (int i = 0; i < 3; ++i)
        expect_right(random,
                     fast_tests::make_product(random, request_of(spec::AccumulatorType::BlockExact, a, b),
                                              random_side(random), random_side(random), random_depth(random),
                                              any_terms(random), below(random, 4) == 0),
                     3);
}

TEST(CudaMatmul, BlockSumsOfSmallIntegersAreTheReferencesUnderTermsOfEveryKind) {
  Random random = golden::seeded_generator();
  for (const int a : {3, 4, 5})
    for (int terms = 0; terms < fast_tests::terms_count; ++terms)
      expect_right(random,
                   fast_tests::make_product(random,
                                            request_of(spec::AccumulatorType::BlockExact, a,
                                                       3 + static_cast<int>(below(random, 3))),
                                            random_side(random), random_side(random), random_depth(random),
                                            static_cast<Terms>(terms), below(random, 2) == 0),
                   4);
}

/// All numbers of a warp under scales around the ends of those that one multiplication is right for.
TEST(CudaMatmul, BlockSumsOfSmallIntegersAreTheReferencesUnderScalesOfEverySize) {
  Random random = golden::seeded_generator();
  const std::uint8_t codes[] = {0, 20, 64, 69, 70, 127, 181, 182, 190, 254, 255};
  for (const std::uint8_t a_code : codes)
    for (const std::uint8_t b_code : codes) {
      const int format = 3 + static_cast<int>(below(random, 3));
      Product product =
          fast_tests::make_product(random, request_of(spec::AccumulatorType::BlockExact, format, format), 32,
                                   32, 32, Terms::Numbers, below(random, 2) == 0);
      std::fill(product.a_scales.begin(), product.a_scales.end(), a_code);
      std::fill(product.b_scales.begin(), product.b_scales.end(), b_code);
      expect_right(random, product, 1);
    }
}

/// -2^-254 rounds to -0, and -0 with -0 is -0: no block beyond the last one is added.
TEST(CudaMatmul, AMinusZeroStaysOneWhereProductsVanish) {
  const auto request = request_of(spec::AccumulatorType::BlockExact, 4, 4);
  std::vector<std::uint8_t> a(32);
  std::vector<std::uint8_t> b(32);
  a[0] = 0x2;  // 1
  b[0] = 0xa;  // -1
  const Product product = {.request = request,
                           .rows = 1,
                           .columns = 1,
                           .depth = 32,
                           .a = a,
                           .b = b,
                           .a_scales = {0},
                           .b_scales = {0},
                           .c = {0x80000000}};
  EXPECT_EQ(fast_tests::golden_cell(product, 0, 0), 0x80000000U);
  EXPECT_EQ(fast_tests::product_by(multiply_on_device(request), product, {}),
            std::vector<std::uint32_t>{0x80000000U});
}

/// Rows begin where whole chunks could be read, and end within one.
TEST(CudaMatmul, WhatStandsBetweenRowsIsNotRead) {
  Random random = golden::seeded_generator();
  for (const int format : {3, 4, 5})
    for (const auto packing : {spec::ElementPacking::Bytes, spec::ElementPacking::BitStream}) {
      const Product product =
          fast_tests::make_product(random, request_of(spec::AccumulatorType::BlockExact, format, format), 20,
                                   20, 40, Terms::Numbers, false);
      const fast_tests::Placement placement = {packing, 0, 8};
      EXPECT_EQ(fast_tests::product_by(multiply_on_device(product.request), product, placement),
                fast_tests::fast_product(product, placement, {.threads = 1}))
          << product.describe();
    }
}

/// The last one is of more tiles than blocks of threads are started.
TEST(CudaMatmul, TilesMeetWithoutSeams) {
  Random random = golden::seeded_generator();
  const std::size_t sizes[][3] = {{127, 130, 65}, {129, 128, 96}, {257, 1, 33},
                                  {1, 256, 128},  {300, 140, 31}, {130, 1100, 33}};
  for (const auto& [rows, columns, depth] : sizes)
    for (const int format : {1, 4, 5})
      expect_right(
          random,
          fast_tests::make_product(random, request_of(spec::AccumulatorType::BlockExact, format, format),
                                   rows, columns, depth, Terms::Numbers, true),
          4);
}

TEST(CudaMatmul, BlocksOfAnyLengthAreTheReferences) {
  Random random = golden::seeded_generator();
  for (int i = 0; i < 40; ++i) {
    const int lengths[] = {1, 2, 7, 8, 16, 31, 33, 64, 100, 128, 257};
    auto request = request_of(i % 3 == 0 ? spec::AccumulatorType::Exact : spec::AccumulatorType::BlockExact,
                              static_cast<int>(below(random, 6)), static_cast<int>(below(random, 6)));
    request.block_size = lengths[below(random, std::size(lengths))];
    expect_right(random,
                 fast_tests::make_product(random, request, random_side(random), random_side(random),
                                          below(random, 300), any_terms(random), false),
                 3);
  }
}

TEST(CudaMatmul, ExactSumsOfEveryPairOfOperandsAreTheReferences) {
  Random random = golden::seeded_generator();
  const spec::FloatType outputs[] = {spec::FloatType::Float32, spec::FloatType::BFloat16,
                                     spec::FloatType::Float16};
  for (int a = 0; a < spec::operand_type_count; ++a)
    for (int b = 0; b < spec::operand_type_count; ++b) {
      auto request = request_of(spec::AccumulatorType::Exact, a, b);
      request.output = outputs[below(random, 3)];
      request.rounding.mode = static_cast<spec::RoundingMode>(below(random, 7));
      request.rounding.seed = random();
      Product product =
          fast_tests::make_product(random, request, 1 + below(random, 5), 1 + below(random, 20),
                                   random_depth(random), any_terms(random), below(random, 2) == 0);
      const float factors[] = {1, 1, 0, -1, 0.3f, -0x1p-149f, 0x1.fffffep127f};
      product.factors = {factors[below(random, std::size(factors))],
                         factors[below(random, std::size(factors))]};
      expect_right(random, product, 2);
    }
}

TEST(CudaMatmul, LoopsChainsAndTreesInFloat32AreTheReferences) {
  Random random = golden::seeded_generator();
  for (const auto accumulator : {spec::AccumulatorType::Float32Sequential,
                                 spec::AccumulatorType::Float32Pairwise, spec::AccumulatorType::Float32Fma})
    for (int i = 0; i < 20; ++i) {
      auto request = request_of(accumulator, static_cast<int>(below(random, spec::operand_type_count)),
                                static_cast<int>(below(random, spec::operand_type_count)));
      if (i % 3 == 0) request.tail = spec::Tail::ShortBlock;
      if (i % 5 == 0) request.block_size = 24;
      expect_right(random,
                   fast_tests::make_product(random, request, random_side(random), random_side(random),
                                            below(random, 500), any_terms(random), below(random, 2) == 0),
                   3);
    }
}

TEST(CudaMatmul, TheOutputMayBeC) {
  Random random = golden::seeded_generator();
  for (const int format : {1, 4}) {
    const Product product =
        fast_tests::make_product(random, request_of(spec::AccumulatorType::BlockExact, format, format), 20,
                                 30, 64, Terms::Numbers, true);
    EXPECT_EQ(fast_tests::product_by(multiply_in_place(product.request), product, {}),
              fast_tests::fast_product(product, {}, {.threads = 1}));
  }
}

}  // namespace
}  // namespace mxemu::cuda_tests
