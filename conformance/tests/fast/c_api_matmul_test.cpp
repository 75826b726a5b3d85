// Matrix products through the C ABI: the C++ interface's bits, and errors instead of anything worse.
#include <gtest/gtest.h>

#include <cstring>
#include <memory>

#include "conformance/tests/golden/seed.hpp"
#include "fast/mxemu.h"
#include "product.hpp"
#include "tiers.hpp"

namespace mxemu::fast_tests {
namespace {

struct DestroyDotRequest {
  void operator()(mxemu_dot_request* request) const { mxemu_dot_request_destroy(request); }
};
using CDotRequest = std::unique_ptr<mxemu_dot_request, DestroyDotRequest>;

CDotRequest c_dot_request(const char* accumulator, const char* a, const char* b) {
  mxemu_dot_request* request = nullptr;
  EXPECT_EQ(mxemu_dot_request_create(accumulator, a, b, &request), MXEMU_OK) << mxemu_last_error();
  return CDotRequest(request);
}

CDotRequest c_dot_request(const spec::DotRequest& wanted) {
  CDotRequest request = c_dot_request(wanted.row().name, spec::name_of(wanted.a), spec::name_of(wanted.b));
  const auto set = [&](const char* name, const std::string& value) {
    EXPECT_EQ(mxemu_dot_request_set(request.get(), name, value.c_str()), MXEMU_OK) << mxemu_last_error();
  };
  set("output", spec::name_of(wanted.output));
  set("rounding", spec::name_of(wanted.rounding.mode));
  set("random_bits", std::to_string(wanted.rounding.random_bits));
  set("seed", std::to_string(wanted.rounding.seed));
  set("block_size", std::to_string(wanted.block_size));
  set("tail", spec::name_of(wanted.tail));
  return request;
}

mxemu_matrix c_matrix(const std::vector<std::uint8_t>& codes, const std::vector<std::uint8_t>& scales,
                      std::size_t rows, std::size_t depth) {
  return {.codes = codes.data(),
          .code_bytes = codes.size(),
          .scales = scales.empty() ? nullptr : scales.data(),
          .scale_bytes = scales.size(),
          .rows = rows,
          .depth = depth,
          .row_stride = 0,
          .scale_stride = 0,
          .packing = MXEMU_BYTES,
          .lines = MXEMU_ROWS};
}

TEST(CMatmul, GivesTheBitsOfTheCppInterface) {
  Random random = golden::seeded_generator();
  for (const auto accumulator : {spec::AccumulatorType::BlockExact, spec::AccumulatorType::Exact,
                                 spec::AccumulatorType::Float32Pairwise}) {
    spec::DotRequest request = {.accumulator = accumulator,
                                .a = static_cast<spec::OperandType>(below(random, 6)),
                                .b = static_cast<spec::OperandType>(below(random, 6))};
    if (accumulator == spec::AccumulatorType::Exact) {
      request.output = spec::FloatType::BFloat16;
      request.rounding = {.mode = spec::RoundingMode::Stochastic, .random_bits = 9, .seed = 77};
    }
    const Product product = make_product(random, request, 9, 14, 130, Terms::Numbers, true);
    const auto width = static_cast<std::size_t>(spec::format_of(request.output).bytes());
    std::vector<std::uint8_t> c(product.c.size() * width), output(c.size());
    for (std::size_t i = 0; i < product.c.size(); ++i) std::memcpy(&c[i * width], &product.c[i], width);
    const mxemu_matrix a = c_matrix(product.a, product.a_scales, product.rows, product.depth);
    const mxemu_matrix b = c_matrix(product.b, product.b_scales, product.columns, product.depth);
    const CDotRequest wanted = c_dot_request(request);
    ASSERT_EQ(mxemu_matmul(wanted.get(), &a, &b, c.data(), c.size(), output.data(), output.size()), MXEMU_OK)
        << mxemu_last_error();
    const auto expected = fast_product(product, {}, {});
    for (std::size_t i = 0; i < expected.size(); ++i) {
      std::uint32_t code = 0;
      std::memcpy(&code, &output[i * width], width);
      ASSERT_EQ(code, expected[i]) << product.describe() << ", element " << i;
    }
  }
}

/// 1.5 * 2 + 3 * -1 of E2M1 under the scales 2 and 4.
TEST(CMatmul, OfOneRowEachIsADotProduct) {
  const CDotRequest request = c_dot_request("block_exact", "E2M1", "E2M1");
  const std::vector<std::uint8_t> a = {0x3, 0x5}, b = {0x4, 0xa}, a_scales = {128}, b_scales = {129};
  const mxemu_matrix left = c_matrix(a, a_scales, 1, 2), right = c_matrix(b, b_scales, 1, 2);
  float c = 1, output = -1;
  ASSERT_EQ(mxemu_matmul(request.get(), &left, &right, &c, sizeof c, &output, sizeof output), MXEMU_OK);
  EXPECT_EQ(output, 1.0f + 8.0f * (1.5f * 2.0f - 3.0f));
  ASSERT_EQ(mxemu_matmul(request.get(), &left, &left, nullptr, 0, &output, sizeof output), MXEMU_OK);
  EXPECT_EQ(output, 4.0f * (2.25f + 9.0f));
}

TEST(CMatmul, RefusesNamesThatAreNone) {
  mxemu_dot_request* request = nullptr;
  EXPECT_EQ(mxemu_dot_request_create("exactly", "E2M1", "E2M1", &request), MXEMU_INVALID_ARGUMENT);
  EXPECT_STREQ(mxemu_last_error(), "no accumulator \"exactly\"");
  EXPECT_EQ(mxemu_dot_request_create("exact", "E2M9", "E2M1", &request), MXEMU_INVALID_ARGUMENT);
  EXPECT_STREQ(mxemu_last_error(), "type_a: no operand type \"E2M9\"");
  EXPECT_EQ(mxemu_dot_request_create("exact", "E2M1", nullptr, &request), MXEMU_INVALID_ARGUMENT);
  EXPECT_EQ(request, nullptr);
  const CDotRequest good = c_dot_request("exact", "E2M1", "E2M1");
  EXPECT_EQ(mxemu_dot_request_set(good.get(), "colour", "red"), MXEMU_INVALID_ARGUMENT);
  EXPECT_EQ(mxemu_dot_request_set(good.get(), "output", "f33"), MXEMU_INVALID_ARGUMENT);
}

TEST(CMatmul, RefusesNullsSizesAndOverlaps) {
  const CDotRequest request = c_dot_request("block_exact", "E2M1", "E2M1");
  std::vector<std::uint8_t> codes(32), scales(1, 127);
  const mxemu_matrix row = c_matrix(codes, scales, 1, 32);
  float output = 0;
  EXPECT_EQ(mxemu_matmul(nullptr, &row, &row, nullptr, 0, &output, 4), MXEMU_INVALID_ARGUMENT);
  EXPECT_EQ(mxemu_matmul(request.get(), nullptr, &row, nullptr, 0, &output, 4), MXEMU_INVALID_ARGUMENT);
  EXPECT_EQ(mxemu_matmul(request.get(), &row, &row, nullptr, 0, nullptr, 4), MXEMU_INVALID_ARGUMENT);
  EXPECT_EQ(mxemu_matmul(request.get(), &row, &row, nullptr, 0, &output, 5), MXEMU_INVALID_ARGUMENT);
  EXPECT_STREQ(mxemu_last_error(), "output bytes: 5 where 4 are needed");
  EXPECT_EQ(mxemu_matmul(request.get(), &row, &row, nullptr, 0, codes.data(), 4), MXEMU_INVALID_ARGUMENT);
  EXPECT_STREQ(mxemu_last_error(), "output and a codes overlap");
  mxemu_matrix wrong = row;
  wrong.packing = 7;
  EXPECT_EQ(mxemu_matmul(request.get(), &wrong, &row, nullptr, 0, &output, 4), MXEMU_INVALID_ARGUMENT);
  wrong = row;
  wrong.rows = ~std::uint64_t{0};
  EXPECT_EQ(mxemu_matmul(request.get(), &wrong, &row, nullptr, 0, &output, 4), MXEMU_INVALID_ARGUMENT);
  wrong = row;
  wrong.lines = 2;
  EXPECT_EQ(mxemu_matmul(request.get(), &row, &wrong, nullptr, 0, &output, 4), MXEMU_INVALID_ARGUMENT);
  EXPECT_STREQ(mxemu_last_error(), "b: unknown lines 2");
}

/// A: 2 x 3, B stored as 3 x 2, with scales of 2 for the columns' only blocks.
TEST(CMatmul, TakesOperandsStoredAcrossKAndFactors) {
  const CDotRequest request = c_dot_request("exact", "E4M3", "E4M3");
  const std::vector<std::uint8_t> one_to_six = {0x38, 0x40, 0x44, 0x48, 0x4a, 0x4c}, twos = {128, 128};
  const mxemu_matrix a = c_matrix(one_to_six, {}, 2, 3);
  mxemu_matrix b = c_matrix(one_to_six, twos, 2, 3);
  b.lines = MXEMU_COLUMNS;
  // [1 2 3; 4 5 6] [1 2; 3 4; 5 6] = [22 28; 49 64], doubled by the scales.
  const std::vector<float> c = {8, 16, 24, 32};
  std::vector<float> output(4, -1);
  ASSERT_EQ(mxemu_matmul(request.get(), &a, &b, nullptr, 0, output.data(), 16), MXEMU_OK)
      << mxemu_last_error();
  EXPECT_EQ(output, (std::vector<float>{44, 56, 98, 128}));
  ASSERT_EQ(mxemu_matmul_factors(request.get(), &a, &b, 0.5, -0.25, c.data(), 16, output.data(), 16),
            MXEMU_OK)
      << mxemu_last_error();
  EXPECT_EQ(output, (std::vector<float>{20, 24, 43, 56}));
  const CDotRequest other = c_dot_request("block_exact", "E4M3", "E4M3");
  EXPECT_EQ(mxemu_matmul_factors(other.get(), &a, &b, 2, 1, c.data(), 16, output.data(), 16),
            MXEMU_INVALID_ARGUMENT);
  EXPECT_STREQ(mxemu_last_error(), "the accumulator block_exact takes alpha = 1 and beta = 1 or 0 only");
  b.row_stride = 1;
  EXPECT_EQ(mxemu_matmul(request.get(), &a, &b, nullptr, 0, output.data(), 16), MXEMU_INVALID_ARGUMENT);
  EXPECT_STREQ(mxemu_last_error(), "b codes: rows of 2 overlap at a stride of 1");
}

struct DestroyRequest {
  void operator()(mxemu_request* request) const { mxemu_request_destroy(request); }
};

/// [1 2 3; 4 5 6] in bfloat16 times MXFP8 weights stored as rows or, turned, as columns.
class CMatmulBFloat16 : public testing::Test {
 protected:
  CMatmulBFloat16() {
    mxemu_request* made = nullptr;
    EXPECT_EQ(mxemu_request_create("MXFP8_E4M3", nullptr, &made), MXEMU_OK);
    request.reset(made);
    a.codes = numbers;
    a.code_bytes = sizeof numbers;
  }

  mxemu_status multiply() {
    return mxemu_matmul_bf16(nullptr, &a, request.get(), &b, output.data(), output.size() * sizeof(float));
  }
  /// What is said of a call that must be refused.
  std::string complaint() {
    EXPECT_EQ(multiply(), MXEMU_INVALID_ARGUMENT);
    return mxemu_last_error();
  }

  std::unique_ptr<mxemu_request, DestroyRequest> request;
  alignas(2) std::uint16_t numbers[6] = {0x3f80, 0x4000, 0x4040, 0x4080, 0x40a0, 0x40c0};
  std::vector<std::uint8_t> codes = {0x38, 0x44, 0x4a, 0x40, 0x48, 0x4c}, scales = {128, 128};
  std::vector<float> output = std::vector<float>(4, -1);
  mxemu_matrix a = c_matrix({}, {}, 2, 3), b = c_matrix(codes, scales, 2, 3);
};

TEST_F(CMatmulBFloat16, MultipliesNumbersByBlocksInEitherLayout) {
  EXPECT_TRUE(std::strcmp(mxemu_bf16_backend(), "oneDNN") == 0 ||
              std::strcmp(mxemu_bf16_backend(), "portable") == 0);
  const std::vector<float> expected = {44, 56, 98, 128};
  ASSERT_EQ(multiply(), MXEMU_OK) << mxemu_last_error();
  EXPECT_EQ(output, expected);
  codes = {0x38, 0x40, 0x44, 0x48, 0x4a, 0x4c};
  b.lines = MXEMU_COLUMNS;
  output.assign(4, -1);
  ASSERT_EQ(multiply(), MXEMU_OK) << mxemu_last_error();
  EXPECT_EQ(output, expected);
  const std::uint16_t turned[6] = {0x3f80, 0x4080, 0x4000, 0x40a0, 0x4040, 0x40c0};
  a.codes = turned;
  a.lines = MXEMU_COLUMNS;
  output.assign(4, -1);
  ASSERT_EQ(multiply(), MXEMU_OK) << mxemu_last_error();
  EXPECT_EQ(output, expected);
}

TEST_F(CMatmulBFloat16, RefusesWhatDoesNotFit) {
  b.depth = 2;
  EXPECT_EQ(complaint(), "K of a is 3, K of b is 2");
  b.depth = 3;
  b.row_stride = 4;
  EXPECT_EQ(complaint(), "b codes: a stride of 4 where rows of 3 must follow each other");
  b.row_stride = 0;
  b.scale_stride = 2;
  EXPECT_EQ(complaint(), "b scales: a stride of 2 where rows of 1 must follow each other");
  b.scale_stride = 0;
  b.code_bytes = 5;
  EXPECT_NE(complaint(), "");
  b.code_bytes = 6;
  a.code_bytes = 10;
  EXPECT_EQ(complaint(), "a bytes of numbers: 10 where 12 are needed");
  a.code_bytes = 12;
  a.scales = scales.data();
  a.scale_bytes = 2;
  EXPECT_EQ(complaint(), "a: plain numbers have no scales");
  a.scales = nullptr;
  a.scale_bytes = 0;
  output.resize(5);
  EXPECT_EQ(complaint(), "numbers of the output: 5 where 4 are needed");
}

TEST_F(CMatmulBFloat16, RefusesNullsOverlapsAndOddAddresses) {
  const auto status = [&](const mxemu_matrix* left, const mxemu_matrix* right, void* to,
                          std::uint64_t bytes) {
    return mxemu_matmul_bf16(nullptr, left, request.get(), right, static_cast<float*>(to), bytes);
  };
  EXPECT_EQ(status(nullptr, &b, output.data(), 16), MXEMU_INVALID_ARGUMENT);
  EXPECT_STREQ(mxemu_last_error(), "a is null");
  EXPECT_EQ(status(&a, &b, nullptr, 16), MXEMU_INVALID_ARGUMENT);
  EXPECT_STREQ(mxemu_last_error(), "output is null");
  EXPECT_EQ(status(&a, &b, output.data(), 15), MXEMU_INVALID_ARGUMENT);
  EXPECT_STREQ(mxemu_last_error(), "output: 15 bytes are no whole number of float32");
  EXPECT_EQ(status(&a, &b, reinterpret_cast<char*>(output.data()) + 2, 12), MXEMU_INVALID_ARGUMENT);
  EXPECT_STREQ(mxemu_last_error(), "output: float32 numbers at an address that is no multiple of 4");
  a.codes = output.data();
  EXPECT_EQ(complaint(), "output and a codes overlap");
  a.codes = reinterpret_cast<const char*>(numbers) + 1;
  EXPECT_EQ(complaint(), "a: bfloat16 numbers at an odd address");
  a.codes = numbers;
  b.packing = 9;
  EXPECT_EQ(complaint(), "unknown packing 9");
  EXPECT_EQ(output, std::vector<float>(4, -1)) << "a refused call writes nothing";
}

}  // namespace
}  // namespace mxemu::fast_tests
