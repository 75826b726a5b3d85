#include "conformance/identify/dot_identity.hpp"

#include <algorithm>
#include <functional>

#include "conformance/describe.hpp"
#include "conformance/dot/dot_check.hpp"
#include "conformance/dot/dot_emulation.hpp"
#include "conformance/dot/dot_suite.hpp"
#include "conformance/identify/dot_models.hpp"

namespace mxemu::conformance {
namespace {

/// The answered probes of one pair.
class DotProbes {
 public:
  DotProbes(Subject& subject, const DotCapability& pair) : pair_(pair) {
    Random random(1);
    // The plain ones first, since the first that differs is shown.
    for (const DotCheck* check : every_dot_check())
      if (!is_random(*check)) ask(subject, *check, random);
    for (const DotCheck* check : every_dot_check())
      if (is_random(*check)) ask(subject, *check, random);
  }

  std::size_t count() const { return cases_.size(); }
  const DotCapability& pair() const { return pair_; }

  /// The first probe whose answer is not that of `row`.
  std::optional<std::size_t> first_difference(const spec::Accumulator& row) const {
    for (std::size_t i = 0; i < count(); ++i)
      if (!agrees_at(row, i)) return i;
    return std::nullopt;
  }

  /// Whether there is none. From the end: random products settle most of what is not so.
  bool fits(const spec::Accumulator& row) const {
    for (std::size_t i = count(); i-- > 0;)
      if (!agrees_at(row, i)) return false;
    return true;
  }

  /// Probe `index`, its answer, and what `row` would have answered.
  std::string evidence(std::size_t index, const spec::Accumulator& row, const std::string& otherwise) const {
    const DotCases& cases = cases_[index];
    std::string terms;
    const auto values = dot_terms(cases, 0);
    std::size_t shown = 0;
    for (std::size_t k = 0; k < values.size() && shown < most_shown; ++k)
      if (!values[k].is_zero()) {
        terms += (terms.empty() ? "" : ", ") +
                 std::string(k == cases.elements ? "c" : "k=" + std::to_string(k)) + " " +
                 describe(values[k]);
        ++shown;
      }
    return (terms.empty() ? "zeros" : terms) + (shown == most_shown ? ", ..." : "") + " give " +
           number(got_[index]) + "; " + otherwise + " would give " + number(dot_under(row, cases, 0));
  }

 private:
  static constexpr std::size_t most_shown = 4;

  bool agrees_at(const spec::Accumulator& row, std::size_t index) const {
    return is_same_result(pair_.output, got_[index], dot_under(row, cases_[index], 0));
  }

  static bool is_random(const DotCheck& check) {
    const std::string id = check.id;
    return id == "dot/random" || id == "dot/permutation" || id == "dot/tail";
  }

  void ask(Subject& subject, const DotCheck& check, Random& random) {
    const DotTarget target = {pair_, Level::Quick};
    if (!check.applies(target)) return;
    for (const DotCases& batch : check.generate(target, random)) {
      const DotAnswers answers = subject.answer_dot(batch);
      for (std::size_t i = 0; i < batch.count(); ++i)
        if (answers.is_supported(i)) {
          cases_.push_back(part_of(batch, i, 1));
          got_.push_back(answers.results[i]);
        }
    }
  }

  std::string number(std::uint32_t bits) const {
    const spec::FloatFormat& format = spec::format_of(pair_.output);
    return hex(bits, format.bits / 4) + " (" + hex_float(format, bits) + ")";
  }

  DotCapability pair_;
  std::vector<DotCases> cases_;
  std::vector<std::uint32_t> got_;
};

/// A property is shown when every other value of it is contradicted by a probe.
DotFinding finding_of(const DotProbes& probes, const DotProperty& property) {
  DotFinding finding = {property.about, property.value, {}};
  for (const DotProperty::Other& other : property.others) {
    const auto difference = probes.first_difference(other.row);
    if (!difference) {
      finding.value += " (or " + other.value + ": no probe tells)";
      finding.evidence.clear();
      return finding;
    }
    if (finding.evidence.empty())
      finding.evidence = probes.evidence(*difference, other.row, property.about + " " + other.value);
  }
  return finding;
}

DotIdentity identify_pair(Subject& subject, const DotCapability& pair) {
  const DotProbes probes(subject, pair);
  DotIdentity identity = {.pair = pair, .probes = probes.count()};
  if (probes.count() == 0) return identity;
  for (const spec::Accumulator* row : accumulators_for(pair))
    if (probes.fits(*row)) identity.accumulators.push_back(row);
  if (!identity.accumulators.empty())
    identity.model = *identity.accumulators.front();
  else
    identity.model = find_dot_model(pair, [&](const spec::Accumulator& row) { return probes.fits(row); });
  if (!identity.model) return identity;
  for (const DotProperty& property : properties_of(*identity.model, pair))
    identity.findings.push_back(finding_of(probes, property));
  return identity;
}

}  // namespace

std::vector<DotIdentity> identify_dots(Subject& subject, const std::vector<spec::BlockType>& formats) {
  const bool all = formats.empty() || formats.size() == std::size(spec::block_formats);
  std::vector<DotIdentity> identities;
  for (const DotCapability& pair : subject.dot_capabilities()) {
    const bool named = std::any_of(formats.begin(), formats.end(), [&](spec::BlockType format) {
      const spec::OperandType type = spec::operand_of(spec::format_of(format).element);
      return pair.a.type == type || pair.b.type == type;
    });
    if (all || named) identities.push_back(identify_pair(subject, pair));
  }
  return identities;
}

}  // namespace mxemu::conformance
