// How a unit sums is found out: of every named accumulator, and of fused adders that have no name.
#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/dot/dot_emulation.hpp"
#include "conformance/dot/dot_only_subject.hpp"
#include "conformance/identify/dot_identity.hpp"

namespace mxemu::conformance {
namespace {

DotIdentity identified(const spec::Accumulator& row, const DotCapability& pair) {
  const auto subject = make_dot_only_subject("device", {pair}, [&](const DotCases& cases) {
    return DotAnswers{dots_under(row, cases), {}};
  });
  return identify_dots(*subject).at(0);
}

const DotFinding& finding(const DotIdentity& identity, const std::string& about) {
  for (const DotFinding& each : identity.findings)
    if (each.about == about) return each;
  throw std::invalid_argument("nothing about " + about);
}

/// float32 results of the first and of the last pair of types that a row takes.
std::vector<DotCapability> ends(const spec::Accumulator& row) {
  std::vector<DotCapability> pairs = pairs_of(row);
  std::erase_if(pairs, [](const DotCapability& pair) { return pair.output != spec::FloatType::Float32; });
  if (pairs.size() > 1) pairs.erase(pairs.begin() + 1, pairs.end() - 1);
  return pairs;
}

/// Whether two rows are one arithmetic under two names, for float32 results of this pair.
bool is_the_same(const spec::Accumulator& x, const spec::Accumulator& y, const DotCapability& pair) {
  // A product of two narrow numbers is a float32 number, so that fusing it with the sum changes nothing.
  const auto is_loop = [](const spec::Accumulator& row) {
    return row.kind == spec::AccumulatorKind::Sequential || row.kind == spec::AccumulatorKind::FmaChain;
  };
  if (x.kind != y.kind && is_loop(x) && is_loop(y)) return pair.a.type != spec::OperandType::Float32;
  const bool scales = pair.a.scaled || pair.b.scaled;
  return x.kind == y.kind && x.fused == y.fused && x.tree == y.tree &&
         x.float32_rounding == y.float32_rounding && x.float32_mantissa_bits == y.float32_mantissa_bits &&
         x.truncates_to_tf32 == y.truncates_to_tf32 &&
         x.keeps_sign_of_underflow == y.keeps_sign_of_underflow && (!scales || x.scale == y.scale);
}

TEST(DotIdentity, EveryAccumulatorIsFoundToBeItselfAndNoneThatSumsInAnotherWay) {
  for (const spec::Accumulator& row : spec::accumulators)
    for (const DotCapability& pair : ends(row)) {
      const DotIdentity identity = identified(row, pair);
      EXPECT_GE(identity.probes, 300U) << row.name;
      const auto& found = identity.accumulators;
      EXPECT_TRUE(std::find(found.begin(), found.end(), &row) != found.end())
          << row.name << " of " << describe(pair);
      for (const spec::Accumulator* other : found)
        EXPECT_TRUE(is_the_same(row, *other, pair))
            << row.name << " is taken for " << other->name << " in " << describe(pair);
    }
}

TEST(DotIdentity, ThePropertiesOfAFusedAdderAreShownByProbes) {
  const DotCapability pair = {
      {spec::OperandType::E4M3, true}, {spec::OperandType::E4M3, true}, spec::FloatType::Float32, {}};
  const DotIdentity identity = identified(spec::row_of(spec::AccumulatorType::BlackwellMxf8f6f4), pair);
  EXPECT_EQ(finding(identity, "fraction bits").value, "25");
  EXPECT_EQ(finding(identity, "group").value, "32");
  EXPECT_EQ(finding(identity, "rounding of terms").value, "toward_zero");
  EXPECT_EQ(finding(identity, "rounding of the result").value, "toward_zero");
  EXPECT_EQ(finding(identity, "how c joins").value, "aligned");
  for (const DotFinding& each : identity.findings)
    EXPECT_NE(each.evidence.find("would give"), std::string::npos) << each.about;
}

TEST(DotIdentity, AnOrderIsShownByWhatOtherOrdersWouldGive) {
  const DotCapability pair = {{spec::OperandType::BFloat16, false},
                              {spec::OperandType::BFloat16, false},
                              spec::FloatType::Float32,
                              {}};
  const DotIdentity identity = identified(spec::row_of(spec::AccumulatorType::Float32Pairwise), pair);
  EXPECT_TRUE(finding(identity, "order").value.starts_with("pairwise"));
  EXPECT_NE(finding(identity, "order").evidence.find("would give"), std::string::npos);
}

TEST(DotIdentity, AFusedAdderWithoutANameIsDescribedByItsParameters) {
  const DotCapability pair = {
      {spec::OperandType::E4M3, false}, {spec::OperandType::E4M3, false}, spec::FloatType::Float32, {}};
  spec::Accumulator unit = spec::row_of(spec::AccumulatorType::BlackwellF8f6f4);
  unit.fused.fraction_bits = 19;
  unit.fused.products = 8;
  unit.fused.term_rounding = spec::TermRounding::NearestEven;
  unit.float32_rounding = spec::RoundingMode::NearestEven;
  const DotIdentity identity = identified(unit, pair);
  EXPECT_TRUE(identity.accumulators.empty());
  ASSERT_TRUE(identity.model.has_value());
  EXPECT_EQ(finding(identity, "fraction bits").value, "19");
  EXPECT_EQ(finding(identity, "group").value, "8");
  EXPECT_EQ(finding(identity, "rounding of terms").value, "nearest_even");
}

TEST(DotIdentity, ADeviceThatSumsLikeNothingKnownHasNoModel) {
  const DotCapability pair = {
      {spec::OperandType::E2M1, true}, {spec::OperandType::E2M1, true}, spec::FloatType::Float32, {}};
  const auto subject = make_dot_only_subject("device", {pair}, [](const DotCases& cases) {
    DotAnswers answers = {dots_under(spec::row_of(spec::AccumulatorType::Exact), cases), {}};
    for (std::uint32_t& result : answers.results) result ^= 0x100;
    return answers;
  });
  const DotIdentity identity = identify_dots(*subject).at(0);
  EXPECT_TRUE(identity.accumulators.empty());
  EXPECT_FALSE(identity.model.has_value());
}

}  // namespace
}  // namespace mxemu::conformance
