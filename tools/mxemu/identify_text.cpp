// The table of `mxemu identify`, and its last word.
#include <algorithm>
#include <ostream>

#include "conformance/identify/finding_text.hpp"
#include "spec/freedoms.hpp"
#include "tools/mxemu/identify.hpp"
#include "tools/mxemu/text_table.hpp"

namespace mxemu::cli {
namespace {

using conformance::Finding;
using conformance::FindingStatus;
using conformance::FormatIdentity;
using conformance::ProfileComparison;
using Align = TextTable::Align;

std::string names(const std::vector<const spec::Profile*>& profiles) {
  std::string text;
  for (const auto* profile : profiles) text += (text.empty() ? "" : ", ") + std::string(profile->name);
  return text;
}

std::string probes(const Finding& finding) {
  if (finding.status != FindingStatus::Unexplained) return std::to_string(finding.probes);
  return std::to_string(finding.unexplained) + " of " + std::to_string(finding.probes);
}

void print_findings(const FormatIdentity& identity, std::ostream& out) {
  TextTable table(
      {{"freedom", Align::Left}, {"the device", Align::Left}, {"probes"}, {"evidence", Align::Left}});
  for (const Finding& finding : identity.findings)
    table.row({spec::freedom_name(finding.freedom), describe_words(finding), probes(finding),
               evidence_text(finding)});
  table.print(out);
}

/// What a device was asked for that does not do what the default asks.
void print_asked(const FormatIdentity& identity, std::ostream& out) {
  for (const auto& [operation, request] : identity.asked_otherwise) {
    const auto* name = spec::name_of(operation);
    out << name << " does not support what MX 6.3 recommends; it was asked with scale rule "
        << spec::name_of(request.scale_rule) << ", rounding " << spec::name_of(request.rounding.mode) << "\n";
  }
  if (!identity.asked_otherwise.empty()) out << "\n";
}

std::string describe(const conformance::StorageFinding& finding) {
  if (finding.as_declared) return finding.declared;
  return finding.found.empty() ? "none: no storage that is known" : finding.found;
}

/// Where tensors stand in memory.
void print_storage(const FormatIdentity& identity, std::ostream& out) {
  if (identity.storage.empty()) return;
  TextTable table({{"in memory", Align::Left},
                   {"operation", Align::Left},
                   {"declared", Align::Left},
                   {"the device", Align::Left},
                   {"evidence", Align::Left}});
  for (const auto& finding : identity.storage)
    table.row({finding.about, spec::name_of(finding.operation), finding.declared, describe(finding),
               finding.example});
  table.print(out);
  const bool astray = std::any_of(identity.storage.begin(), identity.storage.end(),
                                  [](const auto& finding) { return !finding.as_declared; });
  if (astray) out << "memory is not as declared: where numbers went through it, they were read as declared\n";
  out << "\n";
}

void print_nearest(const ProfileComparison& nearest, std::ostream& out) {
  out << "matches no profile; the nearest is " << nearest.profile->name << ", which differs in:\n";
  for (const auto& difference : nearest.differences)
    out << "  " << spec::freedom_name(difference.freedom) << " (" << difference.probes << " of "
        << nearest.probes << " probes)\n"
        << "    input     " << difference.example.input << "\n"
        << "    expected  " << difference.example.expected << "\n"
        << "    got       " << difference.example.got << "\n";
}

/// What the name does not say, for nobody knows it.
void print_open(const spec::Profile& profile, std::ostream& out) {
  std::string open;
  for (int freedom = 0; freedom < spec::freedom_count; ++freedom)
    if (profile.open.has(freedom))
      open += (open.empty() ? "" : ", ") + std::string(spec::freedom_name(freedom));
  if (!open.empty()) out << "  not known of " << profile.name << ", so not compared: " << open << "\n";
}

void print_verdict(const FormatIdentity& identity, std::ostream& out) {
  const auto matches = identity.matches();
  out << spec::format_of(identity.format).name << " ";
  if (matches.empty()) {
    if (const ProfileComparison* nearest = identity.nearest())
      print_nearest(*nearest, out);
    else
      out << "matches no profile: none covers what was answered\n";
  } else {
    out << (matches.size() == 1 ? "is " : "is one of ") << names(matches)
        << (matches.size() == 1 ? "\n" : ", which no probe that was answered tells apart\n");
    for (const auto* profile : matches) print_open(*profile, out);
  }
  const auto elements = identity.element_matches();
  if (!elements.empty()) out << "  its elements convert as those of " << names(elements) << "\n";
}

}  // namespace

void print_text(const conformance::Identity& identity, std::ostream& out) {
  for (const FormatIdentity& format : identity.formats) {
    out << identity.subject << "  " << spec::format_of(format.format).name << "  numbers of "
        << spec::name_of(format.type) << "  " << format.probes << " probes answered";
    if (format.unsupported > 0) out << ", " << format.unsupported << " not supported";
    out << "\n\n";
    print_asked(format, out);
    print_findings(format, out);
    out << "\n";
    print_storage(format, out);
    print_verdict(format, out);
    out << "\n";
  }
  if (identity.formats.empty())
    out << identity.subject
        << ": nothing could be probed: the device answers no operation of these formats\n";
  else if (const auto matches = identity.matches(); !matches.empty())
    out << identity.subject << " is " << names(matches) << "\n";
  else if (identity.is_identified())
    out << identity.subject << " matches a profile in every format, and no single one in all\n";
  else
    out << identity.subject << " is not identified\n";
}

}  // namespace mxemu::cli
