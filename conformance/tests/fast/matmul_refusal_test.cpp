// What the matrix product refuses, and that it says both numbers.
#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "fast/matmul.hpp"

namespace mxemu::fast_tests {
namespace {

/// A[2 x 64] B[64 x 3] of E2M1, one code per byte, of which a test may spoil one thing.
struct Arguments {
  spec::DotRequest request = {.a = spec::OperandType::E2M1, .b = spec::OperandType::E2M1};
  std::vector<std::uint8_t> codes = std::vector<std::uint8_t>(3 * 64);
  std::vector<std::uint8_t> scales = std::vector<std::uint8_t>(3 * 2, 127);
  std::vector<std::byte> output = std::vector<std::byte>(4 * 6);
  std::vector<std::byte> c = {};
  fast::MatrixOperand a = {
      .codes = std::span(codes).first(2 * 64), .scales = std::span(scales).first(4), .rows = 2, .depth = 64};
  fast::MatrixOperand b = {.codes = codes, .scales = scales, .rows = 3, .depth = 64};

  fast::Factors factors = {};

  void multiply() { fast::matmul(request, a, b, output, c, {}, factors); }

  /// What is said, or "" when nothing is wrong.
  std::string complaint() {
    try {
      multiply();
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  }
};

TEST(MatmulRefusal, OfNothingWhenSizesFit) {
  Arguments arguments;
  EXPECT_EQ(arguments.complaint(), "");
  arguments.c = std::vector<std::byte>(4 * 6);
  EXPECT_EQ(arguments.complaint(), "");
}

TEST(MatmulRefusal, OfDepthsThatDiffer) {
  Arguments arguments;
  arguments.b.depth = 63;
  EXPECT_EQ(arguments.complaint(), "K of a is 64, K of b is 63");
}

TEST(MatmulRefusal, OfTooFewCodesAndScales) {
  Arguments arguments;
  arguments.a.codes = arguments.a.codes.first(127);
  EXPECT_EQ(arguments.complaint(), "a bytes of codes: 127 where 128 are needed");
  arguments = {};
  arguments.b.scales = arguments.b.scales.first(5);
  EXPECT_EQ(arguments.complaint(), "b scales: 5 where 6 are needed");
}

TEST(MatmulRefusal, OfRowsThatOverlap) {
  Arguments arguments;
  arguments.a.row_stride = 63;
  EXPECT_EQ(arguments.complaint(), "a codes: rows of 64 overlap at a stride of 63");
  arguments = {};
  arguments.b.scale_stride = 1;
  EXPECT_EQ(arguments.complaint(), "b scales: rows of 2 overlap at a stride of 1");
}

TEST(MatmulRefusal, OfStridesBeyondMemory) {
  Arguments arguments;
  arguments.a.row_stride = ~std::size_t{0};
  EXPECT_NE(arguments.complaint().find("beyond the address space"), std::string::npos);
  arguments = {};
  arguments.a.rows = ~std::size_t{0};
  EXPECT_NE(arguments.complaint().find("beyond the address space"), std::string::npos);
}

TEST(MatmulRefusal, OfAnOutputOrACOfTheWrongSize) {
  Arguments arguments;
  arguments.output.resize(23);
  EXPECT_EQ(arguments.complaint(), "output bytes: 23 where 24 are needed");
  arguments = {};
  arguments.c.resize(25);
  EXPECT_EQ(arguments.complaint(), "bytes of c: 25 where 24 are needed");
}

/// B stored as K x N: 64 rows of 3 codes, 2 rows of 3 scales.
TEST(MatmulRefusal, OfColumnsThatDoNotFit) {
  Arguments arguments;
  arguments.b.along_columns = true;
  EXPECT_EQ(arguments.complaint(), "");
  arguments.b.row_stride = 2;
  EXPECT_EQ(arguments.complaint(), "b codes: rows of 3 overlap at a stride of 2");
  arguments.b.row_stride = 4;
  EXPECT_EQ(arguments.complaint(), "b bytes of codes: 192 where 255 are needed");
  arguments.b.row_stride = 0;
  arguments.b.scale_stride = 2;
  EXPECT_EQ(arguments.complaint(), "b scales: rows of 3 overlap at a stride of 2");
  arguments.b.scale_stride = 4;
  EXPECT_EQ(arguments.complaint(), "b scales: 6 where 7 are needed");
  arguments.b.scale_stride = 0;
  arguments.b.depth = 32;
  EXPECT_EQ(arguments.complaint(), "K of a is 64, K of b is 32");
}

TEST(MatmulRefusal, OfFactorsThatTheAccumulatorDoesNotTake) {
  Arguments arguments;
  arguments.c = std::vector<std::byte>(4 * 6, std::byte{0x3f});
  const std::string refusal = "the accumulator block_exact takes alpha = 1 and beta = 1 or 0 only";
  for (const fast::Factors& factors : {fast::Factors{2, 1}, {1, -1}, {0, 1}, {1, 0x1p-149f}}) {
    arguments.factors = factors;
    EXPECT_EQ(arguments.complaint(), refusal);
  }
  arguments.factors = {1, -0.0f};
  EXPECT_EQ(arguments.complaint(), "");
  arguments.request.accumulator = spec::AccumulatorType::Exact;
  arguments.factors = {2, -1};
  EXPECT_EQ(arguments.complaint(), "");
  arguments.factors.alpha = std::numeric_limits<float>::infinity();
  EXPECT_EQ(arguments.complaint(), "a factor is a finite number, not inf");
}

TEST(Matmul, DoesNotReadCWhereBetaIsZero) {
  Arguments arguments;
  arguments.c = std::vector<std::byte>(4 * 6, std::byte{0xff});
  arguments.factors.beta = 0;
  EXPECT_EQ(arguments.complaint(), "");
  EXPECT_EQ(arguments.output, std::vector<std::byte>(4 * 6));
}

TEST(MatmulRefusal, OfATailUnderRefuse) {
  Arguments arguments;
  arguments.request.tail = spec::Tail::Refuse;
  EXPECT_EQ(arguments.complaint(), "");
  arguments.a.depth = arguments.b.depth = 33;
  EXPECT_EQ(arguments.complaint(), "K = 33 is not a multiple of the block size 32");
}

TEST(MatmulRefusal, OfScalesOfPlainNumbersAndOfRequestsWithoutSense) {
  Arguments arguments;
  arguments.request.accumulator = spec::AccumulatorType::Exact;
  arguments.request.a = spec::OperandType::BFloat16;
  arguments.a.depth = arguments.b.depth = 32;
  EXPECT_EQ(arguments.complaint(), "a: plain numbers have no scales");
  arguments = {};
  arguments.request.output = spec::FloatType::Float64;
  EXPECT_NE(arguments.complaint(), "");
}

TEST(Matmul, OfNothingWritesNothing) {
  Arguments arguments;
  arguments.a.rows = 0;
  arguments.output.clear();
  EXPECT_EQ(arguments.complaint(), "");
}

TEST(Matmul, WithoutDepthIsC) {
  Arguments arguments;
  arguments.a.depth = arguments.b.depth = 0;
  arguments.c = std::vector<std::byte>(4 * 6, std::byte{0x3f});
  EXPECT_EQ(arguments.complaint(), "");
  EXPECT_EQ(arguments.output, arguments.c);
}

}  // namespace
}  // namespace mxemu::fast_tests
