// Judges what a device answers on standard input, batch after batch as the answers come.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "conformance/device/batch_talk.hpp"
#include "conformance/vectors/dot_judge.hpp"
#include "conformance/vectors/judge.hpp"
#include "tools/mxemu/answer_lines.hpp"

namespace mxemu::cli {

/// Of one kind of cases in a run.
class PipeJudge {
 public:
  /// Explains the first `show` failing cases. `trust`: `reference`, or a subject that equals it and is asked
  /// first.
  PipeJudge(std::size_t show, const std::string& trust);

  /// Reads the answers to all cases and judges them: conversions, and dot products under `row`. `first_line`
  /// is the number of the batch's first case. Throws BadInput when an answer is missing or is none.
  void take(const conformance::Cases& cases, std::size_t first_line);
  void take(const spec::Accumulator& row, const conformance::DotCases& cases, std::size_t first_line);

  /// The verdict on all. Throws BadInput when more answers follow.
  conformance::vectors::Verdict finish();

 private:
  void read(conformance::BatchTalk& talk);

  conformance::vectors::Judge judge_;
  conformance::vectors::DotJudge dot_judge_;
  std::unique_ptr<conformance::Subject> first_guess_;
  AnswerLines answers_;
  std::size_t answered_ = 0;
};

}  // namespace mxemu::cli
