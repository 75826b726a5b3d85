// The fast library's matrix units, every tier, against the reference: the same bits.
#include "fast/matrix_unit.hpp"

#include <gtest/gtest.h>

#include "conformance/tests/dot/unit_case.hpp"
#include "conformance/tests/fast/floating_environment.hpp"
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
  for (const fast::Isa isa : fast_tests::conversion_tiers()) {
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

TEST(MatrixUnit, EveryTierEqualsTheReferenceOnEveryPairOfHardPatternsOfEveryRequest) {
  std::mt19937_64 random = golden::seeded_generator();
  for (const spec::DotRequest& request : all_requests()) {
    const std::size_t depth = 32 * (1 + random() % 2);
    expect_equal_on_all_tiers(drawn_case(random, request, line_kind_count, line_kind_count, depth));
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

TEST(MatrixUnit, AProductBeyondFloat32IsInfiniteWhateverIsAdded) {
  // 1.5 * 2^63 times 1.5 * 2^64 is 2.25 * 2^127; with c = -2^127 the sum would be a number again.
  const UnitCase product = {.request = {.accumulator = spec::AccumulatorType::Cdna3,
                                        .a = spec::OperandType::BFloat16,
                                        .b = spec::OperandType::BFloat16},
                            .rows = 1,
                            .columns = 1,
                            .depth = 1,
                            .a = {0x40, 0x5f},
                            .b = {0xc0, 0x5f},
                            .c = {0xff000000}};
  expect_equal_on_all_tiers(product);
  EXPECT_EQ(0x7f800000u, expected_of(product)[0]);
}

TEST(MatrixUnit, AnAccumulatorOfZeroDoesNotWidenTheWindow) {
  // 2^-12 times 2^-13 and 2^-14 times 2^-14, one half and 1/16 of the smallest float16. Where e(0) were -14,
  // the exponent of the smallest normal number, 13 bits below it would end at 2^-27 and lose the second
  // product.
  const UnitCase product = {.request = {.accumulator = spec::AccumulatorType::HopperFp8,
                                        .a = spec::OperandType::E5M2,
                                        .b = spec::OperandType::E5M2,
                                        .output = spec::FloatType::Float16},
                            .rows = 1,
                            .columns = 1,
                            .depth = 2,
                            .a = {0x0c, 0x04},
                            .b = {0x08, 0x04}};
  expect_equal_on_all_tiers(product);
  EXPECT_EQ(0x0001u, expected_of(product)[0]);
}

TEST(MatrixUnit, TheCallersFloatingEnvironmentNeitherMattersNorChanges) {
  std::mt19937_64 random = golden::seeded_generator();
  for (const spec::DotRequest& request : all_requests()) {
    if (request.a != request.b) continue;
    const UnitCase product = drawn_case(random, request, line_kind_count, 3, 32);
    const std::vector<std::uint32_t> expected = expected_of(product);
    for (const unsigned control_word : fast_tests::hostile_environments)
      for (const fast::Isa isa : fast_tests::conversion_tiers()) {
        if (!fast::supports(isa)) continue;
        const fast_tests::FloatingEnvironment environment(control_word);
        const std::vector<std::uint32_t> got = answer_of(product, isa, {});
        const bool unchanged = environment.unchanged();
        EXPECT_TRUE(unchanged && got == expected) << described(product) << ", MXCSR " << control_word;
      }
  }
}

}  // namespace
}  // namespace mxemu::dot_test
