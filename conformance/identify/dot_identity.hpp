// How a device sums dot products, found out by asking: the accumulators of spec/accumulator.hpp that give all
// its answers, or the parameters of a fused adder that do, each with the probe that shows it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "conformance/dot/dot_cases.hpp"
#include "conformance/subject.hpp"
#include "spec/accumulator.hpp"

namespace mxemu::conformance {

/// One property of the sum: what it is, and a probe whose answer shows that it is nothing else.
struct DotFinding {
  std::string about;  ///< "fraction bits"
  std::string value;  ///< "25"
  std::string
      evidence;  ///< a probe, its answer, and what another value would have given; "": nothing shows it
};

struct DotIdentity {
  DotCapability pair = {};
  std::size_t probes = 0;  ///< answered
  std::vector<const spec::Accumulator*> accumulators =
      {};                                       ///< that give every answer; no probe tells them apart
  std::optional<spec::Accumulator> model = {};  ///< the first of them, or a fused adder without a name
  std::vector<DotFinding> findings = {};        ///< of the model
};

/// One identity per declared pair that the formats name (empty: every pair), claims left aside. Throws
/// DeviceError as the subject does.
std::vector<DotIdentity> identify_dots(Subject& subject, const std::vector<spec::BlockType>& formats = {});

}  // namespace mxemu::conformance
