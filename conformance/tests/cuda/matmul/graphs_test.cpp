// Products captured into a graph, which only a GPU has.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "../captured_graph.hpp"
#include "../device_array.hpp"
#include "conformance/tests/fast/product.hpp"
#include "conformance/tests/golden/seed.hpp"
#include "cuda/matmul.hpp"
#include "cuda/matmul_bf16.hpp"

namespace mxemu::cuda_tests {
namespace {

using fast_tests::Product;
using fast_tests::Random;
using spec::AccumulatorType;
using spec::OperandType;

constexpr std::size_t side = 40;  ///< of a square output
constexpr std::size_t depth = 96;

/// A product without c, under scales of 1: the sums of small integers are exact in any order.
Product drawn(Random& random, AccumulatorType accumulator, OperandType type) {
  Product product = fast_tests::make_product(random, {.accumulator = accumulator, .a = type, .b = type}, side,
                                             side, depth, fast_tests::Terms::Numbers, false);
  std::fill(product.a_scales.begin(), product.a_scales.end(), std::uint8_t{127});
  product.b_scales = product.a_scales;
  return product;
}

/// Bytes that the device reads.
DeviceArray copied(const std::vector<std::uint8_t>& host) {
  return {std::as_bytes(std::span(host)), 0};
}

std::vector<std::uint32_t> words_in(const DeviceArray& array) {
  const std::vector<std::byte> bytes = array.read();
  std::vector<std::uint32_t> words(bytes.size() / 4);
  std::memcpy(words.data(), bytes.data(), bytes.size());
  return words;
}

/// A product on the device, and the dot products of its rows of equal number.
struct ProductWork {
  explicit ProductWork(const Product& given)
      : request(given.request),
        golden(fast_tests::golden_product(given)),
        a_codes(copied(given.a)),
        b_codes(copied(given.b)),
        a_scales(copied(given.a_scales)),
        b_scales(copied(given.b_scales)),
        sums(4 * side * side),
        dots(4 * side) {
    for (std::size_t i = 0; i < side; ++i) diagonal.push_back(golden[i * side + i]);
  }

  cuda::MatrixOperand a() {
    return {.codes = a_codes.codes(), .scales = a_scales.codes(), .rows = side, .depth = depth};
  }
  cuda::MatrixOperand b() {
    return {.codes = b_codes.codes(), .scales = b_scales.codes(), .rows = side, .depth = depth};
  }
  void start(cuda::Stream stream) {
    cuda::matmul(request, a(), b(), sums.bytes(), {}, stream);
    cuda::dot(request, a(), b(), dots.bytes(), {}, stream);
  }
  void clear() {
    for (DeviceArray* array : {&sums, &dots})
      cuda::fill_bytes(array->bytes().data(), 0x5a, array->bytes().size());
  }
  void expect_golden() const {
    EXPECT_EQ(words_in(sums), golden) << request.row().name;
    EXPECT_EQ(words_in(dots), diagonal) << request.row().name;
    EXPECT_TRUE(sums.canaries_live() && dots.canaries_live()) << request.row().name;
  }

  spec::DotRequest request;
  std::vector<std::uint32_t> golden;
  std::vector<std::uint32_t> diagonal;
  DeviceArray a_codes, b_codes, a_scales, b_scales;
  DeviceArray sums, dots;
};

/// Three times what was captured, the outputs spoilt before each.
template <class Work>
void expect_golden_of_graph(Work& work) {
  const OwnStream stream;
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

TEST(Graphs, OfProductsGiveTheReferencesBitsEachTimeTheyAreLaunched) {
  Random random = golden::seeded_generator();
  const std::pair<AccumulatorType, OperandType> kinds[] = {
      {AccumulatorType::BlockExact, OperandType::E2M1},
      {AccumulatorType::BlockExact, OperandType::E4M3},
      {AccumulatorType::Exact, OperandType::E3M2},
      {AccumulatorType::Float32Pairwise, OperandType::E4M3},
      {AccumulatorType::BlackwellMxf4, OperandType::E2M1}};
  for (const auto& [accumulator, type] : kinds) {
    ProductWork work(drawn(random, accumulator, type));
    expect_golden_of_graph(work);
  }
}

/// The matrix library's product of the same operands.
struct LibraryWork {
  explicit LibraryWork(const Product& given)
      : operands(given), workspace(cuda::matmul_bf16_workspace(side, side, depth)) {}

  void start(cuda::Stream stream) {
    cuda::matmul_bf16(library, request, operands.a(), request, operands.b(),
                      {reinterpret_cast<float*>(operands.sums.bytes().data()), side * side},
                      workspace.bytes(), stream);
  }
  void clear() { operands.clear(); }
  void expect_golden() const {
    const std::vector<std::uint32_t> got = words_in(operands.sums);
    for (std::size_t i = 0; i < got.size(); ++i)
      ASSERT_EQ(std::bit_cast<float>(got[i]), std::bit_cast<float>(operands.golden[i])) << "number " << i;
    EXPECT_TRUE(operands.sums.canaries_live());
  }

  cuda::MatrixLibrary library;
  spec::Request request = spec::make_request(spec::BlockType::MXFP4_E2M1);
  ProductWork operands;
  cuda::Buffer workspace;
};

TEST(Graphs, OfProductsInBFloat16GiveTheSameEachTimeTheyAreLaunched) {
  Random random = golden::seeded_generator();
  LibraryWork work(drawn(random, AccumulatorType::BlockExact, OperandType::E2M1));
  expect_golden_of_graph(work);
}

}  // namespace
}  // namespace mxemu::cuda_tests
