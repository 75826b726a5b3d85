#include "tools/mxemu/pipe_judge.hpp"

#include "tools/mxemu/options.hpp"

namespace mxemu::cli {
namespace {

constexpr std::size_t longest_question = 160;

std::string question(const conformance::BatchTalk& talk, std::size_t index) {
  return conformance::quoted(talk.line(index), longest_question);
}

std::string case_label(std::size_t number) {
  return "case " + std::to_string(number);
}

}  // namespace

PipeJudge::PipeJudge(std::size_t show, const std::string& trust) : judge_(show), dot_judge_(show) {
  if (trust != "reference") first_guess_ = conformance::make_subject(trust);
}

void PipeJudge::read(conformance::BatchTalk& talk) {
  for (std::size_t index = 0; index < talk.count(); ++index) {
    const auto line = answers_.next();
    if (!line)
      throw BadInput("standard input: it ended after " + std::to_string(answered_) +
                     " answers, and the next case was " + question(talk, index));
    const std::string complaint = talk.parse(*line, index);
    if (!complaint.empty())
      throw BadInput("standard input: line " + std::to_string(answers_.line_number()) + ", " +
                     conformance::quoted(*line) + ", answers " + question(talk, index) + ", but " +
                     complaint);
    ++answered_;
  }
}

void PipeJudge::take(const conformance::Cases& cases, std::size_t first_line) {
  conformance::Answers got = conformance::make_answers(cases);
  conformance::CaseTalk talk(cases, got);
  read(talk);
  judge_.judge(
      cases, got, [&](std::size_t index) { return case_label(first_line + index); }, first_guess_.get());
}

void PipeJudge::take(const spec::Accumulator& row, const conformance::DotCases& cases,
                     std::size_t first_line) {
  conformance::DotAnswers got;
  conformance::DotTalk talk(cases, got);
  read(talk);
  dot_judge_.judge(row, cases, got, [&](std::size_t index) { return case_label(first_line + index); });
}

conformance::vectors::Verdict PipeJudge::finish() {
  if (const auto line = answers_.next())
    throw BadInput("standard input: line " + std::to_string(answers_.line_number()) + ", " +
                   conformance::quoted(*line) + ", comes after the answers to all " +
                   std::to_string(answered_) + " cases");
  conformance::vectors::Verdict verdict = judge_.verdict();
  verdict.add(dot_judge_.verdict());
  return verdict;
}

}  // namespace mxemu::cli
