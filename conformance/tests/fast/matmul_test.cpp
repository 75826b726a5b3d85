// Matrix products of every tier against the reference: pairs of formats, accumulators, sizes, placements.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <deque>

#include "conformance/tests/golden/seed.hpp"
#include "fast/matrix_unit.hpp"
#include "floating_environment.hpp"
#include "product.hpp"
#include "tiers.hpp"

namespace mxemu::fast_tests {
namespace {

/// A product and the reference's codes of some of its cells, made once for every tier.
struct GoldenProduct {
  Product product;
  Placement placement;
  std::vector<std::size_t> cells;
  std::vector<std::uint32_t> codes;
};
using Goldens = std::deque<GoldenProduct>;

GoldenProduct with_golden(Random& random, Product product, std::size_t cell_count) {
  const std::size_t gaps[] = {0, 0, 1, 7};
  GoldenProduct golden = {
      .product = std::move(product),
      .placement = {below(random, 2) != 0 ? spec::ElementPacking::BitStream : spec::ElementPacking::Bytes,
                    below(random, 4), gaps[below(random, 4)], below(random, 4) == 0, below(random, 2) == 0},
      .cells = {},
      .codes = {}};
  golden.cells = sample_cells(random, golden.product, cell_count);
  const std::size_t columns = golden.product.columns;
  for (const std::size_t cell : golden.cells)
    golden.codes.push_back(golden_cell(golden.product, cell / columns, cell % columns));
  return golden;
}

void expect_golden(const GoldenProduct& golden, const fast::Execution& execution) {
  const std::vector<std::uint32_t> codes = fast_product(golden.product, golden.placement, execution);
  int reported = 0;
  for (std::size_t i = 0; i < golden.cells.size() && reported < 4; ++i) {
    const std::size_t cell = golden.cells[i];
    if (codes[cell] == golden.codes[i]) continue;
    ++reported;
    ADD_FAILURE() << golden.product.describe() << ", row " << cell / golden.product.columns << ", column "
                  << cell % golden.product.columns << std::hex << ": expected 0x" << golden.codes[i]
                  << ", got 0x" << codes[cell];
  }
}

spec::DotRequest request_of(spec::AccumulatorType accumulator, int a, int b) {
  return {.accumulator = accumulator,
          .a = static_cast<spec::OperandType>(a),
          .b = static_cast<spec::OperandType>(b)};
}

/// Sizes around the groups that kernels take at a time.
std::size_t random_side(Random& random) {
  const std::size_t sides[] = {1, 2, 5, 12, 13, 16, 17, 31, 32, 33, 47, 70};
  return sides[below(random, std::size(sides))];
}

/// Now and then longer than any panel.
std::size_t random_depth(Random& random) {
  if (below(random, 6) == 0) return 600 + below(random, 1200);
  return below(random, 3) == 0 ? 32 * (1 + below(random, 12)) : below(random, 300);
}

/// Every pair of element formats, every kind of terms.
const Goldens& block_products() {
  static const Goldens goldens = [] {
    Random random = golden::seeded_generator();
    Goldens made;
    for (int a = 0; a < spec::element_operand_count; ++a)
      for (int b = 0; b < spec::element_operand_count; ++b)
        for (int terms = 0; terms < terms_count; ++terms) {
          const auto request = request_of(spec::AccumulatorType::BlockExact, a, b);
          made.push_back(with_golden(
              random,
              make_product(random, request, random_side(random), random_side(random), random_depth(random),
                           static_cast<Terms>(terms), below(random, 4) == 0),
              7));
        }
    return made;
  }();
  return goldens;
}

/// Blocks of other lengths, among them longer than a panel.
const Goldens& odd_blocks() {
  static const Goldens goldens = [] {
    Random random = golden::seeded_generator();
    Goldens made;
    for (int i = 0; i < 60; ++i) {
      const int lengths[] = {1, 2, 7, 8, 16, 31, 33, 64, 100, 128, 256, 257, 300, 700};
      spec::DotRequest request =
          request_of(i % 3 == 0 ? spec::AccumulatorType::Exact : spec::AccumulatorType::BlockExact,
                     static_cast<int>(below(random, 6)), static_cast<int>(below(random, 6)));
      request.block_size = lengths[below(random, std::size(lengths))];
      made.push_back(
          with_golden(random,
                      make_product(random, request, random_side(random), random_side(random),
                                   below(random, 800), static_cast<Terms>(below(random, terms_count)), false),
                      6));
    }
    return made;
  }();
  return goldens;
}

/// The whole sum exact, to every output by every rounding.
const Goldens& exact_products() {
  static const Goldens goldens = [] {
    Random random = golden::seeded_generator();
    Goldens made;
    const spec::FloatType outputs[] = {spec::FloatType::Float32, spec::FloatType::BFloat16,
                                       spec::FloatType::Float16};
    for (int a = 0; a < spec::operand_type_count; ++a)
      for (int b = 0; b < spec::operand_type_count; ++b)
        for (int i = 0; i < 3; ++i) {
          spec::DotRequest request = request_of(spec::AccumulatorType::Exact, a, b);
          request.output = outputs[i];
          request.rounding.mode = static_cast<spec::RoundingMode>(below(random, 7));
          request.rounding.seed = random();
          const bool stochastic = request.rounding.mode == spec::RoundingMode::Stochastic;
          made.push_back(
              with_golden(random,
                          make_product(random, request, stochastic ? 2 : random_side(random),
                                       stochastic ? 3 : random_side(random), random_depth(random),
                                       static_cast<Terms>(below(random, terms_count)), below(random, 2) == 0),
                          6));
        }
    return made;
  }();
  return goldens;
}

/// Numbers, powers of two, zeros, subnormal and huge ones.
float random_factor(Random& random) {
  switch (below(random, 8)) {
    case 0: return 0.0f;
    case 1: return -0.0f;
    case 2: return 1.0f;
    case 3: return std::ldexp(1.0f, static_cast<int>(below(random, 40)) - 20);
    case 4: return std::bit_cast<float>(static_cast<std::uint32_t>(below(random, 1 << 23)));
    case 5: return -std::bit_cast<float>(0x7f7fffffu - static_cast<std::uint32_t>(below(random, 1 << 24)));
    default: return static_cast<float>(below(random, 1 << 24)) * 0x1p-20f - 5;
  }
}

/// alpha times an exact sum, beta times C.
const Goldens& scaled_products() {
  static const Goldens goldens = [] {
    Random random = golden::seeded_generator();
    Goldens made;
    for (int i = 0; i < 250; ++i) {
      spec::DotRequest request =
          request_of(spec::AccumulatorType::Exact, static_cast<int>(below(random, spec::operand_type_count)),
                     static_cast<int>(below(random, spec::operand_type_count)));
      request.output = static_cast<spec::FloatType>(below(random, 3));
      request.rounding.mode = static_cast<spec::RoundingMode>(below(random, 7));
      request.rounding.seed = random();
      Product product =
          make_product(random, request, 1 + below(random, 4), 1 + below(random, 5), below(random, 100),
                       static_cast<Terms>(below(random, terms_count)), below(random, 4) != 0);
      product.factors = {random_factor(random), random_factor(random)};
      made.push_back(with_golden(random, std::move(product), 6));
    }
    return made;
  }();
  return goldens;
}

/// Loops, chains and trees in float32.
const Goldens& float32_products() {
  static const Goldens goldens = [] {
    Random random = golden::seeded_generator();
    Goldens made;
    const spec::AccumulatorType accumulators[] = {spec::AccumulatorType::Float32Sequential,
                                                  spec::AccumulatorType::Float32Pairwise,
                                                  spec::AccumulatorType::Float32Fma};
    for (const auto accumulator : accumulators)
      for (int i = 0; i < 60; ++i) {
        spec::DotRequest request =
            request_of(accumulator, static_cast<int>(below(random, spec::operand_type_count)),
                       static_cast<int>(below(random, spec::operand_type_count)));
        if (i % 3 == 0) request.tail = spec::Tail::ShortBlock;
        if (i % 5 == 0) request.block_size = 24;
        made.push_back(with_golden(
            random,
            make_product(random, request, random_side(random), random_side(random), below(random, 700),
                         static_cast<Terms>(below(random, terms_count)), below(random, 2) == 0),
            4));
      }
    return made;
  }();
  return goldens;
}

/// Every matrix unit on every pair of operands that it takes, in every output that it gives.
const Goldens& unit_products() {
  static const Goldens goldens = [] {
    Random random = golden::seeded_generator();
    Goldens made;
    for (const spec::Accumulator& row : spec::accumulators)
      for (int a = 0; a < spec::operand_type_count; ++a)
        for (int b = 0; b < spec::operand_type_count; ++b)
          for (const auto output : {spec::FloatType::Float32, spec::FloatType::Float16}) {
            spec::DotRequest request = request_of(row.type, a, b);
            request.output = output;
            if (!fast::is_matrix_unit(row) || spec::refusal(request) != nullptr) continue;
            Product product =
                make_product(random, request, random_side(random), random_side(random), random_depth(random),
                             static_cast<Terms>(below(random, terms_count)), below(random, 2) == 0);
            if (row.scale == spec::ScaleEntry::Unscaled) product.a_scales = product.b_scales = {};
            made.push_back(with_golden(random, std::move(product), 6));
          }
    return made;
  }();
  return goldens;
}

class Matmul : public EveryTier {
 protected:
  void expect_all(const Goldens& goldens) const {
    for (const GoldenProduct& golden : goldens) {
      expect_golden(golden, {.isa = GetParam(), .threads = 1});
      if (HasFailure()) return;
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Tiers, Matmul, testing::ValuesIn(matmul_tiers()), tier_name);

TEST_P(Matmul, BlockSumsOfEveryPairOfFormatsAreTheReferences) {
  expect_all(block_products());
}

TEST_P(Matmul, BlocksOfAnyLengthAreTheReferences) {
  expect_all(odd_blocks());
}

TEST_P(Matmul, ExactSumsOfEveryPairOfOperandsAreTheReferences) {
  expect_all(exact_products());
}

TEST_P(Matmul, FactorsOfExactSumsAreTheReferences) {
  expect_all(scaled_products());
}

TEST_P(Matmul, LoopsChainsAndTreesInFloat32AreTheReferences) {
  expect_all(float32_products());
}

TEST_P(Matmul, MatrixUnitsAreTheReferences) {
  expect_all(unit_products());
}

TEST_P(Matmul, TheNumberOfThreadsChangesNothing) {
  Random random = golden::seeded_generator();
  for (const auto accumulator : {spec::AccumulatorType::BlockExact, spec::AccumulatorType::Exact,
                                 spec::AccumulatorType::Float32Pairwise, spec::AccumulatorType::Float32Fma,
                                 spec::AccumulatorType::BlackwellMxf8f6f4}) {
    const spec::DotRequest request = request_of(accumulator, 4, static_cast<int>(below(random, 5)));
    const Product product = make_product(random, request, 97, 131, 96, Terms::Numbers, false);
    const auto one = fast_product(product, {}, {.isa = GetParam(), .threads = 1});
    for (const int threads : {2, 3, 7})
      EXPECT_EQ(fast_product(product, {}, {.isa = GetParam(), .threads = threads}), one)
          << product.describe();
  }
}

TEST_P(Matmul, TheCallersEnvironmentChangesNothingAndStays) {
  Random random = golden::seeded_generator();
  for (const auto accumulator : {spec::AccumulatorType::BlockExact, spec::AccumulatorType::Exact,
                                 spec::AccumulatorType::Float32Sequential,
                                 spec::AccumulatorType::Float32Pairwise, spec::AccumulatorType::Float32Fma})
    for (const Terms terms : {Terms::Numbers, Terms::SmallScales}) {
      const spec::DotRequest request = request_of(accumulator, static_cast<int>(below(random, 6)), 2);
      const Product product = make_product(random, request, 17, 19, 70, terms, false);
      const auto expected = fast_product(product, {}, {.isa = GetParam(), .threads = 1});
      for (const unsigned control_word : hostile_environments) {
        const FloatingEnvironment environment(control_word);
        EXPECT_EQ(fast_product(product, {}, {.isa = GetParam(), .threads = 1}), expected)
            << product.describe();
        EXPECT_TRUE(environment.unchanged());
      }
    }
}

TEST_P(Matmul, TilesMeetWithoutSeams) {
  Random random = golden::seeded_generator();
  for (const auto accumulator :
       {spec::AccumulatorType::BlockExact, spec::AccumulatorType::BlackwellMxf8f6f4}) {
    const spec::DotRequest request = request_of(accumulator, 1, 4);
    GoldenProduct golden =
        with_golden(random, make_product(random, request, 390, 401, 32, Terms::Numbers, false), 60);
    for (const bool along_columns : {false, true}) {
      golden.placement.a_along_columns = golden.placement.b_along_columns = along_columns;
      expect_golden(golden, {.isa = GetParam(), .threads = 2});
    }
  }
}

}  // namespace
}  // namespace mxemu::fast_tests
