// A subject that was identified, asked in the words under which it was: what it does is known, what it is
// called by may be something else.
#pragma once

#include "conformance/device/device_subject.hpp"
#include "conformance/suite.hpp"

namespace mxemu::conformance {

/// `request` as the subject is asked it: where it says what the subject was found to do, it says instead what
/// the subject was asked when it did so. The request itself of a subject that was not identified.
spec::Request in_its_words(const SuiteOptions& options, Operation operation, const spec::Request& request);

/// Puts every request in the subject's words. What those words cannot ask for, since they already ask for
/// what the subject was found to do, it does not support.
class AsIdentified final : public DeviceSubject {
 public:
  AsIdentified(Subject& subject, const SuiteOptions& options) : subject_(subject), options_(options) {}

  std::string name() const override { return subject_.name(); }
  std::string description() const override { return subject_.description(); }
  std::vector<Capability> capabilities() const override { return subject_.capabilities(); }
  std::vector<DeclaredLayout> layouts() const override { return subject_.layouts(); }
  Answers answer(const Cases& cases) override;
  std::string question(const Cases& cases, std::size_t index) const override;

 private:
  Cases translated(const Cases& cases) const;

  Subject& subject_;
  const SuiteOptions& options_;
};

}  // namespace mxemu::conformance
