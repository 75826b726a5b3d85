// Subjects that are wrong, or different, in one known way: the reference with something changed.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "conformance/subject.hpp"

namespace mxemu::conformance::tests {

/// Changes what is asked before the reference answers, and what it answered.
struct Change {
  std::function<void(Cases&)> asked = {};
  std::function<void(const Cases&, Answers&)> answered = {};
};

/// The reference with `change`.
std::unique_ptr<Subject> changed(Change change);

/// The reference under another policy, rule or rounding than it is asked for.
std::unique_ptr<Subject> asked_otherwise(std::function<void(spec::Request&)> change);

}  // namespace mxemu::conformance::tests
