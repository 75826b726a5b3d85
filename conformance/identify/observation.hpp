// The answers of one device to the probes of one format, and what explains them.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "conformance/identify/probe_table.hpp"

namespace mxemu::conformance {

/// A probe that was answered.
struct Observation {
  std::size_t row = 0;  ///< in the table
  CaseAnswer answer = {};
  Allowed allowed = {};  ///< combinations of its scope that explain it
};

struct Observations {
  std::vector<Observation> answered = {};
  std::size_t unsupported = 0;
  std::map<Operation, spec::Request> asked = {};  ///< what each operation was asked under
};

/// Asks the subject every probe of the table that its capabilities cover, each operation under the first
/// request that it supports (supported_request). A short block may be refused: that is an answer.
Observations observe(Subject& subject, const ProbeTable& table);

/// What is left of a set of observations once they are explained together.
struct Explanation {
  Relations relations = {};
  Words words = no_words();              ///< that explain all but the unexplained
  std::vector<std::size_t> unexplained;  ///< indices of observations, in their order
};

/// Explains the observations that `counts` accepts one after the other, with the words of `fixed`. One that
/// contradicts those before it is unexplained. `preferred` words are tried first.
template <class Counts>
Explanation explain(const ProbeTable& table, const std::vector<Observation>& observations, const Words& fixed,
                    const Words& preferred, const Counts& counts) {
  Explanation explanation;
  explanation.words = fixed;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const Observation& observation = observations[i];
    const ProbeTable::Row& row = table.rows()[observation.row];
    if (!counts(row.probe)) continue;
    // The words so far explain most answers: there is nothing to search for then.
    if (row.scope.covered_by(explanation.words) && observation.allowed[row.scope.index(explanation.words)]) {
      explanation.relations.intersect(row.scope, observation.allowed);
      continue;
    }
    Relations with = explanation.relations;
    with.intersect(row.scope, observation.allowed);
    if (const auto words = with.solve(fixed, preferred)) {
      explanation.relations = std::move(with);
      explanation.words = *words;
    } else {
      explanation.unexplained.push_back(i);
    }
  }
  return explanation;
}

}  // namespace mxemu::conformance
