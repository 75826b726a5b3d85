// Which targets of a subject have a scale rule of their own, found out when it is first needed.
#pragma once

#include <map>
#include <tuple>

#include "conformance/own_scale.hpp"
#include "conformance/preparation.hpp"

namespace mxemu::conformance {

class OwnRules {
 public:
  OwnRules(Subject& subject, const Preparation& preparation) : subject_(subject), preparation_(preparation) {}

  /// Asks the checks of scales and of blocks, once for each target.
  const OwnRule& of(const Target& target);

 private:
  void learn(const Task& task, Amendments& known, OwnRule& rule);

  Subject& subject_;
  const Preparation& preparation_;
  std::map<std::tuple<spec::BlockType, spec::FloatType, Operation>, OwnRule> rules_;
};

}  // namespace mxemu::conformance
