#include "conformance/museum/dot_mutants.hpp"

#include <functional>

#include "conformance/dot/dot_emulation.hpp"
#include "conformance/dot/dot_only_subject.hpp"
#include "conformance/dot/dot_suite.hpp"

namespace mxemu::conformance::museum {
namespace {

SuiteResult judged(const DotMutant& mutant, const std::function<DotAnswers(const DotCases&)>& answer) {
  const DotCapability pair = {mutant.a, mutant.b, spec::FloatType::Float32, mutant.accumulator};
  const auto subject = make_dot_only_subject(mutant.id, {pair}, answer);
  SuiteOptions options;
  options.keep_failures = 1;
  options.stop_at_first_failure = true;
  return run_dot_suite(*subject, options);
}

}  // namespace

std::vector<const DotMutant*> every_dot_mutant() {
  std::vector<const DotMutant*> all;
  for (const auto& group : {dot_block_mutants(), dot_unit_mutants()})
    for (const DotMutant& mutant : group) all.push_back(&mutant);
  return all;
}

DotDeath judge(const DotMutant& mutant) {
  DotDeath death;
  death.mutant = &mutant;
  const spec::Accumulator& claimed = spec::row_of(*spec::parse_accumulator(mutant.accumulator));
  const SuiteResult correct = judged(mutant, [&](const DotCases& cases) {
    return DotAnswers{dots_under(claimed, cases), {}};
  });
  death.correct_passes = correct.exit_status() == 0;
  const SuiteResult result = judged(mutant, mutant.answer);
  for (const CheckResult& check : result.checks) {
    if (check.verdict != Verdict::Failed) continue;
    death.killed = true;
    death.check = check.id;
    for (const Failure::Line& line : check.failures.front().lines)
      if (line.label == "terms" || line.label == "expected" || line.label == "got")
        death.witness += (death.witness.empty() ? "" : "; ") + line.label + " " + line.text;
    break;
  }
  return death;
}

std::vector<DotDeath> judge_dot_mutants() {
  std::vector<DotDeath> deaths;
  for (const DotMutant* mutant : every_dot_mutant()) deaths.push_back(judge(*mutant));
  return deaths;
}

}  // namespace mxemu::conformance::museum
