#include "conformance/vectors/dot_batches.hpp"

#include <algorithm>

#include "conformance/dot/dot_asking.hpp"
#include "conformance/dot/dot_coverage.hpp"
#include "conformance/dot/dot_emulation.hpp"

namespace mxemu::conformance::vectors {
namespace {

/// Of each check of the first pair, in a small set, beside those that hit its cells.
constexpr std::size_t small_cases = 2;

std::size_t count_of(const DotBatches& batches) {
  std::size_t count = 0;
  for (const DotCases& cases : batches) count += cases.count();
  return count;
}

/// `wanted` of `count` places, spread evenly and the last among them; where it is one, that of `shift`.
std::vector<std::size_t> places(std::size_t count, std::size_t wanted, std::size_t shift) {
  if (wanted >= count) wanted = count;
  std::vector<std::size_t> chosen;
  if (wanted == 1) return {shift % count};
  for (std::size_t i = 0; i < wanted; ++i) chosen.push_back(i * (count - 1) / (wanted - 1));
  return chosen;
}

/// Hands over the cases of a check that stand at these places, which ascend.
void take_places(const DotBatches& batches, const std::vector<std::size_t>& chosen, const std::string& check,
                 const std::function<void(const DotBatch&)>& take) {
  std::size_t first = 0;
  for (const DotCases& cases : batches) {
    DotBatch batch = {part_of(cases, 0, 0), {}};
    for (const std::size_t place : chosen) {
      if (place < first || place >= first + cases.count()) continue;
      append(batch.cases, line_of(cases, cases.a, cases.a_operand, place - first),
             line_of(cases, cases.b, cases.b_operand, place - first), cases.c[place - first]);
      batch.checks.push_back(check);
    }
    if (!batch.checks.empty()) take(batch);
    first += cases.count();
  }
}

DotBins cells_at(const spec::Accumulator& row, const DotBatches& batches, std::size_t place) {
  for (const DotCases& cases : batches) {
    if (place < cases.count()) return dot_cells(row, cases, place);
    place -= cases.count();
  }
  return {};
}

/// Adds the first place that hits a cell, for every cell that the check promises and no chosen place hits.
void add_promised(const DotRecipe& recipe, const DotCheck& check, const DotTarget& target,
                  const DotBatches& batches, std::vector<std::size_t>& chosen) {
  const DotBins promised = check.promises(*recipe.row, target);
  DotCoverage hit;
  const auto count = [&](const DotBins& cells) {
    for (const auto& word : spec::words<DotBin>) hit[word.value] += cells.has(word.value) ? 1 : 0;
  };
  for (const std::size_t place : chosen) count(cells_at(*recipe.row, batches, place));
  for (std::size_t place = 0; place < count_of(batches); ++place) {
    if (missing_cells(promised, hit).empty()) break;
    const DotBins cells = cells_at(*recipe.row, batches, place);
    const auto is_new = [&](const auto& word) {
      return promised.has(word.value) && cells.has(word.value) && hit[word.value] == 0;
    };
    if (std::none_of(std::begin(spec::words<DotBin>), std::end(spec::words<DotBin>), is_new)) continue;
    count(cells);
    chosen.push_back(place);
  }
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
}

std::vector<const DotCheck*> checks_for(const DotTarget& target) {
  std::vector<const DotCheck*> checks;
  for (const DotCheck* check : every_dot_check())
    if (check->applies(target)) checks.push_back(check);
  return checks;
}

const DotCheck& random_check() {
  const auto checks = every_dot_check();
  return **std::find_if(checks.begin(), checks.end(),
                        [](const DotCheck* check) { return std::string(check->id) == "dot/random"; });
}

void take_random(const DotRecipe& recipe, const DotTarget& target,
                 const std::function<void(const DotBatch&)>& take) {
  const DotCheck& check = random_check();
  std::size_t left = recipe.random_cases;
  for (std::uint64_t round = 1; left > 0; ++round) {
    const DotBatches batches = dot_batches(check, target, recipe.seed + round);
    const std::size_t now = std::min(left, count_of(batches));
    take_places(batches, places(count_of(batches), now, round), check.id, take);
    left -= now;
  }
}

}  // namespace

DotRecipe dot_recipe(const spec::Accumulator& row, Level level, std::uint64_t seed) {
  return {.row = &row,
          .pairs = pairs_of(row),
          .level = level,
          .seed = seed,
          .random_cases = dot_random_cases_of(level)};
}

std::size_t dot_random_cases_of(Level level) {
  return level == Level::Full ? 256 : 1;
}

void for_each_dot_batch(const DotRecipe& recipe, const std::function<void(const DotBatch&)>& take) {
  for (std::size_t number = 0; number < recipe.pairs.size(); ++number) {
    const DotTarget target = {recipe.pairs[number], conformance::Level::Quick};
    std::vector<const DotCheck*> checks = checks_for(target);
    const bool all = recipe.level == Level::Full;
    if (!all && number > 0) checks = {checks[number % checks.size()]};
    for (const DotCheck* check : checks) {
      const DotBatches batches = dot_batches(*check, target, recipe.seed);
      const std::size_t count = count_of(batches);
      auto chosen = places(count, all ? count : number > 0 ? 1 : small_cases, 7 * number);
      if (!all && number == 0) add_promised(recipe, *check, target, batches, chosen);
      take_places(batches, chosen, check->id, take);
    }
    take_random(recipe, target, take);
  }
}

}  // namespace mxemu::conformance::vectors
