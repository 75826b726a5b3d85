// Matrix units and dot products of rows by the CUDA library, against the reference: the same bits on hard
// patterns.
#include <gtest/gtest.h>

#include "conformance/tests/golden/seed.hpp"
#include "device_product.hpp"

namespace mxemu::cuda_tests {
namespace {

using dot_test::UnitCase;

/// Every accumulator with every pair of operands that it takes, in every output that it gives and that the
/// patterns know.
std::vector<spec::DotRequest> all_requests() {
  std::vector<spec::DotRequest> requests;
  for (const spec::Accumulator& row : spec::accumulators)
    for (int a = 0; a < spec::operand_type_count; ++a)
      for (int b = 0; b < spec::operand_type_count; ++b)
        for (const auto& output : spec::float_formats) {
          const spec::DotRequest request = {.accumulator = row.type,
                                            .a = static_cast<spec::OperandType>(a),
                                            .b = static_cast<spec::OperandType>(b),
                                            .output = output.type};
          if (output.type == spec::FloatType::BFloat16) continue;
          if (spec::refusal(request) == nullptr) requests.push_back(request);
        }
  return requests;
}

bool is_unit(const spec::Accumulator& row) {
  return row.kind == spec::AccumulatorKind::Fused || row.kind == spec::AccumulatorKind::FlushedTree;
}

std::string described(const UnitCase& product) {
  const spec::DotRequest& request = product.request;
  return std::string(request.row().name) + " " + spec::name_of(request.a) + " x " + spec::name_of(request.b) +
         " to " + spec::name_of(request.output) + ", " + std::to_string(product.rows) + " x " +
         std::to_string(product.columns) + " x " + std::to_string(product.depth) + ", blocks of " +
         std::to_string(request.block_size) + ", tail " + spec::name_of(request.tail);
}

void expect_product(const UnitCase& product) {
  EXPECT_EQ("",
            dot_test::first_difference(product, dot_test::expected_of(product), product_on_device(product)))
      << described(product);
}

/// Row i with row i: the diagonal of the product.
void expect_dots(const UnitCase& product) {
  const std::vector<std::uint32_t> all = dot_test::expected_of(product);
  UnitCase rows = product;
  rows.c.clear();
  for (std::size_t i = 0; i < product.rows && !product.c.empty(); ++i)
    rows.c.push_back(product.c[i * product.columns + i]);
  const std::vector<std::uint32_t> got = dots_on_device(rows);
  for (std::size_t i = 0; i < product.rows; ++i)
    EXPECT_EQ(all[i * product.columns + i], got[i]) << described(product) << ", row " << i;
}

/// Block sizes and tails that the request's accumulator takes.
void vary(std::mt19937_64& random, spec::DotRequest& request) {
  const int group = request.row().fused.exact_group;
  constexpr int sizes[] = {32, 32, 16, 48, 8, 5, 1, 100, 200};
  const int size = sizes[random() % std::size(sizes)];
  request.block_size = (size + group - 1) / group * group;
  request.tail = random() % 2 ? spec::Tail::ShortBlock : spec::Tail::ZeroPad;
}

TEST(CudaUnits, EqualTheReferenceOnEveryPairOfHardPatternsOfEveryRequest) {
  std::mt19937_64 random = golden::seeded_generator();
  for (const spec::DotRequest& request : all_requests())
    if (is_unit(request.row()))
      expect_product(
          dot_test::drawn_case(random, request, dot_test::line_kind_count, dot_test::line_kind_count, 32));
}

TEST(CudaUnits, EqualTheReferenceForAnyDepthBlockSizeAndTail) {
  std::mt19937_64 random = golden::seeded_generator();
  for (spec::DotRequest request : all_requests()) {
    if (!is_unit(request.row())) continue;
    vary(random, request);
    expect_product(dot_test::drawn_case(random, request, 3, 4, random() % 280));
  }
}

TEST(CudaUnits, NothingToAddLeavesTheAccumulatorAsItIs) {
  std::mt19937_64 random = golden::seeded_generator();
  for (const spec::DotRequest& request : all_requests())
    expect_product(dot_test::drawn_case(random, request, 2, 8, 0));
}

TEST(CudaDots, OfRowsAreThoseOfTheProductUnderEveryAccumulator) {
  std::mt19937_64 random = golden::seeded_generator();
  for (spec::DotRequest request : all_requests()) {
    if (is_unit(request.row())) vary(random, request);
    expect_dots(dot_test::drawn_case(random, request, 5, 5, random() % 100));
  }
}

}  // namespace
}  // namespace mxemu::cuda_tests
