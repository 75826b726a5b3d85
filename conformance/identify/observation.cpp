#include "conformance/identify/observation.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "conformance/identify/supported_request.hpp"

namespace mxemu::conformance {
namespace {

bool is_tail(const Probe& probe) {
  return probe.freedom == spec::freedom_index("tail");
}

/// Where an operation answers nothing at all, a refused short block says nothing of short blocks.
void drop_refusals_of_everything(Observations& observations, const ProbeTable& table) {
  std::set<Operation> answering;
  for (const Observation& observation : observations.answered)
    if (observation.answer.supported) answering.insert(table.rows()[observation.row].probe.operation);
  observations.unsupported += std::erase_if(observations.answered, [&](const Observation& observation) {
    return !answering.contains(table.rows()[observation.row].probe.operation);
  });
}

}  // namespace

Observations observe(Subject& subject, const ProbeTable& table) {
  const std::vector<Capability> capabilities = subject.capabilities();
  using Key = std::tuple<Operation, spec::FloatType, std::size_t>;
  std::map<Key, std::vector<std::size_t>, std::greater<>> batches;  // whole blocks before short ones
  for (std::size_t i = 0; i < table.rows().size(); ++i) {
    const Probe& probe = table.rows()[i].probe;
    const Capability needed = {probe.operation, table.request().format, probe.type};
    if (std::find(capabilities.begin(), capabilities.end(), needed) != capabilities.end())
      batches[{probe.operation, probe.type, probe.elements()}].push_back(i);
  }
  Observations observations;
  for (const auto& [key, rows] : batches) {
    std::vector<const Probe*> probes;
    for (const std::size_t row : rows) probes.push_back(&table.rows()[row].probe);
    const Operation operation = std::get<Operation>(key);
    if (!observations.asked.contains(operation) && !is_tail(*probes.front()))
      observations.asked[operation] = supported_request(subject, table.request(), *probes.front());
    const auto asked = observations.asked.find(operation);
    const Cases cases =
        make_cases(asked == observations.asked.end() ? table.request() : asked->second, probes);
    std::vector<CaseAnswer> answers = split(cases, subject.answer(cases), subject.name());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!answers[i].supported && !is_tail(*probes[i])) {
        ++observations.unsupported;
        continue;
      }
      Allowed allowed = table.explain(rows[i], answers[i]);
      observations.answered.push_back({rows[i], std::move(answers[i]), std::move(allowed)});
    }
  }
  drop_refusals_of_everything(observations, table);
  std::sort(observations.answered.begin(), observations.answered.end(),
            [](const Observation& a, const Observation& b) { return a.row < b.row; });
  return observations;
}

}  // namespace mxemu::conformance
