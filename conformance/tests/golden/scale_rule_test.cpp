// Scale rules: the reference and the rows against textbook definitions, and against tables worked by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "reference/scale.hpp"
#include "seed.hpp"
#include "spec/request.hpp"
#include "textbook_scale.hpp"

namespace mxemu::golden {
namespace {

/// What the row says, evaluated on the significand of amax: exact in double, whose 53 bits hold it.
int exponent_of_row(const spec::ScaleRule& rule, const spec::ElementFormat& element, double amax) {
  const int e = std::ilogb(amax);
  const double significand = std::scalbn(amax, -e) * (1 << spec::threshold_bits);
  const int threshold = spec::significand_threshold(rule, element);
  const bool bump = rule.strict ? significand > threshold : significand >= threshold;
  const int exponent = e - element.emax + rule.base + (bump ? 1 : 0);
  const int smallest = rule.smallest_code - spec::format_of(spec::ScaleType::E8M0).bias;
  return rule.smallest_code == 0 ? exponent : std::max(exponent, smallest);
}

/// All rules of all elements on one amax, or on a few of them.
class RuleComparison {
 public:
  RuleComparison() {
    for (const auto& row : spec::element_formats) textbooks.emplace_back(row);
  }

  void check(double amax) {
    for (const auto& rule : spec::scale_rules)
      for (const auto& element : spec::element_formats) check(rule, element, amax);
  }

  void check(const spec::ScaleRule& rule, const spec::ElementFormat& element, double amax) {
    if (!(amax > 0) || !std::isfinite(amax)) return;
    const int want = textbooks.at(static_cast<std::size_t>(element.type)).exponent(rule.type, amax);
    const int reference = reference::scale_exponent(rule.type, element, value_of(amax).magnitude);
    const int row = exponent_of_row(rule, element, amax);
    if (reference == want && row == want) return;
    ADD_FAILURE() << spec::name_of(rule.type) << " " << element.name << " amax " << std::hexfloat << amax
                  << ": textbook " << want << ", reference " << reference << ", row " << row;
  }

 private:
  std::vector<TextbookScale> textbooks;
};

void check_every_magnitude(spec::FloatType type) {
  RuleComparison comparison;
  const std::uint64_t end = spec::format_of(type).infinity_bits();
  for (std::uint64_t bits = 1; bits < end && !testing::Test::HasFailure(); ++bits)
    comparison.check(hardware_value(type, bits));
}

/// Every threshold of every rule, and its neighbours, at every `step`-th exponent of the type.
template <class Float>
void check_thresholds(int step) {
  RuleComparison comparison;
  const int bottom = std::numeric_limits<Float>::min_exponent - std::numeric_limits<Float>::digits;
  for (const auto& rule : spec::scale_rules)
    for (const auto& element : spec::element_formats) {
      const double threshold = std::ldexp(spec::significand_threshold(rule, element), -spec::threshold_bits);
      for (int e = bottom; e < std::numeric_limits<Float>::max_exponent; e += step) {
        const auto at = static_cast<Float>(std::ldexp(threshold, e));
        comparison.check(rule, element, std::nextafter(at, Float{0}));
        comparison.check(rule, element, at);
        comparison.check(rule, element, std::nextafter(at, std::numeric_limits<Float>::infinity()));
      }
      if (testing::Test::HasFailure()) return;
    }
}

TEST(ScaleRules, AgreeWithTheTextbookOnEveryBfloat16) {
  check_every_magnitude(spec::FloatType::BFloat16);
}
TEST(ScaleRules, AgreeWithTheTextbookOnEveryFloat16) {
  check_every_magnitude(spec::FloatType::Float16);
}
TEST(ScaleRules, AgreeWithTheTextbookAroundEveryThresholdOfFloat32) {
  check_thresholds<float>(1);
}
TEST(ScaleRules, AgreeWithTheTextbookAroundEveryThresholdOfFloat64) {
  check_thresholds<double>(3);
}

TEST(ScaleRules, AgreeWithTheTextbookOnSubnormals) {
  RuleComparison comparison;
  for (int shift = 0; shift < 52; ++shift)
    for (const std::uint64_t low : {0u, 1u, 3u}) {
      const std::uint64_t mantissa = (std::uint64_t{1} << shift) + (low << shift >> 2);
      comparison.check(std::bit_cast<double>(mantissa));
      if (mantissa < 1u << 23) comparison.check(std::bit_cast<float>(static_cast<std::uint32_t>(mantissa)));
    }
}

TEST(ScaleRules, AgreeWithTheTextbookOnRandomNumbers) {
  auto generator = seeded_generator();
  RuleComparison comparison;
  for (int i = 0; i < 4000 && !HasFailure(); ++i) {
    const std::uint64_t bits = generator();
    comparison.check(std::fabs(std::bit_cast<double>(bits)));
    comparison.check(std::fabs(std::bit_cast<float>(static_cast<std::uint32_t>(bits))));
  }
}

int code_of(spec::ScaleRuleType rule, spec::BlockType type, double amax,
            spec::ScaleOverflow overflow = spec::ScaleOverflow::Clamp) {
  spec::Request request = spec::make_request(type);
  request.scale_rule = rule;
  request.policy.scale_overflow = overflow;
  return reference::shared_scale(request, value_of(amax).magnitude);
}

/// The codes of the rules in the order floor, ceil, even, rceil, nearest, floor_plus_one, rfloor,
/// rceil_normal.
struct Worked {
  double amax;
  int codes[8];
};
static_assert(std::size(spec::scale_rules) == 8);

void expect_worked(spec::BlockType type, std::initializer_list<Worked> table) {
  for (const auto& [amax, codes] : table)
    for (const auto& rule : spec::scale_rules)
      EXPECT_EQ(code_of(rule.type, type, amax), codes[static_cast<int>(rule.type)])
          << spec::format_of(type).name << " " << spec::name_of(rule.type) << " " << amax;
}

TEST(ScaleRules, WorkedTableOfE2M1) {
  const double float_max = std::numeric_limits<float>::max();
  expect_worked(spec::BlockType::MXFP4_E2M1, {{3.5, {126, 127, 127, 127, 126, 127, 126, 127}},
                                              {4, {127, 127, 127, 127, 126, 128, 126, 127}},
                                              {5, {127, 128, 127, 127, 127, 128, 126, 127}},
                                              {6, {127, 128, 127, 127, 127, 128, 127, 127}},
                                              {6.5, {127, 128, 127, 128, 127, 128, 127, 128}},
                                              {7, {127, 128, 128, 128, 127, 128, 127, 128}},
                                              {float_max, {252, 253, 253, 253, 252, 253, 252, 253}},
                                              {0x1p-149, {0, 0, 0, 0, 0, 0, 0, 1}}});
}

TEST(ScaleRules, WorkedTableOfE4M3) {
  const double float_max = std::numeric_limits<float>::max();
  expect_worked(spec::BlockType::MXFP8_E4M3, {{256, {127, 127, 127, 127, 126, 128, 126, 127}},
                                              {448, {127, 128, 127, 127, 127, 128, 127, 127}},
                                              {449, {127, 128, 127, 128, 127, 128, 127, 128}},
                                              {480, {127, 128, 127, 128, 127, 128, 127, 128}},
                                              {496, {127, 128, 128, 128, 127, 128, 127, 128}},
                                              {float_max, {246, 247, 247, 247, 246, 247, 246, 247}},
                                              {0x1p-149, {0, 0, 0, 0, 0, 0, 0, 1}}});
}

TEST(ScaleRules, FloorIsExactJustBelowAPowerOfTwo) {
  const double just_below_eight = std::bit_cast<float>(0x40ffffffu);
  for (const auto& element : spec::element_formats)
    EXPECT_EQ(
        reference::scale_exponent(spec::ScaleRuleType::Floor, element, value_of(just_below_eight).magnitude),
        2 - element.emax)
        << element.name;
}

TEST(ScaleRules, RceilGoesUpOneUlpAboveTheLargestNumberTimesTheSmallestScale) {
  const std::pair<spec::BlockType, std::uint32_t> rows[] = {{spec::BlockType::MXFP4_E2M1, 0x01400001},
                                                            {spec::BlockType::MXFP6_E2M3, 0x01700001},
                                                            {spec::BlockType::MXFP6_E3M2, 0x02600001},
                                                            {spec::BlockType::MXFP8_E4M3, 0x04600001},
                                                            {spec::BlockType::MXFP8_E5M2, 0x07e00001}};
  for (const auto& [type, bits] : rows) {
    EXPECT_EQ(code_of(spec::ScaleRuleType::Rceil, type, std::bit_cast<float>(bits)), 1) << bits;
    EXPECT_EQ(code_of(spec::ScaleRuleType::Rceil, type, std::bit_cast<float>(bits - 1)), 0) << bits;
  }
}

TEST(ScaleRules, RceilOfInt8GoesUpOneUlpAbove127Over64) {
  EXPECT_EQ(code_of(spec::ScaleRuleType::Rceil, spec::BlockType::MXINT8, std::bit_cast<float>(0x3ffe0001u)),
            128);
  EXPECT_EQ(code_of(spec::ScaleRuleType::Rceil, spec::BlockType::MXINT8, std::bit_cast<float>(0x3ffe0000u)),
            127);
}

TEST(ScaleRules, ScalesBelowTheSmallestClampToCodeZero) {
  for (const auto& block : spec::block_formats)
    for (const auto& rule : spec::scale_rules)
      for (const auto& overflow : spec::words<spec::ScaleOverflow>) {
        EXPECT_EQ(code_of(rule.type, block.type, 0x1p-1074, overflow.value), rule.smallest_code)
            << block.name;
        EXPECT_EQ(code_of(rule.type, block.type, 0x1p-160, overflow.value), rule.smallest_code) << block.name;
      }
}

TEST(ScaleRules, ScalesAboveTheLargestClampOrBecomeNan) {
  for (const auto& block : spec::block_formats)
    for (const auto& rule : spec::scale_rules) {
      EXPECT_EQ(code_of(rule.type, block.type, 0x1p1000, spec::ScaleOverflow::Clamp), 0xfe) << block.name;
      EXPECT_EQ(code_of(rule.type, block.type, 0x1p1000, spec::ScaleOverflow::Nan), 0xff) << block.name;
    }
}

TEST(ScaleRules, TheLastScalesOnBothSidesOfTheEndsAreExact) {
  const auto floor = spec::ScaleRuleType::Floor;
  for (const auto& block : spec::block_formats) {
    const int emax = block.element_format().emax;
    const auto nan = spec::ScaleOverflow::Nan;
    EXPECT_EQ(code_of(floor, block.type, std::ldexp(1.0, 127 + emax), nan), 0xfe) << block.name;
    EXPECT_EQ(code_of(floor, block.type, std::ldexp(1.0, 128 + emax), nan), 0xff) << block.name;
    EXPECT_EQ(code_of(floor, block.type, std::ldexp(1.0, -126 + emax), nan), 0x01) << block.name;
    EXPECT_EQ(code_of(floor, block.type, std::ldexp(1.0, -127 + emax), nan), 0x00) << block.name;
    EXPECT_EQ(code_of(floor, block.type, std::ldexp(1.0, -128 + emax), nan), 0x00) << block.name;
  }
}

}  // namespace
}  // namespace mxemu::golden
