#include "conformance/identify/storage_finding.hpp"

#include <algorithm>

#include "conformance/asking.hpp"
#include "conformance/failure.hpp"
#include "conformance/storage_signature.hpp"

namespace mxemu::conformance {
namespace {

struct Question {
  const char* check;
  const char* about;
};
constexpr Question questions[] = {
    {"layout/codes", "packing"}, {"layout/scales", "scales"}, {"axis/blocks", "axis"}};

std::string declared_word(const Question& question, const Layout& layout) {
  if (question.about == std::string("packing")) return spec::name_of(layout.packing);
  if (question.about == std::string("scales")) return spec::name_of(layout.scales);
  return "as asked";
}

std::string example_of(const Evidence& evidence, const Mismatch& at) {
  const Failure failure =
      explain_failure(evidence.batches[at.batch], evidence.expected[at.batch], evidence.got[at.batch], at, 0);
  std::string text;
  for (const Failure::Line& line : failure.lines)
    if (line.label == "expected" || line.label == "got")
      text += (text.empty() ? "" : ", ") + line.label + " " + line.text;
  return text;
}

void judge(Subject& subject, const Check& check, const Target& target, StorageFinding& finding) {
  Random random(1);
  Asking asking(subject, false);
  Batches batches = check.generate(target, random);
  std::vector<Answers> expected;
  for (std::size_t b = 0; b < batches.size(); ++b) {
    expected.push_back(answers_under(batches[b], {}));
    asking.ask(batches[b], expected.back(), b);
  }
  const Comparison& comparison = asking.comparison();
  finding.answered = comparison.cases != 0;
  finding.as_declared = finding.answered && comparison.agrees();
  if (!finding.answered || finding.as_declared) return;
  const Evidence evidence = {batches, expected, asking.got()};
  finding.found = find_storage_suspect(evidence, comparison, {});
  finding.example = example_of(evidence, comparison.mismatches.front());
}

bool is_declared(const Subject& subject, const Capability& wanted) {
  const std::vector<Capability> all = subject.capabilities();
  return std::find(all.begin(), all.end(), wanted) != all.end();
}

}  // namespace

std::vector<StorageFinding> find_storage(Subject& subject, const spec::Request& request, spec::FloatType type) {
  std::vector<StorageFinding> findings;
  for (const Question& question : questions)
    for (const Check& check : storage_checks()) {
      if (check.id != std::string(question.check)) continue;
      for (const Layout& layout : layouts_of(subject, request.format))
        for (const Operation operation : check.operations) {
          const Target target = {request, operation, type, Level::Quick, {layout}};
          if (!is_declared(subject, {operation, request.format, type})) continue;
          StorageFinding finding = {.about = question.about,
                                    .declared = declared_word(question, layout),
                                    .operation = operation};
          judge(subject, check, target, finding);
          const bool known = std::any_of(findings.begin(), findings.end(), [&](const StorageFinding& other) {
            return other.about == finding.about && other.declared == finding.declared &&
                   other.operation == operation && other.found == finding.found &&
                   other.as_declared == finding.as_declared;
          });
          if (!known && finding.answered) findings.push_back(finding);
        }
    }
  return findings;
}

}  // namespace mxemu::conformance
