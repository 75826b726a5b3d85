// Error statistics of a few numbers, as one writes them down.
#include <gtest/gtest.h>

#include <cmath>

#include "golden_errors.hpp"

namespace mxemu::fast_tests {
namespace {

using fast::ErrorStatistics;

/// float32 numbers along one line, and what came back.
ErrorStatistics of_float32(const std::vector<float>& source, const std::vector<float>& output,
                           std::uint8_t scale) {
  const spec::Request request = spec::make_request(spec::BlockType::MXFP4_E2M1);
  const fast::BlockGrid grid = {.length = source.size()};
  const std::vector<std::uint8_t> scales(grid.block_count(), scale);
  return fast::error_statistics(request, grid, {spec::FloatType::Float32, std::as_bytes(std::span(source))},
                                scales, {spec::FloatType::Float32, std::as_bytes(std::span(output))});
}

ErrorStatistics of_float64(const std::vector<double>& source, const std::vector<double>& output) {
  const fast::BlockGrid grid = {.length = source.size()};
  const std::vector<std::uint8_t> scales(grid.block_count(), 127);
  return fast::error_statistics(spec::make_request(spec::BlockType::MXFP8_E4M3), grid,
                                {spec::FloatType::Float64, std::as_bytes(std::span(source))}, scales,
                                {spec::FloatType::Float64, std::as_bytes(std::span(output))});
}

TEST(ErrorStatistics, OfAFewNumbersAreWhatOneWritesDown) {
  const float nan = std::nanf(""), inf = HUGE_VALF, tiny = 0x1p-149f;
  const ErrorStatistics s = of_float32({1, -8, 0.5f, 3, nan, inf, 4, 0, tiny, -0.0f},  //
                                       {1, -6, 0, 3.75f, nan, 0, nan, 0.5f, 0, 0}, 127);
  EXPECT_EQ(s.elements, 10u);
  EXPECT_EQ(s.not_finite, 2u);
  EXPECT_EQ(s.lost, 1u);
  EXPECT_EQ(s.compared, 7u);
  EXPECT_EQ(s.saturated, 1u);
  EXPECT_EQ(s.flushed, 3u) << "1/2, Inf and the subnormal";
  EXPECT_EQ(s.signal.value, 1 + 64 + 0.25 + 9 + 0x1p-298);
  EXPECT_EQ(s.noise.value, 4 + 0.25 + 0.5625 + 0.25);
  EXPECT_EQ(s.signal.exponent, 0);
  EXPECT_EQ(s.noise.exponent, 0);
  EXPECT_EQ(s.max_absolute, 2);
  EXPECT_EQ(s.max_relative, 1) << "the zero that became 1/2 has no relative error";
  EXPECT_EQ(s.relative_errors[0], 2u) << "1 and -0";
  EXPECT_EQ(s.relative_errors[15], 2u) << "-8 and 3: a quarter";
  EXPECT_EQ(s.relative_errors[17], 3u) << "1/2, the subnormal, and the zero that did not stay one";
  EXPECT_DOUBLE_EQ(s.sqnr_decibels(), 10 * std::log10(74.25 / 5.0625));
}

TEST(ErrorStatistics, CountBinadesAtTheirExactEnds) {
  std::vector<float> source(40, 1.0f), output(40, 1.0f);
  for (int i = 1; i <= 20; ++i) output[static_cast<std::size_t>(i)] = 1 - std::ldexp(1.0f, -i);
  output[30] = std::nextafterf(0.5f, 1);
  output[31] = 3;
  const ErrorStatistics s = of_float32(source, output, 127);
  EXPECT_EQ(s.relative_errors[0], 40u - 22u);
  EXPECT_EQ(s.relative_errors[1], 5u) << "2^-16 and all that is less";
  EXPECT_EQ(s.relative_errors[2], 1u) << "2^-15";
  EXPECT_EQ(s.relative_errors[15], 2u) << "1/4, and just below 1/2";
  EXPECT_EQ(s.relative_errors[16], 1u) << "1/2";
  EXPECT_EQ(s.relative_errors[17], 1u) << "2";
}

TEST(ErrorStatistics, TakeTheLowestCodeOfInt8AsReachOnlyWhereItIsUsed) {
  const std::vector<std::byte> numbers =
      bytes_of(spec::FloatType::Float16, {0xc000, 0x4000, 0xbfe0});  // -2, 2, -127/64
  const std::vector<std::uint8_t> scales = {127};
  for (const auto minimum : {spec::Int8Minimum::Used, spec::Int8Minimum::Unused}) {
    spec::Request request = spec::make_request(spec::BlockType::MXINT8);
    request.policy.int8_minimum = minimum;
    const ErrorStatistics s =
        fast::error_statistics(request, {.length = 3}, {spec::FloatType::Float16, numbers}, scales,
                               {spec::FloatType::Float16, numbers});
    EXPECT_EQ(s.saturated, minimum == spec::Int8Minimum::Used ? 1u : 2u);
  }
}

/// A float64 square may leave the range of a double; the sum then has an exponent, and the ratio is right.
TEST(ErrorStatistics, OfFloat64OutsideTheRangeOfSquaresKeepTheirRatio) {
  const ErrorStatistics huge = of_float64({0x1p900, 0x1p900, 1}, {0x1p900, 0x1p900 - 0x1p890, 1});
  EXPECT_EQ(std::ldexp(huge.signal.value, huge.signal.exponent - 1801), 1);
  EXPECT_EQ(std::ldexp(huge.noise.value, huge.noise.exponent - 1780), 1);
  EXPECT_NEAR(huge.sqnr_decibels(), 21 * 10 * std::log10(2.0), 1e-9);
  const ErrorStatistics tiny = of_float64({0x1p-1074, 0x1p-900, 0}, {0, 0x1p-900, 0});
  EXPECT_EQ(std::ldexp(tiny.signal.value, tiny.signal.exponent + 1800), 1);
  EXPECT_EQ(std::ldexp(tiny.noise.value, tiny.noise.exponent + 2148), 1);
  ErrorStatistics both = tiny;
  both.add(huge);
  EXPECT_TRUE(same_statistics(of_float64({0x1p-1074, 0x1p-900, 0, 0x1p900, 0x1p900, 1},
                                         {0, 0x1p-900, 0, 0x1p900, 0x1p900 - 0x1p890, 1}),
                              both));
  ErrorStatistics plain_first = of_float64({1}, {1});
  plain_first.add(of_float64({0x1p480}, {0x1p480}));
  EXPECT_EQ(std::ldexp(plain_first.signal.value, plain_first.signal.exponent), 0x1p960);
  EXPECT_EQ(of_float64({-0x1.8p1023}, {0x1.8p1023}).noise.value, HUGE_VAL);
}

TEST(ErrorStatistics, WithoutNoiseOrSignalSaySo) {
  EXPECT_EQ(of_float32({1, 2}, {1, 2}, 127).sqnr_decibels(), HUGE_VAL);
  EXPECT_TRUE(std::isnan(of_float32({0, 0}, {1, 0}, 127).sqnr_decibels()));
  EXPECT_TRUE(same_statistics({}, of_float32({}, {}, 127)));
}

TEST(ErrorStatistics, OfWrongSizesAreRefused) {
  const spec::Request request = spec::make_request(spec::BlockType::MXINT8);
  const fast::BlockGrid grid = {.length = 40};
  std::vector<std::byte> right(160), wrong(159);
  std::vector<std::uint8_t> scales(2), few(1);
  const auto type = spec::FloatType::Float32;
  ErrorStatistics s;
  EXPECT_THROW(fast::error_statistics(request, grid, {type, wrong}, scales, {type, right}),
               std::invalid_argument);
  EXPECT_THROW(fast::error_statistics(request, grid, {type, right}, few, {type, right}),
               std::invalid_argument);
  EXPECT_THROW(fast::error_statistics(request, grid, {type, right}, scales, {type, wrong}),
               std::invalid_argument);
  EXPECT_THROW(
      fast::error_statistics(request, {.length = 40, .block_size = 16}, {type, right}, scales, {type, right}),
      std::invalid_argument);
  EXPECT_THROW(fast::roundtrip_tensor(request, grid, {type, wrong}, {type, right}, s), std::invalid_argument);
  EXPECT_THROW(fast::roundtrip_tensor(request, grid, {type, right}, {type, wrong}, s), std::invalid_argument);
}

}  // namespace
}  // namespace mxemu::fast_tests
