#include "pair_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "../golden/seed.hpp"
#include "fixed_point.hpp"
#include "operands.hpp"

namespace mxemu::dot_test {
namespace {

struct DrawnPair {
  reference::Block a, b;
};

/// Elements of all kinds; one pair in eight with NaN and Inf, one in eight whose neighbours cancel exactly;
/// scales anywhere or, half the time, such that the result is near the range of float32.
DrawnPair drawn_pair(std::mt19937_64& random, spec::OperandType type_a, spec::OperandType type_b) {
  const bool specials = random() % 8 == 0;
  const std::size_t count = random() % 4 == 0 ? 1 + random() % 32 : 32;
  DrawnPair pair;
  pair.a.codes = drawn_codes(random, type_a, count, specials);
  pair.b.codes = drawn_codes(random, type_b, count, specials);
  if (random() % 8 == 0)
    for (std::size_t i = 0; i + 1 < count; i += 2) {
      pair.a.codes[i + 1] = pair.a.codes[i];
      if (type_b != spec::OperandType::INT8)
        pair.b.codes[i + 1] = pair.b.codes[i] ^ spec::element_format_of(type_b).sign_mask;
    }
  const int scale_a = static_cast<int>(random() % 256);
  const int near = std::clamp(254 - scale_a + static_cast<int>(random() % 280) - 160, 0, 254);
  pair.a.scale = static_cast<std::uint8_t>(scale_a);
  pair.b.scale = static_cast<std::uint8_t>(random() % 2 ? static_cast<int>(random() % 256) : near);
  return pair;
}

}  // namespace

void check_random_pairs(int pairs_of_each) {
  std::mt19937_64 random = golden::seeded_generator();
  long checked = 0, finite = 0;
  for (int a = 0; a < spec::element_operand_count; ++a)
    for (int b = 0; b < spec::element_operand_count; ++b)
      for (int i = 0; i < pairs_of_each; ++i, ++checked) {
        const auto type_a = static_cast<spec::OperandType>(a), type_b = static_cast<spec::OperandType>(b);
        const DrawnPair pair = drawn_pair(random, type_a, type_b);
        const auto accumulator = i % 2 ? spec::AccumulatorType::Exact : spec::AccumulatorType::BlockExact;
        const spec::DotRequest request = {.accumulator = accumulator, .a = type_a, .b = type_b};
        const std::uint32_t expected =
            fixed_point_dot(type_a, pair.a.scale, pair.a.codes, type_b, pair.b.scale, pair.b.codes);
        // The default contract adds its block to c = +0, which takes the sign of an underflow.
        const bool negative_zero = expected == 0x80000000 && accumulator == spec::AccumulatorType::BlockExact;
        finite += (expected & 0x7f800000) != 0x7f800000 && (expected & 0x7fffffff) != 0;
        ASSERT_EQ(reference::dot(request, pair.a, pair.b), negative_zero ? 0 : expected)
            << spec::name_of(type_a) << " x " << spec::name_of(type_b) << ", pair " << i;
      }
  std::cout << checked << " pairs, " << finite << " with a finite result that is not zero" << std::endl;
  EXPECT_GT(finite, checked / 4);
}

}  // namespace mxemu::dot_test
