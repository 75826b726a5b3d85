// What `mxemu identify` found out about dot products.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "conformance/dot/dot_cases.hpp"
#include "tools/mxemu/identify.hpp"
#include "tools/mxemu/text_table.hpp"

namespace mxemu::cli {
namespace {

using conformance::DotFinding;
using conformance::DotIdentity;
using Align = TextTable::Align;

std::string names(const DotIdentity& identity, const char* separator) {
  std::string text;
  for (const auto* row : identity.accumulators)
    text += (text.empty() ? "" : separator) + std::string(row->name);
  return text;
}

std::string sentence(const DotIdentity& identity) {
  if (identity.probes == 0) return "answers none of the probes";
  if (!identity.accumulators.empty()) return "sums as " + names(identity, " or ");
  if (identity.model) return "sums as no accumulator that has a name; a fused adder gives all its answers";
  return "sums as no accumulator that is known";
}

}  // namespace

void print_text(const DotIdentities& identities, const std::string& subject, std::ostream& out) {
  std::vector<std::string> shown;  // one table for all pairs that are summed alike
  for (const DotIdentity& identity : identities) {
    out << subject << "  dot " << conformance::describe(identity.pair) << "  " << identity.probes
        << " probes answered: " << sentence(identity) << "\n";
    const std::string accumulators = names(identity, " ");
    const bool is_new =
        accumulators.empty() || std::find(shown.begin(), shown.end(), accumulators) == shown.end();
    shown.push_back(accumulators);
    if (!is_new || identity.findings.empty()) continue;
    TextTable table({{"property", Align::Left}, {"the device", Align::Left}, {"evidence", Align::Left}});
    for (const DotFinding& finding : identity.findings)
      table.row({finding.about, finding.value, finding.evidence});
    out << "\n";
    table.print(out);
    out << "\n";
  }
  if (!identities.empty()) out << "\n";
}

nlohmann::json to_json(const DotIdentities& identities) {
  nlohmann::json list = nlohmann::json::array();
  for (const DotIdentity& identity : identities) {
    nlohmann::json findings = nlohmann::json::object();
    for (const DotFinding& finding : identity.findings)
      findings[finding.about] = {{"value", finding.value}, {"evidence", finding.evidence}};
    nlohmann::json accumulators = nlohmann::json::array();
    for (const auto* row : identity.accumulators) accumulators.push_back(row->name);
    list.push_back({{"operands", conformance::describe(identity.pair)},
                    {"probes", identity.probes},
                    {"accumulators", accumulators},
                    {"identified", identity.model.has_value()},
                    {"findings", findings}});
  }
  return list;
}

}  // namespace mxemu::cli
