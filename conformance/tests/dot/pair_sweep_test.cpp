// More than a million random block pairs of all 36 format pairs.
#include <gtest/gtest.h>

#include "pair_check.hpp"

namespace mxemu::dot_test {
namespace {

TEST(BlockDotSweep, EqualsFixedPointOnAMillionRandomPairs) {
  check_random_pairs(28'000);
}

}  // namespace
}  // namespace mxemu::dot_test
