// The level exhaustive: what the sweep expects, chunk by chunk, and its cases one by one.
#include "conformance/exhaustive.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/tests/suite/wrong_subjects.hpp"

namespace mxemu::conformance::tests {
namespace {

Target target_of(spec::BlockType format, Operation operation) {
  return {.request = spec::make_request(format),
          .operation = operation,
          .type = spec::FloatType::Float32,
          .level = Level::Exhaustive};
}

/// The first chunk of the sweep, 2^20 inputs: a difference would end it before the tick does.
void expect_first_chunk_agrees(const Target& target) {
  const auto subject = make_fast_subject();
  int chunks = 1;
  EXPECT_THROW(sweep(*subject, target, {}, 1, true, [&](double) { return chunks-- > 0; }), Interrupted)
      << target.request.block_format().name << " " << spec::name_of(target.operation) << " "
      << spec::name_of(target.request.policy.zero_block_scale);
}

TEST(Exhaustive, ExpectsWhatTheFastLibraryAnswers) {
  for (const spec::BlockFormat& format : spec::block_formats)
    for (const Operation operation : {Operation::Encode, Operation::Quantize})
      expect_first_chunk_agrees(target_of(format.type, operation));
}

TEST(Exhaustive, BlocksOfZerosMayHaveTheScaleOfAnyOthers) {
  Target target = target_of(spec::BlockType::MXINT8, Operation::Quantize);
  for (const auto& word : spec::words<spec::ZeroBlockScale>)
    for (const auto& subnormals : spec::words<spec::SubnormalInput>) {
      target.request.policy.zero_block_scale = word.value;
      target.request.policy.subnormal_input = subnormals.value;
      expect_first_chunk_agrees(target);
    }
}

SuiteOptions one_case(std::uint64_t index) {
  return {.formats = {spec::BlockType::MXFP4_E2M1},
          .types = {spec::FloatType::Float32},
          .operations = {Operation::Encode},
          .level = Level::Exhaustive,
          .check = exhaustive_id,
          .only_case = index};
}

TEST(Exhaustive, ACaseIsRepeatedAlone) {
  constexpr std::uint64_t of_one_and_a_quarter = 0x3fa00000 / 32;  // halfway between 1 and 1.5
  const auto subject =
      asked_otherwise([](spec::Request& r) { r.rounding.mode = spec::RoundingMode::NearestAway; });
  const SuiteResult result = run_suite(*subject, one_case(of_one_and_a_quarter));
  EXPECT_EQ(result.exit_status(), 1);
  const CheckResult& check = result.checks.at(0);
  EXPECT_EQ(check.cases, 1u);
  ASSERT_EQ(check.failures.size(), 1u);
  EXPECT_EQ(check.failures[0].case_index, of_one_and_a_quarter);
  EXPECT_EQ(check.failures[0].input, 0x3fa00000u);
  EXPECT_TRUE(check.suspect.starts_with("ties away from zero")) << check.suspect;
  EXPECT_EQ(run_suite(*make_fast_subject(), one_case(of_one_and_a_quarter)).exit_status(), 0);
}

TEST(Exhaustive, WhichNanCodeIsFreeThereToo) {
  // Case 0x7f800000 / 32 begins with Inf and goes on with NaNs.
  const auto odd = changed({.answered = [](const Cases&, Answers& answers) {
    std::replace(answers.codes.begin(), answers.codes.end(), std::uint8_t{0x7f}, std::uint8_t{0x7d});
  }});
  SuiteOptions options = one_case(0x7f800000 / 32);
  options.formats = {spec::BlockType::MXFP8_E5M2};
  const SuiteResult result = run_suite(*odd, options);
  EXPECT_EQ(result.exit_status(), 0);
  EXPECT_EQ(result.checks.at(0).verdict, Verdict::ConformantWith);
  EXPECT_EQ(result.checks.at(0).note, "nan_code=any");
  const auto lost = changed({.answered = [](const Cases&, Answers& answers) {
    std::replace(answers.codes.begin(), answers.codes.end(), std::uint8_t{0x7f}, std::uint8_t{0});
  }});
  EXPECT_EQ(run_suite(*lost, options).exit_status(), 1);
}

TEST(Exhaustive, IsRefusedAtALevelThatHasItNot) {
  SuiteOptions options = one_case(0);
  options.level = Level::Full;
  EXPECT_THROW(run_suite(*make_fast_subject(), options), std::invalid_argument);
}

TEST(Exhaustive, ACaseThatDoesNotExistIsSkippedAndSaysWhichDo) {
  const SuiteResult result = run_suite(*make_fast_subject(), one_case(std::uint64_t{1} << 27));
  EXPECT_EQ(result.exit_status(), 3);
  EXPECT_EQ(result.checks.at(0).note, "it has 134217728 cases, numbered from 0");
}

}  // namespace
}  // namespace mxemu::conformance::tests
