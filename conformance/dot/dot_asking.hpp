// One check of one pair of operands, put to a subject.
#pragma once

#include <cstdint>
#include <vector>

#include "conformance/dot/dot_check.hpp"
#include "conformance/suite.hpp"

namespace mxemu::conformance {

/// The cases of a check and the answers to them.
struct AskedDots {
  const DotCheck* check = nullptr;
  DotBatches batches = {};
  std::vector<DotAnswers> got = {};
  std::vector<std::uint64_t> first_case = {};  ///< the number of the first case of each batch

  /// A case by its place.
  struct Place {
    std::size_t batch;
    std::size_t index;
  };

  std::uint32_t result(Place at) const { return got[at.batch].results[at.index]; }
  std::uint64_t number(Place at) const { return first_case[at.batch] + at.index; }
  std::uint64_t count(bool supported) const;

  /// visit(place) for every case that the subject answered.
  template <class Visit>
  void for_each_case(const Visit& visit) const {
    for (std::size_t batch = 0; batch < batches.size(); ++batch)
      for (std::size_t i = 0; i < batches[batch].count(); ++i)
        if (got[batch].is_supported(i)) visit(Place{batch, i});
  }
};

/// The cases depend on nothing but the check, the pair, the level and the seed of the options; `only_case`
/// leaves one of them. Throws DeviceError when there are not as many results as cases.
AskedDots ask_dots(Subject& subject, const SuiteOptions& options, const DotCapability& pair,
                   const DotCheck& check);

/// The cases of a check under a seed of its own.
DotBatches dot_batches(const DotCheck& check, const DotTarget& target, std::uint64_t seed);

}  // namespace mxemu::conformance
