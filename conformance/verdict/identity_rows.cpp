#include "conformance/verdict/identity_rows.hpp"

#include <algorithm>

#include "conformance/identify/finding_text.hpp"
#include "spec/freedoms.hpp"

namespace mxemu::conformance {
namespace {

std::string names(const std::vector<const spec::Profile*>& profiles) {
  std::string text;
  for (const spec::Profile* profile : profiles)
    text += (text.empty() ? "" : " or ") + std::string(profile->name);
  return text;
}

/// What is said of a format, after its name.
std::string sentence(const FormatIdentity& identity) {
  if (identity.probes == 0) return "answers no operation that shows what it does with numbers";
  if (const auto matches = identity.matches(); !matches.empty()) return "is " + names(matches);
  const ProfileComparison* nearest = identity.nearest();
  if (nearest == nullptr) return "matches none of the profiles";
  std::string differences;
  for (const ProfileDifference& difference : nearest->differences)
    differences += (differences.empty() ? "" : ", ") + std::string(spec::freedom_name(difference.freedom));
  return std::string("matches none of the profiles; the nearest, ") + nearest->profile->name +
         ", differs in " + differences;
}

std::string sentence(const DotIdentity& identity) {
  if (identity.probes == 0) return "answers none of the probes";
  std::string names;
  for (const spec::Accumulator* row : identity.accumulators)
    names += (names.empty() ? "" : " or ") + std::string(row->name);
  if (!names.empty()) return "sums as " + names;
  if (identity.model) return "sums as no accumulator that has a name; a fused adder gives all its answers";
  return "sums as no accumulator that is known";
}

/// Rows and sentences of several formats, or pairs of operands: what is said of more than one is said once.
class Table {
 public:
  Table(std::size_t count, const char* all) : count_(count), all_(all) {}

  void add(const IdentityRow& row) {
    const auto same = std::find_if(groups_.begin(), groups_.end(), [&](const Group& group) {
      return group.row.about == row.about && group.row.does == row.does;
    });
    if (same == groups_.end()) {
      groups_.push_back({row, 1});
      return;
    }
    same->row.of += ", " + row.of;
    if (++same->members == count_) same->row.of = all_;
  }

  std::vector<IdentityRow> rows() const {
    std::vector<IdentityRow> rows;
    for (const Group& group : groups_) rows.push_back(group.row);
    return rows;
  }

 private:
  struct Group {
    IdentityRow row;
    std::size_t members;
  };

  std::size_t count_;
  std::string all_;
  std::vector<Group> groups_;
};

bool is_seen(const Finding& finding) {
  return finding.status == FindingStatus::Unexplained ||
         (finding.status == FindingStatus::Known && finding.is_visible());
}

/// Rows of one freedom beside each other.
void sort_by_freedom(std::vector<IdentityRow>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const IdentityRow& a, const IdentityRow& b) {
    return spec::freedom_index(a.about) < spec::freedom_index(b.about);
  });
}

void add_sentences(const Table& sentences, const std::string& prefix, SuiteResult& result) {
  for (const IdentityRow& row : sentences.rows())
    result.identified_as.push_back(prefix + row.of + " " + row.does);
}

}  // namespace

void add_identity(const Identity& identity, SuiteResult& result) {
  Table sentences(identity.formats.size(), "each format");
  Table freedoms(identity.formats.size(), "each format");
  Table storage(identity.formats.size(), "each format");
  for (const FormatIdentity& format : identity.formats) {
    const std::string name = spec::format_of(format.format).name;
    sentences.add({name, "", sentence(format), ""});
    for (const Finding& finding : format.findings)
      if (is_seen(finding))
        freedoms.add(
            {name, spec::freedom_name(finding.freedom), describe_words(finding), evidence_text(finding)});
    for (const StorageFinding& finding : format.storage) {
      const std::string found = finding.found.empty() ? "none: no storage that is known" : finding.found;
      storage.add(
          {name, finding.about + " of " + spec::name_of(finding.operation) + ", declared " + finding.declared,
           finding.as_declared ? "as declared" : found, finding.example});
    }
  }
  std::vector<IdentityRow> rows = freedoms.rows();
  sort_by_freedom(rows);
  add_sentences(sentences, "", result);
  for (const auto& all : {rows, storage.rows()})
    result.identity.insert(result.identity.end(), all.begin(), all.end());
}

void add_identity(const std::vector<DotIdentity>& identities, SuiteResult& result) {
  Table sentences(identities.size(), "each pair of operands");
  Table properties(identities.size(), "each pair of operands");
  for (const DotIdentity& identity : identities) {
    const std::string pair = describe(identity.pair);
    sentences.add({pair, "", sentence(identity), ""});
    for (const DotFinding& finding : identity.findings)
      properties.add({pair, finding.about, finding.value, finding.evidence});
  }
  std::vector<IdentityRow> rows = properties.rows();
  std::stable_sort(rows.begin(), rows.end(),
                   [](const IdentityRow& a, const IdentityRow& b) { return a.about < b.about; });
  add_sentences(sentences, "dot: ", result);
  result.identity.insert(result.identity.end(), rows.begin(), rows.end());
}

}  // namespace mxemu::conformance
