#include "conformance/vectors/dot_batches.hpp"

#include <algorithm>
#include <stdexcept>

#include "conformance/dot/dot_asking.hpp"
#include "conformance/dot/dot_coverage.hpp"
#include "conformance/dot/dot_emulation.hpp"
#include "conformance/vectors/dot_neighbours.hpp"

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

/// A case by its place in a check.
struct Found {
  const DotCases& cases;
  std::size_t index;
};

Found at(const DotBatches& batches, std::size_t place) {
  for (const DotCases& cases : batches) {
    if (place < cases.count()) return {cases, place};
    place -= cases.count();
  }
  throw std::out_of_range("a check has no case " + std::to_string(place));
}

DotBins cells_at(const spec::Accumulator& row, const DotBatches& batches, std::size_t place) {
  const Found found = at(batches, place);
  return dot_cells(row, found.cases, found.index);
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
}

/// A check of a pair and the places of its cases that are taken.
struct Choice {
  const DotCheck* check;
  DotBatches batches;
  std::vector<std::size_t> places;
};

bool tells(const spec::Accumulator& row, const spec::Accumulator& other, const Found& found) {
  return dot_under(row, found.cases, found.index) != dot_under(other, found.cases, found.index);
}

/// Adds the first case that tells the row from a neighbour, for every neighbour that no chosen case tells.
void add_telling(const spec::Accumulator& row, std::vector<Choice>& choices) {
  for (const spec::Accumulator& other : neighbours(row)) {
    const bool told = std::any_of(choices.begin(), choices.end(), [&](const Choice& choice) {
      return std::any_of(choice.places.begin(), choice.places.end(),
                         [&](std::size_t place) { return tells(row, other, at(choice.batches, place)); });
    });
    if (told) continue;
    const auto add_first = [&](Choice& choice) {
      for (std::size_t place = 0; place < count_of(choice.batches); ++place)
        if (tells(row, other, at(choice.batches, place))) {
          choice.places.push_back(place);
          return true;
        }
      return false;
    };
    for (Choice& choice : choices)
      if (add_first(choice)) break;
  }
}

/// For the first pair of a small set.
std::vector<Choice> choose(const DotRecipe& recipe, const DotTarget& target,
                           const std::vector<const DotCheck*>& checks) {
  std::vector<Choice> choices;
  for (const DotCheck* check : checks) {
    Choice choice = {check, dot_batches(*check, target, recipe.seed), {}};
    choice.places = places(count_of(choice.batches), small_cases, 0);
    add_promised(recipe, *check, target, choice.batches, choice.places);
    choices.push_back(std::move(choice));
  }
  add_telling(*recipe.row, choices);
  for (Choice& choice : choices) {
    std::sort(choice.places.begin(), choice.places.end());
    choice.places.erase(std::unique(choice.places.begin(), choice.places.end()), choice.places.end());
  }
  return choices;
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
  const bool all = recipe.level == Level::Full;
  for (std::size_t number = 0; number < recipe.pairs.size(); ++number) {
    const DotTarget target = {recipe.pairs[number], conformance::Level::Quick};
    const std::vector<const DotCheck*> checks = checks_for(target);
    std::vector<Choice> choices;
    if (!all && number == 0) choices = choose(recipe, target, checks);
    for (std::size_t i = 0; i < checks.size() && choices.empty(); ++i) {
      if (!all && i != number % checks.size()) continue;
      Choice choice = {checks[i], dot_batches(*checks[i], target, recipe.seed), {}};
      const std::size_t count = count_of(choice.batches);
      choice.places = places(count, all ? count : 1, 7 * number);
      take_places(choice.batches, choice.places, choice.check->id, take);
    }
    for (const Choice& choice : choices) take_places(choice.batches, choice.places, choice.check->id, take);
    take_random(recipe, target, take);
  }
}

}  // namespace mxemu::conformance::vectors
