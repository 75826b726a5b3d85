// The fast library's matrix units, every tier, against the reference: the same bits.
#include "fast/matrix_unit.hpp"

#include <gtest/gtest.h>

#include "conformance/tests/dot/unit_case.hpp"
#include "conformance/tests/fast/tiers.hpp"
#include "conformance/tests/golden/seed.hpp"

namespace mxemu::dot_test {
namespace {

/// Every request that some matrix unit takes, with blocks of 32 and zeros for padding.
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
          if (fast::is_matrix_unit(row) && spec::refusal(request) == nullptr) requests.push_back(request);
        }
  return requests;
}

std::string described(const UnitCase& product) {
  const spec::DotRequest& request = product.request;
  return std::string(request.row().name) + " " + spec::name_of(request.a) + " x " + spec::name_of(request.b) +
         " to " + spec::name_of(request.output) + ", " + std::to_string(product.rows) + " x " +
         std::to_string(product.columns) + " x " + std::to_string(product.depth) + ", blocks of " +
         std::to_string(request.block_size) + ", tail " + spec::name_of(request.tail);
}

void expect_equal_on_all_tiers(const UnitCase& product) {
  const std::vector<std::uint32_t> expected = expected_of(product);
  for (const fast::Isa isa : fast_tests::all_tiers()) {
    if (!fast::supports(isa)) continue;
    const UnitLayout layout = {.packed = product.depth % 2 == 0, .gap = product.depth % 4};
    EXPECT_EQ("", first_difference(product, expected, answer_of(product, isa, layout)))
        << described(product) << ", tier " << spec::name_of(isa);
  }
}

/// Block sizes and tails that the request's accumulator takes.
void vary(std::mt19937_64& random, spec::DotRequest& request) {
  const int group = request.row().fused.exact_group;
  constexpr int sizes[] = {32, 32, 16, 48, 8, 5, 1, 100, 200};
  const int size = sizes[random() % std::size(sizes)];
  request.block_size = (size + group - 1) / group * group;
  request.tail = random() % 2 ? spec::Tail::ShortBlock : spec::Tail::ZeroPad;
}

TEST(MatrixUnit, EveryTierEqualsTheReferenceOnOneHundredHardPatternsOfEveryRequest) {
  std::mt19937_64 random = golden::seeded_generator();
  for (const spec::DotRequest& request : all_requests()) {
    const std::size_t depth = 32 * (1 + random() % 2);
    expect_equal_on_all_tiers(drawn_case(random, request, line_kind_count, 9, depth));
  }
}

TEST(MatrixUnit, EveryTierEqualsTheReferenceForAnyDepthBlockSizeAndTail) {
  std::mt19937_64 random = golden::seeded_generator();
  for (spec::DotRequest request : all_requests()) {
    vary(random, request);
    expect_equal_on_all_tiers(drawn_case(random, request, 3, 4, random() % 280));
  }
}

TEST(MatrixUnit, TilesAndGroupsOfColumnsMeetWithoutASeam) {
  std::mt19937_64 random = golden::seeded_generator();
  for (const auto& [rows, columns] :
       {std::pair<std::size_t, std::size_t>{129, 3}, {2, 163}, {1, 33}, {1, 1}}) {
    const spec::DotRequest request = {.accumulator = spec::AccumulatorType::BlackwellMxf8f6f4};
    expect_equal_on_all_tiers(drawn_case(random, request, rows, columns, 64));
  }
}

TEST(MatrixUnit, NothingToAddLeavesTheAccumulatorAsItIs) {
  std::mt19937_64 random = golden::seeded_generator();
  for (const spec::DotRequest& request : all_requests())
    expect_equal_on_all_tiers(drawn_case(random, request, 2, 8, 0));
}

}  // namespace
}  // namespace mxemu::dot_test
