// Blocks: the freedoms that concern a whole block, decoding, and errors. Each test fails when its enumerator
// is ignored.
#include "reference/block.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "blocks.hpp"

namespace mxemu::golden {
namespace {

using reference::Block;
using spec::BlockType;
using spec::NonFiniteInBlock;
using Numbers = std::vector<double>;

const double minus_nan = std::copysign(nan_value, -1.0);

Block with_non_finite(BlockType type, NonFiniteInBlock nan, NonFiniteInBlock inf, const Numbers& numbers) {
  const auto request = with(type, [&](spec::Policy& policy) {
    policy.nan_in_block = nan;
    policy.inf_in_block = inf;
  });
  return quantized(request, numbers);
}
Block with_nan(BlockType type, NonFiniteInBlock policy, const Numbers& numbers) {
  const auto other =
      policy == NonFiniteInBlock::PoisonBlock ? NonFiniteInBlock::Ignore : NonFiniteInBlock::PoisonBlock;
  return with_non_finite(type, policy, other, numbers);
}
Block with_inf(BlockType type, NonFiniteInBlock policy, const Numbers& numbers) {
  const auto other =
      policy == NonFiniteInBlock::PoisonBlock ? NonFiniteInBlock::Ignore : NonFiniteInBlock::PoisonBlock;
  return with_non_finite(type, other, policy, numbers);
}

TEST(OcpBlock, ChoosesTheFloorScaleAndRoundsEveryElement) {
  const auto request = spec::make_request(BlockType::MXFP4_E2M1);
  EXPECT_EQ(quantized(request, {3.5, -1.0, 0.3, 0.0}), (Block{126, {0x7, 0xc, 0x1, 0x0}}));
  EXPECT_EQ(quantized(request, {5.0, 2.5, -0.25, -0.0}), (Block{127, {0x6, 0x4, 0x8, 0x8}}));
}

TEST(OcpBlock, OneElementIsABlock) {
  const auto request = spec::make_request(BlockType::MXFP8_E4M3);
  EXPECT_EQ(quantized(request, {1.0}), (Block{119, {0x78}}));
  EXPECT_EQ(dequantized(request, {119, {0x78}}), Numbers{1.0});
}

TEST(OcpBlock, DequantisedWorkedExamplesOfTheScaleRules) {
  struct Row {
    BlockType type;
    double amax, floor, even, rceil;
  };
  const Row rows[] = {
      {BlockType::MXFP4_E2M1, 3.5, 3, 4, 4},       {BlockType::MXFP4_E2M1, 4, 4, 4, 4},
      {BlockType::MXFP4_E2M1, 5, 4, 4, 4},         {BlockType::MXFP4_E2M1, 6, 6, 6, 6},
      {BlockType::MXFP4_E2M1, 6.5, 6, 6, 6},       {BlockType::MXFP4_E2M1, 7, 6, 8, 8},
      {BlockType::MXFP8_E4M3, 256, 256, 256, 256}, {BlockType::MXFP8_E4M3, 448, 448, 448, 448},
      {BlockType::MXFP8_E4M3, 449, 448, 448, 448}, {BlockType::MXFP8_E4M3, 480, 448, 448, 480},
      {BlockType::MXFP8_E4M3, 496, 448, 512, 512}};
  for (const auto& row : rows) {
    const auto result = [&](spec::ScaleRuleType rule) {
      auto request = spec::make_request(row.type);
      request.scale_rule = rule;
      return dequantized(request, quantized(request, {row.amax})).front();
    };
    EXPECT_EQ(result(spec::ScaleRuleType::Floor), row.floor) << row.amax;
    EXPECT_EQ(result(spec::ScaleRuleType::Even), row.even) << row.amax;
    EXPECT_EQ(result(spec::ScaleRuleType::Rceil), row.rceil) << row.amax;
  }
}

TEST(OcpBlock, TheLargestFloatStaysFiniteUnderFloorAndOverflowsUnderRceil) {
  const double largest = std::numeric_limits<float>::max();
  auto request = spec::make_request(BlockType::MXFP4_E2M1);
  EXPECT_EQ(quantized(request, {largest}), (Block{252, {0x7}}));
  EXPECT_EQ(dequantized(request, {252, {0x7}}), Numbers{0x1.8p127});
  request.scale_rule = spec::ScaleRuleType::Rceil;
  EXPECT_EQ(quantized(request, {largest}), (Block{253, {0x6}}));
  EXPECT_EQ(dequantized(request, {253, {0x6}}), Numbers{infinity});
}

TEST(NanInBlock, PoisonMakesTheScaleNanAndEveryCodeZero) {
  for (const auto& format : spec::block_formats)
    EXPECT_EQ(with_nan(format.type, NonFiniteInBlock::PoisonBlock, {1.0, nan_value, -3.0}),
              (Block{0xff, {0, 0, 0}}))
        << format.name;
}

TEST(NanInBlock, ElementOnlyLeavesTheNeighboursAlone) {
  const auto only = NonFiniteInBlock::ElementOnly;
  EXPECT_EQ(with_nan(BlockType::MXFP8_E4M3, only, {256.0, nan_value}), (Block{127, {0x78, 0x7f}}));
  EXPECT_EQ(with_nan(BlockType::MXFP4_E2M1, only, {4.0, minus_nan}), (Block{127, {0x6, 0x7}}));
}

TEST(NanInBlock, IgnoreTakesItAsZero) {
  const auto ignore = NonFiniteInBlock::Ignore;
  EXPECT_EQ(with_nan(BlockType::MXFP8_E4M3, ignore, {256.0, minus_nan}), (Block{127, {0x78, 0x00}}));
  EXPECT_EQ(with_nan(BlockType::MXFP4_E2M1, ignore, {nan_value, nan_value}), (Block{0, {0x0, 0x0}}));
}

TEST(NanInBlock, SaturateScaleTakesAmaxAsInfinite) {
  EXPECT_EQ(with_nan(BlockType::MXFP8_E4M3, NonFiniteInBlock::SaturateScale, {256.0, nan_value}),
            (Block{0xfe, {0x00, 0x7f}}));
}

TEST(InfInBlock, PoisonMakesTheScaleNanAndEveryCodeZero) {
  for (const auto& format : spec::block_formats)
    for (const double inf : {infinity, -infinity})
      EXPECT_EQ(with_inf(format.type, NonFiniteInBlock::PoisonBlock, {1.0, inf}), (Block{0xff, {0, 0}}));
}

TEST(InfInBlock, ElementOnlySaturatesTheElementAlone) {
  const auto only = NonFiniteInBlock::ElementOnly;
  EXPECT_EQ(with_inf(BlockType::MXFP8_E4M3, only, {256.0, -infinity}), (Block{127, {0x78, 0xfe}}));
  EXPECT_EQ(with_inf(BlockType::MXINT8, only, {1.0, infinity}), (Block{127, {0x40, 0x7f}}));
}

TEST(InfInBlock, IgnoreTakesItAsZero) {
  EXPECT_EQ(with_inf(BlockType::MXFP8_E5M2, NonFiniteInBlock::Ignore, {32768.0, -infinity}),
            (Block{127, {0x78, 0x00}}));
}

TEST(InfInBlock, SaturateScaleGivesTheLargestScaleOrNan) {
  auto request = with(BlockType::MXFP4_E2M1,
                      [](auto& policy) { policy.inf_in_block = NonFiniteInBlock::SaturateScale; });
  EXPECT_EQ(quantized(request, {1.0, infinity, 0x1p127}), (Block{0xfe, {0x0, 0x7, 0x2}}));
  request.policy.scale_overflow = spec::ScaleOverflow::Nan;
  EXPECT_EQ(quantized(request, {1.0, infinity}), (Block{0xff, {0x0, 0x0}}));
}

TEST(NonFiniteInBlock, PoisonWinsOverEveryOtherWord) {
  const auto poison = NonFiniteInBlock::PoisonBlock, saturate = NonFiniteInBlock::SaturateScale;
  EXPECT_EQ(with_non_finite(BlockType::MXFP8_E4M3, poison, saturate, {infinity, nan_value}).scale, 0xff);
  EXPECT_EQ(with_non_finite(BlockType::MXFP8_E4M3, saturate, poison, {nan_value, infinity}).scale, 0xff);
}

TEST(ZeroBlock, TakesTheScaleThatThePolicyNames) {
  const auto scale = [](BlockType type, spec::ZeroBlockScale zero) {
    const auto request = with(type, [&](auto& policy) { policy.zero_block_scale = zero; });
    const Block block = quantized(request, {0.0, -0.0});
    const bool keeps_sign = type != BlockType::MXINT8 && zero != spec::ZeroBlockScale::Nan;
    EXPECT_EQ(block.codes[0], 0);
    EXPECT_EQ(block.codes[1], keeps_sign ? request.element_format().sign_mask : 0);
    return int{block.scale};
  };
  for (const auto& row : spec::block_formats) {
    const int emax = row.element_format().emax;
    EXPECT_EQ(scale(row.type, spec::ZeroBlockScale::Smallest), 0) << row.name;
    EXPECT_EQ(scale(row.type, spec::ZeroBlockScale::One), 127) << row.name;
    EXPECT_EQ(scale(row.type, spec::ZeroBlockScale::RuleOfOne), 127 - emax) << row.name;
    EXPECT_EQ(scale(row.type, spec::ZeroBlockScale::RuleOfTwo), 128 - emax) << row.name;
    EXPECT_EQ(scale(row.type, spec::ZeroBlockScale::Nan), 0xff) << row.name;
    EXPECT_EQ(scale(row.type, spec::ZeroBlockScale::Two), 128) << row.name;
  }
}

TEST(ScaleOverflow, ClampsToTheLargestScaleAndSaturatesOrPoisons) {
  auto request = spec::make_request(BlockType::MXFP4_E2M1);
  EXPECT_EQ(quantized(request, {0x1p200, 0x1p127}), (Block{0xfe, {0x7, 0x2}}));
  request.policy.scale_overflow = spec::ScaleOverflow::Nan;
  EXPECT_EQ(quantized(request, {0x1p200, 0x1p127}), (Block{0xff, {0x0, 0x0}}));
}

TEST(LowestScale, DividesByTheClampedScaleAndKeepsSmallElements) {
  const auto request = spec::make_request(BlockType::MXFP4_E2M1);
  EXPECT_EQ(quantized(request, {0x1p-127, -0x1p-128, 0x1p-129, 0x1.8p-129}),
            (Block{0x00, {0x2, 0x9, 0x0, 0x1}}));
}

TEST(Decoding, NanScaleMakesEveryValueNanExceptWhereTheFieldDiffers) {
  auto request = spec::make_request(BlockType::MXFP8_E5M2);
  const Block block{0xff, {0x00, 0x3c, 0x7c}};
  for (const double number : dequantized(request, block)) EXPECT_TRUE(std::isnan(number));
  request.policy.nan_scale_decode = spec::NanScaleDecode::PowerOfTwo;
  EXPECT_EQ(dequantized(request, block, spec::FloatType::Float64), (Numbers{0, 0x1p128, infinity}));
  request.policy.nan_scale_decode = spec::NanScaleDecode::Zero;
  EXPECT_EQ(dequantized(request, block), (Numbers{0, 0, infinity}));
}

TEST(Decoding, LowestScaleIsTwoToMinus127ExceptWhereTheFieldDiffers) {
  auto request = spec::make_request(BlockType::MXFP4_E2M1);
  EXPECT_EQ(dequantized(request, {0x00, {0x2, 0x9}}), (Numbers{0x1p-127, -0x1p-128}));
  request.policy.lowest_scale_decode = spec::LowestScaleDecode::Zero;
  const Numbers zeros = dequantized(request, {0x00, {0x2, 0x9}});
  EXPECT_EQ(zeros, (Numbers{0, 0}));
  EXPECT_TRUE(std::signbit(zeros[1]));
  EXPECT_EQ(quantized(request, {0x1p-127}), (Block{0x00, {0x2}}))
      << "encoding does not decode the field's way";
}

TEST(Decoding, InfAndNanElementsKeepTheirValueUnderEveryFiniteScale) {
  const auto request = spec::make_request(BlockType::MXFP8_E5M2);
  for (int scale = 0; scale <= 0xfe; ++scale) {
    const Numbers numbers = dequantized(request, {static_cast<std::uint8_t>(scale), {0x7c, 0xfc, 0x7d}});
    EXPECT_EQ(numbers[0], infinity);
    EXPECT_EQ(numbers[1], -infinity);
    EXPECT_TRUE(std::isnan(numbers[2]));
  }
}

TEST(Decoding, ProductsBeyondTheLargestNumberAreInfiniteOrSaturated) {
  auto request = spec::make_request(BlockType::MXFP4_E2M1);
  EXPECT_EQ(dequantized(request, {0xfe, {0x4, 0xf, 0x3}}), (Numbers{infinity, -infinity, 0x1.8p127}));
  request.policy.decode_overflow = spec::DecodeOverflow::Saturate;
  const double largest = std::numeric_limits<float>::max();
  EXPECT_EQ(dequantized(request, {0xfe, {0x4, 0xf, 0x3}}), (Numbers{largest, -largest, 0x1.8p127}));
  EXPECT_EQ(dequantized(request, {0x90, {0x7}}, spec::FloatType::Float16), Numbers{65504});
}

TEST(Decoding, SaturationOfDecodingLeavesInfiniteElementsInfinite) {
  const auto request = with(BlockType::MXFP8_E5M2,
                            [](auto& policy) { policy.decode_overflow = spec::DecodeOverflow::Saturate; });
  EXPECT_EQ(dequantized(request, {127, {0x7c}}), Numbers{infinity});
}

TEST(Decoding, SubnormalProductsAreExactOrFlushedWithTheirSign) {
  auto request = spec::make_request(BlockType::MXFP4_E2M1);
  EXPECT_EQ(dequantized(request, {0x00, {0x3, 0xb, 0x4}}), (Numbers{0x1.8p-127, -0x1.8p-127, 0x1p-126}));
  request.policy.decode_subnormal = spec::DecodeSubnormal::FlushToZero;
  const Numbers flushed = dequantized(request, {0x00, {0x3, 0xb, 0x4}});
  EXPECT_EQ(flushed, (Numbers{0, 0, 0x1p-126}));
  EXPECT_TRUE(std::signbit(flushed[1]));
}

TEST(BlockErrors, AnEmptyBlockIsRefused) {
  EXPECT_THROW(quantized(spec::make_request(BlockType::MXINT8), {}), std::invalid_argument);
}

TEST(BlockErrors, StochasticRoundingNeedsOneWordPerValue) {
  auto request = spec::make_request(BlockType::MXFP4_E2M1);
  request.rounding.mode = spec::RoundingMode::Stochastic;
  const auto values = values_of(Numbers{1.0, 2.0});
  const std::uint32_t words[] = {0, 0, 0};
  EXPECT_THROW(reference::quantize_block(request, values), std::invalid_argument);
  EXPECT_THROW(reference::quantize_block(request, values, words), std::invalid_argument);
  EXPECT_NO_THROW(reference::quantize_block(request, values, std::span(words).first(2)));
}

TEST(BlockErrors, EachValueTakesItsOwnRandomWord) {
  auto request = spec::make_request(BlockType::MXFP4_E2M1);
  request.rounding.mode = spec::RoundingMode::Stochastic;
  const std::uint32_t words[] = {0, 0x8000, 0x7fff};
  EXPECT_EQ(reference::quantize_block(request, values_of(Numbers{4.0, 2.5, 2.5}), words),
            (Block{127, {0x6, 0x5, 0x4}}));
}

}  // namespace
}  // namespace mxemu::golden
