// The probes of a format with what the reference says to each under every combination of the freedoms that
// the answer depends on: nothing is expected by hand.
#pragma once

#include <vector>

#include "conformance/identify/probe.hpp"
#include "conformance/identify/relations.hpp"

namespace mxemu::conformance {

class ProbeTable {
 public:
  struct Row {
    Probe probe;
    Scope scope;
    std::vector<CaseAnswer> expected;  ///< one per combination of the scope
  };

  /// Probes whose numbers are of `type`.
  ProbeTable(spec::BlockType format, spec::FloatType type);

  /// What a subject is asked under: a subject that can be told obeys it, any other does what it does.
  const spec::Request& request() const { return request_; }
  const std::vector<Row>& rows() const { return rows_; }
  std::size_t block_size() const { return static_cast<std::size_t>(request_.block_size); }

  /// What the reference says to row `index` under `words`.
  const CaseAnswer& expected(std::size_t index, const Words& words) const;

  /// The combinations that explain an answer to row `index`.
  Allowed explain(std::size_t index, const CaseAnswer& answer) const;

 private:
  spec::Request request_;
  std::vector<Row> rows_;
};

}  // namespace mxemu::conformance
