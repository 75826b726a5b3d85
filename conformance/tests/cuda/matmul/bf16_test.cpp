// bfloat16 products through a matrix library. Its order of sums is its own, so that operands are such that
// every order gives the same.
#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <string>

#include "conformance/tests/golden/seed.hpp"
#include "cuda/matmul_bf16.hpp"
#include "cuda/memory.hpp"
#include "fast/matmul.hpp"

namespace mxemu::cuda_tests {
namespace {

/// Both operands of one format, one code per byte, all under the scale 1.
struct Operands {
  spec::BlockType format;
  std::size_t rows;
  std::size_t columns;
  std::size_t depth;
  std::vector<std::uint8_t> a;
  std::vector<std::uint8_t> b;

  std::size_t blocks() const { return (depth + 31) / 32; }
  std::vector<std::uint8_t> scales(std::size_t lines) const {
    return std::vector<std::uint8_t>(lines * blocks(), 127);
  }
};

Operands drawn(std::mt19937_64& random, spec::BlockType format, std::size_t rows, std::size_t columns,
               std::size_t depth) {
  const auto codes = [&](std::size_t count) {
    std::vector<std::uint8_t> all(count);
    const int bits = spec::element_format_of(
                         static_cast<spec::OperandType>(spec::make_request(format).block_format().element))
                         .bits;
    for (std::uint8_t& code : all) code = static_cast<std::uint8_t>(random() & ((1u << bits) - 1));
    return all;
  };
  return {format, rows, columns, depth, codes(rows * depth), codes(columns * depth)};
}

/// The exact product.
std::vector<float> expected(const Operands& operands) {
  const auto type =
      static_cast<spec::OperandType>(spec::make_request(operands.format).block_format().element);
  std::vector<float> output(operands.rows * operands.columns);
  fast::matmul({.accumulator = spec::AccumulatorType::Exact, .a = type, .b = type},
               {.codes = operands.a, .rows = operands.rows, .depth = operands.depth},
               {.codes = operands.b, .rows = operands.columns, .depth = operands.depth},
               std::as_writable_bytes(std::span(output)));
  return output;
}

/// Arguments on the device, of which a test may spoil one thing.
struct DeviceCall {
  cuda::MatrixLibrary library;
  Operands operands;
  cuda::Buffer a, b, a_scales, b_scales, sums, room;
  std::size_t output_numbers;
  std::size_t workspace_bytes;
  std::size_t workspace_start = 0;
  std::size_t b_depth;
  std::size_t a_stride = 0;

  explicit DeviceCall(const Operands& given)
      : operands(given),
        a(given.a.size()),
        b(given.b.size()),
        a_scales(given.rows * given.blocks()),
        b_scales(given.columns * given.blocks()),
        sums(4 * given.rows * given.columns),
        room(cuda::matmul_bf16_workspace(given.rows, given.columns, given.depth)),
        output_numbers(given.rows * given.columns),
        workspace_bytes(room.size()),
        b_depth(given.depth) {
    cuda::copy_to_device(std::as_bytes(std::span(given.a)), a.data());
    cuda::copy_to_device(std::as_bytes(std::span(given.b)), b.data());
    cuda::fill_bytes(a_scales.data(), 127, a_scales.size());
    cuda::fill_bytes(b_scales.data(), 127, b_scales.size());
    cuda::fill_bytes(sums.data(), 0xff, sums.size());
  }

  void multiply() {
    const spec::Request request = spec::make_request(operands.format);
    cuda::matmul_bf16(
        library, request,
        {.codes = a.words(),
         .scales = a_scales.words(),
         .rows = operands.rows,
         .depth = operands.depth,
         .row_stride = a_stride},
        request, {.codes = b.words(), .scales = b_scales.words(), .rows = operands.columns, .depth = b_depth},
        {reinterpret_cast<float*>(sums.data()), output_numbers},
        room.bytes().subspan(workspace_start, workspace_bytes));
  }

  std::vector<float> result() {
    multiply();
    std::vector<float> numbers(sums.size() / 4);
    cuda::copy_to_host(sums.data(), std::as_writable_bytes(std::span(numbers)));
    cuda::synchronize();
    return numbers;
  }

  std::string complaint() {
    try {
      multiply();
      cuda::synchronize();
      return "accepted";
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
  }
};

TEST(CudaMatmulBf16, SumsThatAreExactInEveryOrderAreExact) {
  std::mt19937_64 random = golden::seeded_generator();
  for (const auto format :
       {spec::BlockType::MXFP4_E2M1, spec::BlockType::MXFP6_E2M3, spec::BlockType::MXINT8})
    for (const auto& [rows, columns, depth] :
         {std::array<std::size_t, 3>{1, 1, 1}, {17, 5, 96}, {3, 40, 100}, {33, 16, 0}}) {
      const Operands operands = drawn(random, format, rows, columns, depth);
      EXPECT_EQ(DeviceCall(operands).result(), expected(operands))
          << rows << " x " << depth << " x " << columns << " by " << cuda::MatrixLibrary::name();
    }
}

TEST(CudaMatmulBf16, RefusesWhatDoesNotFit) {
  std::mt19937_64 random = golden::seeded_generator();
  const Operands operands = drawn(random, spec::BlockType::MXFP4_E2M1, 2, 3, 64);
  DeviceCall call(operands);
  EXPECT_EQ(call.complaint(), "accepted");
  call.b_depth = 63;
  EXPECT_EQ(call.complaint(), "K of a is 64, K of b is 63");
  call.b_depth = 64;
  call.a_stride = 65;
  EXPECT_EQ(call.complaint(), "a codes: a stride of 65 where rows of 64 must follow each other");
  call.a_stride = 0;
  call.output_numbers = 5;
  EXPECT_EQ(call.complaint(), "numbers of the output: 5 where 6 are needed");
  call.output_numbers = 6;
  call.workspace_bytes -= 1;
  EXPECT_EQ(call.complaint(), "bytes of workspace: " + std::to_string(call.room.size() - 1) + " where " +
                                  std::to_string(call.room.size()) + " are needed");
}

TEST(CudaMatmulBf16, RefusesAWorkspaceThatIsNotAligned) {
  std::mt19937_64 random = golden::seeded_generator();
  DeviceCall call(drawn(random, spec::BlockType::MXFP4_E2M1, 2, 3, 64));
  call.room = cuda::Buffer(call.workspace_bytes + 16);
  call.workspace_start = 16;
  EXPECT_EQ(call.complaint(), "the workspace does not begin at a multiple of 256 bytes");
}

}  // namespace
}  // namespace mxemu::cuda_tests
