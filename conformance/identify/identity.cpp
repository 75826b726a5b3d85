// What follows from the findings: the profiles that a device matches.
#include <algorithm>
#include <utility>

#include "conformance/identify/identify.hpp"

namespace mxemu::conformance {

bool Finding::is_visible() const {
  return status == FindingStatus::Unexplained || is_edge(freedom) ||
         static_cast<int>(words.size()) < word_count(freedom);
}

std::vector<const spec::Profile*> FormatIdentity::matches() const {
  std::vector<const spec::Profile*> matching;
  for (const ProfileComparison& comparison : profiles)
    if (comparison.differences.empty() && (comparison.profile->chooses_scales || !chooses_scales))
      matching.push_back(comparison.profile);
  return matching;
}

std::vector<const spec::Profile*> FormatIdentity::element_matches() const {
  std::vector<const spec::Profile*> matching;
  for (const ProfileComparison& comparison : profiles)
    if (comparison.differences.empty() && !comparison.profile->chooses_scales && chooses_scales &&
        comparison.conversions != 0)
      matching.push_back(comparison.profile);
  return matching;
}

const ProfileComparison* FormatIdentity::nearest() const {
  const ProfileComparison* best = nullptr;
  // One that leaves most freedoms open differs in few and is no nearer for it.
  const auto distance = [](const ProfileComparison& comparison) {
    std::size_t differing = 0;
    for (const ProfileDifference& difference : comparison.differences) differing += difference.probes;
    return std::pair(static_cast<int>(comparison.differences.size()) - comparison.agreements, differing);
  };
  for (const ProfileComparison& comparison : profiles)
    if ((comparison.profile->chooses_scales || !chooses_scales) &&
        (!best || distance(comparison) < distance(*best)))
      best = &comparison;
  return best;
}

bool Identity::is_identified() const {
  return !formats.empty() && std::all_of(formats.begin(), formats.end(), [](const FormatIdentity& format) {
    return !format.matches().empty();
  });
}

std::vector<const spec::Profile*> Identity::matches() const {
  std::vector<const spec::Profile*> common;
  for (const auto& profile : spec::profiles)
    if (!formats.empty() && std::all_of(formats.begin(), formats.end(), [&](const FormatIdentity& format) {
          const auto matching = format.matches();
          return std::find(matching.begin(), matching.end(), &profile) != matching.end();
        }))
      common.push_back(&profile);
  return common;
}

void judge_as_found(const FormatIdentity& found, SuiteOptions& options) {
  options.identified[found.format] = found.request;
  std::map<Operation, spec::Request>& asked = options.asked[found.format];
  for (const Operation operation : block_operations) asked[operation] = spec::make_request(found.format);
  for (const auto& [operation, request] : found.asked_otherwise) asked[operation] = request;
  asked[Operation::QuantizeTensor] = asked[Operation::Quantize];
  asked[Operation::DequantizeTensor] = asked[Operation::Dequantize];
}

const spec::Request* Identity::request(spec::BlockType format) const {
  for (const FormatIdentity& identity : formats)
    if (identity.format == format) return &identity.request;
  return nullptr;
}

}  // namespace mxemu::conformance
