// Tests that run once per tier; those of a tier that this machine or build lacks are skipped and say so.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "fast/isa.hpp"

namespace mxemu::fast {

/// How GoogleTest prints a tier.
inline void PrintTo(Isa isa, std::ostream* out) {
  *out << spec::name_of(isa);
}

}  // namespace mxemu::fast

namespace mxemu::fast_tests {

class EveryTier : public testing::TestWithParam<fast::Isa> {
 protected:
  void SetUp() override {
    if (!fast::supports(GetParam()))
      GTEST_SKIP() << "this machine or this build has no tier " << spec::name_of(GetParam());
  }
};

inline std::vector<fast::Isa> matmul_tiers() {
  std::vector<fast::Isa> tiers;
  for (const auto& word : spec::words<fast::Isa>) tiers.push_back(word.value);
  return tiers;
}

/// Conversions under Amx are those of Avx512.
inline std::vector<fast::Isa> conversion_tiers() {
  std::vector<fast::Isa> tiers = matmul_tiers();
  std::erase(tiers, fast::Isa::Amx);
  return tiers;
}

inline std::string tier_name(const testing::TestParamInfo<fast::Isa>& tier) {
  return spec::name_of(tier.param);
}

/// Once in each file of tests, in its anonymous namespace, for a fixture derived from EveryTier.
#define MXEMU_ON_EVERY_TIER(Fixture) \
  INSTANTIATE_TEST_SUITE_P(Tiers, Fixture, testing::ValuesIn(conversion_tiers()), tier_name)

}  // namespace mxemu::fast_tests
