// Compares answers with what was expected, counts, and explains the first that differ.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conformance/cases.hpp"
#include "conformance/subject.hpp"
#include "conformance/vectors/vector_file.hpp"

namespace mxemu::conformance::vectors {

struct Verdict {
  std::size_t cases = 0;     ///< judged, unsupported ones left out
  std::size_t elements = 0;  ///< of those
  std::size_t unsupported = 0;
  std::size_t failed = 0;
  std::size_t silent = 0;  ///< of those that failed: the standard does not say, the profile does
  std::vector<std::string> explanations = {};

  void add(const Verdict& other);
  bool passed() const { return failed == 0 && cases > 0; }
  /// 0 passed, 1 failed, 3 nothing was judged.
  int exit_status() const { return failed > 0 ? 1 : cases > 0 ? 0 : 3; }
};

class Judge {
 public:
  /// Explains the first `show` cases that differ.
  explicit Judge(std::size_t show);

  /// The expectations are those of a file.
  void judge(const Group& group, const Answers& got);

  using Label = std::function<std::string(std::size_t index)>;
  /// The expectations follow from the reference. With `first_guess`, cases that are answered as it answers
  /// are right: it is to be a library that equals the reference.
  void judge(const Cases& cases, const Answers& got, const Label& label, Subject* first_guess = nullptr);

  const Verdict& verdict() const { return verdict_; }

 private:
  struct Expected;
  void judge_case(const Cases& cases, const Answers& got, std::size_t index, const Expected& expected,
                  const Label& label);

  std::size_t show_;
  std::unique_ptr<Subject> reference_;
  Verdict verdict_;
};

}  // namespace mxemu::conformance::vectors
