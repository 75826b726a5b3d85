#include "conformance/dot/dot_asking.hpp"

#include <string>

namespace mxemu::conformance {
namespace {

void keep_one(std::uint64_t number, AskedDots& asked) {
  DotBatches kept;
  for (std::size_t batch = 0; batch < asked.batches.size(); ++batch)
    if (number >= asked.first_case[batch] && number < asked.first_case[batch + 1])
      kept = {part_of(asked.batches[batch], number - asked.first_case[batch], 1)};
  asked.batches = kept;
  asked.first_case = {number, number + 1};
}

}  // namespace

std::uint64_t AskedDots::count(bool supported) const {
  std::uint64_t count = 0;
  for (std::size_t batch = 0; batch < batches.size(); ++batch)
    for (std::size_t i = 0; i < batches[batch].count(); ++i)
      if (got[batch].is_supported(i) == supported) ++count;
  return count;
}

DotBatches dot_batches(const DotCheck& check, const DotTarget& target, std::uint64_t seed) {
  for (const char letter : std::string(check.id) + " " + describe(target.pair))
    seed = (seed ^ static_cast<unsigned char>(letter)) * 1099511628211U;
  Random random(seed);
  return check.generate(target, random);
}

AskedDots ask_dots(Subject& subject, const SuiteOptions& options, const DotCapability& pair,
                   const DotCheck& check) {
  AskedDots asked = {
      .check = &check, .batches = dot_batches(check, {pair, options.level}, options.seed), .first_case = {0}};
  for (const DotCases& cases : asked.batches)
    asked.first_case.push_back(asked.first_case.back() + cases.count());
  if (options.only_case) keep_one(*options.only_case, asked);
  for (const DotCases& cases : asked.batches) {
    asked.got.push_back(subject.answer_dot(cases));
    if (asked.got.back().results.size() != cases.count())
      throw DeviceError(subject.name() + ": it answers " + std::to_string(cases.count()) +
                        " dot products with " + std::to_string(asked.got.back().results.size()) + " results");
  }
  return asked;
}

}  // namespace mxemu::conformance
