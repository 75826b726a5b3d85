#include "conformance/identify/identify.hpp"

#include <algorithm>
#include <optional>

#include "conformance/as_identified.hpp"
#include "conformance/device/canonical_request.hpp"
#include "conformance/identify/observation.hpp"

namespace mxemu::conformance {
namespace {

std::size_t slot(int freedom) {
  return static_cast<std::size_t>(freedom);
}

bool is_in_scope(const Probe& probe, int freedom) {
  return std::find(probe.scope.begin(), probe.scope.end(), freedom) != probe.scope.end();
}

/// One device and one format.
struct Inquiry {
  const ProbeTable& table;
  std::vector<Observation> observations;
  Explanation fingerprint;  ///< by no profile

  const Probe& probe(std::size_t observation) const {
    return table.rows()[observations[observation].row].probe;
  }

  /// `words` say what was expected; the freedoms that they leave out are those of the request.
  Example example(std::size_t observation, Words words) const {
    const Words defaults = words_of(table.request());
    for (std::size_t i = 0; i < words.size(); ++i)
      if (words[i] == any_word) words[i] = defaults[i];
    const Observation& seen = observations[observation];
    const Probe& asked = probe(observation);
    const Contrast texts = contrast(table.request(), asked, table.expected(seen.row, words), seen.answer);
    return {describe_input(table.request(), asked), texts.expected, texts.got};
  }
};

/// How many words of a freedom an answer rules out whatever the others are.
int words_ruled_out(const ProbeTable::Row& row, const Allowed& allowed, int freedom) {
  std::vector<bool> possible(slot(word_count(freedom)));
  for (std::size_t i = 0; i < allowed.size(); ++i)
    if (allowed[i]) possible[slot(row.scope.words(i)[slot(freedom)])] = true;
  return static_cast<int>(std::count(possible.begin(), possible.end(), false));
}

/// The answer that says most about a freedom.
std::optional<std::size_t> most_telling(const Inquiry& inquiry, int freedom) {
  std::optional<std::size_t> best;
  int most = 0;
  for (std::size_t i = 0; i < inquiry.observations.size(); ++i) {
    const auto& row = inquiry.table.rows()[inquiry.observations[i].row];
    if (!is_in_scope(row.probe, freedom)) continue;
    const int ruled_out = 2 * words_ruled_out(row, inquiry.observations[i].allowed, freedom) +
                          (row.probe.freedom == freedom ? 1 : 0);
    if (ruled_out > std::max(most, 1)) {
      most = ruled_out;
      best = i;
    }
  }
  return best;
}

Finding find(const Inquiry& inquiry, int freedom) {
  Finding finding = {.freedom = freedom, .status = FindingStatus::NotApplicable};
  const auto concerns = [&](const Probe& probe) {
    return probe.freedom == freedom || is_in_scope(probe, freedom);
  };
  for (const auto& row : inquiry.table.rows())
    if (concerns(row.probe)) finding.status = FindingStatus::NotProbed;
  for (std::size_t i = 0; i < inquiry.observations.size(); ++i)
    if (concerns(inquiry.probe(i))) ++finding.probes;
  if (finding.probes == 0) return finding;
  finding.status = FindingStatus::Known;
  if (!is_edge(freedom)) finding.words = inquiry.fingerprint.relations.possible_words(freedom, no_words());
  for (const std::size_t i : inquiry.fingerprint.unexplained) {
    if (inquiry.probe(i).freedom != freedom) continue;
    if (finding.unexplained++ == 0) finding.example = inquiry.example(i, inquiry.fingerprint.words);
    finding.status = FindingStatus::Unexplained;
  }
  if (finding.status == FindingStatus::Known)
    if (const auto telling = most_telling(inquiry, freedom))
      finding.example = inquiry.example(*telling, inquiry.fingerprint.words);
  return finding;
}

/// The words that a profile fixes in a format.
Words fixed_words(const spec::Profile& profile, spec::BlockType format) {
  Words words = words_of(spec::make_request(format, profile));
  for (int freedom = 0; freedom < spec::freedom_count; ++freedom)
    if (profile.open.has(freedom)) words[slot(freedom)] = any_word;
  return words;
}

bool covers(const spec::Profile& profile, const Probe& probe) {
  return (profile.chooses_scales || !gives_scale(probe.operation)) &&
         !(is_edge(probe.freedom) && profile.open.has(probe.freedom));
}

/// The freedom to blame for an answer that a profile does not give: one that the device is known to take
/// otherwise, the one asked about first of all; else the one asked about.
int freedom_to_blame(const Probe& probe, const Words& fixed, const std::vector<Finding>& findings) {
  const auto taken_otherwise = [&](int freedom) {
    const Finding& finding = findings[slot(freedom)];
    const int word = fixed[slot(freedom)];
    return word != any_word && is_in_scope(probe, freedom) && !finding.words.empty() &&
           std::find(finding.words.begin(), finding.words.end(), word) == finding.words.end();
  };
  if (taken_otherwise(probe.freedom)) return probe.freedom;
  const auto blamed = std::find_if(probe.scope.begin(), probe.scope.end(), taken_otherwise);
  return blamed == probe.scope.end() ? probe.freedom : *blamed;
}

std::vector<ProfileDifference> differences(const Inquiry& inquiry, const Explanation& explanation,
                                           const Words& fixed, const std::vector<Finding>& findings) {
  std::vector<ProfileDifference> all;
  std::vector<bool> about_it(slot(spec::freedom_count));
  for (const std::size_t i : explanation.unexplained) {
    const Probe& probe = inquiry.probe(i);
    const int blamed = freedom_to_blame(probe, fixed, findings);
    auto difference = std::find_if(all.begin(), all.end(),
                                   [&](const ProfileDifference& known) { return known.freedom == blamed; });
    if (difference == all.end()) difference = all.insert(all.end(), {.freedom = blamed});
    // The first example, or the first that asks about nothing else.
    if (difference->probes++ == 0 || (!about_it[slot(blamed)] && probe.freedom == blamed))
      difference->example = inquiry.example(i, explanation.words);
    if (probe.freedom == blamed) about_it[slot(blamed)] = true;
  }
  return all;
}

/// `fixed` with the freedoms that it leaves open and that the device takes in one way only.
Words settle(Words fixed, const std::vector<Finding>& findings) {
  for (const Finding& finding : findings)
    if (fixed[slot(finding.freedom)] == any_word && finding.words.size() == 1)
      fixed[slot(finding.freedom)] = finding.words.front();
  return fixed;
}

/// True when the device is seen to take a freedom as `words` do.
bool is_seen(const Finding& finding, const Words& words) {
  const int word = words[slot(finding.freedom)];
  return word != any_word && finding.status == FindingStatus::Known && finding.is_visible() &&
         std::find(finding.words.begin(), finding.words.end(), word) != finding.words.end();
}

/// The device against one profile; `request` becomes what the profile does, its open freedoms as the device
/// takes them.
ProfileComparison compare(const Inquiry& inquiry, const spec::Profile& profile,
                          const std::vector<Finding>& findings, spec::Request& request) {
  const auto covered = [&](const Probe& probe) { return covers(profile, probe); };
  ProfileComparison comparison = {.profile = &profile};
  for (std::size_t i = 0; i < inquiry.observations.size(); ++i)
    if (covered(inquiry.probe(i))) {
      ++comparison.probes;
      comparison.conversions += gives_codes(inquiry.probe(i).operation) ? 1 : 0;
    }
  request = spec::make_request(inquiry.table.request().format, profile);
  const Words fixed = fixed_words(profile, request.format);
  Explanation explanation = explain(inquiry.table, inquiry.observations, fixed, words_of(request), covered);
  // What is open must not take the blame for what is not: it is as the device has it.
  if (!explanation.unexplained.empty()) {
    Explanation settled =
        explain(inquiry.table, inquiry.observations, settle(fixed, findings), words_of(request), covered);
    if (!settled.unexplained.empty()) explanation = std::move(settled);
  }
  comparison.differences = differences(inquiry, explanation, fixed, findings);
  comparison.agreements = static_cast<int>(std::count_if(
      findings.begin(), findings.end(), [&](const Finding& finding) { return is_seen(finding, fixed); }));
  request = with_words(request, explanation.words);
  return comparison;
}

FormatIdentity identify_format(Subject& subject, const ProbeTable& table, spec::FloatType type) {
  Observations observed = observe(subject, table);
  Inquiry inquiry = {.table = table, .observations = std::move(observed.answered), .fingerprint = {}};
  inquiry.fingerprint = explain(table, inquiry.observations, no_words(), words_of(table.request()),
                                [](const Probe&) { return true; });
  FormatIdentity identity = {.format = table.request().format,
                             .type = type,
                             .probes = inquiry.observations.size(),
                             .unsupported = observed.unsupported};
  for (const auto& [operation, request] : observed.asked)
    if (!(canonical_request(operation, request, inquiry.table.block_size()) ==
          canonical_request(operation, table.request(), inquiry.table.block_size())))
      identity.asked_otherwise.emplace_back(operation, request);
  for (std::size_t i = 0; i < inquiry.observations.size(); ++i)
    identity.chooses_scales = identity.chooses_scales || gives_scale(inquiry.probe(i).operation);
  for (int freedom = 0; freedom < spec::freedom_count; ++freedom)
    identity.findings.push_back(find(inquiry, freedom));

  identity.request = with_words(table.request(), inquiry.fingerprint.words);
  for (const auto& profile : spec::profiles) {
    if (!profile.formats.has(identity.format)) continue;
    spec::Request request;
    ProfileComparison comparison = compare(inquiry, profile, identity.findings, request);
    if (comparison.probes == 0) continue;
    const bool first = identity.matches().empty();
    identity.profiles.push_back(std::move(comparison));
    if (first && !identity.matches().empty()) identity.request = request;
  }
  return identity;
}

/// The type that most operations of the format take, binary32 first; nothing when none is declared.
std::optional<spec::FloatType> probed_type(const std::vector<Capability>& capabilities,
                                           spec::BlockType format) {
  std::optional<spec::FloatType> best;
  std::ptrdiff_t most = 0;
  for (const auto& type : spec::float_formats) {
    const std::ptrdiff_t count =
        std::count_if(capabilities.begin(), capabilities.end(), [&](const Capability& capability) {
          return capability.format == format && capability.type == type.type;
        });
    if (count > most) best = type.type;
    most = std::max(most, count);
  }
  return best;
}

}  // namespace

const ProbeTable& Identifier::table(spec::BlockType format, spec::FloatType type) {
  auto& table = tables_[{format, type}];
  if (!table) table = std::make_unique<ProbeTable>(format, type);
  return *table;
}

Identity Identifier::identify(Subject& subject, const std::vector<spec::BlockType>& formats) {
  Identity identity = {.subject = subject.name(), .formats = {}};
  const std::vector<Capability> capabilities = subject.capabilities();
  for (const spec::BlockType format : formats) {
    const auto type = probed_type(capabilities, format);
    if (!type) continue;
    FormatIdentity found = identify_format(subject, table(format, *type), *type);
    SuiteOptions options;
    judge_as_found(found, options);
    AsIdentified as_identified(subject, options);
    found.storage = probe_storage(as_identified, found.request, *type);
    if (found.probes > 0 || !found.storage.empty()) identity.formats.push_back(std::move(found));
  }
  return identity;
}

Identity identify(Subject& subject, const std::vector<spec::BlockType>& formats) {
  return Identifier().identify(subject, formats);
}

}  // namespace mxemu::conformance
