// Cases and expected answers of the checks of a run, made when they are first needed.
#pragma once

#include <string>

#include "conformance/task.hpp"

namespace mxemu::conformance {

class Preparation {
 public:
  /// `kept` outlives the run, or is none.
  Preparation(const SuiteOptions& options, PreparedChecks* kept) : options_(options), kept_(kept) {}

  /// From what is kept between runs, or else made in `room`.
  const PreparedCheck& of(const Task& task, PreparedCheck& room) const;

 private:
  const SuiteOptions& options_;
  PreparedChecks* kept_;
};

}  // namespace mxemu::conformance
