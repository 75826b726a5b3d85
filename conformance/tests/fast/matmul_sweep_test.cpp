// A million block pairs of all pairs of element formats, every one of them, on every tier.
#include <gtest/gtest.h>

#include "conformance/tests/golden/seed.hpp"
#include "product.hpp"
#include "tiers.hpp"

namespace mxemu::fast_tests {
namespace {

TEST(MatmulSweep, AMillionBlockPairsOfAll36FormatPairsAreTheReferences) {
  constexpr std::size_t rows = 59, columns = 60;
  Random random = golden::seeded_generator();
  std::size_t compared = 0;
  for (int a = 0; a < spec::element_operand_count; ++a)
    for (int b = 0; b < spec::element_operand_count; ++b)
      for (int terms = 0; terms < terms_count; ++terms) {
        const spec::DotRequest request = {.a = static_cast<spec::OperandType>(a),
                                          .b = static_cast<spec::OperandType>(b)};
        const Product product =
            make_product(random, request, rows, columns, 32, static_cast<Terms>(terms), false);
        std::vector<std::uint32_t> expected;
        for (std::size_t cell = 0; cell < rows * columns; ++cell)
          expected.push_back(golden_cell(product, cell / columns, cell % columns));
        compared += expected.size();
        for (const fast::Isa isa : matmul_tiers()) {
          if (!fast::supports(isa)) continue;
          ASSERT_EQ(fast_product(product, {}, {.isa = isa, .threads = 1}), expected)
              << product.describe() << " on " << spec::name_of(isa);
        }
      }
  EXPECT_GE(compared, std::size_t{1'000'000});
}

}  // namespace
}  // namespace mxemu::fast_tests
