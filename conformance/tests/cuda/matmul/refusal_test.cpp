// What products refuse before anything is started, in one sentence with both numbers.
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "cuda/matmul.hpp"
#include "cuda/memory.hpp"

namespace mxemu::cuda_tests {
namespace {

/// A[2 x 64] B[64 x 3] of E2M1, one code per byte, of which a test may spoil one thing.
struct Arguments {
  cuda::Buffer codes{256}, scales{256}, sums{256};
  spec::DotRequest request = {.a = spec::OperandType::E2M1, .b = spec::OperandType::E2M1};
  cuda::MatrixOperand a = {
      .codes = codes.words().first(2 * 64), .scales = scales.words().first(4), .rows = 2, .depth = 64};
  cuda::MatrixOperand b = {
      .codes = codes.words().first(3 * 64), .scales = scales.words().first(6), .rows = 3, .depth = 64};
  std::span<std::byte> output = sums.bytes().first(4 * 6);
  std::span<const std::byte> c = {};

  Arguments() {
    cuda::fill_bytes(codes.data(), 0, codes.size());
    cuda::fill_bytes(scales.data(), 127, scales.size());
  }
};

/// What is said, or "accepted".
template <class Call>
std::string refusal_of(const Call& call) {
  try {
    call();
    cuda::synchronize();
    return "accepted";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

std::string product(Arguments& given) {
  return refusal_of([&] { cuda::matmul(given.request, given.a, given.b, given.output, given.c); });
}
std::string dots(Arguments& given) {
  return refusal_of([&] { cuda::dot(given.request, given.a, given.b, given.output, given.c); });
}

TEST(CudaMatmulRefusal, OfNothingWhenSizesFit) {
  Arguments given;
  EXPECT_EQ(product(given), "accepted");
  given.b.rows = 2;
  given.output = given.output.first(4 * 2);
  EXPECT_EQ(dots(given), "accepted");
}

TEST(CudaMatmulRefusal, OfDepthsAndRowsThatDiffer) {
  Arguments given;
  EXPECT_EQ(dots(given), "rows of a are 2, rows of b are 3");
  given.b.depth = 63;
  EXPECT_EQ(product(given), "K of a is 64, K of b is 63");
}

TEST(CudaMatmulRefusal, OfTooFewCodesAndScales) {
  Arguments given;
  given.a.codes = given.a.codes.first(127);
  EXPECT_EQ(product(given), "a bytes of codes: 127 where 128 are needed");
  given.a.codes = given.codes.words().first(128);
  given.b.scales = given.b.scales.first(5);
  EXPECT_EQ(product(given), "b scales: 5 where 6 are needed");
}

TEST(CudaMatmulRefusal, OfAnOutputOrACOfTheWrongSize) {
  Arguments given;
  given.output = given.sums.bytes().first(23);
  EXPECT_EQ(product(given), "output bytes: 23 where 24 are needed");
  given.output = given.sums.bytes().first(24);
  given.c = given.sums.bytes().first(20);
  EXPECT_EQ(product(given), "bytes of c: 20 where 24 are needed");
}

TEST(CudaMatmulRefusal, OfFactorsThatTheAccumulatorDoesNotTake) {
  Arguments given;
  EXPECT_EQ(refusal_of([&] {
              cuda::matmul(given.request, given.a, given.b, given.output, given.c, {}, {2, 1});
            }),
            "the accumulator block_exact takes alpha = 1 and beta = 1 or 0 only");
}

TEST(CudaMatmulRefusal, OfNumbersThatAreNotAligned) {
  Arguments given;
  given.output = given.sums.bytes().subspan(2, 24);
  EXPECT_EQ(product(given), "output: device memory of numbers of 4 bytes is not aligned to 4 bytes");
  given.output = given.sums.bytes().first(24);
  given.request = {.accumulator = spec::AccumulatorType::Float32Fma,
                   .a = spec::OperandType::BFloat16,
                   .b = spec::OperandType::BFloat16};
  given.a = {.codes = given.codes.words().subspan(1, 8), .rows = 2, .depth = 2};
  given.b = {.codes = given.codes.words().first(12), .rows = 3, .depth = 2};
  EXPECT_EQ(product(given), "a: device memory of numbers of 2 bytes is not aligned to 2 bytes");
}

TEST(CudaMatmulRefusal, OfRequestsThatMakeNoSense) {
  Arguments given;
  given.request.accumulator = spec::AccumulatorType::Hopper;
  EXPECT_EQ(product(given), "the accumulator does not take this type of operand");
  given.request.accumulator = spec::AccumulatorType::BlackwellF8f6f4;
  EXPECT_EQ(product(given), "the accumulator blackwell_f8f6f4 takes no scales");
  given.request.own_row = &spec::accumulators[0];
  EXPECT_FALSE(cuda::has_matmul(given.request));
  EXPECT_EQ(product(given), "an accumulator of one's own has no fast matrix product");
}

}  // namespace
}  // namespace mxemu::cuda_tests
