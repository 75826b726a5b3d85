#include "spec/freedoms.hpp"
#include "tools/mxemu/identify.hpp"

namespace mxemu::cli {
namespace {

using conformance::FindingStatus;
using nlohmann::json;

const char* status_name(FindingStatus status) {
  switch (status) {
    case FindingStatus::Known: return "known";
    case FindingStatus::Unexplained: return "unexplained";
    case FindingStatus::NotProbed: return "not_probed";
    case FindingStatus::NotApplicable: return "not_applicable";
  }
  return "";
}

json example_json(const conformance::Example& example) {
  return {{"input", example.input}, {"expected", example.expected}, {"got", example.got}};
}

json names(const std::vector<const spec::Profile*>& profiles) {
  json names = json::array();
  for (const auto* profile : profiles) names.push_back(profile->name);
  return names;
}

json finding_json(const conformance::Finding& finding) {
  json words = json::array();
  for (const int word : finding.words) words.push_back(conformance::word_name(finding.freedom, word));
  json document = {{"status", status_name(finding.status)},
                   {"words", words},
                   {"probes", finding.probes},
                   {"unexplained", finding.unexplained}};
  if (!finding.example.input.empty()) document["example"] = example_json(finding.example);
  return document;
}

json nearest_json(const conformance::ProfileComparison& nearest) {
  json differences = json::array();
  for (const auto& difference : nearest.differences)
    differences.push_back({{"freedom", spec::freedom_name(difference.freedom)},
                           {"probes", difference.probes},
                           {"example", example_json(difference.example)}});
  return {{"profile", nearest.profile->name}, {"probes", nearest.probes}, {"differences", differences}};
}

json asked_json(const conformance::FormatIdentity& identity) {
  json asked = json::object();
  for (const auto& [operation, request] : identity.asked_otherwise)
    asked[spec::name_of(operation)] = {{"scale_rule", spec::name_of(request.scale_rule)},
                                       {"rounding", spec::name_of(request.rounding.mode)}};
  return asked;
}

json storage_json(const conformance::FormatIdentity& identity) {
  json storage = json::array();
  for (const auto& finding : identity.storage)
    storage.push_back({{"about", finding.about},
                       {"operation", spec::name_of(finding.operation)},
                       {"declared", finding.declared},
                       {"as_declared", finding.as_declared},
                       {"found", finding.as_declared ? finding.declared : finding.found},
                       {"example", finding.example}});
  return storage;
}

json format_json(const conformance::FormatIdentity& identity) {
  json findings = json::object();
  for (const auto& finding : identity.findings)
    findings[spec::freedom_name(finding.freedom)] = finding_json(finding);
  json document = {
      {"type", spec::name_of(identity.type)},  {"probes", identity.probes},
      {"unsupported", identity.unsupported},   {"findings", findings},
      {"profiles", names(identity.matches())}, {"element_profiles", names(identity.element_matches())}};
  if (!identity.asked_otherwise.empty()) document["asked_with"] = asked_json(identity);
  if (!identity.storage.empty()) document["storage"] = storage_json(identity);
  if (const auto* nearest = identity.nearest()) document["nearest"] = nearest_json(*nearest);
  return document;
}

}  // namespace

json to_json(const conformance::Identity& identity) {
  json formats = json::object();
  for (const auto& format : identity.formats)
    formats[spec::format_of(format.format).name] = format_json(format);
  return {{"subject", identity.subject},
          {"identified", identity.is_identified()},
          {"profiles", names(identity.matches())},
          {"formats", formats}};
}

}  // namespace mxemu::cli
