// Asking a subject: batches in parts, answers checked for their size and compared as they come.
#pragma once

#include <cstddef>
#include <vector>

#include "conformance/comparison.hpp"
#include "conformance/subject.hpp"
#include "conformance/task.hpp"

namespace mxemu::conformance {

/// How many cases a subject is asked at once.
inline constexpr std::size_t cases_per_call = 512;

/// The subject's answers to the batches of one check.
class Asking {
 public:
  Asking(Subject& subject, bool stop_at_first) : subject_(subject), stop_at_first_(stop_at_first) {}

  /// Asks one batch more. Returns false when the first difference has been seen and is enough. Throws
  /// DeviceError where an answer has not the size of the question.
  bool ask(const Cases& cases, const Answers& expected, std::size_t batch);

  const Comparison& comparison() const { return comparison_; }
  const std::vector<Answers>& got() const { return got_; }

 private:
  Subject& subject_;
  bool stop_at_first_;
  Comparison comparison_;
  std::vector<Answers> got_;
};

/// Throws DeviceError where the answers have not the size of the question.
void check_sizes(const std::string& subject, const Cases& cases, const Answers& got);

/// What the cases that were answered hit.
Coverage coverage_of_answered(const PreparedCheck& prepared, const std::vector<Answers>& got);

}  // namespace mxemu::conformance
