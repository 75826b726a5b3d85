// bfloat16 products: right where every order of sums gives the same, the same again on the same machine.
#include <gtest/gtest.h>

#include <bit>
#include <cstring>

#include "conformance/tests/golden/seed.hpp"
#include "fast/matmul.hpp"
#include "product.hpp"

namespace mxemu::fast_tests {
namespace {

std::uint16_t bfloat16_of(float number) {
  return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(number) >> 16);
}

/// Small integers: their sums are exact in any order.
std::vector<std::uint16_t> random_integers(Random& random, std::size_t count) {
  std::vector<std::uint16_t> numbers(count);
  for (auto& number : numbers) number = bfloat16_of(static_cast<float>(below(random, 33)) - 16);
  return numbers;
}

TEST(MatmulBFloat16, SumsThatAreExactAreRight) {
  Random random = golden::seeded_generator();
  const std::size_t rows = 37, columns = 29, depth = 100;
  const auto a = random_integers(random, rows * depth), b = random_integers(random, columns * depth);
  std::vector<float> output(rows * columns, -1);
  fast::matmul_bf16(rows, columns, depth, a, b, output);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      float expected = 0;
      for (std::size_t k = 0; k < depth; ++k)
        expected += std::bit_cast<float>(std::uint32_t{a[row * depth + k]} << 16) *
                    std::bit_cast<float>(std::uint32_t{b[column * depth + k]} << 16);
      ASSERT_EQ(output[row * columns + column], expected) << fast::bf16_backend();
    }
}

TEST(MatmulBFloat16, MxOperandsAreDequantisedFirst) {
  Random random = golden::seeded_generator();
  const spec::Request request = spec::make_request(spec::BlockType::MXFP4_E2M1);
  const spec::DotRequest exact = {.a = spec::OperandType::E2M1, .b = spec::OperandType::E2M1};
  // Scales of 1: sums of multiples of 1/4 below 2^12.
  Product product = make_product(random, exact, 20, 18, 96, Terms::Numbers, false);
  product.a_scales.assign(product.a_scales.size(), 127);
  product.b_scales.assign(product.b_scales.size(), 127);
  std::vector<float> output(product.rows * product.columns);
  fast::matmul_bf16(request, {.codes = product.a, .scales = product.a_scales, .rows = 20, .depth = 96},
                    request, {.codes = product.b, .scales = product.b_scales, .rows = 18, .depth = 96},
                    output);
  const auto expected = fast_product(product, {}, {});
  for (std::size_t i = 0; i < output.size(); ++i)
    ASSERT_EQ(std::bit_cast<std::uint32_t>(output[i] + 0.0f), expected[i]);
}

TEST(MatmulBFloat16, TheSameThreadsGiveTheSameBits) {
  Random random = golden::seeded_generator();
  const std::size_t side = 150;
  std::vector<std::uint16_t> numbers(side * side);
  for (auto& number : numbers) number = static_cast<std::uint16_t>((random() & 0x83ff) | 0x3c00);
  std::vector<float> first(side * side), again(side * side);
  for (const int threads : {1, 2}) {
    fast::matmul_bf16(side, side, side, numbers, numbers, first, {.threads = threads});
    fast::matmul_bf16(side, side, side, numbers, numbers, again, {.threads = threads});
    EXPECT_EQ(std::memcmp(first.data(), again.data(), first.size() * sizeof(float)), 0);
  }
}

TEST(MatmulBFloat16, SizesThatDoNotFitAreRefused) {
  std::vector<std::uint16_t> numbers(64);
  std::vector<float> output(4);
  EXPECT_NO_THROW(fast::matmul_bf16(2, 2, 32, numbers, numbers, output));
  EXPECT_THROW(fast::matmul_bf16(2, 2, 31, numbers, numbers, output), std::invalid_argument);
  EXPECT_THROW(fast::matmul_bf16(2, 3, 32, numbers, numbers, output), std::invalid_argument);
  EXPECT_NO_THROW(fast::matmul_bf16(2, 2, 0, {}, {}, output));
}

}  // namespace
}  // namespace mxemu::fast_tests
