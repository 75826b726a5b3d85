#include "conformance/report/axis.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

namespace mxemu::report {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double largest = std::numeric_limits<double>::max();

Axis axis_over(std::vector<double> values, AxisOptions options = {}) {
  return Axis(values, options);
}

std::vector<std::string> texts(const Axis& axis) {
  std::vector<std::string> out;
  for (const Tick& tick : axis.ticks()) out.push_back(tick.text);
  return out;
}

using Texts = std::vector<std::string>;

TEST(Axis, ZeroToOneIsTickedByFifths) {
  const Axis axis = axis_over({0, 1});
  EXPECT_EQ(texts(axis), (Texts{"0", "0.2", "0.4", "0.6", "0.8", "1"}));
  EXPECT_EQ(axis.position(0), 0);
  EXPECT_EQ(axis.position(0.5), 0.5);
  EXPECT_EQ(axis.position(1), 1);
}

TEST(Axis, NoValuesGiveTheUnitAxis) {
  EXPECT_EQ(texts(axis_over({})), texts(axis_over({0, 1})));
  EXPECT_EQ(texts(axis_over({nan, infinity, -infinity})), texts(axis_over({0, 1})));
  EXPECT_EQ(texts(axis_over({-1, 0, nan}, {.scale = AxisScale::Logarithmic})), (Texts{"1", "2", "5", "10"}));
}

TEST(Axis, NegativeValuesPutTheBaselineInside) {
  const Axis axis = axis_over({-3, 7}, {.from_zero = true});
  EXPECT_EQ(texts(axis), (Texts{"-4", "-2", "0", "2", "4", "6", "8"}));
  EXPECT_EQ(axis.baseline(), 4.0 / 12);
  EXPECT_EQ(axis_over({-3, -1}, {.from_zero = true}).baseline(), 1);
  EXPECT_EQ(axis_over({1, 3}, {.from_zero = true}).baseline(), 0);
}

TEST(Axis, EqualValuesGetRoomOnBothSides) {
  for (const double value : {5.0, -5.0, 1e-300, 1e300, largest, -largest}) {
    const Axis axis = axis_over({value, value});
    EXPECT_GE(axis.position(value), 0) << value;
    EXPECT_LE(axis.position(value), 1) << value;
    EXPECT_GE(axis.ticks().size(), 2U) << value;
  }
  EXPECT_EQ(axis_over({5, 5}).position(5), 0.5);
  EXPECT_EQ(texts(axis_over({0, 0})), texts(axis_over({0, 1})));
}

TEST(Axis, EveryRangeHasAFewTicksInOrderAndApart) {
  const std::vector<std::vector<double>> ranges = {
      {1e-300, 3e-300}, {0, 5e-324},    {-largest, largest}, {0, largest},
      {1e15, 1e15 + 2}, {1, 1 + 1e-15}, {-1e-5, 1e5},        {99, 101},
      {-7.3, -7.2},     {1e300, 2e300}, {-2e-310, 1e-310},   {largest, std::nextafter(largest, 0)}};
  for (const AxisScale scale : {AxisScale::Linear, AxisScale::Logarithmic}) {
    for (const std::vector<double>& range : ranges) {
      for (const bool tight : {false, true}) {
        const Axis axis = axis_over(range, {.scale = scale, .tight = tight});
        const std::vector<std::string> labels = texts(axis);
        EXPECT_GE(labels.size(), 1U) << range[0] << " to " << range[1];
        EXPECT_LE(labels.size(), 14U) << range[0] << " to " << range[1];
        EXPECT_EQ(std::set<std::string>(labels.begin(), labels.end()).size(), labels.size())
            << labels.front();
        for (std::size_t i = 0; i < axis.ticks().size(); ++i) {
          EXPECT_GE(axis.ticks()[i].position, i == 0 ? 0 : axis.ticks()[i - 1].position);
          EXPECT_LE(axis.ticks()[i].position, 1);
        }
      }
    }
  }
}

TEST(Axis, WholeNumbersAreNotTickedBetween) {
  EXPECT_EQ(texts(axis_over({0, 2}, {.from_zero = true, .integers = true})), (Texts{"0", "1", "2"}));
}

TEST(Axis, LogarithmicAxisCountsDecades) {
  const AxisOptions log{.scale = AxisScale::Logarithmic};
  EXPECT_EQ(texts(axis_over({2, 4000}, log)), (Texts{"1", "10", "100", "1000", "10000"}));
  EXPECT_EQ(axis_over({1, 100}, log).position(10), 0.5);
  EXPECT_EQ(texts(axis_over({1e-300, 1e300}, log)),
            (Texts{"1e-300", "1e-200", "1e-100", "1", "1e100", "1e200", "1e300"}));
}

TEST(Axis, WhatHasNoPlaceIsNamed) {
  const Axis linear = axis_over({0, 1});
  const Axis log = axis_over({1, 10}, {.scale = AxisScale::Logarithmic});
  EXPECT_EQ(absence_text(std::nullopt, linear), "missing");
  EXPECT_EQ(absence_text(nan, linear), "NaN");
  EXPECT_EQ(absence_text(-infinity, log), "-Inf");
  EXPECT_EQ(absence_text(0, log), "0 is not on a log axis");
  EXPECT_TRUE(can_place(0, linear));
  EXPECT_FALSE(can_place(0, log));
  EXPECT_FALSE(can_place(infinity, linear));
  EXPECT_FALSE(can_place(std::nullopt, linear));
}

}  // namespace
}  // namespace mxemu::report
