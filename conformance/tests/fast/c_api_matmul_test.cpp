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
          .packing = MXEMU_BYTES};
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
}

}  // namespace
}  // namespace mxemu::fast_tests
