// A subject that computes dot products and nothing else.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conformance/subject.hpp"

namespace mxemu::conformance {

/// Answers with `answer`; capabilities and conversions there are none.
std::unique_ptr<Subject> make_dot_only_subject(std::string name, std::vector<DotCapability> pairs,
                                               std::function<DotAnswers(const DotCases&)> answer);

}  // namespace mxemu::conformance
