// A subject that does one thing and cannot be told to do another.
#pragma once

#include "conformance/as_identified.hpp"
#include "conformance/device/canonical_request.hpp"
#include "conformance/device/device_subject.hpp"
#include "conformance/suite.hpp"

namespace mxemu::conformance {

/// Puts to the subject what is asked under the requests of `options` alone; anything else it cannot answer.
class OneBehaviour final : public DeviceSubject {
 public:
  OneBehaviour(Subject& subject, const SuiteOptions& options) : subject_(subject), options_(options) {}

  std::string name() const override { return subject_.name(); }
  std::string description() const override { return subject_.description(); }
  std::vector<Capability> capabilities() const override { return subject_.capabilities(); }
  std::vector<DeclaredLayout> layouts() const override { return subject_.layouts(); }

  std::string question(const Cases& cases, std::size_t index) const override {
    return subject_.question(cases, index);
  }

  Answers answer(const Cases& cases) override {
    const auto canonical = [&](const spec::Request& request) {
      return canonical_request(cases.operation, request, cases.shortest_block());
    };
    const spec::Request own = options_.request_of(cases.request.format);
    if (canonical(cases.request) == canonical(in_its_words(options_, cases.operation, own)))
      return subject_.answer(cases);
    Answers answers = make_answers(cases);
    answers.unsupported.assign(cases.count(), true);
    return answers;
  }

 private:
  Subject& subject_;
  const SuiteOptions& options_;
};

}  // namespace mxemu::conformance
