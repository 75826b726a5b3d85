// What the suite says of subjects that are right, of those that choose another alternative, and of those that
// are wrong.
#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/suite.hpp"
#include "conformance/tests/suite/wrong_subjects.hpp"

namespace mxemu::conformance::tests {
namespace {

/// One format and type: enough to judge a behaviour that all of them share.
SuiteOptions small_options(const std::string& check, spec::BlockType format = spec::BlockType::MXFP4_E2M1,
                           std::vector<Operation> operations = {}) {
  return {.formats = {format},
          .types = {spec::FloatType::Float32},
          .operations = std::move(operations),
          .check = check};
}

std::string explained(const SuiteResult& result) {
  std::string text;
  for (const CheckResult& check : result.checks) {
    text += std::string(spec::name_of(check.verdict)) + " " + check.id + " " +
            spec::format_of(check.format).name + " " + spec::name_of(check.operation) + " " +
            spec::name_of(check.type) + " " + check.note + "\n";
    if (!check.failures.empty()) text += describe(result, check, check.failures.front());
  }
  return text;
}

/// Every chosen check has this verdict.
void expect_all(const SuiteResult& result, Verdict verdict) {
  EXPECT_FALSE(result.checks.empty());
  EXPECT_EQ(result.count(verdict), result.checks.size()) << explained(result);
}

void expect_conformant(Subject& subject, const SuiteOptions& options, const std::string& note) {
  const SuiteResult result = run_suite(subject, options);
  expect_all(result, Verdict::ConformantWith);
  EXPECT_EQ(result.exit_status(), 0);
  for (const CheckResult& check : result.checks) EXPECT_EQ(check.note, note) << check.id;
}

void expect_failed(Subject& subject, const SuiteOptions& options, const std::string& suspect) {
  const SuiteResult result = run_suite(subject, options);
  expect_all(result, Verdict::Failed);
  EXPECT_EQ(result.exit_status(), 1);
  for (const CheckResult& check : result.checks) {
    EXPECT_TRUE(check.suspect.starts_with(suspect + " (")) << check.suspect << "\n" << explained(result);
    EXPECT_FALSE(check.failures.empty());
    EXPECT_FALSE(check.cells.empty());
  }
}

/// The cases and what they must give, made once for all subjects.
PreparedChecks& prepared() {
  static PreparedChecks checks;
  return checks;
}

class RightSubject : public testing::TestWithParam<const char*> {};

TEST_P(RightSubject, PassesEveryCheckOfEveryFormatAndTypeWithNothingUntrusted) {
  const auto subject = make_subject(GetParam());
  const SuiteResult result = run_suite(*subject, {}, {}, &prepared());
  EXPECT_EQ(result.exit_status(), 0);
  for (const CheckResult& check : result.checks)
    EXPECT_EQ(check.verdict, Verdict::Passed)
        << check.id << " " << spec::format_of(check.format).name << " " << spec::name_of(check.operation)
        << " " << spec::name_of(check.type) << " " << check.note;
  for (const CheckDescription& description : check_descriptions())
    if (description.id != "element/exhaustive") {
      EXPECT_TRUE(std::any_of(result.checks.begin(), result.checks.end(), [&](const CheckResult& check) {
        return check.id == description.id && check.elements > 0;
      })) << description.id;
    }
}
INSTANTIATE_TEST_SUITE_P(All, RightSubject, testing::Values("reference", "fast"),
                         [](const auto& subject) { return std::string(subject.param); });

TEST(Conformance, AnotherScaleRuleIsAnAlternative) {
  const auto subject =
      asked_otherwise([](spec::Request& request) { request.scale_rule = spec::ScaleRuleType::Rceil; });
  const auto options = [](const char* check) {
    return small_options(check, spec::BlockType::MXFP8_E4M3, {Operation::Quantize});
  };
  // Rules that differ at the smallest scale alone are told apart by the checks that go there.
  expect_conformant(*subject, options("scale/rule"), "scale_rule=rceil (or rceil_normal)");
  for (const char* check : {"element/rounding", "block/positions", "tail/short_block"})
    expect_conformant(*subject, options(check), "scale_rule=rceil");
}

TEST(Conformance, WordsThatNoInputOfTheCheckTellsApartAreAllNamed) {
  // The scale of INT8's largest power of two, 1, is 1.
  const auto subject = asked_otherwise(
      [](spec::Request& request) { request.policy.zero_block_scale = spec::ZeroBlockScale::RuleOfOne; });
  expect_conformant(*subject,
                    small_options("special/zero_block", spec::BlockType::MXINT8, {Operation::Scale}),
                    "zero_block_scale=one (or rule_of_one)");
}

TEST(Conformance, WhatABlockWithNanBecomesIsFree) {
  const auto subject = asked_otherwise([](spec::Request& request) {
    request.policy.nan_in_block = spec::NonFiniteInBlock::ElementOnly;
    request.policy.nan_to_finite = spec::NanToFinite::SignedMax;
  });
  expect_conformant(*subject,
                    small_options("special/nan_in_block", spec::BlockType::MXFP6_E2M3, {Operation::Quantize}),
                    "nan_in_block=element_only, nan_to_finite=signed_max");
}

TEST(Conformance, ARuleLearntFromOneCheckHelpsWithTheNext) {
  const auto subject = asked_otherwise([](spec::Request& request) {
    request.scale_rule = spec::ScaleRuleType::Even;
    request.policy.nan_in_block = spec::NonFiniteInBlock::ElementOnly;
    request.policy.nan_to_finite = spec::NanToFinite::PositiveZero;
  });
  const SuiteResult result =
      run_suite(*subject, small_options("", spec::BlockType::MXFP6_E3M2, {Operation::Quantize}));
  EXPECT_EQ(result.count(Verdict::Failed), 0u) << explained(result);
  for (const CheckResult& check : result.checks) {
    if (check.id == "special/nan_in_block") {
      EXPECT_EQ(check.note, "nan_in_block=ignore");  // which is what the two words come to
    }
    if (check.id == "tail/short_block") {
      EXPECT_EQ(check.note, "scale_rule=even");
    }
  }
}

TEST(Conformance, TheSignOfZeroIsFreeInFp4AndNotInFp8) {
  const auto subject =
      asked_otherwise([](spec::Request& request) { request.policy.zero_sign = spec::ZeroSign::Drop; });
  expect_conformant(*subject, small_options("special/negative_zero"), "zero_sign=drop");
  expect_failed(*subject, small_options("special/negative_zero", spec::BlockType::MXFP8_E5M2),
                "sign of zero lost");
}

TEST(Conformance, WhichNanCodeIsFree) {
  const auto named =
      asked_otherwise([](spec::Request& request) { request.policy.nan_code = spec::NanCode::SignedAllOnes; });
  const SuiteOptions options = small_options("special/nan_element", spec::BlockType::MXFP8_E5M2);
  expect_conformant(*named, options, "nan_code=signed_all_ones");
  const auto odd = changed({.answered = [](const Cases&, Answers& answers) {
    std::replace(answers.codes.begin(), answers.codes.end(), std::uint8_t{0x7f}, std::uint8_t{0x7d});
  }});
  expect_conformant(*odd, options, "nan_code=any");
}

TEST(Conformance, CodesUnderANanScaleMeanNothing) {
  const auto subject = changed({.answered = [](const Cases& cases, Answers& answers) {
    if (cases.operation != Operation::Quantize) return;
    for (std::size_t i = 0; i < answers.codes.size(); ++i)
      if (answers.scales[i / cases.elements] == 0xff) answers.codes[i] = 1;
  }});
  expect_conformant(*subject,
                    small_options("special/inf_in_block", spec::BlockType::MXFP4_E2M1, {Operation::Quantize}),
                    "codes_under_nan_scale=any");
}

TEST(Conformance, AnyNanIsANanNumber) {
  const auto subject = changed({.answered = [](const Cases& cases, Answers& answers) {
    if (!gives_numbers(cases.operation)) return;
    const spec::FloatFormat& format = spec::format_of(cases.type());
    for (std::size_t i = 0; i < answers.numbers.size(); ++i)
      if (answers.numbers.at(i) == format.nan_bits()) answers.numbers.set(i, format.nan_bits() | 1);
  }});
  expect_all(run_suite(*subject, small_options("decode/nan_scale")), Verdict::Passed);
}

TEST(Failure, TiesAwayFromZero) {
  const auto subject = asked_otherwise(
      [](spec::Request& request) { request.rounding.mode = spec::RoundingMode::NearestAway; });
  for (const spec::BlockFormat& format : spec::block_formats)
    expect_failed(*subject, small_options("element/rounding", format.type), "ties away from zero");
}

TEST(Failure, Truncation) {
  const auto subject =
      asked_otherwise([](spec::Request& request) { request.rounding.mode = spec::RoundingMode::TowardZero; });
  expect_failed(*subject, small_options("element"), "truncation");
}

TEST(Failure, DoubleRoundingThroughBfloat16) {
  const auto subject = changed({.asked = [](Cases& cases) {
    if (!takes_numbers(cases.operation)) return;
    for (std::size_t i = 0; i < cases.numbers.size(); ++i) {
      const std::uint64_t bits = cases.numbers.at(i);
      if ((bits & 0x7fffffff) < 0x7f800000)
        cases.numbers.set(i, (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000);
    }
  }});
  expect_failed(*subject, small_options("element/rounding"), "double rounding through bf16");
}

void add_to_scales(const Cases& cases, Answers& answers, int error) {
  if (gives_scale(cases.operation))
    for (std::uint8_t& scale : answers.scales) scale = static_cast<std::uint8_t>(scale + error);
}

TEST(Failure, ScaleOffByOneAndByEmax) {
  const auto options = small_options("element/rounding", spec::BlockType::MXFP8_E4M3, {Operation::Quantize});
  const auto one = changed({.answered = [](const Cases& c, Answers& a) { add_to_scales(c, a, -1); }});
  expect_failed(*one, options, "scale off by one");
  const auto emax = changed({.answered = [](const Cases& c, Answers& a) { add_to_scales(c, a, 8); }});
  expect_failed(*emax, options, "scale off by emax, 8");
}

TEST(Failure, LogarithmInFloatingPoint) {
  // log2f of a number hardly below a power of two is that power's exponent.
  const auto subject = changed({.answered = [](const Cases& cases, Answers& answers) {
    if (!gives_scale(cases.operation)) return;
    for (std::size_t i = 0; i < cases.count(); ++i) {
      std::uint64_t amax = 0;
      for (std::size_t j = 0; j < cases.elements; ++j)
        amax = std::max(amax, cases.numbers.at(i * cases.elements + j) & 0x7fffffff);
      if (amax < 0x7f800000 && (amax & 0x7fffff) == 0x7fffff) ++answers.scales[i];
    }
  }});
  expect_failed(*subject, small_options("scale/rule"), "log2 in floating point");
}

TEST(Failure, SwappedNeighbours) {
  const auto subject = changed({.answered = [](const Cases&, Answers& answers) {
    for (std::size_t i = 0; i + 1 < answers.codes.size(); i += 2)
      std::swap(answers.codes[i], answers.codes[i + 1]);
  }});
  expect_failed(*subject,
                small_options("block/positions", spec::BlockType::MXFP4_E2M1, {Operation::Quantize}),
                "neighbouring elements swapped (nibble order)");
}

TEST(Failure, NanIgnoredByAConversionToFp8) {
  const auto subject = changed({.answered = [](const Cases&, Answers& answers) {
    std::replace(answers.codes.begin(), answers.codes.end(), std::uint8_t{0x7f}, std::uint8_t{0});
  }});
  expect_failed(*subject, small_options("special/nan_element", spec::BlockType::MXFP8_E4M3), "NaN lost");
}

TEST(Failure, LowestScaleReadAsZero) {
  const auto subject = asked_otherwise(
      [](spec::Request& request) { request.policy.lowest_scale_decode = spec::LowestScaleDecode::Zero; });
  expect_failed(*subject, small_options("decode/lowest_scale"), "scale 0x00 read as zero");
}

TEST(Failure, NanScaleReadAsAPowerOfTwo) {
  const auto subject = asked_otherwise(
      [](spec::Request& request) { request.policy.nan_scale_decode = spec::NanScaleDecode::PowerOfTwo; });
  expect_failed(*subject, small_options("decode/nan_scale", spec::BlockType::MXINT8),
                "scale 0xff read as 2^128");
}

TEST(Failure, SaturationMissing) {
  const auto subject =
      asked_otherwise([](spec::Request& request) { request.policy.overflow = spec::Overflow::NonFinite; });
  expect_failed(*subject, small_options("overflow/saturate", spec::BlockType::MXFP8_E4M3),
                "saturation missing");
}

TEST(Failure, AnAlternativeThatIsNotKeptToIsNone) {
  // rceil in the even cases only: no rule gives these answers.
  const auto rceil = asked_otherwise([](spec::Request& r) { r.scale_rule = spec::ScaleRuleType::Rceil; });
  const auto subject = changed({.answered = [&](const Cases& cases, Answers& answers) {
    const Answers others = rceil->answer(cases);
    for (std::size_t i = 0; i < answers.scales.size(); i += 2) answers.scales[i] = others.scales[i];
  }});
  expect_all(
      run_suite(*subject, small_options("scale/rule", spec::BlockType::MXFP8_E4M3, {Operation::Scale})),
      Verdict::Failed);
}

TEST(Requirements, WhatWasIdentifiedAndDeclinedIsNotPassed) {
  SuiteResult result;
  result.options.identity = "no known profile";
  result.checks.resize(2);
  result.checks[0].requirement = result.checks[1].requirement = Requirement::Must;
  result.checks[0].operation = Operation::Quantize;
  result.checks[1].operation = Operation::Dequantize;
  result.checks[1].verdict = Verdict::Passed;
  EXPECT_EQ(result.exit_status(), 3);
  result.checks[0].verdict = Verdict::Passed;
  EXPECT_EQ(result.exit_status(), 0);
}

}  // namespace
}  // namespace mxemu::conformance::tests
