#include "conformance/vectors/dot_judge.hpp"

#include <algorithm>

#include "conformance/device/batch_talk.hpp"
#include "conformance/dot/dot_emulation.hpp"
#include "conformance/dot/dot_suite.hpp"

namespace mxemu::conformance::vectors {
namespace {

constexpr std::size_t longest_question = 400;
constexpr std::size_t label_width = 10;

std::string line_of_text(std::string label, const std::string& text) {
  label.resize(std::max(label_width, label.size() + 1), ' ');
  return "  " + label + text + "\n";
}

/// The case as the suite explains it, and the line that asks it again.
std::string explain(const spec::Accumulator& row, const DotCases& cases, std::size_t index,
                    const Expectation& expected, std::uint32_t got, const std::string& label) {
  const DotCases one = part_of(cases, index, 1);
  const int digits = spec::format_of(cases.output).bits / 4;
  std::string text = "FAILED " + label + "\n";
  for (const Failure::Line& line : explain_dot_failure(one, 0, got, &row).lines) {
    if (line.label == "where") continue;
    text += line_of_text(line.label, line.text);
    // A file that states something else than the reference gives is stale, or not ours.
    if (line.label == "expected" && expected.kind == Expectation::Kind::Exactly &&
        expected.bits != dot_under(row, one, 0))
      text += line_of_text("stated", spell(expected, digits) + "   by the vector file");
  }
  DotAnswers none;
  return text + line_of_text("question", quoted(DotTalk(one, none).line(0), longest_question));
}

}  // namespace

struct DotJudge::Case {
  const DotCases& cases;
  std::size_t index;
};

void DotJudge::judge(const spec::Accumulator& row, const DotGroup& group, const DotAnswers& got) {
  for (std::size_t i = 0; i < group.ids.size(); ++i)
    judge_case(row, {group.cases, i}, got, group.results[i],
               [&](std::size_t index) { return group.ids[index]; });
}

void DotJudge::judge(const spec::Accumulator& row, const DotCases& cases, const DotAnswers& got,
                     const std::function<std::string(std::size_t)>& label) {
  for (std::size_t i = 0; i < cases.count(); ++i)
    judge_case(row, {cases, i}, got, expected_result(row, cases.output, dot_under(row, cases, i)), label);
}

void DotJudge::judge_case(const spec::Accumulator& row, const Case& of, const DotAnswers& got,
                          const Expectation& expected, const std::function<std::string(std::size_t)>& label) {
  if (!got.is_supported(of.index)) {
    ++verdict_.unsupported;
    return;
  }
  ++verdict_.cases;
  ++verdict_.elements;
  const std::uint32_t result = got.results[of.index];
  if (accepts_result(of.cases.output, expected, result)) return;
  ++verdict_.failed;
  if (verdict_.explanations.size() < show_)
    verdict_.explanations.push_back(explain(row, of.cases, of.index, expected, result, label(of.index)));
}

}  // namespace mxemu::conformance::vectors
