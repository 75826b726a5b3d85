// A device of one behaviour, judged by that behaviour in whatever words it answers to.
#include "conformance/as_identified.hpp"

#include <gtest/gtest.h>

#include "conformance/identify/identify.hpp"
#include "emulation.hpp"

namespace mxemu::conformance::tests {
namespace {

constexpr spec::BlockType fp4 = spec::BlockType::MXFP4_E2M1;

/// Takes the words floor and nearest_even and no option, and rounds ties away from zero.
Emulation mislabelled() {
  Words words = words_of(spec::make_request(fp4));
  words[rounding_freedom] = static_cast<int>(spec::RoundingMode::NearestAway);
  Emulation device(words, capabilities_of(fp4, {Operation::Quantize, Operation::Encode}));
  device.tamper = [](const Cases& cases, Answers& answers) {
    const spec::Request& asked = cases.request;
    const bool known = asked.policy == spec::Policy{} && asked.scale_rule == spec::ScaleRuleType::Floor &&
                       asked.rounding.mode == spec::RoundingMode::NearestEven;
    if (!known) answers.unsupported.assign(cases.count(), true);
  };
  return device;
}

TEST(AsIdentified, ADeviceThatDeclinesTheWordsOfWhatItDoesIsJudgedByIt) {
  Emulation device = mislabelled();
  SuiteOptions options = {.formats = {fp4}};
  const SuiteResult by_words = run_suite(device, options);
  EXPECT_EQ(by_words.exit_status(), 1);
  for (const CheckResult& check : by_words.checks)
    if (check.id == "element/rounding") {
      EXPECT_TRUE(check.suspect.starts_with("ties away from zero")) << check.suspect;
    }
  const Identity identity = identify(device, {fp4});
  ASSERT_EQ(identity.formats.size(), 1u);
  judge_as_found(identity.formats[0], options);
  options.identity = "no known profile";
  EXPECT_EQ(options.departures(), std::vector<std::string>{"rounding=nearest_away"});
  const SuiteResult by_deeds = run_suite(device, options);
  EXPECT_EQ(by_deeds.exit_status(), 0);
  for (const CheckResult& check : by_deeds.checks)
    EXPECT_EQ(check.verdict, Verdict::Passed) << check.id << " " << check.note;
}

TEST(AsIdentified, WhatTheWordsAlreadyAskForCannotBeAskedForTwice) {
  Words words = words_of(spec::make_request(spec::BlockType::MXFP8_E4M3));
  words[static_cast<std::size_t>(spec::freedom_index("overflow"))] =
      static_cast<int>(spec::Overflow::NonFinite);
  Emulation device(words, capabilities_of(spec::BlockType::MXFP8_E4M3, {Operation::Encode}));
  SuiteOptions options = {.formats = {spec::BlockType::MXFP8_E4M3}};
  judge_as_found(identify(device, options.formats).formats.at(0), options);
  options.identity = "no known profile";
  for (const CheckResult& check : run_suite(device, options).checks) {
    const bool other_method = check.id == "overflow/saturate";
    EXPECT_EQ(check.verdict, other_method ? Verdict::Skipped : Verdict::Passed)
        << check.id << " " << check.note;
  }
}

}  // namespace
}  // namespace mxemu::conformance::tests
