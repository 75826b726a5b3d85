// The inputs of golden vectors of dot products: the cases of the suite's checks, all of them or some of each,
// and seeded random ones. The same arguments give the same cases on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "conformance/dot/dot_cases.hpp"
#include "conformance/vectors/batches.hpp"
#include "spec/accumulator.hpp"

namespace mxemu::conformance::vectors {

struct DotRecipe {
  const spec::Accumulator* row = nullptr;
  std::vector<DotCapability> pairs = {};  ///< that the row accepts
  Level level = Level::Small;
  std::uint64_t seed = 1;
  std::size_t random_cases = 0;  ///< of each pair, after all others
};

/// Small: for the first pair some cases of every check, with those that hit each cell that the check
/// promises and those that tell the row from each of its neighbours (dot_neighbours.hpp); for every other
/// pair a case of one check. Full: all cases of every check that `mxemu check --level quick` asks, for every
/// pair.
DotRecipe dot_recipe(const spec::Accumulator& row, Level level, std::uint64_t seed);

/// Random cases of a pair, where the user names no number.
std::size_t dot_random_cases_of(Level level);

/// Cases of one shape and pair, and the check that each comes from.
struct DotBatch {
  DotCases cases;
  std::vector<std::string> checks;
};

/// Hands over every case of a recipe, batch after batch, in a fixed order.
void for_each_dot_batch(const DotRecipe& recipe, const std::function<void(const DotBatch&)>& take);

}  // namespace mxemu::conformance::vectors
