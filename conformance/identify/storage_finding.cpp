#include "conformance/identify/storage_finding.hpp"

#include <algorithm>
#include <utility>

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
  finding.found = find_storage(evidence, comparison, {});
  finding.example = example_of(evidence, comparison.mismatches.front());
}

bool is_declared(const Subject& subject, const Capability& wanted) {
  const std::vector<Capability> all = subject.capabilities();
  return std::find(all.begin(), all.end(), wanted) != all.end();
}

/// Judges one check of one layout and operation, and adds what is new.
class Findings {
 public:
  Findings(Subject& subject, const spec::Request& request, spec::FloatType type)
      : subject_(subject), request_(request), type_(type) {}

  void ask(const Question& question, const Check& check, const Layout& layout, Operation operation) {
    if (!is_declared(subject_, {operation, request_.format, type_}) || is_astray(layout, operation)) return;
    StorageFinding finding = {
        .about = question.about, .declared = declared_word(question, layout), .operation = operation};
    judge(subject_, check, {request_, operation, type_, Level::Quick, {layout}}, finding);
    if (!finding.answered) return;
    if (!finding.as_declared) astray_.emplace_back(layout, operation);
    const bool known = std::any_of(found.begin(), found.end(), [&](const StorageFinding& other) {
      return other.about == finding.about && other.declared == finding.declared &&
             other.operation == operation && other.found == finding.found &&
             other.as_declared == finding.as_declared;
    });
    if (!known) found.push_back(finding);
  }

  std::vector<StorageFinding> found = {};

 private:
  /// Where one thing is not as declared, nothing is learnt about the next.
  bool is_astray(const Layout& layout, Operation operation) const {
    return std::find(astray_.begin(), astray_.end(), std::pair(layout, operation)) != astray_.end();
  }

  Subject& subject_;
  const spec::Request& request_;
  spec::FloatType type_;
  std::vector<std::pair<Layout, Operation>> astray_ = {};
};

}  // namespace

std::vector<StorageFinding> probe_storage(Subject& subject, const spec::Request& request,
                                          spec::FloatType type) {
  Findings findings(subject, request, type);
  for (const Question& question : questions)
    for (const Check& check : storage_checks())
      if (check.id == std::string(question.check))
        for (const Layout& layout : layouts_of(subject, request.format))
          for (const Operation operation : check.operations) findings.ask(question, check, layout, operation);
  return std::move(findings.found);
}

}  // namespace mxemu::conformance
