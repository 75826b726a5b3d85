#include "conformance/amax_signature.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "conformance/case_view.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t fewest_cases = 2;
constexpr std::size_t most_cases = 512;  ///< of those that differ

/// One case that differs, and its answer.
struct Differing {
  Cases cases;
  Answers got;
};

std::vector<Differing> differing_cases(const Evidence& evidence, const Comparison& differences) {
  std::vector<Differing> all;
  std::set<std::pair<std::size_t, std::size_t>> seen;
  for (const Mismatch& at : differences.mismatches) {
    if (all.size() == most_cases) break;
    if (!seen.insert({at.batch, at.case_index}).second) continue;
    const Cases& batch = evidence.batches[at.batch];
    all.push_back(
        {part_of(batch, at.case_index, 1), part_of(evidence.got[at.batch], batch, at.case_index, 1)});
  }
  return all;
}

std::uint64_t sign_mask(const Numbers& numbers) {
  return spec::format_of(numbers.type()).sign_mask();
}
std::uint64_t magnitude_at(const Numbers& numbers, std::size_t lane) {
  return numbers.at(lane) & (sign_mask(numbers) - 1);
}
bool is_negative_at(const Numbers& numbers, std::size_t lane) {
  return (numbers.at(lane) & sign_mask(numbers)) != 0 && magnitude_at(numbers, lane) != 0;
}

std::vector<std::size_t> lanes_of_amax(const Numbers& numbers) {
  std::uint64_t amax = 0;
  for (std::size_t lane = 0; lane < numbers.size(); ++lane)
    amax = std::max(amax, magnitude_at(numbers, lane));
  std::vector<std::size_t> lanes;
  for (std::size_t lane = 0; lane < numbers.size(); ++lane)
    if (magnitude_at(numbers, lane) == amax) lanes.push_back(lane);
  return lanes;
}

void drop_negatives(Numbers& numbers) {
  for (std::size_t lane = 0; lane < numbers.size(); ++lane)
    if (is_negative_at(numbers, lane)) numbers.set(lane, 0);
}

/// max() without abs(): in a block of negative numbers the one nearest to zero.
void keep_signed_maximum(Numbers& numbers) {
  std::uint64_t smallest = ~std::uint64_t{0};
  bool all_negative = true;
  for (std::size_t lane = 0; lane < numbers.size(); ++lane) {
    all_negative = all_negative && is_negative_at(numbers, lane);
    smallest = std::min(smallest, magnitude_at(numbers, lane));
  }
  drop_negatives(numbers);
  if (all_negative) numbers.set(0, smallest);
}

/// Whether the answer is right under the scale of the changed numbers.
bool is_answer_of(const Differing& differing, const std::function<void(Numbers&)>& change,
                  const Amendments& known) {
  Cases seen = differing.cases;
  seen.operation = Operation::Scale;
  seen.random_words.clear();
  change(seen.numbers);
  Cases given = differing.cases;
  given.scales = answers_under(seen, known).scales;
  if (given.scales != differing.got.scales) return false;
  if (given.operation == Operation::Scale) return true;
  given.operation = Operation::EncodeScaled;
  return answers_under(given, known).codes == differing.got.codes;
}

/// "lane 31 is left out of amax", "lanes 16 to 31 are left out of amax".
std::string left_out_text(const std::set<std::size_t>& lanes) {
  const std::size_t first = *lanes.begin();
  const std::size_t last = *lanes.rbegin();
  if (lanes.size() == 1) return "lane " + std::to_string(first) + " is left out of amax";
  if (last - first + 1 == lanes.size())
    return "lanes " + std::to_string(first) + " to " + std::to_string(last) + " are left out of amax";
  return std::to_string(lanes.size()) + " lanes are left out of amax, the first of them " +
         std::to_string(first);
}

}  // namespace

std::string find_amax_suspect(const Target& target, const Evidence& evidence, const Comparison& differences,
                              const Amendments& known) {
  if (!gives_scale(target.operation) || is_tensor(target.operation)) return "";
  const std::vector<Differing> cases = differing_cases(evidence, differences);
  if (cases.size() < fewest_cases) return "";
  const auto fits = [&](const std::function<void(Numbers&)>& change) {
    return std::all_of(cases.begin(), cases.end(),
                       [&](const Differing& one) { return is_answer_of(one, change, known); });
  };
  for (const auto& change : {drop_negatives, keep_signed_maximum})
    if (fits(change)) return "amax without the sign taken away";
  std::set<std::size_t> lanes;
  for (const Differing& one : cases)
    for (const std::size_t lane : lanes_of_amax(one.cases.numbers)) lanes.insert(lane);
  // Of lanes that were seen once each nothing follows.
  if (lanes.size() >= std::min(cases.size(), target.block_size())) return "";
  const auto leave_out = [&](Numbers& numbers) {
    for (const std::size_t lane : lanes)
      if (lane < numbers.size()) numbers.set(lane, 0);  // a short block has fewer
  };
  return fits(leave_out) ? left_out_text(lanes) : "";
}

}  // namespace mxemu::conformance
