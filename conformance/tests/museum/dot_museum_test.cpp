// Bugs of dot units: the checks of dot products see every one at the level quick.
#include <gtest/gtest.h>

#include <set>

#include "conformance/museum/dot_mutants.hpp"

namespace mxemu::conformance::museum {
namespace {

TEST(DotMuseum, EveryBugIsKilledAndTheSameUnitWithoutItPasses) {
  for (const DotDeath& death : judge_dot_mutants()) {
    EXPECT_TRUE(death.killed) << death.mutant->id;
    EXPECT_TRUE(death.correct_passes) << death.mutant->id;
    EXPECT_TRUE(death.check.starts_with("dot/")) << death.mutant->id;
    EXPECT_NE(death.witness.find("expected"), std::string::npos) << death.mutant->id;
  }
}

TEST(DotMuseum, EveryBugHasANameOfItsOwn) {
  std::set<std::string> ids;
  for (const DotMutant* mutant : every_dot_mutant()) EXPECT_TRUE(ids.insert(mutant->id).second) << mutant->id;
  EXPECT_GE(ids.size(), 25U);
}

TEST(DotMuseum, EveryBugHasASourceOrSaysThatNoneIsKnown) {
  std::size_t sourced = 0;
  for (const DotMutant* mutant : every_dot_mutant()) {
    EXPECT_FALSE(std::string(mutant->source).empty()) << mutant->id;
    if (mutant->source != std::string(no_public_report)) ++sourced;
  }
  EXPECT_GE(sourced, 14U);
}

}  // namespace
}  // namespace mxemu::conformance::museum
