// The parts of a forward pass that are no products: angles, sampling, numbers.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <random>

#include "tools/llama/forward/math.hpp"
#include "tools/llama/forward/rope.hpp"
#include "tools/llama/forward/rows.hpp"
#include "tools/llama/forward/sampler.hpp"
#include "tools/llama/tests/small_model.hpp"

namespace mxemu::llama {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

TEST(LlamaMath, ExpIsExactAtZeroAndKnowsItsLimits) {
  EXPECT_EQ(exp_float(0.0F), 1.0F);
  EXPECT_EQ(exp_float(-0.0F), 1.0F);
  EXPECT_EQ(exp_float(-infinity), 0.0F);
  EXPECT_EQ(exp_float(infinity), infinity);
  EXPECT_EQ(exp_float(0x1.62e43p+6F), infinity);
  EXPECT_EQ(exp_float(0x1.62e42ep+6F), 0x1.ffff08p+127F);
  EXPECT_EQ(exp_float(-103.9F), 0x1p-149F);  // e^-103.9 is 0.74 of 2^-149
  EXPECT_EQ(exp_float(-104.1F), 0.0F);
  EXPECT_TRUE(std::isnan(exp_float(std::nanf(""))));
}

TEST(LlamaMath, SineAndCosineAreExactAtZeroAndKeepTheSignOfSmallAngles) {
  EXPECT_EQ(sin_cos(0.0F).sin, 0.0F);
  EXPECT_EQ(sin_cos(0.0F).cos, 1.0F);
  EXPECT_EQ(sin_cos(-0x1p-100F).sin, -0x1p-100F);
  EXPECT_EQ(sin_cos(0x1p-140F).sin, 0x1p-140F);
}

TEST(LlamaMath, PowerEqualsThatOfTheLibraryToFloat32) {
  for (const double base : {1e4, 5e5, 1e6, 0.3, 1.0, 2.0, 123456.789})
    for (int i = 0; i < 256; ++i) {
      const double exponent = i / 256.0;
      EXPECT_NEAR(power(base, exponent) / std::pow(base, exponent), 1, 0x1p-45) << base << "^" << exponent;
    }
}

TEST(LlamaMath, SumsAreTakenInLanesAndThenPairwise) {
  LaneSums lanes;
  for (std::size_t i = 0; i < sum_lanes; ++i) lanes.of[i] = i % 2 == 0 ? 0x1p60 : -0x1p60;
  lanes.of[1] += 0x1p10;
  EXPECT_EQ(total_of(lanes), 0x1p10);
}

TEST(LlamaNumbers, EveryFloat16AndBfloat16ComesBackFromFloat32) {
  for (std::uint32_t bits = 0; bits <= 0xFFFF; ++bits) {
    const auto code = static_cast<std::uint16_t>(bits);
    const int exponent = code >> 10 & 31, fraction = code & 1023;
    const double magnitude = exponent == 0 ? std::ldexp(fraction, -24)
                             : exponent == 31
                                 ? (fraction == 0 ? std::numeric_limits<double>::infinity() : NAN)
                                 : std::ldexp(1024 + fraction, exponent - 25);
    const float half = from_float16(code);
    if (std::isnan(magnitude)) {
      EXPECT_TRUE(std::isnan(half)) << bits;
    } else {
      EXPECT_EQ(static_cast<double>(half), (code >> 15) != 0 ? -magnitude : magnitude) << bits;
      EXPECT_EQ(std::signbit(half), code >> 15 != 0) << bits;
      if (magnitude < 32768) {
        EXPECT_EQ(to_float16(half), code);
      }
    }
    if (std::isnan(from_bfloat16(code))) {
      EXPECT_TRUE(std::isnan(round_to_bfloat16(from_bfloat16(code))));
    } else {
      EXPECT_EQ(to_bfloat16(from_bfloat16(code)), code);
    }
  }
}

TEST(LlamaNumbers, NarrowingRoundsToNearestAndTiesToEven) {
  const auto check = [](auto narrow, auto widen, std::uint16_t lower) {
    const float low = widen(lower), high = widen(static_cast<std::uint16_t>(lower + 1));
    const float middle = low + (high - low) / 2;
    EXPECT_EQ(narrow(middle), lower % 2 == 0 ? lower : lower + 1) << lower;
    EXPECT_EQ(narrow(std::nextafter(middle, 0.0F)), lower) << lower;
    EXPECT_EQ(narrow(std::nextafter(middle, infinity)), lower + 1) << lower;
  };
  for (std::uint16_t code = 0; code < 0x77FF; ++code) check(to_float16, from_float16, code);
  for (std::uint16_t code = 0; code < 0x7F7F; ++code) check(to_bfloat16, from_bfloat16, code);
  EXPECT_EQ(to_bfloat16(0x1.fffffep127F), 0x7F80);
  EXPECT_EQ(to_float16(-0x1p-30F), 0x8000);
}

TEST(LlamaRows, SoftmaxGivesZeroToWhatIsNotSeenAndSumsToOne) {
  std::vector<float> scores(3 * 50);
  for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = static_cast<float>(i % 13) - 6;
  const std::vector<Visible> visible{{0, 1}, {3, 40}, {0, 50}};
  const MutableMatrix matrix{scores.data(), 3, 50, 50};
  softmax_rows(Compute::Float32, matrix, 0.5F, visible, 1);
  for (std::size_t row = 0; row < 3; ++row) {
    double sum = 0;
    for (std::size_t i = 0; i < 50; ++i) {
      const float p = matrix.row(row)[i];
      EXPECT_EQ(p > 0, i >= visible[row].first && i < visible[row].last);
      sum += static_cast<double>(p);
    }
    EXPECT_NEAR(sum, 1, 1e-6);
  }
  EXPECT_EQ(scores[0], 1.0F);
}

TEST(LlamaRope, Llama3KeepsShortWavesStretchesLongOnesAndMixesTheRest) {
  Config config = test::small_config();
  config.head_dim = 128;
  config.rope = {.theta = 500000};
  const std::vector<float> plain = rope_frequencies(config);
  config.rope = {.theta = 500000, .scaling = RopeScaling::Llama3, .factor = 8};
  const std::vector<float> scaled = rope_frequencies(config);
  ASSERT_EQ(scaled.size(), 64U);
  int kept = 0, stretched = 0, mixed = 0;
  for (std::size_t i = 0; i < scaled.size(); ++i) {
    const double wavelength = 6.283185307179586 / static_cast<double>(plain[i]);
    if (wavelength < 2048) {
      ++kept;
      EXPECT_EQ(scaled[i], plain[i]);
    } else if (wavelength > 8192) {
      ++stretched;
      EXPECT_EQ(scaled[i], plain[i] / 8);
    } else {
      ++mixed;
      EXPECT_LT(scaled[i], plain[i]);
      EXPECT_GT(scaled[i], plain[i] / 8);
    }
  }
  EXPECT_GT(kept, 20);
  EXPECT_GT(stretched, 20);
  EXPECT_GT(mixed, 2);
}

TEST(LlamaSampler, TemperatureZeroTakesTheFirstOfTheLargest) {
  Sampler sampler({.temperature = 0});
  EXPECT_EQ(sampler.sample(std::vector{1.0F, 3.0F, 2.0F, 3.0F}), 1);
}

TEST(LlamaSampler, DrawsFollowTheProbabilitiesAndTheSeed) {
  const std::vector<float> logits{std::log(0.5F), std::log(0.3F), std::log(0.2F)};
  Sampler sampler({.temperature = 1, .seed = 11}), again({.temperature = 1, .seed = 11});
  std::map<int, int> counts;
  for (int i = 0; i < 20000; ++i) {
    const int token = sampler.sample(logits);
    EXPECT_EQ(again.sample(logits), token);
    ++counts[token];
  }
  EXPECT_NEAR(counts[0], 10000, 350);  // five standard deviations
  EXPECT_NEAR(counts[1], 6000, 325);
  EXPECT_NEAR(counts[2], 4000, 285);
}

TEST(LlamaSampler, TopPLeavesOutTheLessProbable) {
  const std::vector<float> logits{std::log(0.2F), std::log(0.5F), std::log(0.3F)};
  Sampler sampler({.temperature = 1, .top_p = 0.6F});
  std::map<int, int> counts;
  for (int i = 0; i < 2000; ++i) ++counts[sampler.sample(logits)];
  EXPECT_EQ(counts[0], 0);
  EXPECT_NEAR(counts[1], 1250, 110);
  EXPECT_THROW(Sampler({.top_p = 0}), std::invalid_argument);
  EXPECT_THROW(Sampler({.temperature = -1}), std::invalid_argument);
  EXPECT_THROW(sampler.sample(std::vector{NAN, NAN}), std::invalid_argument);
}

}  // namespace
}  // namespace mxemu::llama
