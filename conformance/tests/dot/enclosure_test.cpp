// The enclosure of every order of additions, against all binary trees over up to seven terms in the machine's
// float32.
#include "reference/enclosure.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <set>

#include "../golden/seed.hpp"
#include "operands.hpp"
#include "reference/sum.hpp"
#include "spec/float_format.hpp"

namespace mxemu::dot_test {
namespace {

using reference::Enclosure, reference::Value;

Value value_of(float x) {
  return reference::decode_float(spec::format_of(spec::FloatType::Float32), bits_of(x));
}

Enclosure enclosure_of(const std::vector<float>& terms) {
  std::vector<Value> values;
  for (const float term : terms) values.push_back(value_of(term));
  return reference::enclose_float32_sums(values);
}

/// The bits of every result, NaNs as one.
std::set<std::uint32_t> results_of_all_trees(const std::vector<float>& terms) {
  std::map<unsigned, std::set<std::uint32_t>> sums;  // by the set of the terms
  const unsigned all = (1u << terms.size()) - 1;
  for (unsigned subset = 1; subset <= all; ++subset) {
    if ((subset & (subset - 1)) == 0) {
      for (std::size_t i = 0; i < terms.size(); ++i)
        if (subset == 1u << i) sums[subset].insert(bits_of(terms[i]));
      continue;
    }
    for (unsigned left = (subset - 1) & subset; left > (subset ^ left); left = (left - 1) & subset)
      for (const std::uint32_t x : sums[left])
        for (const std::uint32_t y : sums[subset ^ left]) {
          const float sum = std::bit_cast<float>(x) + std::bit_cast<float>(y);
          sums[subset].insert(std::isnan(sum) ? 0x7fc00000 : bits_of(sum));
        }
  }
  return sums[all];
}

/// Codes in the order of their numbers.
std::int64_t rank(std::uint32_t bits) {
  const auto magnitude = static_cast<std::int64_t>(bits & 0x7fffffff);
  return bits >> 31 ? -magnitude : magnitude;
}

std::uint32_t code_of(const Value& value) {
  return static_cast<std::uint32_t>(
      reference::encode_float(spec::format_of(spec::FloatType::Float32), value));
}

struct Looseness {
  double sum_of_ratios = 0;
  int count = 0, tight = 0;
};

void expect_enclosed(const std::vector<float>& terms, Looseness* looseness = nullptr) {
  const Enclosure set = enclosure_of(terms);
  const auto results = results_of_all_trees(terms);
  std::int64_t low = INT64_MAX, high = INT64_MIN;
  for (const std::uint32_t result : results) {
    ASSERT_TRUE(set.contains(result)) << std::hex << result << " of " << testing::PrintToString(terms);
    if (std::isnan(std::bit_cast<float>(result))) continue;
    low = std::min(low, rank(result));
    high = std::max(high, rank(result));
  }
  if (!looseness || set.may_be_nan) return;
  const double width = static_cast<double>(rank(code_of(set.high)) - rank(code_of(set.low)) + 1);
  looseness->sum_of_ratios += width / static_cast<double>(high - low + 1);
  looseness->tight += low == rank(code_of(set.low)) && high == rank(code_of(set.high));
  ++looseness->count;
}

std::vector<float> drawn_terms(std::mt19937_64& random, std::size_t count, int spread, int centre) {
  std::vector<float> terms;
  for (std::size_t i = 0; i < count; ++i) {
    const float significand = 1 + std::ldexp(static_cast<float>(random() % (1 << 23)), -23);
    const int exponent = centre + static_cast<int>(random() % static_cast<unsigned>(spread + 1));
    terms.push_back((random() % 2 ? -1.0f : 1.0f) * std::ldexp(significand, exponent));
  }
  return terms;
}

TEST(Enclosure, HoldsTheResultOfEveryTreeOverUpToSevenTerms) {
  std::mt19937_64 random = golden::seeded_generator();
  for (const int spread : {0, 3, 12, 30}) {
    Looseness looseness;
    for (int round = 0; round < 300; ++round) {
      const std::size_t count = 1 + random() % (round % 6 == 0 ? 7 : 6);
      expect_enclosed(drawn_terms(random, count, spread, -spread / 2), &looseness);
      if (testing::Test::HasFatalFailure()) return;
    }
    std::cout << "exponents within " << spread << ": on average " << looseness.sum_of_ratios / looseness.count
              << " times as wide as the results of all trees, equal to their range in " << looseness.tight
              << " of " << looseness.count << std::endl;
  }
}

TEST(Enclosure, HoldsSubnormalsOverflowsAndCancellations) {
  std::mt19937_64 random = golden::seeded_generator();
  for (int round = 0; round < 60; ++round) {
    expect_enclosed(drawn_terms(random, 5, 3, -150));
    expect_enclosed(drawn_terms(random, 5, 2, 125));
    auto terms = drawn_terms(random, 3, 20, -10);
    for (int i = 0; i < 3; ++i) terms.push_back(-terms[static_cast<std::size_t>(i)]);
    expect_enclosed(terms);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(Enclosure, HoldsInfinitiesNansAndZeros) {
  const float inf = INFINITY, large = 0x1.8p127f;
  const std::vector<float> cases[] = {{inf, 1},
                                      {-inf, 1, large},
                                      {inf, -inf},
                                      {NAN, 1},
                                      {0.0f, -0.0f},
                                      {-0.0f, -0.0f},
                                      {-0.0f},
                                      {1, -1, -0.0f},
                                      {large, large},
                                      {large, -large, large, -large},
                                      {inf, -large, -large},
                                      {-large, -large, 1},
                                      {0x1p-149f, -0x1p-149f, -0.0f}};
  for (const auto& terms : cases) expect_enclosed(terms);
  EXPECT_FALSE(enclosure_of({0.0f, -0.0f}).contains(0x80000000));
  EXPECT_FALSE(enclosure_of({-0.0f, -0.0f}).contains(0));
  EXPECT_FALSE(enclosure_of({1, 2}).contains(0x7fc00000));
  EXPECT_FALSE(enclosure_of({NAN, 1}).contains(bits_of(1.0f)));
}

TEST(Enclosure, IsOneNumberWhereNoOrderCanRound) {
  const Enclosure set = enclosure_of({1, 2, -3.5f, 1024, 0x1p-10f});
  EXPECT_EQ(code_of(set.low), bits_of(1 + 2 - 3.5f + 1024 + 0x1p-10f));
  EXPECT_EQ(code_of(set.high), code_of(set.low));
}

TEST(Enclosure, LeavesOutWhatNoOrderGives) {
  // 1 and 2^-24 seven times: 1, or 1 + 2^-23 to 1 + 4 2^-23; not 1 - 2^-24 and not 1.00001.
  std::vector<float> terms(8, 0x1p-24f);
  terms[0] = 1;
  const Enclosure set = enclosure_of(terms);
  EXPECT_TRUE(set.contains(bits_of(1.0f)));
  EXPECT_TRUE(set.contains(bits_of(1 + 4 * 0x1p-23f)));
  EXPECT_FALSE(set.contains(bits_of(1.00001f)));
  EXPECT_FALSE(set.contains(bits_of(0.99999f)));
}

TEST(Enclosure, HoldsChainsOfFusedMultiplyAddsInEveryOrder) {
  std::mt19937_64 random = golden::seeded_generator();
  for (const int centre : {0, -75, 55})
    for (int round = 0; round < 40; ++round) {
      const auto a = drawn_terms(random, 5, 12, centre), b = drawn_terms(random, 5, 12, centre);
      std::vector<Value> products{Value{}};
      for (std::size_t i = 0; i < 5; ++i)
        products.push_back(reference::product(value_of(a[i]), value_of(b[i])));
      const Enclosure set = reference::enclose_float32_sums(products);
      std::vector<std::size_t> order{0, 1, 2, 3, 4};
      do {
        float chain = 0, loop = 0;
        for (const std::size_t i : order) {
          chain = std::fma(a[i], b[i], chain);
          loop += a[i] * b[i];
        }
        ASSERT_TRUE(set.contains(bits_of(chain))) << chain;
        ASSERT_TRUE(set.contains(bits_of(loop))) << loop;
      } while (std::next_permutation(order.begin(), order.end()));
    }
}

TEST(Enclosure, HoldsWhatRoundedProductsLoseAndFusedOnesKeep) {
  // (1 + 2^-12)^2 - (1 + 2^-11) is 2^-24, or 0 where the square is rounded first.
  const Value root = value_of(1 + 0x1p-12f);
  const Value terms[] = {reference::product(root, root), value_of(-(1 + 0x1p-11f))};
  const Enclosure set = reference::enclose_float32_sums(terms);
  EXPECT_TRUE(set.contains(bits_of(0x1p-24f)));
  EXPECT_TRUE(set.contains(0));
  EXPECT_FALSE(set.contains(bits_of(0x1.2p-23f)));
}

TEST(Enclosure, HoldsEveryFloat32AccumulatorOfTheSpecification) {
  std::mt19937_64 random = golden::seeded_generator();
  using enum spec::AccumulatorType;
  for (int round = 0; round < 200; ++round) {
    const auto type_a = static_cast<spec::OperandType>(random() % 6),
               type_b = static_cast<spec::OperandType>(random() % 6);
    Vector a{type_a}, b{type_b};
    for (const std::uint8_t code : drawn_codes(random, type_a, 96, false)) a.push(code);
    for (const std::uint8_t code : drawn_codes(random, type_b, 96, false)) b.push(code);
    for (int block = 0; block < 3; ++block) {
      a.scales.push_back(static_cast<std::uint8_t>(120 + random() % 14));
      b.scales.push_back(static_cast<std::uint8_t>(120 + random() % 14));
    }
    const std::uint32_t c = bits_of(static_cast<float>(random() % 1000) / 7);
    const spec::DotRequest request = request_of(BlockExact, a, b);
    const Enclosure set = reference::enclose_dot(request, a.operand(), 0, b.operand(), 0, c);
    for (const auto type : {BlockExact, Exact, Float32Sequential, Float32Pairwise, Float32Fma})
      ASSERT_TRUE(set.contains(dot_of(type, a, b, c))) << spec::name_of(type);
  }
}

}  // namespace
}  // namespace mxemu::dot_test
