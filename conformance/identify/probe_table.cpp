#include "conformance/identify/probe_table.hpp"

#include <utility>

#include "conformance/identify/probe_list.hpp"

namespace mxemu::conformance {

ProbeTable::ProbeTable(spec::BlockType format, spec::FloatType type) : request_(spec::make_request(format)) {
  const auto reference = make_reference_subject();
  for (Probe& probe : make_probes(format, type)) {
    Scope scope(probe.scope);
    std::vector<CaseAnswer> expected;
    for (std::size_t i = 0; i < scope.combinations(); ++i)
      expected.push_back(expected_answer(*reference, with_words(request_, scope.words(i)), probe));
    rows_.push_back({std::move(probe), std::move(scope), std::move(expected)});
  }
}

const CaseAnswer& ProbeTable::expected(std::size_t index, const Words& words) const {
  const Row& row = rows_[index];
  return row.expected[row.scope.index(words)];
}

Allowed ProbeTable::explain(std::size_t index, const CaseAnswer& answer) const {
  const Row& row = rows_[index];
  Allowed allowed(row.scope.combinations());
  for (std::size_t i = 0; i < allowed.size(); ++i)
    allowed[i] = agrees(row.probe, request_, row.expected[i], answer);
  return allowed;
}

}  // namespace mxemu::conformance
