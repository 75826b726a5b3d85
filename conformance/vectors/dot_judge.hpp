// Compares dot products with what was expected, counts, and explains the first that differ.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "conformance/vectors/dot_file.hpp"
#include "conformance/vectors/judge.hpp"

namespace mxemu::conformance::vectors {

class DotJudge {
 public:
  /// Explains the first `show` cases that differ.
  explicit DotJudge(std::size_t show) : show_(show) {}

  /// The expectations are those of a file, which states `row`.
  void judge(const spec::Accumulator& row, const DotGroup& group, const DotAnswers& got);

  /// The expectations follow from the reference under `row`.
  void judge(const spec::Accumulator& row, const DotCases& cases, const DotAnswers& got,
             const std::function<std::string(std::size_t index)>& label);

  const Verdict& verdict() const { return verdict_; }

 private:
  struct Case;
  void judge_case(const spec::Accumulator& row, const Case& of, const DotAnswers& got,
                  const Expectation& expected, const std::function<std::string(std::size_t)>& label);

  std::size_t show_;
  Verdict verdict_;
};

}  // namespace mxemu::conformance::vectors
