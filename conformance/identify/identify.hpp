// What a device does, found out by asking: a fingerprint over the freedoms of the standard, and the profile
// that has it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "conformance/identify/probe_table.hpp"
#include "conformance/identify/storage_finding.hpp"
#include "conformance/subject.hpp"
#include "conformance/suite.hpp"
#include "spec/profile.hpp"

namespace mxemu::conformance {

/// An answer and what was expected instead, in words.
struct Example {
  std::string input;
  std::string expected;  ///< empty where no behaviour that is known explains the answer
  std::string got;
};

enum class FindingStatus : std::uint8_t {
  Known,         ///< its words explain every answer
  Unexplained,   ///< no known behaviour explains every answer
  NotProbed,     ///< the device does not answer the operations that would show it
  NotApplicable  ///< the format has no such freedom
};

/// What was found out about one freedom.
struct Finding {
  int freedom = 0;
  FindingStatus status = FindingStatus::NotProbed;
  std::vector<int> words = {};  ///< that explain the answers, or the most of them; all: nothing shows it
  std::size_t probes = 0;       ///< that say something about it
  std::size_t unexplained = 0;
  Example example = {};  ///< an answer that shows it

  bool is_visible() const;
};

/// Where a device departs from a profile.
struct ProfileDifference {
  int freedom = 0;
  std::size_t probes = 0;  ///< that differ
  Example example = {};
};

struct ProfileComparison {
  const spec::Profile* profile = nullptr;
  std::vector<ProfileDifference> differences = {};
  int agreements = 0;           ///< freedoms that the profile fixes and that the device is seen to take so
  std::size_t probes = 0;       ///< that both the profile and the device have an answer to
  std::size_t conversions = 0;  ///< of them, of numbers to codes
};

struct FormatIdentity {
  spec::BlockType format = {};
  spec::FloatType type = {};
  std::size_t probes = 0;              ///< answered
  std::size_t unsupported = 0;         ///< asked and not answered
  bool chooses_scales = false;         ///< some operation answered with a scale
  std::vector<Finding> findings = {};  ///< one per freedom
  std::vector<ProfileComparison> profiles =
      {};  ///< every profile that covers the format and what was answered
  /// The request under which the reference does what the device does: the first profile that matches, its
  /// open freedoms as they were found, or else the fingerprint itself.
  spec::Request request = {};
  /// Operations that support nothing that the default asks for, and what they were asked instead.
  std::vector<std::pair<Operation, spec::Request>> asked_otherwise = {};
  std::vector<StorageFinding> storage = {};  ///< of a device with operations on tensors

  /// Profiles that no probe tells from the device: one, or a set that this device cannot tell apart.
  std::vector<const spec::Profile*> matches() const;
  /// Profiles of elements alone that a device which chooses scales agrees with besides.
  std::vector<const spec::Profile*> element_matches() const;
  /// The profile that agrees with the device in more freedoms, less those it differs in, than any other;
  /// nullptr where none covers what was answered.
  const ProfileComparison* nearest() const;
};

struct Identity {
  std::string subject;
  std::vector<FormatIdentity> formats;  ///< those that the device answers to

  /// True when every format matches a profile.
  bool is_identified() const;
  /// Profiles that match in every format.
  std::vector<const spec::Profile*> matches() const;
  /// What the suite judges the device by; nullptr for a format that was not probed.
  const spec::Request* request(spec::BlockType format) const;
};

/// Keeps the tables of expected answers from one subject to the next.
class Identifier {
 public:
  /// Probes every operation that the subject declares, in each of `formats` that it declares, with binary32
  /// or else the first type declared. Throws DeviceError.
  Identity identify(Subject& subject, const std::vector<spec::BlockType>& formats);

 private:
  const ProbeTable& table(spec::BlockType format, spec::FloatType type);

  std::map<std::pair<spec::BlockType, spec::FloatType>, std::unique_ptr<ProbeTable>> tables_;
};

/// Has the suite judge a subject by what it was found to do, and ask it as it was asked then.
void judge_as_found(const FormatIdentity& found, SuiteOptions& options);

/// The same for one subject.
Identity identify(Subject& subject, const std::vector<spec::BlockType>& formats);

}  // namespace mxemu::conformance
