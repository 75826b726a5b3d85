#include "conformance/identify/finding_text.hpp"

namespace mxemu::conformance {
namespace {

/// As much of a long block as a table has room for; JSON has all of it.
std::string shortened(const std::string& input) {
  constexpr std::size_t room = 88;
  return input.size() <= room ? input : input.substr(0, room - 4) + " ...";
}

}  // namespace

std::string evidence_text(const Finding& finding) {
  switch (finding.status) {
    case FindingStatus::NotProbed:
    case FindingStatus::NotApplicable: return "";
    case FindingStatus::Unexplained:
      return shortened(finding.example.input) + " -> " + finding.example.got + "; expected " +
             finding.example.expected;
    case FindingStatus::Known: break;
  }
  return finding.example.input.empty() ? "" : shortened(finding.example.input) + " -> " + finding.example.got;
}

std::string describe_words(const Finding& finding) {
  switch (finding.status) {
    case FindingStatus::NotProbed: return "not probed: no operation that shows it is answered";
    case FindingStatus::NotApplicable: return "none in this format";
    case FindingStatus::Unexplained: return "none: matches no known behaviour";
    case FindingStatus::Known: break;
  }
  if (is_edge(finding.freedom)) return "as exact arithmetic has it";
  if (!finding.is_visible()) return "any: nothing that is answered shows it";
  std::string text;
  for (const int word : finding.words)
    text += (text.empty() ? "" : " or ") + std::string(word_name(finding.freedom, word));
  // Padding is not stored, so no answer can tell the two apart.
  const bool is_tail = finding.freedom == spec::freedom_index("tail");
  return is_tail && finding.words.size() > 1 ? text + ": the same answers" : text;
}

}  // namespace mxemu::conformance
